"""A buyer whose page is in another language gets every answer in that language."""

from __future__ import annotations

import re
from datetime import date

import pytest

from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue
from doorstep.replies.formats import format_value
from doorstep.settings import ROOT
from tests.e2e.buyer import text_of
from tests.e2e.shop import Shop

pytestmark = pytest.mark.processes

REPLIES = Catalogue(ROOT / "replies")
OTHERS = [language for language in REPLIES.languages() if language != FALLBACK_LANGUAGE]
ORDER, EMAIL = "1003", "hannah.weber@example.com"


def english_sentences() -> set[str]:
    """Every English sentence of some length that has no value in it."""
    texts = [text for name in REPLIES.names("en") for text in REPLIES.variants(name, "en")]
    pieces = {piece.strip() for text in texts for piece in re.split(r"(?<=[.?!])\s|\n", text)}
    return {piece for piece in pieces if len(piece) > 20 and "{" not in piece}


@pytest.mark.parametrize("language", OTHERS)
def test_a_whole_conversation_is_in_the_buyers_language(shop: Shop, language: str) -> None:
    buyer = shop.buyer(language)
    told = [*buyer.say("hello"), *buyer.say(ORDER), *buyer.say(EMAIL)]
    labels = [label for one in told for label in one.choices]
    text = "\n".join([text_of(told), *labels])
    assert [sentence for sentence in english_sentences() if sentence in text] == []
    assert ORDER in text
    assert "{" not in text
    assert any(one.text in map(spaced, REPLIES.variants("utter_greet", language)) for one in told)


@pytest.mark.parametrize("language", OTHERS)
def test_a_day_is_written_as_the_language_writes_it(language: str) -> None:
    assert format_value(date(2025, 6, 17), language) != format_value(date(2025, 6, 17), "en")


@pytest.mark.parametrize("language", OTHERS)
def test_a_person_is_promised_in_the_buyers_language(shop: Shop, language: str) -> None:
    buyer = shop.buyer(language)
    (told,) = buyer.say("I want to talk to a person")
    worded = map(spaced, REPLIES.variants("utter_handover_asked", language))
    ends = [(begin, end) for begin, _, end in (text.partition("{answer_within_hours}") for text in worded)]
    assert any(told.text.startswith(begin) and told.text.endswith(end) for begin, end in ends)


def spaced(text: str) -> str:
    """The text with plain spaces."""
    return text.replace("\xa0", " ").replace("\u202f", " ")
