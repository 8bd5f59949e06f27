"""A promise is kept on its date, told or in silence, and what it gives is given once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.policy.shop import ShopPolicy
from doorstep.storage import conversations, tables, todo
from doorstep.storage.engine import reading, writing
from tests.builders import an_order, days_ago
from tests.storage.clockwork import NOON, Front, came, change, late, news, rows, told
from tests.storage.shop import Shop
from tests.telling import WORDS, a_policy


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine, ShopPolicy())
    shop.clock.time = NOON
    return shop


@pytest.fixture
def front(shop: Shop) -> Front:
    return Front(shop, ShopPolicy())


# -- promises ----------------------------------------------------------------------------------------


def test_the_choice_for_the_day_is_carried_out_on_it_and_told(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    front.look()
    assert told(chat) == []
    shop.days_pass(3)
    front.look()
    front.look()
    (said,) = told(chat)
    assert "As promised" in said.text
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "open"}
    with reading(shop.engine) as connection:
        tasks = connection.execute(select(tables.shop_tasks)).all()
    assert [(task.kind, task.note["amount"]) for task in tasks] == [("refund", "24.50 USD")]


def test_who_stopped_the_messages_still_gets_what_they_chose(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    shop.assistant.mute(chat.id, True)
    shop.days_pass(3)
    front.look()
    assert told(chat) == []
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "open"}


def test_an_offer_waits_until_the_buyer_can_be_asked(shop: Shop, front: Front) -> None:
    chat = late(shop)
    shop.assistant.mute(chat.id, True)
    shop.days_pass(3)
    front.look()
    assert [promise.state for promise in shop.promises(1)] == ["open"]
    shop.assistant.mute(chat.id, False)
    shop.days_pass(0.3)
    shop.clock.time = shop.clock.time.replace(hour=16) + timedelta(days=1)
    front.look()
    assert [promise.state for promise in shop.promises(1)] == ["kept"]
    assert "I will not ask you to wait any longer" in told(chat)[0].text


def test_a_promise_waits_while_a_person_has_the_conversation(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    change(chat, owner=conversations.AGENT)
    shop.days_pass(3)
    front.look()
    assert [promise.state for promise in shop.promises(1)] == ["open"]


def test_an_offer_of_the_clock_can_be_taken_like_any_other(shop: Shop, front: Front) -> None:
    chat = late(shop)
    shop.days_pass(3)
    front.look()
    order = an_order(id=1)
    answer = shop.assistant.take_option(chat.id, f"now/{order.id}/1", "refund")
    assert "24.50" in WORDS.word(answer.replies[0], "en").text
    assert [promise.kind for promise in shop.promises(1)] == ["grace", "refund"]


def test_what_the_shop_did_not_do_in_time_brings_a_person(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    shop.days_pass(3)
    front.look()
    shop.days_pass(7)
    front.look()
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "broken"}
    assert chat.owner == ("queue", "promise_overdue")
    assert "A colleague will look into it" in told(chat)[-1].text


def test_what_the_shop_marked_as_done_is_told_as_kept(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    shop.days_pass(3)
    front.look()
    with writing(shop.engine) as connection:
        connection.execute(tables.shop_tasks.update().values(done_at=shop.clock.now()))
    shop.days_pass(7)
    front.look()
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "kept"}
    assert chat.owner == ("assistant", "")
    assert "already sent the money" in told(chat)[-1].text


def test_what_is_done_before_its_date_is_told_when_it_is_done(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    shop.days_pass(3)
    front.look()
    front.plan()
    with writing(shop.engine) as connection:
        (task,) = todo.open_tasks(connection)
        todo.mark_done(connection, task.id, shop.clock.now())
    shop.days_pass(0.01)
    front.look()
    front.look()
    assert "already sent the money" in told(chat)[-1].text
    assert len(told(chat)) == 2
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "kept"}


def test_a_parcel_that_came_in_time_ends_its_case(shop: Shop, front: Front) -> None:
    chat = late(shop, remedy="refund")
    front.look()
    shop.days_pass(1)
    news(shop, came(shipped_at=days_ago(60)))
    front.look()
    shop.days_pass(2)
    front.look()
    assert len(told(chat)) == 1  # the delivery
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept"}
    with reading(shop.engine) as connection:
        assert connection.execute(select(tables.cases.c.state)).scalars().all() == ["closed"]


def test_a_shop_that_leaves_promises_out_of_its_messages_keeps_them_in_silence(shop: Shop) -> None:
    chat = late(shop, remedy="refund")
    shop.days_pass(3)
    Front(shop, a_policy(notices={"leave_out": ["promise"]})).look()
    assert told(chat) == []
    assert {promise.kind: promise.state for promise in shop.promises(1)} == {"grace": "kept", "refund": "open"}


def test_each_part_of_the_plan_is_made_once_however_often_it_is_looked_at(shop: Shop, front: Front) -> None:
    late(shop)
    for _ in range(3):
        front.look()
    now = shop.clock.now()
    with reading(shop.engine) as connection:
        assert front.keeper.to_plan(connection, now, 10) == []
    assert list(rows(shop)) == [("left_origin", "1"), ("promise", "grace/1"), ("case", "N-1001-1/1")]
