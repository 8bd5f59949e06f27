"""Cleans outside text before it is stored, so that what follows can treat it as plain words.

A text that begins with "/" would be read by Rasa as a command; after cleaning no text does.
"""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 2_000
_MOST_RAW = 4 * MOST_CHARACTERS  # normalising costs the square of a run of marks: not more than this goes in
_MOST_MARKS = 8  # marks on one letter; no script needs more

# Drawn as nothing, though Unicode counts them as letters, marks or symbols.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_SLASHES = "/\u2044\u2215\u2571\u27cb\u29f8\u2afd\u1735"  # the full-width and small ones are "/" once normalised
_LEADING = re.compile(rf"[{_SLASHES}\s\ufe00-\ufe0f\u0300-\u036f\u20d2-\u20eb]*[{_SLASHES}]")
_PATH = re.compile(r".*[/\\]", re.DOTALL)


class TextTooLong(ValueError):
    """The text has more than MOST_CHARACTERS characters once normalised."""


def clean(text: str) -> str:
    """Give the text in NFKC without control, direction and invisible characters, and without leading slashes.

    Line feeds and tabs stay. Raises TextTooLong.
    """
    if len(text) > _MOST_RAW:
        raise TextTooLong
    plain = unicodedata.normalize("NFKC", _fewer_marks(text))
    plain = unicodedata.normalize("NFKC", _fewer_marks(_visible(plain)))
    plain = _disarm(plain)
    if len(plain) > MOST_CHARACTERS:
        raise TextTooLong
    return plain


def clean_name(name: str, otherwise: str) -> str:
    """A file name fit to be shown: no folders, no strange characters, at most 100 characters."""
    last = _PATH.sub("", name[-500:])
    shown = " ".join(clean(last).split()).strip(". ")
    return shown[-100:] or otherwise


def folded(text: str) -> str:
    """The form in which two texts are compared: case and outer spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _visible(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        each for each in lines if each in "\n\t" or (unicodedata.category(each)[0] != "C" and each not in _INVISIBLE)
    )


def _fewer_marks(text: str) -> str:
    kept = []
    run = 0
    for each in text:
        run = run + 1 if unicodedata.combining(each) else 0
        if run <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def _disarm(text: str) -> str:
    """Take away what stands before the words and could make them a command."""
    found = _LEADING.match(text)
    while found:
        text = text[found.end() :]
        found = _LEADING.match(text)
    return text.strip()
