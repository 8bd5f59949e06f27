"""The shop's share of a duty, through the use cases on both databases: given once, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import promises
from doorstep.parcels import Parcel
from doorstep.replies.values import Reply
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading
from doorstep.storage.tables import shop_tasks
from tests.held_parcels import GIVE, SHARE, a_held_parcel, gone_on
from tests.storage.shop import Chat, Shop, said, sold
from tests.telling import a_policy, labels, told_by

ARRANGED = "As arranged, we'll send R$43.20"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


def _shares(shop: Shop, order_id: int) -> list[object]:
    return [promise.amount for promise in shop.promises(order_id) if promise.kind == promises.DUTY_SHARE]


def _tasks(shop: Shop) -> list[str]:
    with reading(shop.engine) as connection:
        return list(connection.execute(select(shop_tasks.c.kind).order_by(shop_tasks.c.id)).scalars())


def _held_order(shop: Shop, parcels: Iterable[Parcel] = ()) -> tuple[int, Chat]:
    order_id = sold(shop, *(parcels or (a_held_parcel(),)))
    return order_id, shop.chat("1001")


def test_the_share_taken_twice_is_given_once(shop: Shop) -> None:
    order_id, chat = _held_order(shop)
    settled = chat.asks("customs")
    assert "we'll send R$43.20 of the duty back" in said(chat.picks(settled, GIVE))
    assert ARRANGED in said(chat.picks(settled, GIVE))
    assert ARRANGED in said(chat.asks("customs"))
    assert (_shares(shop, order_id), _tasks(shop)) == ([SHARE], ["pay_duty_share"])
    with reading(shop.engine) as connection:
        (case,) = Cases(connection).of_order(order_id)
    assert (case.number, case.kind, case.state, case.facts["share"]) == ("D-1001-1", "customs", "agreed", "43.20 BRL")


def test_the_share_taken_in_two_conversations_is_given_once(shop: Shop) -> None:
    order_id, first = _held_order(shop)
    second = shop.chat("1001")
    offered = [chat.asks("customs") for chat in (first, second)]
    first.picks(offered[0], GIVE)
    assert ARRANGED in said(second.picks(offered[1], GIVE))
    assert (_shares(shop, order_id), _tasks(shop)) == ([SHARE], ["pay_duty_share"])
    assert GIVE not in labels(shop.chat("1001").asks("customs"))


def test_an_expired_share_is_not_given_and_can_be_offered_anew(shop: Shop) -> None:
    order_id, chat = _held_order(shop)
    settled = chat.asks("customs")
    shop.days_pass(15)
    assert said(chat.picks(settled, GIVE)) == told_by(Reply("utter_offer_expired"))
    assert _shares(shop, order_id) == []
    chat.picks(chat.asks("customs"), GIVE)
    assert _shares(shop, order_id) == [SHARE]


def test_the_share_is_given_after_the_parcel_was_released_and_not_after_it_came_back(shop: Shop) -> None:
    order_id, chat = _held_order(shop)
    settled = chat.asks("customs")
    sold(shop, gone_on("returned"))
    chat.picks(settled, GIVE)
    assert (_shares(shop, order_id), chat.owner) == ([], ("queue", "duty_share"))
    sold(shop, gone_on("customs_released"))
    other = shop.chat("1001")
    other.picks(other.asks("customs"), GIVE)
    assert _shares(shop, order_id) == [SHARE]


def test_yes_takes_the_share_and_no_leaves_it_open(shop: Shop) -> None:
    order_id, chat = _held_order(shop)
    settled = chat.asks("customs")
    assert "stands until" in said(chat.says("no"))
    assert _shares(shop, order_id) == []
    chat.picks(settled, GIVE)
    assert _shares(shop, order_id) == [SHARE]
    again = shop.chat("1001")
    again.asks("customs")
    assert again.says("yes") is None


def test_each_held_parcel_has_a_share_of_its_own(shop: Shop) -> None:
    second = replace(a_held_parcel(), id=2, tracking_number="RB200000005CN")
    order_id, chat = _held_order(shop, (a_held_parcel(), second))
    settled = chat.asks("customs")
    chat.picks(settled, f"Part 1: {GIVE}")
    chat.picks(settled, f"Part 2: {GIVE}")
    assert _shares(shop, order_id) == [SHARE, SHARE]


def test_choices_shown_before_stay_good_while_others_are_taken(shop: Shop) -> None:
    _, chat = _held_order(shop)
    settled = chat.asks("customs")
    for label in ("Why must I pay?", "I don't want to pay", "It was said to be tax-free", "Why must I pay?"):
        assert "R$86.40" in said(chat.picks(settled, label))


def test_papers_asked_for_again_are_one_task_until_they_are_late(shop: Shop) -> None:
    _, chat = _held_order(shop, (a_held_parcel(reason="documents_missing"),))
    settled = chat.asks("customs")
    why = chat.picks(settled, "Why must I pay?")
    chat.picks(why, "They want papers")
    chat.picks(why, "They want papers")
    assert _tasks(shop) == ["customs_papers"]
    shop.days_pass(3)
    chat.picks(why, "They want papers")
    assert chat.owner == ("queue", "promise_overdue")
