"""What is watched for an order, when its buyer is told, and what they read then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, promises
from doorstep.cases import Case
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.settlement import Settlement, Situation
from doorstep.unasked import followups, notices
from doorstep.unasked.followups import Said, plan, say
from doorstep.unasked.news import news_of
from tests.builders import BRAZIL, NOW, a_line, a_parcel, a_product, a_scan, days_ago
from tests.telling import a_late_parcel, a_policy, a_situation, spaced, told

HOURS_AGO = NOW - timedelta(hours=2)


def _in_brazil(status: str, **changes: Any) -> Parcel:
    scan = a_scan(at=HOURS_AGO.astimezone(BRAZIL), status=status, description="", location="Curitiba", country="BR")
    return a_parcel(scans=(a_scan(), replace(scan, **changes)))


def _planned(situation: Situation, **given: Any) -> dict[tuple[str, str], str]:
    """What is planned, by kind and subject: the day (UTC), or why it will not be told."""
    found = plan(situation, given.pop("known", {}), **given)
    return {(one.kind, one.subject): one.why or f"{one.due_at:%d %H:%M}" for one in found.add}


def _text(said: Said) -> str:
    assert said.reply is not None, said.why
    return spaced(told(Settlement((said.reply,))))


# -- news of a parcel ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("arrived_destination", notices.ARRIVED),
        ("sorting_centre", notices.ARRIVED),
        ("customs_held", notices.CUSTOMS_HELD),
        ("customs_released", notices.RELEASED),
        ("out_for_delivery", notices.OUT),
        ("delivery_failed", notices.FAILED),
        ("ready_for_pickup", notices.PICKUP),
        ("delivered", notices.DELIVERED),
        ("returning", notices.GOING_BACK),
        ("customs", notices.LEFT_ORIGIN),  # going through customs says nothing new
        ("in_transit", notices.LEFT_ORIGIN),
        ("delayed", notices.LEFT_ORIGIN),
    ],
)
def test_the_newest_scan_that_says_something_is_the_news(status: str, kind: str) -> None:
    found = news_of(_in_brazil(status), "BR")
    assert found is not None
    assert found.kind == kind


def test_a_sorting_centre_on_the_way_is_no_arrival() -> None:
    for country in ("CN", "NL", ""):
        found = news_of(_in_brazil("sorting_centre", country=country), "BR")
        assert found is not None
        assert found.kind == notices.LEFT_ORIGIN


def test_a_parcel_that_the_carrier_has_or_the_shop_sent_was_shipped() -> None:
    label = a_scan(status="label_created")
    assert news_of(a_parcel(shipped_at=None, scans=(label,)), "BR") is None
    for parcel in (a_parcel(scans=()), a_parcel(shipped_at=None, scans=(label, a_scan(status="picked_up")))):
        found = news_of(parcel, "BR")
        assert found is not None
        assert found.kind == notices.SHIPPED


def test_what_was_news_before_a_parcel_was_lost_is_none_any_more() -> None:
    situation = a_situation(_in_brazil("lost"))
    assert news_of(situation.order.parcels[0], "BR") is None
    known = {(notices.LEFT_ORIGIN, "1"): followups.PLANNED}
    assert plan(situation, known).drop == {(notices.LEFT_ORIGIN, "1"): followups.OVERTAKEN}


def test_news_is_told_at_once_by_day_and_in_the_morning_at_night() -> None:
    noon = NOW.replace(hour=15)  # noon in São Paulo, ten in Acre
    assert _planned(a_situation(_in_brazil("delivered"), now=noon)) == {(notices.DELIVERED, "1"): "18 15:00"}
    night = NOW.replace(hour=4)
    assert _planned(a_situation(_in_brazil("delivered", at=night), now=night)) == {(notices.DELIVERED, "1"): "18 14:00"}


def test_only_the_newest_of_several_news_is_planned_and_older_ones_are_dropped() -> None:
    situation = a_situation(_in_brazil("out_for_delivery"), now=NOW.replace(hour=15))
    assert (notices.OUT, "1") in _planned(situation)
    assert (notices.LEFT_ORIGIN, "1") not in _planned(situation)
    known = {(notices.SHIPPED, "1"): followups.PLANNED, (notices.LEFT_ORIGIN, "1"): followups.SENT}
    assert plan(situation, known).drop == {(notices.SHIPPED, "1"): followups.OVERTAKEN}


def test_what_was_told_or_dropped_once_is_not_planned_again() -> None:
    situation = a_situation(_in_brazil("delivered"))
    for state in (followups.SENT, followups.DROPPED, followups.PLANNED):
        assert _planned(situation, known={(notices.DELIVERED, "1"): state}) == {}


def test_what_happened_days_ago_or_before_the_order_was_known_is_not_told() -> None:
    old = a_situation(_in_brazil("delivered", at=days_ago(4)))
    assert _planned(old) == {(notices.DELIVERED, "1"): followups.TOO_OLD}
    fresh = a_situation(_in_brazil("delivered"))
    assert _planned(fresh, at_first=True) == {(notices.DELIVERED, "1"): followups.AT_FIRST}


def test_a_kind_that_the_shop_leaves_out_is_not_planned() -> None:
    policy = a_policy(notices={"leave_out": ["delivered"]})
    assert _planned(a_situation(_in_brazil("delivered"), policy=policy)) == {
        (notices.DELIVERED, "1"): followups.LEFT_OUT
    }


def test_each_parcel_has_its_own_news() -> None:
    second = a_parcel(id=2, tracking_number="RB2", shipped_at=days_ago(1), scans=())
    found = _planned(a_situation(_in_brazil("out_for_delivery"), second, now=NOW.replace(hour=15)))
    assert {(notices.OUT, "1"), (notices.SHIPPED, "2")} <= set(found)


def test_a_delivery_is_told_with_what_to_do_and_the_address_of_the_order_stays_hidden() -> None:
    parcel = _in_brazil("delivered", signed_by="Maria Lopes", delivered_to=None)
    text = _text(say(a_situation(parcel), notices.DELIVERED, "1"))
    assert "parcel RB123456785CN was delivered on Wed, Jun 18, 2025, 7:00 AM" in text
    assert "everything is there and whole" in text
    assert "honest feedback is welcome" in text
    assert "Rua Augusta" not in text


def test_customs_are_told_with_reason_amount_day_and_a_warning() -> None:
    held = {"reason": "duties_due", "amount_due": Decimal("12.5"), "amount_currency": "BRL", "act_by": days_ago(-5)}
    text = _text(say(a_situation(_in_brazil("customs_held", **held)), notices.CUSTOMS_HELD, "1"))
    assert "import duties or taxes have to be paid" in text
    assert "R$12.50" in text
    assert "Please act by Mon, Jun 23, 2025" in text
    assert "often fake" in text


def test_overtaken_news_is_not_told() -> None:
    assert say(a_situation(_in_brazil("delivered")), notices.SHIPPED, "1").why == followups.OVERTAKEN
    assert say(a_situation(_in_brazil("delivered")), notices.DELIVERED, "9").why == followups.OVERTAKEN


# -- late ------------------------------------------------------------------------------------


def test_a_parcel_on_its_way_is_watched_until_its_last_day_is_over() -> None:
    known = {(notices.LEFT_ORIGIN, "1"): followups.SENT}
    parcel = a_parcel(shipped_at=days_ago(8))  # 35 business days for such mail to Brazil: until 29 July in the shop
    assert _planned(a_situation(parcel), known=known) == {(notices.LATE, "1"): "29 16:00"}


def test_a_late_parcel_is_told_late_with_a_way_to_hear_more() -> None:
    situation = a_situation(a_late_parcel())
    said = say(situation, notices.LATE, "1")
    assert "should have been with you by Fri, Jun 6, 2025 and is now 12 days late" in _text(said)
    assert said.reply is not None
    assert next((choice.intent, choice.entities) for choice in said.reply.choices) == (
        "not_received",
        {"order_number": "1001"},
    )


@pytest.mark.parametrize("kind", [promises.GRACE, promises.NOTICE, promises.REFUND])
def test_a_late_parcel_about_which_something_was_promised_is_not_told_late(kind: str) -> None:
    promise = Promise(kind, "1", NOW + timedelta(days=1))
    assert say(a_situation(a_late_parcel(), promises=(promise,)), notices.LATE, "1").why == followups.SETTLED


def test_a_parcel_that_came_is_not_told_late() -> None:
    situation = a_situation(_in_brazil("delivered"))
    assert plan(situation, {(notices.LATE, "1"): followups.PLANNED}).drop == {(notices.LATE, "1"): followups.OVERTAKEN}
    assert say(situation, notices.LATE, "1").why == followups.SETTLED


# -- unpaid, sold out ------------------------------------------------------------------------


def _unpaid(**changes: Any) -> Situation:
    placed = NOW.replace(hour=15)
    situation = a_situation(now=placed, **{"placed_at": placed, "paid_at": None, **changes})
    return replace(situation, order=replace(situation.order, parcels=()))


def test_an_unpaid_order_is_reminded_of_by_the_hours_of_the_policy() -> None:
    assert _planned(_unpaid()) == {(notices.UNPAID, "1"): "18 16:00", (notices.UNPAID, "24"): "19 15:00"}


def test_no_reminder_comes_after_the_goods_are_not_kept_any_more() -> None:
    assert _planned(_unpaid(reserved_until=NOW + timedelta(hours=8))) == {(notices.UNPAID, "1"): "18 16:00"}
    assert _planned(_unpaid(reserved_until=NOW)) == {}


@pytest.mark.parametrize("change", [{"paid_at": NOW}, {"cancelled_at": NOW}, {"reserved_until": NOW}])
def test_a_payment_a_cancellation_or_the_last_day_ends_the_reminders(change: dict[str, Any]) -> None:
    situation = _unpaid(**change)
    known = {(notices.UNPAID, "1"): followups.SENT, (notices.UNPAID, "24"): followups.PLANNED}
    assert plan(situation, known).drop == {(notices.UNPAID, "24"): followups.SETTLED}
    assert say(situation, notices.UNPAID, "24").why == followups.SETTLED


def test_an_unpaid_order_is_told_with_its_last_day_and_the_way_to_pay() -> None:
    text = _text(say(_unpaid(pay_url="https://shop.example/pay/1"), notices.UNPAID, "1"))
    assert "We're keeping it for you until Sat, Jun 21, 2025." in text
    assert "https://shop.example/pay/1" in text
    assert "please don't pay again" in text


def test_what_is_back_in_stock_is_told_while_it_is_still_waited_for() -> None:
    situation = a_situation(products={"HP-200-BK": a_product()}, lines=(a_line(),))
    waiting = replace(situation, order=replace(situation.order, parcels=()))
    assert '"Headphones" from order 1001 is back in stock' in _text(say(waiting, notices.BACK_IN_STOCK, "HP-200-BK"))
    assert say(situation, notices.BACK_IN_STOCK, "HP-200-BK").why == followups.SETTLED
    given = replace(waiting, promises=(Promise(promises.CANCEL, "", NOW),))
    assert say(given, notices.BACK_IN_STOCK, "HP-200-BK").why == followups.SETTLED


# -- promises, returns, cases ------------------------------------------------------------------


def test_an_open_promise_is_watched_until_its_date_and_no_other_is() -> None:
    grace = Promise(promises.GRACE, "1", NOW + timedelta(days=1, hours=4))
    kept = Promise(promises.NOTICE, "1", NOW, state="kept")
    situation = a_situation(a_parcel(scans=()), promises=(grace, kept))
    found = _planned(situation, known={(notices.SHIPPED, "1"): followups.SENT, (notices.LATE, "1"): followups.SENT})
    assert found == {(notices.PROMISE, "grace/1"): "19 16:00"}


def test_a_promise_is_watched_even_where_the_shop_does_not_want_it_told() -> None:
    grace = Promise(promises.GRACE, "1", NOW + timedelta(days=1))
    situation = a_situation(promises=(grace,), policy=a_policy(notices={"leave_out": ["promise"]}))
    assert _planned(situation)[notices.PROMISE, "grace/1"] == "19 14:00"


def _returning(**facts: str) -> Situation:
    case = Case("R-1001-1", cases.RETURN, "1", cases.AGREED, {"address": "Depot 4, Curitiba", **facts}, NOW)
    promise = Promise(promises.RETURN, "1", NOW + timedelta(days=10))
    return a_situation(_in_brazil("delivered"), cases=(case,), promises=(promise,))


def test_a_return_is_reminded_of_some_days_before_its_last_day() -> None:
    assert _planned(_returning())[notices.RETURN_DEADLINE, "1"] == "25 14:00"
    text = _text(say(_returning(), notices.RETURN_DEADLINE, "1"))
    assert "please send the goods by Sat, Jun 28, 2025" in text
    assert "Depot 4, Curitiba" in text


@pytest.mark.parametrize("fact", ["sent_at", "tracking_number", "arrived_at"])
def test_a_return_that_was_sent_is_not_reminded_of(fact: str) -> None:
    assert say(_returning(**{fact: "x"}), notices.RETURN_DEADLINE, "1").why == followups.SETTLED


def test_an_open_case_is_told_of_every_week_until_it_is_closed() -> None:
    case = Case("G-1001-1", cases.GOODS, "", cases.PERSON, {}, NOW)
    open_case = a_situation(_in_brazil("delivered"), cases=(case,))
    assert _planned(open_case)[notices.CASE, "G-1001-1/1"] == "25 14:00"
    weeks_later = replace(open_case, now=NOW + timedelta(days=15))
    assert (notices.CASE, "G-1001-1/2") in _planned(weeks_later)
    assert "Your case G-1001-1 for order 1001 is with one of my colleagues" in _text(
        say(open_case, notices.CASE, "G-1001-1/1")
    )
    closed = replace(open_case, cases=(replace(case, state=cases.CLOSED),))
    assert say(closed, notices.CASE, "G-1001-1/1").why == followups.SETTLED
    assert notices.CASE not in {kind for kind, _ in _planned(closed)}
