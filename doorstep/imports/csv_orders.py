"""Puts the rows of one order together: its own cells once, then lines, parcels and events as the rows bring them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from doorstep.imports.csv_columns import Group
from doorstep.imports.report import Path
from doorstep.imports.words import shown
from doorstep.orders import order_key

Values = dict[str, Any]

_SPELLED_FREELY = ("number", "parcel.tracking_number")  # rows were brought together by their letters and digits


@dataclass(frozen=True)
class Row:
    """One row: the line it begins in, and its filled cells by group."""

    line: int
    groups: Mapping[Group, Values]


class RowsError(Exception):
    """The rows of an order do not fit together; says where and why."""

    def __init__(self, line: int, column: str, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column
        self.reason = reason


def to_order(rows: list[Row]) -> tuple[Values, dict[Path, int]]:
    """The order as it would stand in JSON, and the line of each part of it. Raises RowsError."""
    order: Values = {}
    lines: dict[Path, int] = {(): rows[0].line}
    for row in rows:
        _agree(order, row.groups.get("order", {}), row.line, "")
        _add_line(order, row, lines)
        _add_parcel(order, row, lines)
    order.setdefault("lines", [])
    return order, lines


def _agree(known: Values, told: Values, line: int, prefix: str) -> None:
    """Add cells to what earlier rows said; a cell may be left empty or repeated, not changed."""
    for name, value in told.items():
        if isinstance(value, dict):
            _agree(known.setdefault(name, {}), value, line, f"{prefix}{name}.")
        elif f"{prefix}{name}" in _SPELLED_FREELY:
            known.setdefault(name, value)
        elif known.setdefault(name, value) != value:
            reason = f"{shown(value)} here, but {shown(known[name])} in a row before; they must be the same"
            raise RowsError(line, f"{prefix}{name}", reason)


def _add_line(order: Values, row: Row, lines: dict[Path, int]) -> None:
    told = row.groups.get("line")
    if told and told not in order.setdefault("lines", []):
        lines["lines", len(order["lines"])] = row.line
        order["lines"].append(told)


def _add_parcel(order: Values, row: Row, lines: dict[Path, int]) -> None:
    told, event = row.groups.get("parcel"), row.groups.get("event")
    if not told and not event:
        return
    parcels: list[Values] = order.setdefault("parcels", [])
    index = _index(parcels, told, row)
    if index == len(parcels):
        lines["parcels", index] = row.line
        parcels.append({})
    _agree(parcels[index], told or {}, row.line, "parcel.")
    events: list[Values] = parcels[index].setdefault("events", [])
    if event and event not in events:
        lines["parcels", index, "events", len(events)] = row.line
        events.append(event)


def _index(parcels: list[Values], told: Values | None, row: Row) -> int:
    """Which parcel a row means: the one its cells name, a new one, or the only one when it names none."""
    if not told:
        if len(parcels) == 1:
            return 0
        reason = "an event needs a parcel: fill in parcel.tracking_number, or parcel.carrier where there is no number"
        raise RowsError(row.line, "event.at", reason)
    return next(_same(parcels, told), len(parcels))


def _same(parcels: list[Values], told: Values) -> Iterator[int]:
    key = order_key(told.get("tracking_number", ""))
    for index, parcel in enumerate(parcels):
        other = order_key(parcel.get("tracking_number", ""))
        if key == other and (key or all(parcel.get(name) == value for name, value in told.items())):
            yield index
