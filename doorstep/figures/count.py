"""Counts the figures of a period from its facts: each in all, and by day, language, country or carrier.

What the figures mean is said in `doorstep.figures.words`, how each is counted in `doorstep.figures.kinds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from doorstep.figures.facts import Facts, Stay
from doorstep.figures.figure import COUNT, DAY, EARLIER, LATER, WAYS, Column, Figure, Row
from doorstep.figures.kinds import KINDS, UNITS, Items, Kind, Values, items_of
from doorstep.figures.settling import settlings
from doorstep.figures.words import ENGLISH


def figures_of(facts: Facts, by: str = DAY, words: Mapping[str, str] = ENGLISH) -> list[Figure]:
    """Every figure of a period, broken down `by` day, language, country or carrier.

    Days are those of the period that have begun, the empty ones too; other rows are sorted by their first column, the
    highest first. Raises ValueError for another way to break down.
    """
    if by not in WAYS:
        raise ValueError(f"figures are broken down by {', '.join(WAYS)}, not by {by!r}")
    items = items_of(facts, settlings(facts))
    figures = (_figure(facts, kind, items[kind.key], by, words) for kind in KINDS)
    return [
        _with_reasons(figure, facts, items["handovers"], words) if figure.key == "handovers" else figure
        for figure in figures
    ]


def days_of(facts: Facts) -> Iterator[str]:
    """The calendar days of the period in the shop's time zone, up to today."""
    last = min(facts.until - timedelta(microseconds=1), facts.now).astimezone(facts.zone).date()
    day = facts.since.astimezone(facts.zone).date()
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def _figure(facts: Facts, kind: Kind, items: Items, by: str, words: Mapping[str, str]) -> Figure:
    return Figure(
        key=kind.key,
        title=words[f"title_{kind.key}"],
        definition=words[f"definition_{kind.key}"],
        unit=kind.unit,
        by=by,
        columns=tuple(Column(key, words[f"column_{key}"], UNITS.get(key, COUNT)) for key in kind.columns),
        rows=_rows(facts, items, by, kind.count),
        total=kind.count(items),
        drawn=kind.drawn,
    )


def _with_reasons(figure: Figure, facts: Facts, stays: Sequence[Stay], words: Mapping[str, str]) -> Figure:
    """The hand-overs with a column for each reason there was, the most frequent first."""
    totals = Counter(stay.reason for stay in stays)
    reasons = sorted(totals, key=lambda reason: (-totals[reason], reason))

    def count(stays: Sequence[Stay]) -> Values:
        found = Counter(stay.reason for stay in stays)
        return len(stays), *(found[reason] for reason in reasons)

    return replace(
        figure,
        columns=(*figure.columns, *(Column(reason, _title_of(reason, words)) for reason in reasons)),
        rows=_rows(facts, stays, figure.by, count),
        total=count(stays),
        drawn=tuple(reasons),
        totals_drawn=True,
    )


def _title_of(reason: str, words: Mapping[str, str]) -> str:
    return words.get(f"reason_{reason}") or reason.replace("_", " ") or words["column_no_reason"]


def _rows(facts: Facts, items: Items, by: str, count: Callable[[Any], Values]) -> tuple[Row, ...]:
    parts: dict[str, list[Any]] = {day: [] for day in days_of(facts)} if by == DAY else {}
    for item in items:
        parts.setdefault(_row_of(facts, item, by), []).append(item)
    rows = [Row(key, count(part)) for key, part in parts.items()]
    if by == DAY:
        return tuple(sorted(rows, key=lambda row: (row.key == LATER, row.key != EARLIER, row.key)))
    return tuple(sorted(rows, key=lambda row: (-(row.values[0] or 0), row.key)))


def _row_of(facts: Facts, item: Any, by: str) -> str:
    if by != DAY:
        return str(getattr(item.group, by))
    if item.at < facts.since:
        return EARLIER
    return LATER if item.at >= facts.until else str(item.at.astimezone(facts.zone).date().isoformat())
