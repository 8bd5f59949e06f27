"""The time zone of an address: only where the address tells it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from doorstep.people.zones import zone_of
from tests.builders import NOW, an_address


@pytest.mark.parametrize(
    ("country", "changes", "hours"),
    [
        ("BR", {"region": "SP"}, -3),
        ("BR", {"region": "am"}, -4),
        ("DE", {}, 2),
        ("GB", {}, 1),
        ("ES", {"postcode": "41001"}, 2),
        ("PT", {"postcode": "1000-001"}, 1),
        ("US", {"region": "CA"}, -7),
        ("US", {"region": "AZ"}, -7),
        ("AU", {"region": "QLD"}, 10),
        ("CN", {}, 8),
        ("JP", {}, 9),
    ],
)
def test_an_address_tells_the_time_there(country: str, changes: dict[str, str], hours: int) -> None:
    zone = zone_of(an_address(country=country, **{"region": "", **changes}), NOW)
    assert zone is not None
    offset = NOW.astimezone(zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("country", "changes"),
    [
        ("US", {}),
        ("US", {"region": "TX"}),  # two zones
        ("BR", {"region": "São Paulo"}),
        ("RU", {}),
        ("ES", {"postcode": "35001"}),  # the Canary Islands
        ("PT", {"postcode": "9000-001"}),  # Madeira
        ("", {}),
        ("XX", {}),
    ],
)
def test_where_the_address_does_not_tell_no_time_is_made_up(country: str, changes: dict[str, str]) -> None:
    assert zone_of(an_address(country=country, **{"region": "", **changes}), NOW) is None


def test_summer_time_is_that_of_the_day() -> None:
    winter = datetime(2025, 1, 15, 12, tzinfo=timezone.utc)
    zone = zone_of(an_address(country="DE", region=""), winter)
    assert zone is not None
    assert winter.astimezone(zone).hour == 13
