"""Countries as buyers name them, and what their postcodes look like."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from doorstep.languages import SPOKEN

HAS_NO_CITY = ("SG", "HK", "MO", "LU", "MC", "GI", "SM", "VA")  # the country's name is the city's

_ALSO = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "america": "US", "eua": "US",
    "ee. uu.": "US", "eeuu": "US", "сша": "US", "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "英国": "GB", "holland": "NL", "brd": "DE",
    "россии": "RU", "czech republic": "CZ", "turkey": "TR", "hong kong": "HK", "hongkong": "HK", "香港": "HK",
    "macau": "MO", "澳门": "MO",
}  # fmt: skip
_ALSO_A_STATE = {"US": ("georgia",)}  # names that are no country inside that country

_FOUR, _FIVE, _SIX = r"\d{4}", r"\d{5}", r"\d{6}"
_POSTCODES = {
    **dict.fromkeys(("AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "NO", "NZ", "PH", "SI", "TN", "ZA"), _FOUR),
    **dict.fromkeys(
        ("DE", "EE", "ES", "FI", "FR", "HR", "ID", "IT", "KR", "MA", "MC", "MX", "MY", "RS", "SA", "TH", "TR", "UA"),
        _FIVE,
    ),
    **dict.fromkeys(("BY", "CO", "IN", "KG", "KZ", "RO", "RU", "SG", "UZ", "VN"), _SIX),
    **dict.fromkeys(("CZ", "GR", "SE", "SK"), r"\d{3} ?\d{2}"),
    "BR": r"\d{5}[- ]?\d{3}",
    "CA": r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "IL": r"\d{7}|\d{5}",
    "JP": r"\d{3}-?\d{4}",
    "LT": r"\d{5}",
    "LU": _FOUR,
    "LV": _FOUR,
    "NL": r"\d{4} ?[A-Z]{2}",
    "PL": r"\d{2}-\d{3}",
    "PT": r"\d{4}-\d{3}",
    "US": r"\d{5}(?:-\d{4})?",
}
_BEFORE_IT = r"(?:[A-Z]{1,2}-)?"  # "D-10115", "LV-1010"
_NOT_NEEDED = {"CN": _SIX, "TW": r"\d{3}(?:\d{2,3})?", "CL": r"\d{3}-?\d{4}", "AR": r"[A-Z]?\d{4}(?:[A-Z]{3})?"}


def country_named(part: str, before: str) -> tuple[str, str]:
    """The code of the country that a part of an address ends with, and the part without it; ("", part) for none.

    `before` is the country of the address so far: its own two letters count too, and a state of it is no country.
    """
    if part == before:
        return before, ""
    words = part.split()
    for begin in range(len(words)):
        name = " ".join(words[begin:]).casefold().strip(" .()")
        code = _by_name().get(name, "")
        new = begin > 0 and words[begin - 1].casefold() in ("new", "neu", "nova", "nuevo", "nouveau")
        if code and not new and name not in _ALSO_A_STATE.get(before, ()):
            return code, " ".join(words[:begin])
    return "", part


def postcode_of(text: str, country: str) -> tuple[str, str, bool]:
    """The last postcode of a country in a text, the text without it, and whether an address there needs one.

    Where it stood in the middle of a text there is a line break instead.
    """
    pattern = _POSTCODES.get(country) or _NOT_NEEDED.get(country, "")
    found = list(re.finditer(rf"(?<![\w-]){_BEFORE_IT}({pattern})(?![\w-])", text, re.IGNORECASE)) if pattern else []
    if not found:
        return "", text, country in _POSTCODES
    last = found[-1]
    sides = (text[: last.start()].strip(" -,"), text[last.end() :].strip(" -,"))
    return last.group(1).upper(), "\n".join(side for side in sides if side), country in _POSTCODES


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    names = dict(_ALSO)
    for language in SPOKEN:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(name.casefold(), code)
    return names
