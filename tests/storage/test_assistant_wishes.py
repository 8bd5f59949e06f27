"""Several wishes in one message, through the use cases on both databases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from doorstep.replies.values import Reply
from doorstep.settlement import Settlement
from tests.builders import NOW, a_parcel, an_order
from tests.storage.shop import Shop, sold
from tests.telling import a_late_parcel, a_policy, told, told_by

LOST = a_parcel(status="lost")


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


def names(settled: Settlement) -> list[str]:
    return [reply.name for reply in settled.replies]


def said_last(settled: Settlement) -> str:
    return told(Settlement(settled.replies[-1:]))


@pytest.mark.parametrize("wish", ["not_received", "track_order", "stock", "change_address"])
def test_a_single_wish_is_answered_as_ever(shop: Shop, wish: str) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    assert shop.assistant.settle_all(chat.id, (wish,)) == chat.asks(wish)


def test_each_further_wish_is_named_in_the_buyers_words_before_its_answer(shop: Shop) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, ("track_order", "stock"))

    first, second = chat.asks("track_order"), chat.asks("stock")
    assert names(settled) == [*names(first), "utter_other_wish", *names(second)]
    other = settled.replies[len(first.replies)]
    assert f"“{told_by(Reply('choice_wish_stock'))}”" in told(Settlement((other,)))


def test_what_the_first_answer_promises_is_kept_and_told_again_by_the_second(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, ("not_received", "change_address"))
    assert "utter_other_wish" in names(settled)
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace"]


@pytest.mark.parametrize(
    ("other", "waited_for"),
    [("return_item", "new_address"), ("payment_problem", "")],  # the first asks nothing here, the second yes or no
)
def test_what_the_last_question_asks_is_waited_for(shop: Shop, other: str, waited_for: str) -> None:
    order_id = shop.sells(replace(an_order(paid_at=NOW), parcels=()))
    settled = shop.assistant.settle_all(shop.chat("1001").id, ("change_address", other))
    assert settled.asks == (f"{waited_for}/{order_id}/" if waited_for else "")


@pytest.mark.parametrize(("wish", "reason"), [("human_agent", "asked"), ("complaint_escalation", "angry")])
def test_the_order_is_answered_before_a_person_takes_over(shop: Shop, wish: str, reason: str) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, ("track_order", wish))
    assert names(settled) == [*names(chat.asks("track_order")), f"utter_handover_{reason}"]
    assert (chat.owner, chat.note) == (("queue", reason), {"wishes": "track_order"})


def test_a_wish_that_is_above_a_limit_goes_to_a_person_and_the_next_waits_for_them(shop: Shop) -> None:
    sold(shop, LOST, total=Decimal("180.00"))
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, ("not_received", "stock"))
    assert names(settled) == [*names(shop.chat("1001").asks()), "utter_handover_waiting"]
    assert told_by(Reply("choice_wish_stock")) in said_last(settled)
    assert chat.owner == ("queue", "above_limit")
    assert chat.note["wishes"] == "not_received, stock"


def test_the_person_is_told_which_wish_brought_the_conversation_to_them(shop: Shop) -> None:
    sold(shop, LOST, total=Decimal("180.00"))
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, ("not_received",))
    assert names(settled) == names(shop.chat("1001").asks())  # nothing waits
    assert chat.note == {"parcel": "RB123456785CN", "value": "180.00 USD", "wishes": "not_received"}


def test_without_a_proven_order_the_number_is_asked_for_once(shop: Shop) -> None:
    sold(shop, a_parcel())
    settled = shop.assistant.settle_all(shop.chat().id, ("track_order", "stock"))
    assert names(settled) == ["utter_order_needed"]


@pytest.mark.parametrize("wishes", [("not_received", "confirm_receipt"), ("track_order", "delivery_time")])
def test_an_answer_that_was_given_is_not_given_again_for_another_wish(shop: Shop, wishes: tuple[str, ...]) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    settled = shop.assistant.settle_all(chat.id, wishes)
    assert names(settled) == names(chat.asks(wishes[0]))
