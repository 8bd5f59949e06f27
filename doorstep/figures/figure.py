"""A figure as it is shown: its definition, its table, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doorstep.figures.words import ENGLISH

# units
COUNT = "count"
MINUTES = "minutes"
SHARE = "share"  # 0 to 1
RATE = "rate"  # per hundred; may be more than a hundred

# ways to break a figure down
DAY, LANGUAGE, COUNTRY, CARRIER = "day", "language", "country", "carrier"
WAYS = (DAY, LANGUAGE, COUNTRY, CARRIER)
EARLIER, LATER = "earlier", "later"  # the rows of days before and after the period

Value = float | int | None  # None: nothing to tell it from


@dataclass(frozen=True)
class Column:
    """A column of a figure's table."""

    key: str
    title: str
    unit: str = COUNT


@dataclass(frozen=True)
class Row:
    """A row of a figure's table: a day in ISO 8601, a language, a country or a carrier, with a value per column."""

    key: str
    values: tuple[Value, ...]

    def title(self, words: Mapping[str, str]) -> str:
        """What the row is called: its key, or a word for the days outside the period."""
        return words[f"row_{self.key}"] if self.key in (EARLIER, LATER) else self.key


@dataclass(frozen=True)
class Figure:
    """A figure of a period. `total` has a value per column, over all rows' facts: a median of all, not of medians.

    `drawn` are the keys of the columns in the picture. Where `totals_drawn`, the picture has a bar for each column's
    total instead of one for each row.
    """

    key: str
    title: str
    definition: str
    unit: str
    by: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: tuple[Value, ...]
    drawn: tuple[str, ...]
    totals_drawn: bool = False

    def place(self, column: str) -> int:
        """Where a column stands. Raises StopIteration for a key it does not have."""
        return next(place for place, each in enumerate(self.columns) if each.key == column)


def shown(value: Value, unit: str, words: Mapping[str, str] = ENGLISH) -> str:
    """A value for people: minutes up to two hours, then hours; shares in percent; "–" for none."""
    if value is None:
        return "–"
    if unit == SHARE:
        return words["unit_share"].format(number=f"{100 * value:.1f}")
    if unit == RATE:
        return f"{value:,.1f}"
    if unit == MINUTES:
        hours = value >= 120
        return words["unit_hours" if hours else "unit_minutes"].format(
            number=f"{value / 60:,.1f}" if hours else f"{value:.0f}"
        )
    return f"{value:,}"
