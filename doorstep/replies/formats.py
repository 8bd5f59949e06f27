"""Turns a value into text of one language: dates, money, durations, countries and lists (Babel)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from babel import Locale
from babel.dates import format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from doorstep.orders import Money
from doorstep.replies.values import BusinessDays, Country, Days, Hours, Minutes, Reply

LOCALES = {"zh": "zh_CN", "pt": "pt_BR"}


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """Babel's locale for one of our language codes."""
    return Locale.parse(LOCALES.get(language, language))


def format_value(value: Any, language: str) -> str:
    """The text of one value. Raises TypeError for a kind that has none (a reply is worded elsewhere)."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple(_FORMATS)):
        kind = next(kind for kind in _FORMATS if isinstance(value, kind))
        return _FORMATS[kind](value, locale_of(language))
    raise TypeError(f"a {type(value).__name__} cannot be worded")


def join_any(texts: list[str], language: str) -> str:
    """The texts as a list ending in "or"."""
    return str(format_list(texts, style="or", locale=locale_of(language)))


def business_days(value: BusinessDays, language: str) -> Reply:
    """The term that words business days: Babel has no such unit, so the noun is in the replies, for one and for many.

    A span takes the noun of its last number, as it is read aloud.
    """
    locale = locale_of(language)
    noun = "one" if locale.plural_form(value.last) == "one" else "many"
    ends = dict.fromkeys((value.first, value.last))
    return Reply(f"term_business_days_{noun}", {"days": "–".join(format_decimal(end, locale=locale) for end in ends)})


def _day(value: date, locale: Locale) -> str:
    return str(format_skeleton("yMMMEd", datetime(value.year, value.month, value.day), locale=locale))  # noqa: DTZ001


def _moment(value: datetime, locale: Locale) -> str:
    time = format_time(value.replace(tzinfo=None), "short", locale=locale)
    return str(locale.datetime_formats["medium"]).format(time, _day(value.date(), locale))


_NO_LARGER_UNIT = 10_000  # of a larger unit it would take so many: twelve days stay days


def _length(time: timedelta, unit: Literal["day", "hour", "minute"], locale: Locale) -> str:
    return str(format_timedelta(time, unit, threshold=_NO_LARGER_UNIT, locale=locale))


_FORMATS: dict[type, Callable[[Any, Locale], str]] = {
    datetime: _moment,  # before date: a datetime is a date
    date: _day,
    int: lambda v, locale: str(format_decimal(v, locale=locale)),
    Money: lambda v, locale: str(format_currency(v.amount, v.currency, locale=locale)),
    Country: lambda v, locale: str(locale.territories.get(v.code, v.code)),
    Days: lambda v, locale: _length(timedelta(days=v.count), "day", locale),
    Hours: lambda v, locale: _length(timedelta(hours=v.count), "hour", locale),
    Minutes: lambda v, locale: _length(timedelta(minutes=v.count), "minute", locale),
}
