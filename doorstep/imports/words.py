"""Small helps for saying what is wrong: the nearest known name, a path as text, texts without control characters."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Any

from doorstep.imports.report import Path

_SPACES = "\t\n\r\v\f\x85\u2028\u2029"
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_TABLE = {**dict.fromkeys(map(ord, _SPACES), " "), **dict.fromkeys(map(ord, _BIDI))}


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The nearest known name as a question, or the known names."""
    names = list(known)
    near = difflib.get_close_matches(str(name), names, 1)
    return f"did you mean {near[0]!r}?" if near else f"those known are {', '.join(names)}"


def dotted(path: Path, start: str = "") -> str:
    """A path as text: ("lines", 0, "sku") is lines[0].sku."""
    text = start
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else str(part)
    return text


def cleaned(value: Any) -> Any:
    """The value with every text in it, names included, free of control and direction characters and outer space."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(item) for name, item in value.items()}
    return value


def _clean_text(text: str) -> str:
    if not text.isprintable():
        text = text.translate(_TABLE)
        # Cc: control characters. Cs: halves of a pair, which no database takes.
        text = "".join(ch for ch in text if unicodedata.category(ch) not in ("Cc", "Cs"))
    return text.strip()


def shown(value: object) -> str:
    """A value as the seller wrote it, cut when it is long."""
    text = str(value).lower().replace("none", "null") if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
