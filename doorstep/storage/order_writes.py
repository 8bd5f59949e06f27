"""Writes what differs between an order as stored and as it shall be: rows that are the same are not touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import Connection

from doorstep.orders import Order
from doorstep.parcels import Parcel
from doorstep.storage import order_rows as rows
from doorstep.storage import tables

Row = rows.Row


@dataclass(frozen=True)
class Change:
    """An order before and after (same id, same shop); false when every row is the same."""

    before: Order
    after: Order

    def __bool__(self) -> bool:
        return self.row or self.lines or self.parcels or bool(self.scans)

    @property
    def row(self) -> bool:
        """Whether the order's own row differs."""
        return rows.order_row("", self.before) != rows.order_row("", self.after)

    @property
    def lines(self) -> bool:
        """Whether the order lines differ."""
        return rows.line_rows(self.before) != rows.line_rows(self.after)

    @property
    def parcels(self) -> bool:
        """Whether parcels are new, gone or differ, their scans apart."""
        before, after = ([(p.id, rows.parcel_row(p)) for p in order.parcels] for order in (self.before, self.after))
        return before != after

    @property
    def dropped(self) -> set[int]:
        """The ids of the parcels that are gone."""
        return {parcel.id for parcel in self.before.parcels} - {parcel.id for parcel in self.after.parcels}

    @property
    def scans(self) -> dict[int, list[Row]]:
        """The scan rows of each parcel whose scans differ, by the parcel's index in `after`."""
        known = {parcel.id: rows.scan_rows(parcel) for parcel in self.before.parcels}
        told = {index: rows.scan_rows(parcel) for index, parcel in enumerate(self.after.parcels)}
        return {index: told[index] for index, p in enumerate(self.after.parcels) if told[index] != known.get(p.id, [])}


def write(connection: Connection, changes: Sequence[Change]) -> None:
    """Carry out the changes; the orders' own rows must be there and locked."""
    for change in changes:
        if change.row:
            row = rows.order_row(change.after.shop, change.after)
            connection.execute(update(tables.orders).where(tables.orders.c.id == change.after.id).values(row))
    lines = {change.after.id: rows.line_rows(change.after) for change in changes if change.lines}
    _replace(connection, tables.order_lines, "order_id", lines)
    _write_parcels(connection, [change for change in changes if change.parcels])
    rescanned = {change.after.id: change.scans for change in changes}
    places = children(
        connection, tables.parcels, "order_id", [order_id for order_id, scans in rescanned.items() if scans], "position"
    )
    scans = {
        places[order_id][index].id: new for order_id, indexed in rescanned.items() for index, new in indexed.items()
    }
    _replace(connection, tables.scans, "parcel_id", scans)


def children(
    connection: Connection, table: Table, parent: str, ids: Sequence[int], *sequence: str
) -> dict[int, list[Any]]:
    """The rows of `table` that belong to the parents `ids`, by parent, sorted by the columns of `sequence`."""
    groups: dict[int, list[Any]] = defaultdict(list)
    if ids:
        wanted = select(table).where(table.c[parent].in_(ids)).order_by(*(table.c[name] for name in sequence))
        for row in connection.execute(wanted):
            groups[getattr(row, parent)].append(row)
    return groups


def _write_parcels(connection: Connection, changes: Sequence[Change]) -> None:
    table = tables.parcels
    _delete(connection, table, "id", sorted(parcel_id for change in changes for parcel_id in change.dropped))
    present = children(connection, table, "order_id", [change.after.id for change in changes], "position")
    new: list[Row] = []
    for change in changes:
        place = max((row.position for row in present[change.after.id]), default=-1)
        for parcel in change.after.parcels:
            if parcel.id:
                _update_parcel(connection, parcel)
            else:
                place += 1
                new.append(rows.parcel_row(parcel) | {"order_id": change.after.id, "position": place})
    if new:
        connection.execute(table.insert(), new)


def _update_parcel(connection: Connection, parcel: Parcel) -> None:
    table = tables.parcels
    connection.execute(update(table).where(table.c.id == parcel.id).values(rows.parcel_row(parcel)))


def _replace(connection: Connection, table: Table, parent: str, groups: Mapping[int, Sequence[Row]]) -> None:
    _delete(connection, table, parent, sorted(groups))
    new = [row | {parent: parent_id} for parent_id, group in groups.items() for row in group]
    if new:
        connection.execute(table.insert(), new)


def _delete(connection: Connection, table: Table, column: str, values: Sequence[int]) -> None:
    if values:
        connection.execute(delete(table).where(table.c[column].in_(values)))
