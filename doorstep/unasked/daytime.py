"""When it is day where a buyer lives, by the country alone: nothing is said unasked outside of these hours.

A country with several time zones has the hours that are day in all of them (Unicode CLDR's list of a country's zones,
as Babel carries it). Where these are fewer than two hours, the zones count in which nearly all people live:

* RU: Moscow to Irkutsk, about 94 % (Rosstat, census of 2021, by federal subject); without Kaliningrad, Yakutia and
  the Far East.
* US: Eastern to Pacific, about 99 % (U.S. Census Bureau, census of 2020, by state); without Alaska and Hawaii. Puerto
  Rico and the other territories are countries of their own in ISO 3166.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_NEARLY_ALL = {
    "RU": ("Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Irkutsk"),
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
}
_SHORTEST = timedelta(hours=2)
_DAYS_AHEAD = 3


def is_day(moment: datetime, country: str, earliest: time, latest: time) -> bool:
    """Whether it is between `earliest` and `latest`, local time, everywhere that counts in a country.

    `country` is an ISO 3166-1 alpha-2 code; an unknown one is taken to live by UTC.
    """
    return _is_day(moment, _that_count(moment, country, earliest, latest), earliest, latest)


def next_day_time(moment: datetime, country: str, earliest: time, latest: time) -> datetime:
    """The first moment from `moment` on at which it is day in a country; `moment` itself where it is now."""
    zones = _that_count(moment, country, earliest, latest)
    if _is_day(moment, zones, earliest, latest):
        return moment
    for candidate in _mornings(moment, zones, earliest):
        if _is_day(candidate, zones, earliest, latest):
            return candidate
    return next(morning for morning in _mornings(moment, zones[:1], earliest))  # no hour is day everywhere


def _that_count(moment: datetime, country: str, earliest: time, latest: time) -> tuple[ZoneInfo, ...]:
    zones = _zones_of(country.upper())
    offsets = [zone.utcoffset(moment.astimezone(zone)) or timedelta() for zone in zones]
    open_for = datetime.combine(moment.date(), latest) - datetime.combine(moment.date(), earliest)
    if open_for - (max(offsets) - min(offsets)) >= _SHORTEST or country.upper() not in _NEARLY_ALL:
        return zones
    return tuple(ZoneInfo(name) for name in _NEARLY_ALL[country.upper()])


def _is_day(moment: datetime, zones: tuple[ZoneInfo, ...], earliest: time, latest: time) -> bool:
    return all(earliest <= moment.astimezone(zone).time().replace(tzinfo=None) <= latest for zone in zones)


def _mornings(moment: datetime, zones: tuple[ZoneInfo, ...], earliest: time) -> list[datetime]:
    """When the day begins in each zone, from `moment` on; the common day begins with one of these."""
    begins = set()
    for zone in zones:
        here = moment.astimezone(zone).date()
        for days in range(_DAYS_AHEAD):
            local = datetime.combine(here + timedelta(days=days), earliest, zone)
            begins.add(local.astimezone(moment.tzinfo))
    return sorted(begin for begin in begins if begin >= moment)


@lru_cache(maxsize=512)
def _zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """All zones of a country that this machine knows."""
    zones = []
    for name in get_global("territory_zones").get(country, ()):
        try:
            zones.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return tuple(zones) or (ZoneInfo("UTC"),)
