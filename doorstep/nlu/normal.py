"""Makes texts alike that mean the same to the intent model."""

from __future__ import annotations

import re
import unicodedata

from doorstep.nlu.numbers import EMAIL, ORDER, TRACKING, find_numbers

_MASKS = {ORDER: " øø ", TRACKING: " ŧŧ ", EMAIL: " ææ "}  # letters no training phrase is likely to hold


def normalise(text: str) -> str:
    """What the model reads: NFKC, case-folded, numbers that matter masked by kind, other digits 0, single spaces."""
    parts: list[str] = []
    done = 0
    for find in find_numbers(text):
        parts += [text[done : find.start], _MASKS[find.kind]]
        done = find.end
    folded = unicodedata.normalize("NFKC", "".join([*parts, text[done:]])).casefold().replace("’", "'")
    return " ".join(re.sub(r"\d", "0", folded).split())
