"""What a single value of the seller's file may be: each check gives the value back, or says what was expected.

The words of a `Wrong` are shown to the seller beside the line. Lists and tables of values: `doorstep.policy.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import list_currencies
from pydantic import BaseModel

Path = tuple[Any, ...]
Check = Callable[[Any], Any]

HIGHEST_LIMIT = 10_000_000
COUNTRY = "a country code of two capital letters, such as BR or GB"
CURRENCY = "a currency code of three capital letters, such as USD"

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # codes of Unicode's list that no parcel goes to


class Mistake(NamedTuple):
    """What was expected at `path` (from the checked value on), or of the last name of `path`.

    With `is_told`, `expected` already says all there is to say.
    """

    path: Path
    expected: str
    of_name: bool = False
    is_told: bool = False


class Wrong(ValueError):
    """One or more mistakes inside a value."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


def group(value: Any) -> Any:
    """Rules under names of their own."""
    if not isinstance(value, (Mapping, BaseModel)):
        raise Wrong(Mistake((), "a group of rules, one on each line"))
    return value


def parts(value: Any) -> Mapping[Any, Any]:
    """Parts of a file by name, or nothing yet."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Wrong(Mistake((), "names with rules below them, such as BR: {handling_days: 5}"))
    return value


def whole(first: int, last: int, unit: str) -> Check:
    """A whole number of `unit` within the bounds."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not first <= value <= last:
            raise Wrong(Mistake((), f"a whole number of {unit} from {first} to {last}"))
        return int(value)

    return check


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(Mistake((), "true or false"))
    return value


def words(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong(Mistake((), "some text"))
    return value.strip()


def words_or_nothing(value: Any) -> str:
    """A text, or nothing between the quotes."""
    if not isinstance(value, str):
        raise Wrong(Mistake((), "some text"))
    return value.strip()


def one_of(*names: str) -> Check:
    """One of a few words."""

    def check(value: Any) -> str:
        if value not in names:
            raise Wrong(Mistake((), f"one of: {', '.join(names)}"))
        return str(value)

    return check


def zone(value: Any) -> str:
    """The name of a time zone of the IANA list."""
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise Wrong(Mistake((), "a time zone by its IANA name, such as Asia/Shanghai or Europe/Berlin")) from error


def clock(value: Any) -> time:
    """A time of day such as "09:00"."""
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Wrong(Mistake((), 'a time of day in quotes from "00:00" to "23:59", such as "09:00"'))
    return time(int(found[1]), int(found[2]))


def currency(value: Any) -> str:
    """A currency's code."""
    if not is_currency(value):
        raise Wrong(Mistake((), CURRENCY))
    return str(value)


def amount(value: Any) -> Decimal:
    """An amount of money, or of points."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not 0 <= value <= HIGHEST_LIMIT:
        raise Wrong(Mistake((), f"an amount such as 100 or 99.50, from 0 to {HIGHEST_LIMIT}"))
    return Decimal(str(value))


def is_currency(code: Any) -> bool:
    """Whether this is the code of a currency, of today or of the past."""
    return isinstance(code, str) and code in _currencies()


def is_country(code: Any) -> bool:
    """Whether this is the code of a country by ISO 3166-1."""
    return isinstance(code, str) and len(code) == 2 and code in _countries()


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def _countries() -> frozenset[str]:
    return frozenset(Locale("en").territories) - _NO_COUNTRIES
