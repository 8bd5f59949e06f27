"""Business days, expected windows and dates are counted where the shop is."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from doorstep.windows import add_business_days, end_of, shop_date, window_of
from tests.builders import a_parcel, a_scan, an_order, days_ago
from tests.telling import a_policy

POLICY = a_policy()
FRIDAY = date(2025, 6, 13)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, date(2025, 6, 16)),
        (date(2025, 6, 14), 1, date(2025, 6, 16)),
        (date(2025, 6, 15), 1, date(2025, 6, 16)),
        (FRIDAY, 5, date(2025, 6, 20)),
        (date(2025, 12, 31), 2, date(2026, 1, 2)),
    ],
)
def test_weekends_are_no_business_days(start: date, days: int, expected: date) -> None:
    assert add_business_days(start, days) == expected


def test_a_late_evening_in_europe_is_the_next_day_in_the_shop() -> None:
    assert shop_date(datetime(2025, 6, 13, 20, 0, tzinfo=timezone.utc), POLICY) == date(2025, 6, 14)


def test_a_promised_day_ends_at_midnight_of_the_shop() -> None:
    end = end_of(FRIDAY, POLICY)
    assert shop_date(end, POLICY) == FRIDAY
    assert shop_date(end + timedelta(seconds=1), POLICY) == date(2025, 6, 14)


def test_the_window_ends_with_the_slowest_usual_day_of_the_service_and_country() -> None:
    parcel = a_parcel(shipped_at=datetime(2025, 6, 9, 10, 0, tzinfo=timezone.utc))
    window = window_of(an_order(), parcel, POLICY)
    assert window is not None
    assert (window.usual, window.expected_by) == ((15, 35), date(2025, 7, 28))


def test_a_parcel_is_late_from_the_day_after_the_window_on() -> None:
    window = window_of(an_order(), a_parcel(), POLICY)
    assert window is not None
    assert [window.days_late(window.expected_by + timedelta(days=days)) for days in (-3, 0, 1, 12)] == [0, 0, 1, 12]


def test_without_a_shipping_date_the_window_counts_from_the_first_time_the_carrier_had_it() -> None:
    scans = (a_scan(status="label_created", at=days_ago(9)), a_scan(at=days_ago(6)))
    window = window_of(an_order(), a_parcel(shipped_at=None, scans=scans), POLICY)
    assert window is not None
    assert window.counted_from == shop_date(days_ago(6), POLICY)


def test_a_label_alone_opens_no_window() -> None:
    assert window_of(an_order(), a_parcel(shipped_at=None, status="label_created"), POLICY) is None
