"""Reads an import file in CSV: one row for each order line, parcel or event; rows with one number are one order.

docs/import.md tells sellers how. The order made of the rows looks as in JSON and is checked the same way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from doorstep.imports.csv_columns import Column, Group, column_name, columns
from doorstep.imports.csv_orders import Row, RowsError, to_order
from doorstep.imports.report import Document, Entry, FileRefusedError, Path, Problem
from doorstep.orders import order_key

LONGEST_CELL = 100_000
_DELIMITERS = ",;\t"


def read(text: str) -> Document:
    """Find the orders and products in the rows. Raises FileRefusedError when header or form are not usable."""
    lines = _lines(text)
    _, header = next(lines)
    found = columns([cell.strip() for cell in header])
    orders: dict[str, list[Row]] = {}
    products: list[Row] = []
    problems: list[Problem] = []
    for number, values in lines:
        if len(values) > len(found):
            reason = (
                f"the row has {len(values)} cells, the first line only {len(found)}; is a text with commas unquoted?"
            )
            problems.append(Problem(number, "row", reason))
            continue
        row = _row(number, found, values)
        if "product" in row.groups:
            products.append(row)
        if set(row.groups) - {"product"}:
            key = order_key(str(row.groups.get("order", {}).get("number", "")))
            if key:
                orders.setdefault(key, []).append(row)
            else:
                problems.append(Problem(number, "number", "is missing; each row needs the number of its order"))
    return Document("", lambda: _entries(orders, products), tuple(problems))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of its first line."""
    csv.field_size_limit(LONGEST_CELL)
    first = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield before + 1, values
            before = reader.line_num
    except csv.Error as error:
        raise FileRefusedError(before + 1, f"this is not CSV: {error}") from error


def _row(line: int, found: list[Column], values: list[str]) -> Row:
    groups: dict[Group, dict[str, Any]] = {}
    for column, cell in zip(found, values, strict=False):
        if cell.strip():
            target = groups.setdefault(column.group, {})
            for name in column.path[:-1]:
                target = target.setdefault(name, {})
            target[column.path[-1]] = column.value(cell.strip())
    return Row(line, groups)


def _entries(orders: dict[str, list[Row]], products: list[Row]) -> Iterator[Entry]:
    for row in products:
        yield _product(row)
    for rows in orders.values():
        yield _order(rows)


def _product(row: Row) -> Entry:
    return Entry("product", row.groups["product"], lambda path: (row.line, column_name("product", path) or "product"))


def _order(rows: list[Row]) -> Entry:
    label = f"order {rows[0].groups['order']['number']}"
    try:
        value, lines = to_order(rows)
    except RowsError as error:
        problem = Problem(error.line, f"{label}, {error.column}", error.reason)
        return Entry("order", None, lambda _path: (rows[0].line, label), (problem,))

    def place(path: Path) -> tuple[int, str]:
        inner = path
        while inner not in lines:
            inner = inner[:-1]
        column = column_name("order", path)
        return lines[inner], f"{label}, {column}" if column else label

    return Entry("order", value, place)
