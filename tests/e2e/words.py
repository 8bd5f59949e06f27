"""What is told, held against the files of one language: which reply it is, and whether anything else is in it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_currency

from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue
from doorstep.replies.values import Reply, Value
from doorstep.settings import ROOT
from tests.contract.chat_client import is_of_queue
from tests.e2e.buyer import Told, plain

REPLIES = Catalogue(ROOT / "replies")
LANGUAGES = REPLIES.languages()
OTHERS = [language for language in LANGUAGES if language != FALLBACK_LANGUAGE]
_LOCALES = {"zh": "zh_CN", "pt": "pt_BR"}
_VALUE = re.compile(r"\{[a-z][a-z0-9_]*\}")
_LEFT_OUT = ("{place}", "{wait}")
_SCAN = re.compile(r"(?:• )?(.*?) – .*")


def label_in(language: str, name: str, **values: Value) -> str:
    """The label of a choice in a language."""
    return plain(REPLIES.word(Reply(name, values), language).text)


def wish_label(wish: str, language: str = FALLBACK_LANGUAGE) -> str:
    """A wish as the choice words it."""
    return label_in(language, f"choice_wish_{wish}")


def day_in(language: str, when: date) -> str:
    """A date as a buyer of that language reads it."""
    return plain(format_skeleton("yMMMEd", when, locale=_LOCALES.get(language, language)))


def money_in(language: str, amount: Decimal, currency: str) -> str:
    """An amount as a buyer of that language reads it."""
    return plain(format_currency(amount, currency, locale=_LOCALES.get(language, language)))


def is_told(told: list[Told], name: str, language: str = FALLBACK_LANGUAGE) -> bool:
    """Whether one of the messages is this reply, in one of its variants of this very language."""
    assert name in REPLIES.names(language), f"{name} is not worded in {language}"
    patterns = [_pattern(plain(text)) for text in REPLIES.variants(name, language)]
    return any(pattern.fullmatch(one.text) for pattern in patterns for one in told)


def asks(told: list[Told], slot: str, language: str = FALLBACK_LANGUAGE) -> bool:
    """Whether the order form asks for the "order_number" or the "contact_proof"."""
    return is_told(told, f"utter_ask_order_form_{slot}", language)


def english_left(told: list[Told]) -> list[str]:
    """Every sentence of the English files that was told, in text, choices or cards."""
    text = _shown(told)
    return sorted(sentence for sentence in _english_sentences() if sentence in text)


def foreign_lines(told: list[Told], language: str) -> list[str]:
    """The lines and labels told that no line of the language's own files makes; a carrier's words are nobody's."""
    patterns = [_pattern(line) for name in REPLIES.names(language) for line in _lines(name, language)]
    lines = [line for one in told for line in [*one.text.split("\n"), *one.choices] if line]
    return [line for line in lines if not _SCAN.fullmatch(line) and not any(p.fullmatch(line) for p in patterns)]


def english_lines(told: list[Told], language: str) -> list[str]:
    """What was told, in text, choices or cards, in words that only the English files have, values apart."""
    own = {line for name in REPLIES.names(language) for line in _lines(name, language)}
    english = {line for name in REPLIES.names(FALLBACK_LANGUAGE) for line in _lines(name, FALLBACK_LANGUAGE)} - own
    patterns = [_pattern(line) for line in english]
    lines = [*_shown(told).split("\n"), *(text for one in told for text in _texts(one.card))]
    return [line for line in lines if not _SCAN.fullmatch(line) and any(p.fullmatch(line) for p in patterns)]


def feelings_in(lines: list[str], language: str) -> list[str]:
    """Those of the lines that say how the buyer may feel."""
    names = [name for name in REPLIES.names(language) if name.startswith("utter_feel_")]
    feelings = {plain(text) for name in names for text in REPLIES.variants(name, language)}
    return [line for line in lines if line in feelings]


def _texts(part: Any) -> list[str]:
    """Every text inside a card."""
    if isinstance(part, dict):
        return [text for value in part.values() for text in _texts(value)]
    if isinstance(part, list):
        return [text for value in part for text in _texts(value)]
    return [plain(part)] if isinstance(part, str) else []


def _lines(name: str, language: str) -> list[str]:
    """The lines of a reply that have words of their own: one of values alone would make anything."""
    lines = [plain(line) for text in REPLIES.variants(name, language) for line in text.split("\n")]
    return [line for line in lines if any(character.isalpha() for character in _VALUE.sub("", line))]


def without_queue(told: list[Told]) -> list[Told]:
    """What was told apart from the buyer's place in the queue, which comes with every hand-over."""
    return [one for one in told if one.sender != "notice" or not is_of_queue(one.text)]


def _pattern(text: str) -> re.Pattern[str]:
    """What a text looks like when it is told; the lines about the queue are left out while the shop is closed."""
    lines = [".+?".join(re.escape(part) for part in _VALUE.split(line)) for line in text.split("\n")]
    told = [
        f"(?:{pattern}(?:\n|$))?" if line in _LEFT_OUT else f"{pattern}(?:\n|$)"
        for line, pattern in zip(text.split("\n"), lines, strict=True)
    ]
    return re.compile("".join(told), re.DOTALL)


def _english_sentences() -> set[str]:
    texts = [text for name in REPLIES.names(FALLBACK_LANGUAGE) for text in REPLIES.variants(name, FALLBACK_LANGUAGE)]
    pieces = {piece.strip() for text in texts for piece in re.split(r"(?<=[.?!])\s|\n", plain(text))}
    return {piece for piece in pieces if len(piece) > 20 and "{" not in piece}


def _shown(told: list[Told]) -> str:
    return "\n".join([*(one.text for one in told), *(label for one in told for label in one.choices)])
