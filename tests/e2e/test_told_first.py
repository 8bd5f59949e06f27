"""What Doorstep says first on the way of a parcel, and buyers who come at an odd time, with the clock in our hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.e2e.buyer import text_of
from tests.e2e.facts import day, due_day, expected_by, label
from tests.e2e.orders import email_of
from tests.e2e.orders_clock import an_order, late, on, scan, sent, told_by_shop
from tests.e2e.week import Week, a_week, notices_of

pytestmark = pytest.mark.processes

LEFT = on(-4, 10)
THERE = {"country": "GB", "location": "London"}
ON_THE_WAY = {  # what the newest scan says, and the kind of news it is
    "7391": ("arrived", "arrived_destination", {}),
    "7392": ("out_for_delivery", "out_for_delivery", {}),
    "7393": ("delivery_failed", "delivery_failed", {"reason": "nobody_home"}),
    "7394": ("ready_for_pickup", "ready_for_pickup", {"act_by": on(9, 18).isoformat()}),
    "7395": ("going_back", "returning", {"reason": "unclaimed"}),
}
LATE, SOLD_OUT, RETURNS, WRITES, ASKS_OFTEN = "7390", "7396", "7398", "7399", "7389"
CLOCK = {"sku": "T-CLOCK", "title": "Desk clock", "price": "19.90"}


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    """Monday morning, with the orders of this file known to the shop."""
    with a_week() as begun:
        known = [sent(number, LEFT, scan(LEFT, "departed_origin")) for number in ON_THE_WAY]
        known += [
            late(RETURNS),
            late(WRITES),
            sent(LATE, on(-17, 10), scan(on(-4, 9), "in_transit"), placed=on(-18, 8)),
        ]
        known += [sent(ASKS_OFTEN, LEFT, scan(on(-1, 9), "delivery_failed", reason="nobody_home", **THERE))]
        begun.tells(*known)
        begun.is_now(on(0, 9, 30))
        begun.buyers[LATE] = begun.shop.buyer()
        begun.buyers[LATE].open(LATE, email_of(LATE), "I want to cancel my order")  # no date is promised
        yield begun


def _promises(week: Week, number: str) -> list[tuple[str, str]]:
    return [(promise.kind, promise.state) for promise in week.shop.promises(number)]


def _kinds_told(week: Week, number: str) -> list[str]:
    return [row.kind for row in notices_of(week) if (row.number, row.state) == (number, "sent")]


# -- F: each milestone -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", ON_THE_WAY)
def test_each_step_of_a_parcel_is_told_once_without_being_asked(week: Week, number: str) -> None:
    kind, status, more = ON_THE_WAY[number]
    week.comes(number)
    week.is_now(week.now + timedelta(minutes=5))
    newest = scan(week.now - timedelta(hours=1), status, **{**THERE, **more})
    for _ in range(2):
        week.tells(sent(number, LEFT, scan(LEFT, "departed_origin"), newest))
    (told,) = week.hears(number)
    tracking_number = week.shop.order(number).parcels[0].tracking_number
    assert tracking_number in told.text
    assert number in told.text
    assert label("choice_messages_off") in told.choices
    assert _kinds_told(week, number) == [kind]


def test_what_was_sold_out_is_told_when_it_is_back(week: Week) -> None:
    def has(in_stock: bool) -> None:
        stock = {**told_by_shop(an_order(SOLD_OUT)), "products": [{**CLOCK, "in_stock": in_stock}]}
        done = week.shop.import_orders(stock, week.folder)
        assert done.returncode == 0, done.stderr
        week.settles()

    has(in_stock=False)
    assert "sold out" in text_of(week.comes(SOLD_OUT))
    week.is_now(week.now + timedelta(minutes=5))
    has(in_stock=True)
    (told,) = week.hears(SOLD_OUT)
    assert "is back in stock" in told.text
    assert SOLD_OUT in told.text


# -- buyers who come at an odd time ------------------------------------------------------------------


def test_who_has_to_ask_on_three_days_gets_the_logistics_team(week: Week) -> None:
    for place in (0, 1, 2):
        assert week.now <= on(place, 10)
        week.is_now(on(place, 10))
        told = week.comes(ASKS_OFTEN)
        assert ASKS_OFTEN in text_of(told)
        assert week.shop.owner(week.buyers[ASKS_OFTEN]) == ("queue" if place == 2 else "assistant")


def test_late_parcel_is_told_before_anybody_asks(week: Week) -> None:
    order = week.shop.order(LATE)
    expected = expected_by(week.shop.policy, order, order.parcels[0])
    late_from = on((expected - on(0, 0).date()).days + 1, 10)
    assert week.now <= late_from
    week.is_now(late_from)
    week.settles()
    (told,) = week.hears(LATE)
    assert day(expected) in told.text
    assert label("choice_notice_what_now") in told.choices


def test_buyer_who_writes_while_the_clock_writes_gets_each_answer_once(week: Week) -> None:
    week.comes(WRITES)
    buyer = week.buyers[WRITES]
    buyer.choose(label("choice_then_refund", amount=week.shop.order(WRITES).value))
    (grace,) = week.shop.promises(WRITES)
    week.is_now(grace.due_at + timedelta(minutes=5))  # in the afternoon where the buyer is
    for _ in range(3):
        buyer.send(text="where is my order now?")
    told = buyer.listen()
    week.settles()
    told += week.hears(WRITES)

    assert [kind for kind, _ in _promises(week, WRITES)] == ["grace", "refund"]
    assert _kinds_told(week, WRITES) in (["promise"], [])
    assert len([one for one in told if one.sender == "notice"]) == len(_kinds_told(week, WRITES))
    assert day(due_day(week.shop.policy, week.shop.promises(WRITES)[-1])) in text_of(told)


def test_buyer_who_comes_back_after_a_week_finds_what_was_promised(week: Week) -> None:
    week.comes(RETURNS)
    assert _promises(week, RETURNS) == [("grace", "open")]
    week.is_now(week.now + timedelta(days=7))
    week.settles()
    order = week.shop.order(RETURNS)
    refund = label("choice_now_refund", amount=order.value)
    told = week.buyers[RETURNS].say("Hello, I'm back. Where is my order?")
    assert RETURNS in text_of(told)
    assert refund in told[-1].choices
    week.buyers[RETURNS].choose(refund)

    told = week.comes(RETURNS)
    assert day(due_day(week.shop.policy, week.shop.promises(RETURNS)[-1])) in text_of(told)
    assert [kind for kind, _ in _promises(week, RETURNS)].count("refund") == 1
