"""Finds order numbers, tracking numbers and e-mail addresses in a message, wherever the buyer put them.

Sits under both Rasa components: `entities` hands the finds to the dialogue, `intents` masks them before it reads
the words. Plain Python, no Rasa. Kinds are tried from the surest to the vaguest; a stretch of text belongs to the
first that takes it, and look-alikes (phones, dates, amounts, cards, postcodes) take theirs before bare numbers do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from doorstep.nlu import patterns as p

ORDER, TRACKING, EMAIL = "order_number", "tracking_number", "email"
_LOOKALIKE = ""
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_CARD_WORD_REACH = 40  # characters around a number in which a word such as "visa" makes it a card


@dataclass(frozen=True)
class Find:
    """A stretch `start`:`end` of the message as it was written, what it is, and its NFKC value, trimmed."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True)
class Folded:
    """NFKC text; `origin[i]` is where its i-th character came from (one more at the end)."""

    text: str
    origin: tuple[int, ...]


def fold(text: str) -> Folded:
    """Fold a text to NFKC, character by character, so that every place in it can be found in the original."""
    if text.isascii():
        return Folded(text, tuple(range(len(text) + 1)))
    parts: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        folded = char if char in "№º" else unicodedata.normalize("NFKC", char)
        parts.append(folded)
        origin.extend([place] * len(folded))
    origin.append(len(text))
    return Folded("".join(parts), tuple(origin))


@lru_cache(maxsize=16)  # the extractor and the classifier ask for the same message one after the other
def find_numbers(text: str) -> tuple[Find, ...]:
    """All order numbers, tracking numbers and e-mail addresses of a message, in the order they stand in it."""
    folded = fold(text)
    if not any(char.isdigit() or char == "@" for char in folded.text):
        return ()
    taken: list[tuple[int, int, str]] = []
    for start, end, kind in _candidates(folded.text):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, kind))
    return tuple(
        Find(folded.origin[start], folded.origin[end - 1] + 1, kind, folded.text[start:end])
        for start, end, kind in sorted(taken)
        if kind != _LOOKALIKE
    )


def s10_check_digit_fits(number: str) -> bool:
    """Whether the check digit of a UPU S10 number (two letters, nine digits, two letters; spaces allowed) is right."""
    digits = [int(char) for char in number if char.isdigit()]
    rest = 11 - sum(weight * digit for weight, digit in zip(_S10_WEIGHTS, digits, strict=False)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


def luhn_fits(number: str) -> bool:
    """Whether the digits of a text pass the Luhn check that payment cards carry."""
    digits = [int(char) for char in reversed(number) if char.isdigit()]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    yield from _spans((p.EMAIL,), text, EMAIL)
    yield from _tracking(text)
    yield from _spans((p.LINK,), text, _LOOKALIKE)
    alone = p.ALONE.fullmatch(text)
    if alone and not any(phone.fullmatch(alone["v"]) for phone in p.PHONE):
        yield alone.start("v"), alone.end("v"), ORDER
    yield from _spans(p.OTHER_NOUN, text, _LOOKALIKE)
    yield from _spans(p.PHONE_CUE, text, _LOOKALIKE)
    yield from _spans((*p.CUED_SHAPES, *p.CUED_GROUPS, *p.CUED_CODE, *p.SHORT_AFTER), text, ORDER)
    yield from _cards(text)
    yield from _spans((*p.PHONE, *p.DATE, *p.AMOUNT, *p.MEASURE, *p.PLACE), text, _LOOKALIKE)
    yield from _spans((*p.SHAPES, *p.WEAK_CODE), text, ORDER)
    yield from _spans((p.YEAR,), text, _LOOKALIKE)
    yield from _spans((*p.PREFIXED, p.PLAIN), text, ORDER)


def _spans(patterns: Iterable[p.Pattern], text: str, kind: str) -> Iterator[tuple[int, int, str]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.start("v"), match.end("v"), kind


def _tracking(text: str) -> Iterator[tuple[int, int, str]]:
    yield from _spans((p.S10,), text, TRACKING)
    for match in p.S10_LOOSE.finditer(text):
        if s10_check_digit_fits(match["v"]):
            yield match.start("v"), match.end("v"), TRACKING
    yield from _spans((*p.TRACKING, *p.TRACKING_CUE), text, TRACKING)


def _cards(text: str) -> Iterator[tuple[int, int, str]]:
    for match in p.CARD.finditer(text):
        around = text[max(0, match.start() - _CARD_WORD_REACH) : match.end() + _CARD_WORD_REACH]
        if luhn_fits(match["v"]) and (match["s"] or p.CARD_WORD.search(around)):
            yield match.start("v"), match.end("v"), _LOOKALIKE
