"""What may not go back, with the reason and what is left; and what the shop's fault and earlier gifts change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import offers, promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.orders import Money
from doorstep.promises import Promise
from tests.builders import NOW, a_line, a_parcel, a_scan, days_ago
from tests.telling import a_delivered_parcel, a_parcel_in_brazil, told
from tests.unit.returns_talk import Talk, a_return_policy
from tests.unit.test_returns import EXCHANGE, PERSON, RETURN, TWO, UNUSED, a_goods_case

# -- not there yet -------------------------------------------------------------------------


def test_a_parcel_on_its_way_is_told_with_ways_not_to_keep_it_and_no_promise() -> None:
    talk = Talk(parcels=(a_parcel_in_brazil(at=days_ago(1)),)).wish("return_item")
    assert "RB123456785CN" in talk.text
    assert "decline it at the door" in talk.text
    assert "only send money back once the goods are here" in talk.text
    assert (talk.said.promises, talk.cases, talk.labels) == ((), [], [PERSON])


def test_what_has_not_left_can_be_called_off() -> None:
    talk = Talk(parcels=(a_parcel(shipped_at=None, scans=()),)).wish("return_item")
    assert "hasn't left our warehouse" in talk.text
    assert talk.labels == ["I want to cancel my order", PERSON]


def test_mail_without_tracking_can_be_said_to_have_arrived() -> None:
    mail = a_parcel(tracking_number="", scans=())
    assert Talk(parcels=(mail,)).wish("return_item").labels == ["My order has arrived", PERSON]
    assert UNUSED in Talk(parcels=(mail,), confirmed_at=days_ago(1)).wish("return_item").labels


@pytest.mark.parametrize("status", ["lost", "returning"])
def test_a_lost_or_returning_parcel_gets_the_answer_for_its_state(status: str) -> None:
    talk = Talk(parcels=(a_parcel(scans=(a_scan(status=status, at=days_ago(1)),)),))
    assert told(talk.wish("return_item").said) == told(settle_tracking(talk.situation))


@pytest.mark.parametrize("changes", [{"paid_at": None}, {"cancelled_at": days_ago(1)}])
def test_an_unpaid_or_cancelled_order_gets_the_answer_for_its_state(changes: dict[str, Any]) -> None:
    talk = Talk(**changes)
    assert told(talk.wish("return_item").said) == told(settle_tracking(talk.situation))


# -- no ------------------------------------------------------------------------------------


def test_the_last_day_of_the_window_still_counts_in_the_shops_calendar() -> None:
    # 30 days from Fri, 16 May; the shop is eight hours ahead of UTC.
    came = days_ago(33) + timedelta(hours=3)
    inside = Talk(parcels=(a_delivered_parcel(came),), now=NOW - timedelta(days=3) + timedelta(hours=3))
    assert UNUSED in inside.wish("return_item").labels
    outside = Talk(parcels=(a_delivered_parcel(came),), now=NOW - timedelta(days=3) + timedelta(hours=5))
    assert "it could be returned until Sun, Jun 15, 2025" in outside.wish("return_item").text


def test_outside_the_window_the_days_are_told_with_what_is_left() -> None:
    talk = Talk(days_since_delivery=40).wish("return_item")
    assert "arrived on Fri, May 9, 2025" in talk.text
    assert talk.labels == ["It's broken, wrong or incomplete", "I'm not happy with the quality", PERSON]
    assert (talk.cases, talk.said.promises) == ([], ())


@pytest.mark.parametrize("option", [offers.USED, offers.NO])
def test_used_goods_are_refused_kindly(option: str) -> None:
    talk = Talk().wish("return_item").option(offers.CONDITION, option)
    assert "can be sold again" in talk.text
    assert talk.labels == ["It's broken, wrong or incomplete", "I'm not happy with the quality", PERSON]
    assert talk.cases == [("return", "closed")]


def test_a_shop_that_takes_used_goods_does_not_ask() -> None:
    talk = Talk(policy=a_return_policy(used=True)).wish("return_item")
    assert talk.labels == [RETURN, EXCHANGE, PERSON]
    assert "condition" not in talk.situation.cases[0].facts


def test_an_offer_from_before_the_end_of_the_window_does_not_outlive_it() -> None:
    talk = Talk(days_since_delivery=29).wish("return_item").pick(UNUSED)
    choice = talk.choice(RETURN)
    talk.pass_days(5).take(choice)
    assert "That day has passed" in talk.text
    assert talk.situation.promises == ()


# -- at the shop's fault -------------------------------------------------------------------

DEAR: dict[str, Any] = {"lines": (a_line(unit_price=Decimal(80)),), "total": Decimal(80)}


def test_at_the_shops_fault_the_condition_is_not_asked_and_the_shop_pays_the_postage() -> None:
    talk = Talk(cases=(a_goods_case(),), **DEAR).wish("return_item")
    assert talk.labels == [RETURN, EXCHANGE, PERSON]
    assert "We pay the postage." in talk.text
    assert "We pay the postage: please keep the receipt" in talk.pick(RETURN).text


def test_where_the_policy_has_the_buyer_pay_always_the_buyer_pays() -> None:
    policy = a_return_policy(seller_pays_when_at_fault=False)
    talk = Talk(cases=(a_goods_case(),), policy=policy, **DEAR).wish("return_item").pick(RETURN)
    assert "postage is yours to pay" in talk.text


def test_at_the_shops_fault_a_cheap_item_need_not_come_back() -> None:
    talk = Talk(cases=(a_goods_case(),), lines=(a_line(unit_price=Decimal(9)),), total=Decimal(9)).wish("return_item")
    assert "You don't need to send Headphones" in talk.text
    assert talk.labels == ["It's broken, wrong or incomplete", PERSON]


def test_a_cheap_item_that_is_only_not_wanted_goes_back_like_any_other() -> None:
    talk = Talk(lines=(a_line(unit_price=Decimal(9)),), total=Decimal(9)).wish("return_item")
    assert UNUSED in talk.labels


def test_at_the_shops_fault_the_time_for_a_problem_counts() -> None:
    talk = Talk(days_since_delivery=60, cases=(a_goods_case(),), **DEAR).wish("return_item")
    assert RETURN in talk.labels


# -- given before --------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["", "1", "HP-200-BK"])
def test_what_was_refunded_before_is_not_taken_back_for_money_again(subject: str) -> None:
    refund = Promise(promises.REFUND, subject, days_ago(-2), amount=Money(Decimal("24.50"), "USD"))
    talk = Talk(promises=(refund,)).wish("return_item", "return")
    assert "$24.50. We'll send the money back by Fri, Jun 20, 2025" in talk.text.replace("\n", " ")
    assert (talk.said.offers, talk.cases) == ((), [])


def test_a_refund_granted_after_the_offer_was_shown_ends_it() -> None:
    talk = Talk().wish("return_item").pick(UNUSED)
    choice = talk.choice(RETURN)
    refund = Promise(promises.REFUND, "1", days_ago(-2), amount=Money(Decimal("24.50"), "USD"))
    talk.situation = replace(talk.situation, promises=(refund,))
    talk.take(choice)
    assert "send the money back by Fri, Jun 20, 2025" in talk.text
    assert talk.cases == [("return", "asking")]


def test_a_partial_refund_is_taken_off_what_a_return_brings() -> None:
    part = Promise(promises.PART_REFUND, "HP-200-BK", days_ago(1), state="kept", amount=Money(Decimal("7.35"), "USD"))
    talk = Talk(promises=(part,)).wish("return_item").pick(UNUSED)
    assert "$17.15" in talk.text


def test_an_item_sent_again_before_is_not_paid_for_too() -> None:
    again = Promise(promises.RESEND, "HP-200-BK", days_ago(-1), amount=Money(Decimal("24.50"), "USD"))
    talk = Talk(promises=(again,)).wish("return_item")
    assert "a new parcel for order 1001" in talk.text
    assert talk.said.offers == ()


def test_an_order_that_was_changed_since_is_asked_about_anew() -> None:
    talk = Talk(**TWO).wish("return_item").pick("Shirt (black, M)").pick(UNUSED)
    choice = talk.choice(RETURN)
    only = replace(talk.situation.order, lines=(a_line(),), total=Decimal("24.50"))
    talk.situation = replace(talk.situation, order=only)
    assert "Headphones" in talk.take(choice).text
    assert promises.RETURN not in [p.kind for p in talk.situation.promises]
