"""When nothing is said first: at night, unwanted, with a person at it, answered, old, paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from doorstep.policy.shop import ShopPolicy
from doorstep.storage import conversations
from doorstep.storage.engine import writing
from doorstep.unasked import followups
from tests.builders import a_parcel, a_product
from tests.storage.clockwork import NOON, Front, came, change, kinds, news, rows, told, unsent
from tests.storage.shop import Shop


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine, ShopPolicy())
    shop.clock.time = NOON
    return shop


@pytest.fixture
def front(shop: Shop) -> Front:
    return Front(shop, ShopPolicy())


# -- when nothing is said --------------------------------------------------------------------------


def test_nothing_is_said_at_night(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.clock.time = NOON.replace(hour=23, minute=30)  # half past eight in the evening in São Paulo
    news(shop, came())
    front.look()
    assert told(chat) == []
    shop.clock.time = NOON.replace(hour=13, minute=59) + timedelta(days=1)
    front.look()
    assert told(chat) == []
    shop.clock.time += timedelta(minutes=1)  # nine in Acre
    front.look()
    assert len(told(chat)) == 1


def test_what_was_due_by_day_while_no_front_ran_is_not_said_at_night(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    news(shop, came())
    front.plan()
    shop.clock.time = NOON.replace(hour=23, minute=30)
    front.look()
    assert told(chat) == []
    shop.clock.time = NOON.replace(hour=14) + timedelta(days=1)
    front.look()
    assert len(told(chat)) == 1


def test_who_stopped_the_messages_gets_none_until_they_are_wanted_again(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.assistant.mute(chat.id, True)
    shop.days_pass(0.01)
    news(shop, came())
    front.look()
    assert told(chat) == []
    assert "delivered" in kinds(shop, followups.PLANNED)
    shop.assistant.mute(chat.id, False)
    front.look()
    assert len(told(chat)) == 1


def test_nothing_is_said_while_a_person_has_the_conversation(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    news(shop, came())
    for owner in (conversations.QUEUE, conversations.AGENT):
        change(chat, owner=owner)
        front.look()
        assert told(chat) == []
    change(chat, owner=conversations.CLOSED)
    shop.days_pass(0.01)
    front.look()
    assert len(told(chat)) == 1


def test_nothing_is_said_between_a_question_and_its_answer(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    news(shop, came())
    change(chat, busy_by="front/1", busy_until=shop.clock.now() + timedelta(seconds=20))
    front.look()
    assert told(chat) == []
    change(chat, busy_by=None)
    front.look()
    assert len(told(chat)) == 1


def test_without_a_proven_order_it_stays_planned_and_who_asks_later_is_not_told_what_they_were_answered(
    shop: Shop, front: Front
) -> None:
    unsent(shop, front)
    news(shop, came())
    front.look()
    assert "delivered" in kinds(shop, followups.PLANNED)
    shop.days_pass(0.01)
    chat = shop.chat("1001")
    front.look()
    assert told(chat) == []
    assert ("dropped", "asked") in rows(shop).values()


def test_what_an_order_had_behind_it_when_it_first_came_in_is_not_told(shop: Shop, front: Front) -> None:
    news(shop, came())
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    front.look()
    assert told(chat) == []
    assert followups.AT_FIRST in {why for _, why in rows(shop).values()}


def test_sent_is_not_told_after_delivered(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.assistant.mute(chat.id, True)
    shop.days_pass(0.01)
    news(shop, a_parcel(shipped_at=NOON, scans=()))
    front.look()
    assert "shipped" in kinds(shop, followups.PLANNED)
    news(shop, came())
    front.look()
    assert "shipped" in kinds(shop, followups.DROPPED)
    shop.assistant.mute(chat.id, False)
    front.look()
    assert ["was delivered" in said.text for said in told(chat)] == [True]


def test_news_that_nobody_could_be_told_of_for_days_is_dropped(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    news(shop, came())
    front.look()
    shop.days_pass(4)
    with writing(shop.engine) as connection:
        front.keeper.tidy(connection, shop.clock.now())
    assert ("dropped", followups.TOO_OLD) in rows(shop).values()


# -- payment and stock -------------------------------------------------------------------------------


def test_an_unpaid_order_is_reminded_of_twice_and_a_payment_ends_it(shop: Shop, front: Front) -> None:
    unpaid = {"placed_at": NOON, "paid_at": None, "reserved_until": NOON + timedelta(days=5)}
    news(shop, **unpaid)
    chat = shop.chat("1001")
    front.look()
    assert told(chat) == []
    shop.clock.time = NOON + timedelta(hours=1, minutes=1)
    front.look()
    front.look()
    assert len(told(chat)) == 1
    news(shop, **{**unpaid, "paid_at": NOON + timedelta(hours=2)})
    shop.clock.time = NOON + timedelta(days=2)
    front.look()
    assert len(told(chat)) == 1


def test_reminders_that_fall_due_together_are_one(shop: Shop, front: Front) -> None:
    news(shop, placed_at=NOON, paid_at=None, reserved_until=NOON + timedelta(days=5))
    front.look()
    chat = shop.chat("1001")
    shop.clock.time = NOON + timedelta(days=1, hours=2)
    for notice in reversed(front.due()):
        front.tell(notice)
    assert len(told(chat)) == 1


def test_a_product_that_is_back_is_told_to_who_waits_for_it(shop: Shop, front: Front) -> None:
    news(shop, products=[a_product(in_stock=False)])
    front.look()
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    news(shop, products=[a_product(in_stock=True)])
    news(shop, products=[a_product(in_stock=True)])
    front.look()
    assert ["is back in stock" in said.text for said in told(chat)] == [True]
