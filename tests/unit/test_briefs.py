"""The brief: what a person gets who takes a conversation over, as data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from doorstep import cases
from doorstep.cases import Case
from doorstep.offers import Offer
from doorstep.orders import Money
from doorstep.people.briefs import Brief, Known, Talk, brief_of
from doorstep.people.customers import Group, Standing
from doorstep.people.risk import Part, Score
from doorstep.promises import Promise
from doorstep.settlement import ShopTask, Situation
from tests.builders import NOW, a_parcel, a_scan, an_address, days_ago
from tests.telling import a_situation

PHOTO = {"id": "u1", "name": "broken.jpg", "type": "image/jpeg", "size": 2048}
TALK = Talk(
    "c1", "web", "pt", "queue", days_ago(0.5), "angry", {"wishes": "not_received, customs/refuse", "threat": "dispute"},
    "angry", (PHOTO,), 7, days_ago(0.4),
)  # fmt: skip
STANDING = Standing(Group(4, 3, 3), "gold", 5, Money(Decimal("310.00"), "USD"), ("XTS",))


def known(situation: Situation, **changes: Any) -> Known:
    return replace(Known(situation, STANDING, deadline=days_ago(-5)), **changes)


def a_brief(*orders: Known, talk: Talk = TALK, offers: tuple[Offer, ...] = ()) -> Brief:
    return brief_of(talk, orders or (known(a_situation()),), offers)


def test_it_says_who_the_buyer_is_and_what_time_it_is_there() -> None:
    who = a_brief().who
    assert (who.name, who.language, who.country, who.tier, who.group) == ("Ana Souza", "pt", "BR", "gold", "4-3-3")
    assert (who.orders, who.spent, who.currencies_without_rate) == (5, "310.00 USD", ("XTS",))
    assert who.local_time is not None
    assert who.local_time.hour == 9  # noon in UTC


def test_a_time_that_the_address_does_not_tell_is_left_out() -> None:
    assert a_brief(known(a_situation(ship_to=an_address(country="US", region="")))).who.local_time is None


def test_without_a_proven_order_nothing_of_any_customer_is_told() -> None:
    found = brief_of(TALK, (), ())
    assert (found.who.name, found.who.tier, found.orders) == ("", "", ())
    assert found.who.language == "pt"


def test_it_says_why_and_what_to_do_next_and_for_which_team() -> None:
    found = a_brief()
    assert (found.reason, found.means, found.next_step) == ("angry", "term_agent_why_angry", "term_agent_do_calm")
    assert (found.team, found.urgency) == ("care", 1)
    assert (found.wishes, found.threats, found.mood) == (("not_received", "customs/refuse"), ("dispute",), "angry")


def test_an_angry_buyer_who_named_no_threat_counts_as_angry_only() -> None:
    assert a_brief(talk=replace(TALK, note={})).threats == ("anger",)
    assert a_brief(talk=replace(TALK, note={}, reason="asked")).threats == ()


def test_the_parcel_is_told_with_its_stage_and_its_last_scans_the_newest_first() -> None:
    scans = tuple(a_scan(at=days_ago(20 - each), description=f"scan {each}") for each in range(8))
    (parcel,) = a_brief(known(a_situation(a_parcel(scans=scans)))).orders[0].parcels
    assert (parcel.tracking_number, parcel.stage) == ("RB123456785CN", "stuck")
    assert [scan["description"] for scan in parcel.scans] == ["scan 7", "scan 6", "scan 5", "scan 4", "scan 3"]


def test_promises_cases_and_tasks_are_told_with_their_state() -> None:
    made = (
        Promise("grace", "1", days_ago(1)),
        Promise("refund", "1", days_ago(-2), "refund", amount=Money(Decimal("24.50"), "USD")),
        Promise("ship", "", days_ago(3), state="kept"),
    )
    case = Case("N-1001-1", cases.NOT_RECEIVED, "1", cases.PERSON, {"problem": "late"})
    order = a_brief(
        known(a_situation(promises=made, cases=(case,)), tasks=(ShopTask("refund", {"amount": "1"}),))
    ).orders[0]
    assert [(p["kind"], p["state"], p["amount"]) for p in order.promises] == [
        ("grace", "overdue", ""),
        ("refund", "open", "24.50 USD"),
        ("ship", "kept", ""),
    ]
    assert order.cases == (
        {"number": "N-1001-1", "kind": "not_received", "state": "person", "facts": {"problem": "late"}},
    )
    assert order.tasks == ({"kind": "refund", "amount": "1"},)


def test_what_was_offered_is_told_with_what_was_chosen() -> None:
    offer = Offer("o", "c1", 1, "1", "now", ("resend", "refund"), NOW, Money(Decimal("24.50"), "USD"), "refund")
    (told,) = a_brief(offers=(offer,)).offered
    assert (told["options"], told["amount"], told["chosen"]) == (["resend", "refund"], "24.50 USD", "refund")


def test_photos_messages_deadline_and_risk_are_told() -> None:
    found = a_brief(known(a_situation(), risk=Score((Part("late", 12, "12"), Part("mood", 5, "upset")))))
    assert (found.photos, found.messages) == ((PHOTO,), 7)
    order = found.orders[0]
    assert (order.risk, order.deadline) == (17, NOW + timedelta(days=5))
    assert order.risk_parts[0] == {"reason": "late", "points": 12, "what": "12"}


def test_it_is_plain_json() -> None:
    offer = Offer("o", "c1", 1, "1", "now", ("resend",), NOW)
    data = a_brief(offers=(offer,)).to_json()
    assert json.loads(json.dumps(data)) == data
    assert data["who"]["local_time"] == "2025-06-18T09:00:00-03:00"
    assert data["orders"][0]["parcels"][0]["scans"][0]["status"] == "departed_origin"
