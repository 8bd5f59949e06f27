"""Canned replies are filled from the order in the buyer's language, and never said with something missing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases
from doorstep.cases import Case
from doorstep.languages import SPOKEN
from doorstep.orders import Money
from doorstep.people.canned import LACKS, NEEDS, Canned, Unfinished, canned_for, text_of
from doorstep.promises import Promise
from doorstep.settlement import Situation
from doorstep.windows import end_of
from tests.builders import NOW, a_parcel, a_scan, days_ago
from tests.telling import WORDS, a_delivered_parcel, a_policy, a_situation, spaced, told_by

IN_THREE_DAYS = end_of((NOW + timedelta(days=3)).date(), a_policy())
RETURN = Case("R-1001-1", cases.RETURN, "HP-200-BK", cases.AGREED, {
    "address": "Box 12, Shenzhen", "ship_by": (NOW + timedelta(days=9)).isoformat(),
})  # fmt: skip


def a_promise(kind: str, subject: str = "1", **changes: Any) -> Promise:
    return replace(Promise(kind, subject, IN_THREE_DAYS, amount=Money(Decimal("24.50"), "USD")), **changes)


def canned(situation: Situation | None, language: str = "en", **rules: Any) -> dict[str, Canned]:
    policy = a_policy(**rules)
    told = replace(situation, policy=policy) if situation else None
    return {one.name: one for one in canned_for(told, "Mei", language, policy, NOW)}


def told(situation: Situation | None, name: str, language: str = "en", **rules: Any) -> str:
    return spaced(text_of(canned(situation, language, **rules)[name], WORDS, language))


def everything_known() -> Situation:
    parcels = (a_parcel(status="lost"), a_parcel(id=2, tracking_number="RB2"))
    made = (a_promise("refund", ""), a_promise("papers"), a_promise("resend"))
    return a_situation(*parcels, promises=made, cases=(RETURN,))


# -- filled from the order ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("greeting", "Hello, this is Mei from Our shop."),
        ("looking_into", "You'll have an answer here by Thu, Jun 19, 2025, 10:00 PM (your local time) at the latest."),
        (
            "where",
            "Your parcel RB2 (China Post). Its latest status, as of Fri, Jun 13, 2025, 8:00 PM: left the country",
        ),
        ("refund", "we'll send $24.50 by Sat, Jun 21, 2025"),
        ("customs_papers", "the invoice and a description by Sat, Jun 21, 2025"),
        ("new_parcel_planned", "The new parcel for order 1001 will leave us by Sat, Jun 21, 2025."),
        ("new_parcel", "Its tracking number: RB2"),
        ("return_address", "Return number: R-1001-1\nSend it by Fri, Jun 27, 2025\nAddress: Box 12, Shenzhen"),
        ("carrier_note", "Did China Post leave a note"),
        ("closing", "All the best, Mei"),
    ],
)
def test_ours_are_filled_from_the_order_talked_about(name: str, expected: str) -> None:
    assert expected in told(everything_known(), name)


@pytest.mark.parametrize("language", SPOKEN)
def test_where_all_is_known_every_one_can_be_said_in_every_language(language: str) -> None:
    ready = canned(everything_known(), language)
    said = {name: text_of(one, WORDS, language) for name, one in ready.items()}
    assert all(said.values())
    assert len(set(said.values())) == len(NEEDS)
    assert not [name for name, text in said.items() if "{" in text]


def test_they_are_in_the_buyers_language() -> None:
    assert told(everything_known(), "new_parcel", "de").endswith("Die Sendungsnummer: RB2")


def test_the_parcel_under_way_is_told_before_one_that_came() -> None:
    came, moving = a_delivered_parcel(), a_parcel(id=2, tracking_number="RB2")
    assert "RB2" in told(a_situation(moving, replace(came, id=3)), "where")


def test_what_a_carrier_wrote_of_the_buyers_address_is_not_told() -> None:
    scan = a_scan(description="Left at Rua Augusta 1508, 01304-001")
    assert "Augusta" not in told(a_situation(a_parcel(scans=(scan,))), "where")


# -- what is missing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("situation", "name", "missing", "lacks"),
    [
        (
            None,
            "where",
            ("carrier", "tracking_number", "status", "as_of"),
            ["an order that is proven to be the buyer's"],
        ),
        (a_situation(a_parcel(tracking_number="")), "where", ("tracking_number",), ["a tracking number"]),
        (a_situation(a_parcel(scans=())), "where", ("status", "as_of"), ["news from the carrier"]),
        (a_situation(), "refund", ("amount", "by"), ["a refund that is promised and not sent yet"]),
        (a_situation(), "new_parcel", ("new_tracking_number",), ["the tracking number of a new parcel"]),
        (
            a_situation(cases=(replace(RETURN, facts={}),)),
            "return_address",
            ("address", "ship_by"),
            ["a return address", "a return that is agreed"],
        ),
    ],
    ids=["no order", "no number", "no scan", "no refund", "no new parcel", "no address"],
)
def test_one_with_something_missing_says_what_and_cannot_be_said(
    situation: Situation | None, name: str, missing: tuple[str, ...], lacks: list[str]
) -> None:
    one = canned(situation)[name]
    assert (one.missing, [told_by(reply) for reply in one.lacks]) == (missing, lacks)
    with pytest.raises(Unfinished, match=f"{name} needs {', '.join(missing)}"):
        text_of(one, WORDS, "en")


@pytest.mark.parametrize(
    "promise",
    [
        a_promise("refund", state="kept"),
        a_promise("refund", due_at=days_ago(1)),
        a_promise("refund", amount=None),
        a_promise("grace"),
    ],
    ids=["sent", "overdue", "no amount", "not money"],
)
def test_a_refund_is_on_its_way_only_while_one_is_promised_and_to_come(promise: Promise) -> None:
    assert canned(a_situation(promises=(promise,)))["refund"].missing == ("amount", "by")


@pytest.mark.parametrize("name", sorted(NEEDS))
@pytest.mark.parametrize("language", SPOKEN)
def test_the_words_name_what_is_said_to_be_needed_and_nothing_else(name: str, language: str) -> None:
    named = {
        found for text in WORDS.variants(f"notice_canned_{name}", language) for found in re.findall(r"{(\w+)}", text)
    }
    assert named == set(NEEDS[name])


def test_all_that_can_be_missing_has_a_name_for_the_person() -> None:
    needed = {name for needs in NEEDS.values() for name in needs}
    assert needed - {"shop", "answer"} <= LACKS.keys()


def test_each_has_a_title_of_its_own() -> None:
    titles = [told_by(one.title) for one in canned(None).values()]
    assert len(set(titles)) == len(NEEDS) == 15


# -- the shop's own ----------------------------------------------------------------------------

OWN = {
    "canned": {"thanks": {"en": "Hi {buyer}, {amount} by {by}. 100 %! {", "de": "Hallo {buyer}"}, "zai": {"zh": "在"}}
}


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("en", "own/thanks", "Hi Ana, $24.50 by Sat, Jun 21, 2025. 100 %! {"),
        ("de", "own/thanks", "Hallo Ana"),
        ("fr", "own/thanks", "Hi Ana, $24.50 by Sat, Jun 21, 2025. 100 %! {"),
        ("fr", "own/zai", "在"),
    ],
)
def test_the_shops_own_are_in_the_buyers_language_else_english_else_the_first(
    language: str, name: str, expected: str
) -> None:
    assert told(everything_known(), name, language, desk=OWN) == expected


def test_the_shops_own_have_their_name_as_title_and_tell_what_is_missing() -> None:
    one = canned(a_situation(), desk=OWN)["own/thanks"]
    assert (told_by(one.title), one.missing) == ("thanks", ("amount", "by"))
    with pytest.raises(Unfinished):
        text_of(one, WORDS, "en")


def test_a_value_that_looks_like_a_placeholder_stays_what_it_is() -> None:
    rules = {"canned": {"items": {"en": "{items} / {agent}"}}}
    order = a_situation().order
    odd = replace(order, lines=(replace(order.lines[0], title="Lamp {agent} 0["),))
    assert told(replace(a_situation(), order=odd), "own/items", desk=rules) == "Lamp {agent} 0[ / Mei"


def test_one_of_the_shops_own_may_be_called_as_one_of_ours() -> None:
    found = canned(None, desk={"canned": {"photo": {"en": "Photo, please"}}})
    assert text_of(found["own/photo"], WORDS, "en") == "Photo, please"
    assert text_of(found["photo"], WORDS, "en").startswith("Could you send me a photo")
