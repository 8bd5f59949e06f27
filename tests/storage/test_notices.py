"""What is said first is said once and where the buyer is, on both kinds of database."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import promises
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Worded
from doorstep.replies.values import Reply
from doorstep.storage import tables
from doorstep.storage.engine import reading
from tests.storage.clockwork import NOON, Front, came, change, late, news, rows, told, unsent
from tests.storage.shop import Shop


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine, ShopPolicy())
    shop.clock.time = NOON
    return shop


@pytest.fixture
def front(shop: Shop) -> Front:
    return Front(shop, ShopPolicy())


# -- once, and where the buyer is ----------------------------------------------------------------


def test_news_is_told_in_the_conversation_that_proved_the_order_with_a_way_to_stop(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat, stranger = shop.chat("1001"), shop.chat()
    shop.days_pass(0.01)
    news(shop, came())
    front.look()
    (said,) = told(chat)
    assert said.sender == "notice"
    assert "was delivered on" in said.text
    table = tables.choices
    with reading(shop.engine) as connection:
        shown = connection.execute(select(table.c.label, table.c.payload).order_by(table.c.position)).all()
    assert shown[0].label == "I have it, thank you"
    assert shown[0].payload == '/confirm_receipt{"order_number": "1001"}'
    assert shown[-1] == ("Stop these messages", "/stop_messages")
    assert told(stranger) == []


def test_what_was_told_is_not_told_again_by_the_same_news_or_by_another_look(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    for _ in range(3):
        news(shop, came())
        front.look()
        shop.days_pass(0.01)
    assert len(told(chat)) == 1


def test_two_fronts_that_find_the_same_notice_say_it_once(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    shop.days_pass(0.01)
    news(shop, came())
    front.plan()
    fronts = [Front(shop, ShopPolicy()) for _ in range(4)]
    found = [each.due() for each in fronts]
    start = Barrier(len(fronts))

    def work(place: int) -> list[str]:
        start.wait()
        return [fronts[place].tell(notice) for notice in found[place]]

    with ThreadPoolExecutor(len(fronts)) as pool:
        answers = [one for said in pool.map(work, range(len(fronts))) for one in said]
    assert sorted(answers) == ["", "", "", chat.id]
    assert len(told(chat)) == 1


def test_a_front_that_dies_in_the_middle_leaves_the_notice_planned_and_the_promise_as_it_was(shop: Shop) -> None:
    class Dying:
        def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
            raise SystemExit

    chat = late(shop, remedy="refund")
    dying, next_one = Front(shop, ShopPolicy(), Dying()), Front(shop, ShopPolicy())
    dying.plan()
    shop.days_pass(4)
    with pytest.raises(SystemExit):
        dying.look()
    assert ("promise", ("planned", "")) in [(kind, row) for (kind, _), row in rows(shop).items()]
    assert [promise.kind for promise in shop.promises(1)] == [promises.GRACE]
    next_one.look()
    assert [promise.kind for promise in shop.promises(1)] == [promises.GRACE, promises.REFUND]
    assert len(told(chat)) == 1


def test_the_conversation_used_last_is_told(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    first, second = shop.chat("1001"), shop.chat("1001")
    change(first, last_at=shop.clock.now() + timedelta(minutes=5))
    shop.days_pass(0.01)
    news(shop, came())
    front.look()
    assert (len(told(first)), len(told(second))) == (1, 0)


def test_news_is_told_in_the_buyers_language(shop: Shop, front: Front) -> None:
    unsent(shop, front)
    chat = shop.chat("1001")
    change(chat, language="de")
    shop.days_pass(0.01)
    news(
        shop,
        came(
            "customs_held",
        ),
    )
    front.look()
    assert "RB123456785CN" in told(chat)[0].text
