"""What the rules of the seller's file may be: single values (`doorstep.policy.values`), and lists and tables of them.

Used by `doorstep.policy.groups` for its fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from doorstep.policy.values import (
    COUNTRY,
    CURRENCY,
    Check,
    Mistake,
    Path,
    Wrong,
    amount,
    clock,
    currency,
    group,
    is_country,
    is_currency,
    one_of,
    parts,
    truth,
    whole,
    words,
    words_or_nothing,
    zone,
)

__all__ = [
    "COUNTRY",
    "Check",
    "Mistake",
    "Path",
    "Wrong",
    "addresses",
    "by_tier",
    "clock",
    "coupons",
    "currency",
    "days_by_marketplace",
    "group",
    "hours",
    "is_country",
    "kinds_of_notices",
    "languages",
    "limits",
    "mapped",
    "named",
    "number_formats",
    "one_of",
    "parts",
    "rising",
    "span",
    "spans_by_service",
    "teams",
    "tiers",
    "truth",
    "weekdays",
    "whole",
    "words",
    "words_or_nothing",
    "zone",
]  # fmt: skip

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOTICES = (
    "shipped",
    "left_origin",
    "arrived",
    "customs_held",
    "released",
    "out_for_delivery",
    "delivery_failed",
    "ready_for_pickup",
    "delivered",
    "late",
    "going_back",
    "unpaid",
    "back_in_stock",
    "promise",
    "return_deadline",
    "case",
)
TEAMS = ("care", "logistics")  # conversations are handed over to these, so both are there
LONGEST_DAYS = 365

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NUMBER_FORMAT = re.compile(r"(?=[^0]*0)[\w/.#-][\w/.# -]{1,38}[\w/.#-]")
_COUPON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{1,31}")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)?")
_OR_DEFAULT = f"{COUNTRY}, or default"


def rising(first: int, last: int, unit: str) -> Check:
    """Three whole numbers, each larger than the one before: where the second, third and fourth level begin."""
    expected = f"three whole numbers of {unit}, each larger than the one before, from {first} to {last}"

    def check(value: Any) -> tuple[int, ...]:
        if not isinstance(value, (list, tuple)) or len(value) != 3:
            raise Wrong(Mistake((), expected))
        if any(isinstance(item, bool) or not isinstance(item, int) for item in value):
            raise Wrong(Mistake((), expected))
        if not first <= value[0] < value[1] < value[2] <= last:
            raise Wrong(Mistake((), expected))
        return tuple(value)

    return check


def hours(value: Any) -> tuple[int, ...]:
    """Whole numbers of hours in rising order, or none."""
    expected = "whole numbers of hours in rising order, such as [1, 24] (up to 720; [] for none)"
    if not isinstance(value, (list, tuple)) or any(
        isinstance(item, bool) or not isinstance(item, int) for item in value
    ):
        raise Wrong(Mistake((), expected))
    if list(value) != sorted(set(value)) or any(not 0 <= item <= 720 for item in value):
        raise Wrong(Mistake((), expected))
    return tuple(value)


def coupons(value: Any) -> tuple[str, ...]:
    """Coupon codes, or none."""
    if isinstance(value, (list, tuple)) and not value:
        return ()
    expected = "a code of 3 to 40 letters and digits, such as SORRY-8F2K"
    found = _listed(value, lambda item: isinstance(item, str) and _COUPON.fullmatch(item), expected, "codes")
    twice = [index for index, code in enumerate(value) if code in value[:index]]
    if twice:
        raise Wrong(*(Mistake((index,), "a code that is not listed before: each is given once") for index in twice))
    return found


def kinds_of_notices(value: Any) -> tuple[str, ...]:
    """Names of notices, or none."""
    if isinstance(value, (list, tuple)) and not value:
        return ()
    return _listed(value, lambda item: item in NOTICES, f"a notice: {', '.join(NOTICES)}", "notices, such as [shipped]")


def addresses(value: Any) -> dict[str, str]:
    """An address for each country, or "default"."""
    return dict(mapped(_is_destination, _OR_DEFAULT, words, 'addresses such as {default: "…"}')(value))


def teams(value: Any) -> dict[str, str]:
    """What each team of people handles."""
    form = "teams and what each handles, such as {care: questions and refunds, logistics: parcels}"
    found = dict(mapped(named, "a name in small letters, such as care", words, form)(value))
    missing = [name for name in TEAMS if name not in found]
    if missing:
        raise Wrong(Mistake((), f"{' and '.join(TEAMS)} among the teams"))
    return found


def tiers(value: Any) -> dict[str, int]:
    """The fewest points (3 to 12) of each tier, the best tier first, the last one from 0."""
    form = "tiers with the fewest points of each, such as {gold: 10, regular: 0}"
    found = dict(mapped(named, "a name in small letters, such as gold", whole(0, 12, "points"), form)(value))
    if list(found.values()) != sorted(set(found.values()), reverse=True) or 0 not in found.values():
        raise Wrong(Mistake((), "tiers from the most points to the fewest, the last one from 0"))
    return found


def by_tier(value: Any) -> dict[str, Decimal]:
    """An amount for each tier."""
    form = "an amount for each tier, such as {gold: 10, regular: 2}"
    return dict(mapped(named, "the name of a tier", amount, form)(value))


def days_by_marketplace(value: Any) -> dict[str, int]:
    """Days for each marketplace."""
    name = "a marketplace in small letters, such as ebay"
    return dict(mapped(named, name, whole(0, 365, "days"), "days such as {ebay: 3}")(value))


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
    by_country = mapped(_is_destination, _OR_DEFAULT, span, "a list such as {default: [7, 15]}")
    name = "a carrier or carrier/service in small letters, such as yunexpress or china-post/registered"
    return dict(mapped(_is_service, name, by_country, "a list of services")(value))


def limits(value: Any) -> dict[str, Decimal]:
    """The highest amount for each currency."""
    return dict(mapped(is_currency, CURRENCY, amount, "a list such as {USD: 100, EUR: 90}")(value))


def _listed(value: Any, fits: Callable[[Any], Any], expected: str, form: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise Wrong(Mistake((), f"a list of {form}"))
    mistakes = [Mistake((index,), expected) for index, item in enumerate(value) if not fits(item)]
    if mistakes:
        raise Wrong(*mistakes)
    return tuple(dict.fromkeys(value))


def mapped(is_name: Callable[[Any], bool], expected_name: str, check: Check, form: str) -> Check:
    """A table: names of one kind, each with a value that `check` takes; `form` says what it looks like."""

    def checked(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Wrong(Mistake((), form))
        result, mistakes = {}, []
        for name, item in value.items():
            if not is_name(name):
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


def named(value: Any) -> bool:
    """Whether this can name something of the shop's own: 2 to 32 small letters, digits, - and _."""
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def _is_destination(value: Any) -> bool:
    return value == "default" or is_country(value)


def _is_service(value: Any) -> bool:
    return isinstance(value, str) and bool(_SERVICE.fullmatch(value))
