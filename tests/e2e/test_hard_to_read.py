"""Messages that are hard to read: each is answered, and what was meant is found where there was something."""

from __future__ import annotations

import pytest

from tests.e2e.buyer import text_of
from tests.e2e.secrets import secrets_of
from tests.e2e.shop import Shop
from tests.e2e.talk import EMAILS
from tests.e2e.words import asks, is_told

pytestmark = pytest.mark.processes

NUMBER, EMAIL = "1002", EMAILS["1002"]
DISGUISED = {
    "zero-width space": "1\u200b002",
    "zero-width joiners": "1\u200d0\u200d0\u200d2",
    "word joiner": "10\u206002",
    "byte order mark": "\ufeff1002",
    "soft hyphen": "10\u00ad02",
    "full-width digits": "１００２",
    "full-width with a hash": "＃１００２",
    "direction marks": "\u202d1002\u202c",
    "spaces around": "  \n 1002 \t",
    "keycap emoji": "1\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e32\ufe0f\u20e3",
    "in a sentence": "the number is 1\u200b002, thanks",
}
EMOJI = ["😀😀😀", "👍", "❤️", "😡", "📦❓"]
NO_WORDS = ["x", "我", "!!!", "?", "。", "…", "-", "\u3000?\u3000"]


@pytest.mark.parametrize("written", DISGUISED.values(), ids=DISGUISED)
def test_order_number_is_found_however_its_digits_are_written(shop: Shop, written: str) -> None:
    buyer = shop.buyer()
    buyer.say("where is my order")
    told = buyer.say(written)
    assert asks(told, "contact_proof"), text_of(told)

    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(buyer.say(EMAIL))


@pytest.mark.parametrize("written", ["1\u200b002", "１００２"], ids=ascii)
def test_disguised_number_is_found_beside_a_wish(shop: Shop, written: str) -> None:
    buyer = shop.buyer()
    told = buyer.say(f"where is my order {written}?")
    assert asks(told, "contact_proof"), text_of(told)

    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(buyer.say(EMAIL))


def test_email_with_zero_width_characters_is_a_proof(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(f"where is my order {NUMBER}")
    told = buyer.say("elodie\u200b.martin＠example.com\u200b")

    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(told)


@pytest.mark.parametrize("said", EMOJI, ids=ascii)
def test_emoji_alone_is_answered_and_never_in_the_same_words(shop: Shop, said: str) -> None:
    buyer = shop.buyer()
    told = [*buyer.say(said), *buyer.say(said)]

    assert len({one.text for one in told}) == len(told) >= 2
    assert secrets_of(shop).in_answer(told) == []


@pytest.mark.parametrize("said", NO_WORDS, ids=ascii)
def test_message_without_words_is_answered_with_a_question_and_then_by_a_person(shop: Shop, said: str) -> None:
    buyer = shop.buyer()
    first = buyer.say(said)
    assert is_told(first, "utter_not_understood") or is_told(first, "utter_did_you_mean"), text_of(first)
    second = buyer.say(said)

    assert is_told(second, "utter_handover_not_understood"), text_of(second)
    assert shop.owner(buyer) == "queue"


def test_wish_at_the_end_of_two_thousand_characters_is_found(shop: Shop) -> None:
    buyer = shop.buyer()
    wish = " So, to make it short: where is my order?"
    story = "It was a sunny day and we went to the beach with the children and the dog. " * 30
    said = story[: 2_000 - len(wish)] + wish
    assert len(said) == 2_000
    told = buyer.say(said)

    assert asks(told, "order_number"), text_of(told)


@pytest.mark.parametrize("filler", ["😀", "\n", "a", ". "], ids=ascii)
def test_wish_after_a_long_run_of_one_sign_is_found(shop: Shop, filler: str) -> None:
    buyer = shop.buyer()
    wish = " where is my order?"
    said = (filler * 2_000)[: 2_000 - len(wish)] + wish
    told = buyer.say(said)

    assert asks(told, "order_number"), text_of(told)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("где мой заказ iPhone 15 Pro Max?", "ru"),
        ("我的 iPhone 15 订单到哪里了", "zh"),
        ("where is my order 😀 спасибо", "en"),
        ("wo ist meine Bestellung? 谢谢", "de"),
    ],
    ids=ascii,
)
def test_mixed_scripts_are_read_by_what_most_of_it_is(shop: Shop, said: str, language: str) -> None:
    buyer = shop.buyer()
    told = buyer.say(said)

    assert asks(told, "order_number", language), text_of(told)


@pytest.mark.parametrize(
    "said", ["w\u200bhere is my or\u200bder", "ＷＨＥＲＥ ＩＳ ＭＹ ＯＲＤＥＲ", "WHERE IS MY ORDER???!!!"], ids=ascii
)
def test_wish_is_found_however_its_letters_are_written(shop: Shop, said: str) -> None:
    buyer = shop.buyer()

    assert asks(buyer.say(said), "order_number")


def test_nothing_of_an_order_is_told_for_a_disguised_number_alone(shop: Shop) -> None:
    buyer = shop.buyer()
    told = [*buyer.say("where is my order"), *buyer.say("1\u200b002"), *buyer.say("１００２")]

    assert secrets_of(shop).in_answer(told) == []
