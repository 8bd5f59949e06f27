"""Finds order numbers, tracking numbers, e-mail addresses, dates and amounts, wherever the buyer put them.

Sits under both Rasa components: `entities` hands the finds to the dialogue, `normal` masks those that matter before
the intent model reads the words. Plain Python, no Rasa. Kinds are tried from the surest to the vaguest; a stretch of
text belongs to the first that takes it, and look-alikes (phones, cards, postcodes) take theirs before bare numbers do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from doorstep.nlu import lookalikes as other
from doorstep.nlu import patterns as p
from doorstep.nlu.checks import iban_fits, luhn_fits, s10_check_digit_fits
from doorstep.nlu.cues import CARD, TAKEN
from doorstep.nlu.folding import Folded, fold
from doorstep.nlu.notation import Pattern
from doorstep.nlu.own_formats import NO_FORMATS, OwnFormats
from doorstep.nlu.tagging import tag

ORDER, TRACKING, EMAIL, DATE, AMOUNT = "order_number", "tracking_number", "email", "date", "amount"
_LOOKALIKE = ""
_CARD_WORD_REACH = 40  # characters around a number in which a word such as "visa" makes it a card


@dataclass(frozen=True)
class Find:
    """A stretch `start`:`end` of the message as it was written, what it is, and its NFKC value, trimmed."""

    start: int
    end: int
    kind: str
    value: str


Span = tuple[int, int, str]


@lru_cache(maxsize=16)  # the extractor and the classifier ask for the same message one after the other
def find_numbers(text: str, formats: OwnFormats = NO_FORMATS) -> tuple[Find, ...]:
    """All that can be found in a message, in the order it stands there; `formats` are those of the shop's numbers."""
    folded = fold(text)
    if not any(char.isdigit() or char == "@" for char in folded.text):
        return ()
    return tuple(
        Find(*folded.place(start, end), kind, unicodedata.normalize("NFKC", folded.text[start:end]))
        for start, end, kind in sorted(_spans_of(folded, formats))
        if kind != _LOOKALIKE
    )


class _Taken:
    """The stretches of a text that are spoken for; the first to ask for one gets it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []
        self._mask = bytearray(len(text))

    def take(self, candidates: Iterable[Span]) -> None:
        """Keep those candidates that overlap no stretch taken before."""
        for start, end, kind in candidates:
            if 1 not in self._mask[start:end]:
                self._mask[start:end] = b"\1" * (end - start)
                self.spans.append((start, end, kind))

    def take_lists(self) -> None:
        """Keep what follows a number behind a comma or "and" and is built like it: "orders 771, 772 and 773"."""
        for start, end, kind in list(self.spans):
            built, after = _build(self.text[start:end]), p.NEXT.match(self.text, end)
            while after and _build(after["v"]) == built:
                self.take([(*after.span("v"), kind)])
                after = p.NEXT.match(self.text, after.end("v"))

    def hidden(self) -> str:
        """The text with signs in the place of what is taken."""
        return "".join(TAKEN if taken else char for char, taken in zip(self.text, self._mask, strict=True))


def _spans_of(folded: Folded, formats: OwnFormats) -> list[Span]:
    """What the message holds, by its place in the folded text."""
    known = _Taken(folded.text)
    known.take(_known_by_themselves(folded.text, formats))
    tagged = tag(known.hidden() if known.spans else folded.text)
    read = _Taken(tagged.text)
    read.take(_alone(tagged.text))
    read.take(_said_by_words(tagged.text))
    read.take_lists()
    read.take(_said_by_shape(tagged.text))
    read.take_lists()
    return known.spans + [(tagged.origin[start], tagged.origin[end], kind) for start, end, kind in read.spans]


def _known_by_themselves(text: str, formats: OwnFormats) -> Iterator[Span]:
    yield from _matches((p.EMAIL,), text, EMAIL)
    if formats.pattern:
        yield from ((*match.span(), ORDER) for match in formats.pattern.finditer(text))
    yield from _matches((p.S10,), text, TRACKING)
    yield from _checked(p.S10_LOOSE, s10_check_digit_fits, text, TRACKING)
    yield from _matches(p.CARRIERS, text, TRACKING)
    yield from _checked(other.IBAN, iban_fits, text, _LOOKALIKE)
    yield from _matches((*other.LINKS, *other.PAPERS), text, _LOOKALIKE)


def _alone(tagged: str) -> Iterator[Span]:
    alone = p.ALONE.fullmatch(tagged)
    if alone and not any(phone.fullmatch(alone["v"]) for phone in other.PHONES):
        yield *alone.span("v"), ORDER


def _said_by_words(tagged: str) -> Iterator[Span]:
    yield from _matches(p.CERTAIN, tagged, ORDER)
    yield from _matches(p.PARCELS, tagged, TRACKING)
    yield from _matches(p.LIKELY, tagged, ORDER)
    yield from _matches(other.CUED, tagged, _LOOKALIKE)
    yield from _matches(p.CALLED, tagged, ORDER)


def _said_by_shape(tagged: str) -> Iterator[Span]:
    yield from _cards(tagged)
    yield from _matches(other.PHONES, tagged, _LOOKALIKE)
    yield from _matches(other.DATES, tagged, DATE)
    yield from _matches(other.TIMES, tagged, _LOOKALIKE)
    yield from _matches(other.AMOUNTS, tagged, AMOUNT)
    yield from _matches((*other.PRICES, *other.MEASURES), tagged, _LOOKALIKE)
    yield from _matches(p.WEAK, tagged, ORDER)
    yield from _matches(other.PLACES, tagged, _LOOKALIKE)
    yield from _matches((*p.SHAPES, *p.NUMBERED), tagged, ORDER)
    yield from _matches(other.YEARS, tagged, _LOOKALIKE)
    yield from _matches((*p.PREFIXED, *p.PLAIN), tagged, ORDER)


def _matches(patterns: Iterable[Pattern], text: str, kind: str) -> Iterator[Span]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield *match.span("v"), kind


def _checked(pattern: Pattern, fits: Callable[[str], bool], text: str, kind: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if fits(match["v"]):
            yield *match.span("v"), kind


def _cards(tagged: str) -> Iterator[Span]:
    for match in other.CARD_NUMBER.finditer(tagged):
        around = tagged[max(0, match.start() - _CARD_WORD_REACH) : match.end() + _CARD_WORD_REACH]
        if luhn_fits(match["v"]) and (match["s"] or CARD in around):
            yield *match.span("v"), _LOOKALIKE


def _build(number: str) -> str:
    """A number with every digit and letter alike: two numbers of one kind are built alike."""
    return "".join("0" if char.isdigit() else "a" if char.isalpha() else char for char in number)
