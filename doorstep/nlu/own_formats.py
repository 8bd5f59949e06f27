"""How the shop itself writes its order numbers, as `shop_policy.yml` says: "DS-00000", "A0000/00".

Compiled once, when the extractor is loaded; a number of such a format is an order number whatever else it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from doorstep.nlu.notation import PIECES

_LETTER = "A-Za-zА-яЁё"
_PARTS = {"0": r"\d", "A": f"[{_LETTER}]", " ": r"\s", **dict.fromkeys("-‐‑‒–—−", PIECES["DASH"])}


@dataclass(frozen=True)
class OwnFormats:
    """The formats as the seller wrote them, and the one pattern that all of them make."""

    written: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None


NO_FORMATS = OwnFormats()


def own_formats(written: Iterable[str]) -> OwnFormats:
    """Compile formats in which `0` is any digit, `A` any letter and everything else itself."""
    formats = tuple(dict.fromkeys(unicodedata.normalize("NFKC", format_) for format_ in written))
    if not formats:
        return NO_FORMATS
    longest_first = sorted(formats, key=len, reverse=True)
    return OwnFormats(formats, re.compile("|".join(map(_source, longest_first)), re.IGNORECASE))


def _source(written: str) -> str:
    """One format's pattern: it may stick to a word, but not to another digit of a longer number."""
    shape = "".join(_PARTS.get(char) or re.escape(char) for char in written)
    before = rf"(?<![\d{_LETTER}])" if written[0] == "A" else r"(?<![A-Za-z\d])"
    only_digits = written.strip("0") == ""
    after = rf"(?![\d{_LETTER}])" if only_digits or written[-1] == "A" else r"(?!\d)"
    return rf"{before}(?<!\d[.,/-]){shape}{after}(?![.,/-]\d)"
