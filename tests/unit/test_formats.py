"""Dates, money, countries and lists read as the buyer's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from doorstep.orders import Money
from doorstep.replies.formats import format_value, join_any
from doorstep.replies.values import Country, DayRange, Days
from tests.builders import BRAZIL

EVENING = datetime(2025, 6, 17, 23, 5, tzinfo=BRAZIL)
PRICE = Money(Decimal("1234.50"), "BRL")


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("{text} 0[", "en", "{text} 0["),
        (date(2025, 6, 17), "en", "Tue, Jun 17, 2025"),
        (date(2025, 6, 17), "de", "Di., 17. Juni 2025"),
        (date(2025, 6, 17), "zh", "2025年6月17日周二"),
        (EVENING, "en", "Tue, Jun 17, 2025, 11:05 PM"),
        (PRICE, "en", "R$1,234.50"),
        (PRICE, "pt", "R$ 1.234,50"),
        (Money(Decimal(500), "JPY"), "en", "¥500"),
        (Country("BR"), "en", "Brazil"),
        (Country("BR"), "zh", "巴西"),
        (Country("XX"), "en", "XX"),
        (Days(1), "en", "1 day"),
        (Days(12), "en", "12 days"),
        (Days(0), "en", "0 days"),
        (Days(1), "ru", "1 день"),
        (Days(12), "ru", "12 дней"),
        (Days(22), "ru", "22 дня"),
        (Days(12), "zh", "12天"),
        (Days(12), "pt", "12 dias"),
        (Days(12), "es", "12 días"),
        (Days(12), "fr", "12 jours"),
        (Days(365), "de", "365 Tage"),
        (EVENING, "zh", "2025年6月17日周二 23:05"),
        (EVENING, "de", "Di., 17. Juni 2025, 23:05"),
        (DayRange(7, 15), "en", "7–15"),
        (DayRange(7, 7), "en", "7"),
        (1234, "en", "1,234"),
        (0, "en", "0"),
    ],
)
def test_a_value_reads_as_the_language_writes_it(value: Any, language: str, text: str) -> None:
    assert format_value(value, language).replace("\u202f", " ").replace("\xa0", " ") == text


def test_a_time_is_told_by_the_clock_of_its_place() -> None:
    assert "11:05" in format_value(EVENING, "en")


def test_a_list_ends_in_or() -> None:
    assert join_any(["a"], "en") == "a"
    assert join_any(["a", "b"], "en") == "a or b"
    assert join_any(["a", "b", "c"], "en") == "a, b, or c"
    assert join_any(["a", "b"], "de") == "a oder b"


def test_a_kind_without_text_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be worded"):
        format_value(1.5, "en")
