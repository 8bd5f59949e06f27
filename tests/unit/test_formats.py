"""Dates, money, countries and lists read as the buyer's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from doorstep.orders import Money
from doorstep.replies.formats import format_value, join_any
from doorstep.replies.values import BusinessDays, Country, Days, Hours, Reply
from tests.builders import BRAZIL
from tests.telling import WORDS, spaced

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
        (Hours(1), "en", "1 hour"),
        (Hours(24), "en", "24 hours"),
        (Hours(336), "en", "336 hours"),
        (Hours(1), "de", "1 Stunde"),
        (Hours(2), "de", "2 Stunden"),
        (Hours(1), "es", "1 hora"),
        (Hours(2), "es", "2 horas"),
        (Hours(1), "pt", "1 hora"),
        (Hours(2), "pt", "2 horas"),
        (Hours(1), "fr", "1 heure"),
        (Hours(2), "fr", "2 heures"),
        (Hours(1), "zh", "1小时"),
        (Hours(2), "zh", "2小时"),
        (Hours(1), "ru", "1 час"),
        (Hours(2), "ru", "2 часа"),
        (Hours(5), "ru", "5 часов"),
        (Hours(21), "ru", "21 час"),
        (Hours(24), "ru", "24 часа"),
        (Hours(48), "ru", "48 часов"),
        (1234, "en", "1,234"),
        (0, "en", "0"),
    ],
)
def test_a_value_reads_as_the_language_writes_it(value: Any, language: str, text: str) -> None:
    assert spaced(format_value(value, language)) == text


@pytest.mark.parametrize(
    ("span", "language", "text"),
    [
        ((1, 1), "en", "1 business day"),
        ((2, 2), "en", "2 business days"),
        ((7, 15), "en", "7–15 business days"),
        ((1, 1), "de", "1 Arbeitstag"),
        ((2, 2), "de", "2 Arbeitstage"),
        ((1, 1), "es", "1 día hábil"),
        ((2, 2), "es", "2 días hábiles"),
        ((1, 1), "pt", "1 dia útil"),
        ((2, 2), "pt", "2 dias úteis"),
        ((1, 1), "fr", "1 jour ouvré"),
        ((2, 2), "fr", "2 jours ouvrés"),
        ((1, 1), "zh", "1个工作日"),
        ((7, 15), "zh", "7–15个工作日"),
        ((1, 1), "ru", "1 рабочего дня"),  # the genitive, for what stands before it: "до", "в течение"
        ((2, 2), "ru", "2 рабочих дней"),
        ((5, 5), "ru", "5 рабочих дней"),
        ((11, 11), "ru", "11 рабочих дней"),
        ((21, 21), "ru", "21 рабочего дня"),
        ((24, 24), "ru", "24 рабочих дней"),
        ((48, 48), "ru", "48 рабочих дней"),
        ((15, 30), "ru", "15–30 рабочих дней"),
    ],
)
def test_business_days_agree_with_their_number(span: tuple[int, int], language: str, text: str) -> None:
    reply = Reply("term_part", {"part": BusinessDays(*span)})
    assert text in spaced(WORDS.word(reply, language).text)


# What is said before a length of time must ask for the case in which the length is worded.
TAKES = {
    "answer_within_hours": "не позже чем через ",
    "handling_days": "до ",
    "usual": "в течение ",
    "sends_within": "в течение ",
}


@pytest.mark.parametrize("value", TAKES)
def test_in_russian_a_length_of_time_stands_where_its_case_is_right(value: str) -> None:
    # Babel gives hours as "1 час, 2 часа, 5 часов", which fits "через"; business days are worded in the genitive.
    lines = [line for name in WORDS.names("ru") for text in WORDS.variants(name, "ru") for line in text.split("\n")]
    found = [line for line in lines if f"{{{value}}}" in line]
    assert found != []
    assert [line for line in found if f"{TAKES[value]}{{{value}}}" not in line] == []


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
