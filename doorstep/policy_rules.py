"""What a single rule of the seller's file may be: each check gives the value back, or says what was expected.

Used by `doorstep.shop_policy` for its fields; the words of a `Wrong` are shown to the seller beside the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel

Path = tuple[Any, ...]
Check = Callable[[Any], Any]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_DAYS = 365
HIGHEST_LIMIT = 10_000_000

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}|default")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NUMBER_FORMAT = re.compile(r"(?=[^0]*0)[\w/.#-][\w/.# -]{1,38}[\w/.#-]")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)?")


class Mistake(NamedTuple):
    """What was expected at `path` (from the checked value on), or of the last name of `path`."""

    path: Path
    expected: str
    of_name: bool = False


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


def weekdays(value: Any) -> tuple[str, ...]:
    """A list of short names of weekdays."""
    return _listed(value, lambda day: day in WEEKDAYS, f"a weekday: {', '.join(WEEKDAYS)}", "weekdays, such as [mon]")


def languages(value: Any) -> tuple[str, ...]:
    """A list of language codes."""
    code = "a language code such as en, pt or zh"
    return _listed(value, lambda item: isinstance(item, str) and _LANGUAGE.fullmatch(item), code, "languages: [en, pt]")


def number_formats(value: Any) -> tuple[str, ...]:
    """Formats of order numbers, or none: `0` for a digit, `A` for a letter, everything else as it is written."""
    if isinstance(value, (list, tuple)) and not value:
        return ()
    expected = (
        'a format in quotes such as "DS-00000", 0 for a digit and A for a letter (3 to 40 characters, a 0 among them)'
    )
    return _listed(value, _is_number_format, expected, 'formats in quotes, such as ["DS-00000"]')


def _is_number_format(item: Any) -> bool:
    return isinstance(item, str) and bool(_NUMBER_FORMAT.fullmatch(unicodedata.normalize("NFKC", item)))


def span(value: Any) -> tuple[int, int]:
    """Two numbers of business days, the smaller first."""
    expected = f"two whole numbers of business days, the smaller first, such as [7, 15] (up to {LONGEST_DAYS})"
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise Wrong(Mistake((), expected))
    if any(isinstance(days, bool) or not isinstance(days, int) for days in value):
        raise Wrong(Mistake((), expected))
    if not 0 <= value[0] <= value[1] or not 1 <= value[1] <= LONGEST_DAYS:
        raise Wrong(Mistake((), expected))
    return int(value[0]), int(value[1])


def spans_by_service(value: Any) -> dict[str, dict[str, tuple[int, int]]]:
    """Spans by country (or "default") for each carrier, or each service of a carrier."""
    by_country = _mapped(_COUNTRY, "a country code such as BR, or default", span, "a list such as {default: [7, 15]}")
    name = "a carrier or carrier/service in small letters, such as yunexpress or china-post/registered"
    services: dict[str, dict[str, tuple[int, int]]] = _mapped(_SERVICE, name, by_country, "a list of services")(value)
    return services


def limits(value: Any) -> dict[str, Decimal]:
    """The highest amount for each currency."""
    name = "a currency code of three capital letters, such as USD"
    amounts: dict[str, Decimal] = _mapped(_CURRENCY, name, _amount, "a list such as {USD: 100, EUR: 90}")(value)
    return amounts


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not 0 <= value <= HIGHEST_LIMIT:
        raise Wrong(Mistake((), f"an amount such as 100 or 99.50, from 0 to {HIGHEST_LIMIT}"))
    return Decimal(str(value))


def _listed(value: Any, fits: Callable[[Any], Any], expected: str, form: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise Wrong(Mistake((), f"a list of {form}"))
    mistakes = [Mistake((index,), expected) for index, item in enumerate(value) if not fits(item)]
    if mistakes:
        raise Wrong(*mistakes)
    return tuple(dict.fromkeys(value))


def _mapped(names: re.Pattern[str], expected_name: str, check: Check, form: str) -> Check:
    def checked(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Wrong(Mistake((), form))
        result, mistakes = {}, []
        for name, item in value.items():
            if not isinstance(name, str) or not names.fullmatch(name):
                mistakes.append(Mistake((name,), expected_name, of_name=True))
                continue
            try:
                result[name] = check(item)
            except Wrong as error:
                mistakes += [inner._replace(path=(name, *inner.path)) for inner in error.mistakes]
        if mistakes:
            raise Wrong(*mistakes)
        return result

    return checked
