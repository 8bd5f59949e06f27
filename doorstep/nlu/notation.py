"""How the patterns for numbers are written: `<ORDER>` stands for the sign of a cue word, `<GAP>` for a shared piece.

So a pattern reads in the order of the message ("<ORDER> ?<NUMBER><GAP>(?P<v>…)") and names no word of any language.
Used by `doorstep.nlu.patterns` and `doorstep.nlu.lookalikes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doorstep.nlu import cues

Pattern = re.Pattern[str]

_NAMED = re.compile(r"<([A-Z][A-Z_]*)>")
_SIGNS = {name: sign for name, sign in vars(cues).items() if name.isupper() and isinstance(sign, str)}

PIECES = {
    "DASH": r"[-‐‑‒–—−]",
    "HAN": cues.HAN,
    "LATIN": "A-Za-zÀ-ɏЀ-ӿ",
    "SMALL": "<LINK><MINE>",  # words that say nothing by themselves; for use inside [...]
    "BE": "<IS><WAS>",  # inside [...]
    "CASH": "<MONEY><CURRENCY>",  # inside [...]
    "NAMED": "<NUMBER><SIGN><REF>",  # inside [...]: what calls the next thing a number
    # What may stand between a word and its number: punctuation, "number", "is", "of my".
    "GAP": r"[\s:;=#№.()\[\]\"'«»„“”‚‘’*_~号\-–<SMALL><NAMED><NO><BE>]{0,8}",
    "FEW": r"[ .\-–'<SMALL>]{0,5}",
    "FREE": r"(?<!\d)(?<!\d[.,/])(?<!\d<DASH>)",  # not inside a longer number
    "ENDS": r"(?!\d)(?!<DASH>\d)",
}


def expanded(source: str, own: Mapping[str, str]) -> str:
    """A pattern's source with its names replaced by signs and pieces, those of the module itself first."""

    def replace(name: re.Match[str]) -> str:
        found = own.get(name[1]) or PIECES.get(name[1]) or _SIGNS[name[1]]
        return expanded(found, own)

    return _NAMED.sub(replace, source)


def compiled(own: Mapping[str, str], *sources: str, flags: int = re.IGNORECASE) -> tuple[Pattern, ...]:
    """Patterns that ignore case unless `flags` say otherwise; `own` are pieces of the module that writes them."""
    return tuple(re.compile(expanded(source, own), flags) for source in sources)
