"""What the chat can ask for, from the first message to the granted remedy, on both kinds of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from doorstep.replies.values import Reply
from tests.builders import a_parcel, an_order
from tests.storage.shop import Shop, rows_unchanged, said, sold
from tests.telling import a_delivered_parcel, a_late_parcel, a_policy, told, told_by

LOST = a_parcel(status="lost")
UNSENT = an_order(parcels=())
UNKNOWN = told_by(Reply("utter_offer_unknown"))
THEN_RESEND = told_by(Reply("choice_then_resend"))
THEN_WAIT = told_by(Reply("choice_then_wait"))


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


# -- nothing without proof -----------------------------------------------------------------


@pytest.mark.parametrize("wish", ["track_order", "not_received", "refund", "change_address"])
def test_no_wish_is_answered_before_an_order_is_proven(shop: Shop, wish: str) -> None:
    sold(shop, LOST)
    assert said(shop.chat().asks(wish)) == told_by(Reply("utter_order_needed"))


def test_an_offer_is_of_no_use_to_whoever_has_not_proven_the_order(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    offer = shop.chat("1001").asks().offers[0]
    with rows_unchanged(shop.engine):
        settled = shop.assistant.take_option(shop.chat().id, f"now/{order_id}/{offer.subject}", "refund")
    assert told(settled) == UNKNOWN


def test_an_offer_of_another_conversation_cannot_be_taken_even_by_the_buyer(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    settled = shop.chat("1001").asks()
    assert said(shop.chat("1001").picks(settled, "Refund")) == UNKNOWN
    assert "refund" not in [promise.kind for promise in shop.promises(order_id)]


@pytest.mark.parametrize(
    "key", ["", "now", "now/x/1", "now/²/1", "now/99999999999999999999/1", "now/1/1/2", "now/-1/1"]
)
def test_a_key_that_names_no_offer_is_answered_kindly(shop: Shop, key: str) -> None:
    sold(shop, LOST)
    chat = shop.chat("1001")
    assert told(shop.assistant.take_option(chat.id, key, "refund")) == UNKNOWN


# -- promises over time (A5, A6) -----------------------------------------------------------


def test_a_promised_day_is_the_same_in_every_conversation(shop: Shop) -> None:
    sold(shop, a_late_parcel())
    assert "until Fri, Jun 20, 2025?" in said(shop.chat("1001").asks())
    shop.days_pass(1)
    assert "until Fri, Jun 20, 2025?" in said(shop.chat("1001").asks())


def test_after_the_promised_day_the_buyer_chooses_and_is_refunded(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    chat.asks()
    shop.days_pass(3)
    settled = chat.asks()
    assert settled.replies[0].name == "utter_parcel_wait_is_over"
    assert "$24.50 back by Wed, Jun 25, 2025" in said(chat.picks(settled, "Refund $24.50"))
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace", "refund"]


def test_a_wish_can_be_changed_until_the_promised_day(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    settled = chat.asks()
    assert "$24.50 back" in said(chat.picks(settled, "$24.50"))
    assert [promise.remedy for promise in shop.promises(order_id)] == ["refund"]
    assert chat.picks(settled, THEN_RESEND).replies[0].name == "utter_wait_noted_resend"
    assert [promise.remedy for promise in shop.promises(order_id)] == ["resend"]
    assert chat.picks(settled, THEN_WAIT).replies[0].name == "utter_wait_noted_wait"
    assert [promise.remedy for promise in shop.promises(order_id)] == [""]


def test_a_wish_can_be_said_and_changed_in_words(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    chat.asks()
    assert "$24.50 back" in told(chat.asks("refund"))
    noted = chat.says("resend")
    assert "end of Fri, Jun 20, 2025, we'll send it again" in said(noted)
    assert [promise.remedy for promise in shop.promises(order_id)] == ["resend"]


def test_what_was_wished_for_the_promised_day_is_granted_without_asking_again(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    chat.picks(chat.asks(), "$24.50")
    shop.days_pass(3)
    assert "$24.50 back by Wed, Jun 25, 2025" in said(shop.chat("1001").asks())
    again = chat.asks()
    assert again.replies[0].name == "utter_already_refund"
    assert "order 1001" in told(again)
    assert "by Wed, Jun 25, 2025" in told(again)
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace", "refund"]


def test_an_old_choice_taken_after_the_promised_day_is_granted(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    settled = chat.asks()
    shop.days_pass(3)
    assert "$24.50 back by Wed, Jun 25, 2025" in said(chat.picks(settled, "$24.50"))
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace", "refund"]


# -- granted once --------------------------------------------------------------------------


def test_an_option_taken_twice_is_granted_once_and_told_with_the_same_day(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    settled = chat.asks()
    first = said(chat.picks(settled, "Refund"))
    shop.days_pass(1)
    with rows_unchanged(shop.engine):
        assert said(chat.picks(settled, "Refund")) == first
    assert [promise.kind for promise in shop.promises(order_id)] == ["trace", "refund"]


def test_after_one_option_the_other_is_settled(shop: Shop) -> None:
    sold(shop, LOST)
    chat = shop.chat("1001")
    settled = chat.asks()
    chat.picks(settled, "Refund")
    with rows_unchanged(shop.engine):
        assert said(chat.picks(settled, "Send it again")) == told_by(Reply("utter_offer_settled"))


def test_what_another_conversation_granted_is_not_granted_again(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat, other = shop.chat("1001"), shop.chat("1001")
    settled, theirs = chat.asks(), other.asks()
    other.picks(theirs, "Send it again")
    assert "arranged: a new parcel for order 1001" in said(chat.picks(settled, "Refund"))
    assert [promise.kind for promise in shop.promises(order_id)] == ["trace", "resend"]


def test_a_wish_changed_after_another_conversation_was_granted_one_changes_nothing(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat, other = shop.chat("1001"), shop.chat("1001")
    settled, theirs = chat.asks(), other.asks()
    chat.picks(settled, "$24.50")
    shop.days_pass(3)
    other.picks(theirs, THEN_RESEND)
    assert "arranged: a new parcel for order 1001" in said(chat.picks(settled, "$24.50"))
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace", "resend"]


def test_two_conversations_at_the_same_time_are_granted_one_remedy(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chats = [shop.chat("1001") for _ in range(4)]
    offered = [chat.asks() for chat in chats]
    with ThreadPoolExecutor(4) as pool:
        wanted = ["Refund", "Send it again"] * 2
        list(pool.map(lambda chat, settled, label: chat.picks(settled, label), chats, offered, wanted))
    granted = [promise.kind for promise in shop.promises(order_id) if promise.kind in ("refund", "resend")]
    assert len(granted) == 1


def test_the_first_answers_of_several_conversations_at_the_same_time_promise_one_day(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chats = [shop.chat("1001") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda chat: chat.asks(), chats))
    assert [promise.kind for promise in shop.promises(order_id)] == ["grace"]


def test_an_offer_that_ran_out_is_not_taken(shop: Shop) -> None:
    sold(shop, LOST)
    chat = shop.chat("1001")
    settled = chat.asks()
    shop.days_pass(15)
    with rows_unchanged(shop.engine):
        assert said(chat.picks(settled, "Refund")) == told_by(Reply("utter_offer_expired"))
    assert chat.says("refund") is None


def test_a_parcel_that_came_meanwhile_is_not_refunded(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    settled = chat.asks()
    sold(shop, a_delivered_parcel())
    text = said(chat.picks(settled, "Refund"))
    assert text.startswith(told_by(Reply("utter_offer_outdated")))
    assert "delivered on Tue, Jun 17, 2025" in text
    assert "refund" not in [promise.kind for promise in shop.promises(order_id)]
