"""A buyer whose page is in another language gets every answer in that language."""

from __future__ import annotations

from datetime import date

import pytest

from doorstep.replies.formats import format_value
from tests.e2e.buyer import text_of
from tests.e2e.shop import Shop
from tests.e2e.words import OTHERS, english_left, is_told

pytestmark = pytest.mark.processes

ORDER, EMAIL = "1003", "hannah.weber@example.com"
A_PERSON = {
    "de": "Ich möchte bitte mit einem Menschen sprechen",
    "es": "Quiero hablar con una persona, por favor",
    "fr": "Je voudrais parler à un conseiller humain",
    "pt": "Quero falar com um atendente humano, por favor",
    "ru": "Я хочу поговорить с живым человеком",
    "zh": "我要找人工客服",
}


@pytest.mark.parametrize("language", OTHERS)
def test_a_whole_conversation_is_in_the_buyers_language(shop: Shop, language: str) -> None:
    buyer = shop.buyer(language)
    told = [*buyer.say("hello"), *buyer.say(ORDER), *buyer.say(EMAIL)]
    assert english_left(told) == []
    assert ORDER in text_of(told)
    assert "{" not in text_of(told)
    assert is_told(told, "utter_greet", language)


@pytest.mark.parametrize("language", OTHERS)
def test_a_day_is_written_as_the_language_writes_it(language: str) -> None:
    assert format_value(date(2025, 6, 17), language) != format_value(date(2025, 6, 17), "en")


@pytest.mark.parametrize("hint", ["en", "own"])
@pytest.mark.parametrize("language", OTHERS)
def test_a_person_is_promised_in_the_buyers_language(shop: Shop, language: str, hint: str) -> None:
    buyer = shop.buyer("en" if hint == "en" else language)
    told = buyer.say(A_PERSON[language])
    assert is_told(told, "utter_handover_asked", language), text_of(told)
    assert shop.owner(buyer) == "queue"
