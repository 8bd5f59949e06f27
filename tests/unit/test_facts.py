"""Facts are told as they were looked up; personal details are shown in part only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from doorstep.facts import (
    address_differs,
    carrier_name,
    given_name,
    hide_private,
    masked_address,
    order_facts,
    parcel_facts,
    same_person,
    scan_line,
    tracking_card,
)
from doorstep.parcels import Destination, Parcel
from doorstep.replies.values import Reply
from tests.builders import a_line, a_parcel, a_scan, an_address, an_order, days_ago
from tests.telling import WORDS, a_late_parcel, a_situation, told_by


@pytest.mark.parametrize(
    ("slug", "name"),
    [("china-post", "China Post"), ("yunexpress", "YunExpress"), ("DHL", "DHL"), ("la_poste", "La Poste")],
)
def test_carriers_are_called_as_they_call_themselves(slug: str, name: str) -> None:
    assert carrier_name(slug) == name


@pytest.mark.parametrize(
    ("signer", "recipient", "same"),
    [
        ("ANA SOUZA", "Ana Souza", True),
        ("A. Souza", "Ana Souza", True),
        ("Souza", "Ana Souza", True),
        ("ana maria souza", "Ana Souza", True),
        ("João Conceição", "Joao Conceicao", True),
        ("", "Ana Souza", True),
        ("...", "Ana Souza", True),
        ("Ana Souza", "", True),
        ("Maria Souza", "Ana Souza", False),
        ("B. Souza", "Ana Souza", False),
        ("Reception", "Ana Souza", False),
        ("王小明", "王小明", True),
        ("李雷", "王小明", False),
    ],
)
def test_a_signature_is_compared_with_the_recipient(signer: str, recipient: str, same: bool) -> None:
    assert same_person(signer, recipient) is same


@pytest.mark.parametrize(
    ("went_to", "differs"),
    [
        (None, False),
        (Destination(), False),
        (Destination(postcode="01304001"), False),
        (Destination(postcode="01304"), False),
        (Destination(postcode="1304-001"), False),
        (Destination(city="SAO PAULO"), False),
        (Destination(city="Campinas"), True),
        (Destination(postcode="13010-111"), True),
        (Destination(postcode="01304-001", country="PT"), True),
        (Destination(line1="Rua Augusta 1508", country="BR"), False),
    ],
)
def test_a_delivery_elsewhere_is_noticed_and_the_same_place_written_otherwise_is_not(
    went_to: Destination | None, differs: bool
) -> None:
    assert address_differs(went_to, an_address()) is differs


def test_the_first_half_of_a_british_postcode_is_the_same_place() -> None:
    assert not address_differs(Destination(postcode="M20"), an_address(postcode="M20 3JH", country="GB"))


def test_an_order_without_postcode_is_compared_by_city() -> None:
    address = an_address(postcode="", city="Hong Kong", country="HK")
    assert not address_differs(Destination(postcode="999077", city="Hong Kong"), address)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "Rua Augusta …, São Paulo, 0130…, Brazil"),
        (
            {"line1": "14 Palatine Road", "postcode": "M20 3JH", "country": "GB"},
            "… Palatine Road, São Paulo, M20…, United Kingdom",
        ),
        ({"line1": "Schlossallee"}, "S…, São Paulo, 0130…, Brazil"),
        ({"line1": "Quinta das Flores"}, "Quinta …, São Paulo, 0130…, Brazil"),
        ({"line1": "", "postcode": ""}, "São Paulo, Brazil"),
        ({"postcode": "7"}, "Rua Augusta …, São Paulo, …, Brazil"),
    ],
)
def test_an_address_is_never_shown_in_full(changes: dict[str, str], shown: str) -> None:
    assert told_by(masked_address(an_address(**changes))) == shown


def test_a_place_without_country_is_shown_without() -> None:
    assert told_by(masked_address(Destination(city="Curitiba"))) == "Curitiba"


@pytest.mark.parametrize(("name", "shown"), [("Ana Souza", "Ana"), ("Madonna", "M…"), ("王小明", "王…"), ("  ", "")])
def test_a_name_is_never_shown_in_full(name: str, shown: str) -> None:
    assert given_name(name) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Signed by ANA SOUZA", "Signed by Ana"),
        ("Left at rua augusta, 1508", "Left at …"),
        ("CEP 01304-001, 01304 001", "CEP …, …"),
        ("Call +55 11 5555 0100", "Call +…"),
        ("Mail to ana.souza@example.com sent", "Mail to … sent"),
        ("Arrived in Curitiba", "Arrived in Curitiba"),
        ("Flight 101304-0015", "Flight 101304-0015"),
    ],
)
def test_what_a_carrier_writes_of_the_buyer_is_hidden(text: str, shown: str) -> None:
    assert hide_private(text, an_order()) == shown


def test_a_short_piece_of_an_address_hides_nothing_by_chance() -> None:
    assert hide_private("Parcel 12 of 12", an_order(ship_to=an_address(line2="12"))) == "Parcel 12 of 12"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "Fri, Jun 13, 2025, 8:00 PM: Departed from office of exchange (Guangzhou)"),
        ({"location": ""}, "Fri, Jun 13, 2025, 8:00 PM: Departed from office of exchange (China)"),
        ({"location": "", "country": ""}, "Fri, Jun 13, 2025, 8:00 PM: Departed from office of exchange"),
        ({"description": ""}, "Fri, Jun 13, 2025, 8:00 PM: left the country of origin (Guangzhou)"),
    ],
)
def test_a_scan_is_told_with_the_time_of_its_place_and_what_is_known(changes: dict[str, str], line: str) -> None:
    assert told_by(scan_line(a_scan(**changes))).replace("\u202f", " ") == line


def test_the_last_three_scans_are_told_newest_first() -> None:
    scans = tuple(a_scan(at=days_ago(9 - number), description=f"Scan {number}") for number in range(5))
    shown = parcel_facts(a_situation(), a_parcel(scans=scans))["scans"]
    assert isinstance(shown, list)
    assert [told_by(line)[-18:-12] for line in shown] == ["Scan 4", "Scan 3", "Scan 2"]


def test_what_is_not_known_of_a_parcel_is_no_value() -> None:
    facts = parcel_facts(a_situation(), Parcel(id=1, carrier="china-post"))
    unknown = {"tracking_number", "service", "shipped_on", "latest_scan"}
    assert {name for name in unknown if facts[name] is not None} == set()
    assert not {"expected_by", "usual"} & set(facts)


def test_a_sending_date_nobody_gave_is_not_told() -> None:
    assert parcel_facts(a_situation(), a_parcel(shipped_at=None))["shipped_on"] is None


def test_several_lines_are_told_as_the_first_and_a_number() -> None:
    lines = (a_line(title="Lamp {part} 0["), a_line(sku="B"), a_line(sku="C"))
    assert told_by(Reply("term_items_more", {"title": lines[0].title, "more": 2})) == "Lamp {part} 0[ and 2 more"
    items = order_facts(an_order(lines=lines))["items"]
    assert isinstance(items, Reply)
    assert told_by(items) == "Lamp {part} 0[ and 2 more"


def _card(*parcels: Parcel) -> dict[str, Any]:
    situation = a_situation(*parcels)
    worded = WORDS.word(Reply("term_order", {"order_number": "1"}, card=tracking_card(situation)), "en").card
    assert worded is not None
    return worded


def test_the_card_shows_each_parcel_with_its_state_and_date() -> None:
    first, second = _card(a_parcel(), a_late_parcel(tracking_number=""))["parcels"]
    assert (first["status"], first["status_text"], first["expected_by"]) == (
        "moving",
        "On its way",
        "Tue, Jul 29, 2025",
    )
    assert (second["status"], second["status_text"], second["tracking_number"]) == ("late", "Late", None)


def test_the_card_names_no_day_beside_the_nearer_one_of_the_answer() -> None:
    arrived = _card(a_parcel(scans=(a_scan(status="sorting_centre", country="BR"),)))["parcels"][0]
    late = _card(a_late_parcel())["parcels"][0]
    assert (arrived["status"], arrived["expected_by"]) == ("at_destination", None)
    assert (late["status"], late["expected_by"]) == ("late", None)


@pytest.mark.parametrize(
    ("status", "shown"),
    [("returning", "Return to sender"), ("returned", "Back with us"), ("cancelled", "Shipment cancelled")],
)
def test_the_card_tells_what_is_back_from_what_is_on_its_way_back(status: str, shown: str) -> None:
    parcel = _card(a_parcel(status=status))["parcels"][0]
    assert (parcel["status"], parcel["status_text"]) == ("going_back", shown)


def test_the_card_hides_what_carriers_write_of_the_buyer() -> None:
    card = _card(a_parcel(scans=(a_scan(description="For Ana Souza", location="Rua Augusta 1508"),)))
    shown = json.dumps(card, ensure_ascii=False)
    assert "Souza" not in shown
    assert "1508" not in shown
