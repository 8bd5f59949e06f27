"""Folds a message to the form in which it is searched, and remembers where each character of it came from.

Full-width digits, no-break spaces and the like become plain ones; characters without a width of their own, which
copying from an app leaves inside numbers, go. First step of `doorstep.nlu.numbers`; `entities` folds by it too.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = ("Cf", "Cc")  # zero-width and direction marks, soft hyphens, controls
_NOBODYS = ("Co", "Cn", "Cs")  # private use: `tagging` writes its own signs there


@dataclass(frozen=True)
class Folded:
    """NFKC text; `origin[i]` is where its i-th character came from (one more at the end)."""

    text: str
    origin: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the message."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text to NFKC, character by character, so that every place in it can be found in the original."""
    if text.isascii() and text.replace("\n", " ").isprintable():
        return Folded(text, tuple(range(len(text) + 1)))
    parts: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        folded = _folded(char)
        if char == "º" and "".join(parts[-2:])[-2:].rstrip(".")[-1:] in ("n", "N"):
            folded = char  # "nº 7" and "n.º 7" name a number; "no 7" need not
        if folded:
            parts.append(folded)
            origin.extend([place] * len(folded))
    origin.append(len(text))
    return Folded("".join(parts), tuple(origin))


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char == "№" or char in "\n\t\r":
        return char
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    return " " if category in _NOBODYS else unicodedata.normalize("NFKC", char)
