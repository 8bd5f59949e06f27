"""When the shop's people are there, and by when they answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.people.opening import answer_by, is_open, opens_at
from doorstep.policy.shop import ShopPolicy
from tests.builders import NOW
from tests.telling import a_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")  # open Monday to Friday, 9 to 18


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of June 2025 in Shanghai; the 16th is a Monday."""
    return datetime(2025, 6, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [(at(16, 9), True), (at(16, 8, 59), False), (at(16, 17, 59), True), (at(16, 18), False), (at(21, 12), False)],
)
def test_the_shop_is_open_on_its_days_between_its_hours(moment: datetime, is_it: bool) -> None:
    assert is_open(a_policy(), moment.astimezone(ZoneInfo("America/New_York"))) is is_it


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(16, 12), at(16, 12)),
        (at(16, 7), at(16, 9)),
        (at(16, 19), at(17, 9)),
        (at(20, 18), at(23, 9)),
        (at(22, 3), at(23, 9)),
    ],
)
def test_a_closed_shop_opens_on_its_next_day(moment: datetime, opens: datetime) -> None:
    assert opens_at(a_policy(), moment) == opens


@pytest.mark.parametrize(
    ("moment", "hours", "by"),
    [
        (at(16, 10), 24, at(17, 10)),  # asked while they are there
        (at(16, 20), 24, at(18, 9)),  # at night: from the morning on
        (at(20, 17), 24, at(23, 17)),  # over the weekend
        (at(16, 10), 4, at(16, 14)),
        (at(16, 14), 4, at(16, 18)),  # just before they leave
        (at(16, 16), 4, at(17, 9)),  # while nobody is there: when they are back
        (at(20, 16), 4, at(23, 9)),
        (at(20, 17), 8, at(23, 9)),
        (at(20, 17), 7 + 24, at(24, 9)),
    ],
)
def test_the_answer_is_told_for_a_time_when_somebody_is_there(moment: datetime, hours: int, by: datetime) -> None:
    assert answer_by(a_policy(answer_within_hours=hours), moment) == by


POLICIES = st.builds(
    lambda days, opened, length, hours: a_policy(
        opening_hours={"days": list(days), "open": f"{opened:02}:00", "close": f"{opened + length:02}:30"},
        answer_within_hours=hours,
    ),
    st.sets(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1),
    st.integers(0, 11),
    st.integers(0, 12),
    st.integers(1, 336),
)


@given(POLICIES, st.integers(0, 60 * 24 * 21))
def test_by_then_the_shop_is_open_or_just_closes_and_it_lies_ahead(policy: ShopPolicy, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    by = answer_by(policy, now)
    assert is_open(policy, by) or is_open(policy, by - timedelta(minutes=1))
    assert by > now
    assert by > opens_at(policy, now)


@given(POLICIES, st.integers(0, 60 * 24 * 21), st.integers(0, 600))
def test_who_asks_later_is_not_told_an_earlier_time(policy: ShopPolicy, minutes: int, more: int) -> None:
    first, second = (answer_by(policy, NOW + timedelta(minutes=each)) for each in (minutes, minutes + more))
    assert second >= first


def test_a_shop_elsewhere_counts_by_its_own_clock() -> None:
    policy: Any = a_policy(shop={"timezone": "America/New_York"})
    assert is_open(policy, NOW + timedelta(hours=2))  # 10 in the morning there
