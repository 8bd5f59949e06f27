"""Returns through the use cases, on both databases: agreed once, whoever asks, and kept as they were told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import promises
from doorstep.commands import returned as returned_command
from doorstep.offers import REFUND, YES
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading
from doorstep.storage.tables import shop_tasks
from tests.storage.shop import Chat, Shop, said, sold
from tests.telling import a_delivered_parcel
from tests.unit.returns_talk import a_return_policy

UNUSED, RETURN, EXCHANGE = "Yes, it's unused", "Yes, return it", "Exchange it"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_return_policy())


@pytest.fixture
def chat(shop: Shop) -> Chat:
    sold(shop, a_delivered_parcel())
    return shop.chat("1001")


def kept(shop: Shop) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The cases with their states, the kinds of the promises, and those of the shop's tasks."""
    with reading(shop.engine) as connection:
        found = [(case.number, case.state) for case in Cases(connection).of_order(1)]
        tasks = list(connection.execute(select(shop_tasks.c.kind)).scalars())
    return found, [promise.kind for promise in shop.promises(1)], tasks


def test_a_return_is_agreed_once_by_choices_and_shown_with_its_page(shop: Shop, chat: Chat) -> None:
    offered = chat.picks(chat.asks("return_item"), UNUSED)
    text = said(chat.picks(offered, RETURN))
    assert "R-1001-1" in text
    assert "/returns/" in text
    assert "R-1001-1" in said(chat.picks(offered, RETURN))
    assert "R-1001-1" in said(shop.chat("1001").asks("return_item"))
    assert kept(shop) == ([("R-1001-1", "agreed")], [promises.RETURN], ["expect_return"])


def test_plain_words_answer_each_question(shop: Shop, chat: Chat) -> None:
    chat.asks("return_item")
    shop.clock.time += timedelta(seconds=1)
    assert "Shall I set up the return?" in said(chat.says(YES))
    shop.clock.time += timedelta(seconds=1)
    assert "R-1001-1" in said(chat.asks(REFUND))  # "my money back"
    assert kept(shop)[0] == [("R-1001-1", "agreed")]


def test_an_exchange_is_told_read_back_and_agreed(shop: Shop, chat: Chat) -> None:
    asked = chat.picks(chat.picks(chat.asks("return_item"), UNUSED), EXCHANGE)
    read = shop.assistant.take_details(chat.id, asked.asks, "in white")
    assert "in white" in said(read)
    assert "E-1001-2" in said(chat.says(YES))
    assert kept(shop)[0] == [("R-1001-1", "closed"), ("E-1001-2", "agreed")]
    assert "R-1001-3" in said(chat.picks(shop.assistant.settle(chat.id, "return_item", "return"), RETURN))
    assert kept(shop)[0][1:] == [("E-1001-2", "closed"), ("R-1001-3", "agreed")]
    assert kept(shop)[1] == [promises.RETURN]


def test_two_conversations_agree_on_one_return(shop: Shop, chat: Chat) -> None:
    other = shop.chat("1001")
    first = chat.picks(chat.asks("return_item"), UNUSED)
    second = other.asks("return_item")  # what was told of the item's condition holds for the order
    chat.picks(first, RETURN)
    assert "R-1001-1" in said(other.picks(second, RETURN))
    assert kept(shop) == ([("R-1001-1", "agreed")], [promises.RETURN], ["expect_return"])


def test_the_money_of_a_return_that_is_in_is_told_and_not_given_twice(shop: Shop, chat: Chat) -> None:
    chat.picks(chat.picks(chat.asks("return_item"), UNUSED), RETURN)
    for _ in range(2):
        returned_command.arrived(shop.engine, a_return_policy(), "R-1001-1", shop.clock.now())
    assert "$24.50" in said(chat.asks("refund"))
    assert "$24.50" in said(chat.asks("return_item"))
    assert kept(shop)[1:] == ([promises.RETURN, promises.RETURN_REFUND], ["expect_return", "refund_return"])
