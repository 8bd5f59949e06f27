"""Nobody is written to at night, wherever in a country they may live."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.unasked.daytime import is_day, next_day_time

NINE, EIGHT_PM = time(9), time(20)
WINTER = datetime(2026, 1, 14, tzinfo=timezone.utc)


def _at(hour: int, minute: int = 0) -> datetime:
    return WINTER.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("country", "hour", "day"),
    [
        ("DE", 8, True),  # nine in Berlin
        ("DE", 7, False),
        ("DE", 19, True),
        ("DE", 20, False),  # nine in the evening
        ("BR", 14, True),  # nine in Acre, noon on Noronha
        ("BR", 13, False),  # eight in Acre, though it is ten in São Paulo
        ("US", 16, False),  # eleven in New York, six in Honolulu
        ("US", 19, True),  # nine in Honolulu and on Adak, two in New York
        ("AU", 1, True),  # nine in Perth, noon in Sydney
        ("AU", 23, False),  # ten in Sydney, seven in Perth
    ],
)
def test_it_is_day_only_where_it_is_day_in_every_zone_of_the_country(country: str, hour: int, day: bool) -> None:
    assert is_day(_at(hour), country, NINE, EIGHT_PM) is day


def test_where_the_zones_share_hardly_an_hour_those_count_in_which_nearly_all_people_live() -> None:
    assert is_day(_at(6), "RU", NINE, EIGHT_PM)  # nine in Moscow, two in Irkutsk, six in the evening on Kamchatka
    assert is_day(_at(11), "RU", NINE, EIGHT_PM)  # seven in the evening in Irkutsk, eleven at night on Kamchatka
    assert not is_day(_at(13), "RU", NINE, EIGHT_PM)  # nine in the evening in Irkutsk
    assert is_day(_at(17), "US", NINE, time(15))  # nine in Los Angeles, noon in New York, seven in Honolulu


def test_the_next_day_time_is_the_next_morning_there() -> None:
    night = _at(22)  # eleven in the evening in Berlin
    assert next_day_time(night, "DE", NINE, EIGHT_PM) == _at(8) + timedelta(days=1)
    assert next_day_time(_at(3), "DE", NINE, EIGHT_PM) == _at(8)
    assert next_day_time(_at(12, 34), "DE", NINE, EIGHT_PM) == _at(12, 34)


def test_summer_time_moves_the_morning() -> None:
    summer = datetime(2026, 7, 14, 3, tzinfo=timezone.utc)
    assert next_day_time(summer, "DE", NINE, EIGHT_PM).hour == 7


def test_an_unknown_country_lives_by_utc() -> None:
    assert is_day(_at(12), "XX", NINE, EIGHT_PM)
    assert not is_day(_at(23), "XX", NINE, EIGHT_PM)


@given(
    st.sampled_from(["BR", "US", "RU", "DE", "CN", "AU", "PF", "KI", "UM", "AQ", "GB", "XX", "MX", "ID"]),
    st.integers(0, 366 * 24 * 4),
    st.sampled_from([(time(9), time(20)), (time(8), time(22)), (time(10), time(12)), (time(0), time(23, 59))]),
)
def test_the_next_day_time_is_soon_and_never_in_the_past(country: str, quarters: int, hours: tuple[time, time]) -> None:
    now = WINTER + timedelta(minutes=15 * quarters)
    found = next_day_time(now, country, *hours)
    assert now <= found <= now + timedelta(days=2)
    if country in ("DE", "GB", "CN"):
        assert is_day(found, country, *hours)
        zones = {"DE": "Europe/Berlin", "GB": "Europe/London", "CN": "Asia/Shanghai"}
        assert hours[0] <= found.astimezone(ZoneInfo(zones[country])).time() <= hours[1]
