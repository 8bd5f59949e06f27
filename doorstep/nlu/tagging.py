"""Puts one sign for each word of a message, so that a pattern for numbers need not know the languages.

"Meine Bestellnr. lautet 661027" becomes four signs, their spaces and dots, and the number. Words that are part of a
number ("DS-10234", "5558Recently") stay as they are, unless they are known words that only stick to it ("pedido4482",
"1500р"). Between `folding` and the patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from doorstep.nlu import cues

_PART = rf"(?:[^\W_{cues.HAN}]|[\u0300-\u036f])+"
_TOKEN = re.compile(rf"(?<![^\W\d_])n\.?[º°]|(?P<han>[{cues.HAN}]+)|{_PART}(?:[-‐‑‒–—−/_'’]{_PART})*", re.IGNORECASE)
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_LETTERS = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*")
_HAN_SIGNS = {word: sign for sign, words in cues.UNSPACED.items() for word in words.split()}
_HAN_CUE = re.compile("|".join(sorted(_HAN_SIGNS, key=len, reverse=True)))
_LONGEST, _LONGEST_STEM = 40, 12  # letters of a word worth looking up
_NUMBER_ENDINGS = ("nummern", "nummer", "nr", "number")  # German writes "Kundennummer", "Sendungsnr."
_NUMBER_OF = {cues.ORDER: cues.ORDER_NUMBER, cues.PARCEL: cues.TRACK, cues.CARRIER: cues.TRACK,
              cues.OTHER: cues.OTHER_NUMBER}  # fmt: skip
_BEFORE_NUMBER = frozenset((cues.ORDER, cues.ORDER_NUMBER, cues.NUMBER, cues.SIGN, cues.NO, cues.REF, cues.TRACK,
                            cues.OTHER, cues.OTHER_NUMBER, cues.PHONE, cues.CURRENCY))  # fmt: skip
_AFTER_NUMBER = frozenset((cues.UNIT, cues.MONEY, cues.CURRENCY, cues.ORDINAL, cues.MONTH))
_ONLY_GLUED = frozenset("xkpdts")  # units that are something else when they stand alone

Word = tuple[int, int, str]


@dataclass(frozen=True)
class Tagged:
    """The text in signs; `origin[i]` is where its i-th character begins in the text that was tagged."""

    text: str
    origin: tuple[int, ...]


def tag(text: str) -> Tagged:
    """Replace the words of a folded text by their signs."""
    parts: list[str] = []
    origin: list[int] = []
    done = 0
    for start, end, sign in _words(text):
        parts += [text[done:start], sign]
        origin += range(done, start + 1)
        done = end
    parts.append(text[done:])
    origin += range(done, len(text) + 1)
    return Tagged("".join(parts), tuple(origin))


def _words(text: str) -> Iterator[Word]:
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        word = token[0]
        if token["han"]:
            yield from ((start + cue.start(), start + cue.end(), _HAN_SIGNS[cue[0]]) for cue in _HAN_CUE.finditer(word))
        elif word[-1] in "º°":
            yield start, end, cues.SIGN
        elif any(char.isdigit() for char in word):
            yield from ((start + first, start + last, sign) for first, last, sign in _glued(word))
        elif text[end : end + 1] != "$":  # "R$" and "US$" are signs of their own
            for letters in _LETTERS.finditer(word):
                yield start + letters.start(), start + letters.end(), _sign(letters[0])


def _glued(token: str) -> Iterator[Word]:
    """The known words at both ends of a token that holds digits."""
    for letters in _LETTERS.finditer(token):
        start, end = letters.span()
        sign = _known(letters[0].casefold())
        is_first = start == 0 and sign in _BEFORE_NUMBER
        is_last = end == len(token) and sign in _AFTER_NUMBER and not _LETTERS.search(token, 0, start)
        if is_first or (is_last and (token[start - 1].isdigit() or sign == cues.ORDINAL)):
            yield start, end, sign


def _sign(word: str) -> str:
    sign = _known(word.casefold())
    if sign and not (sign == cues.UNIT and word.casefold() in _ONLY_GLUED):
        return sign
    if word.islower() or len(word) == 1:
        return cues.WORD
    return cues.SHOUT if word.isupper() else cues.NAME


@lru_cache(maxsize=8192)
def _known(word: str) -> str:
    """The sign of a word of the tables, small letters given; "" for any other word."""
    if len(word) > _LONGEST:
        return ""
    plain = _without_accents(word)
    sign = _SIGNS.get(word) or _SIGNS.get(plain) or _of_stem(plain) or _of_compound(plain)
    if not sign and ("'" in word or "’" in word):
        sign = _known(re.split("['’]", word)[-1])  # "l'article", but not "l'an"
        return "" if sign in _AFTER_NUMBER else sign
    return sign


def _of_stem(word: str) -> str:
    return next((_STEMS[word[:size]] for size in range(_LONGEST_STEM, 1, -1) if word[:size] in _STEMS), "")


def _of_compound(word: str) -> str:
    if word.endswith("strasse") or (word.endswith("str") and len(word) > 5):
        return cues.STREET
    ending = next((ending for ending in _NUMBER_ENDINGS if word.endswith(ending)), "")
    head = word[: len(word) - len(ending)]
    if not ending or len(head) < 3:
        return ""
    sign = _SIGNS.get(head) or _SIGNS.get(head.rstrip("sn"), "")
    return _NUMBER_OF.get(sign, sign) or cues.OTHER_NUMBER


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _table() -> dict[str, str]:
    """Signs by word; a word that a buyer may write without its accents stands there without them too."""
    written = {word: sign for sign, languages in cues.WORDS.items() for word in " ".join(languages.values()).split()}
    return {_without_accents(word): sign for word, sign in written.items()} | written


_SIGNS = _table()
_STEMS = {word[:-1]: sign for word, sign in _SIGNS.items() if word.endswith("*")}
