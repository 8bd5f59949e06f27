"""Rows that share a number are one order; what does not fit is named with its row and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from doorstep.imports.csv_columns import known
from doorstep.storage.engine import reading
from doorstep.storage.orders import Orders
from tests.unit.imports_data import imported, reasons, stored

BASE = {
    "number": "1001",
    "placed_at": "2025-06-01T10:00:00+08:00",
    "currency": "USD",
    "total": "24.50",
    "buyer.name": "Ana Souza",
    "ship_to.name": "Ana Souza",
    "ship_to.line1": "Rua A, 1",
    "ship_to.city": "São Paulo",
    "ship_to.postcode": "01304-001",
    "ship_to.country": "BR",
    "line.sku": "A",
    "line.title": 'Lamp "red"',
    "line.quantity": "1",
    "line.unit_price": "24.50",
}
LINE_B = {"line.sku": "B", "line.title": "Cable", "line.quantity": "2", "line.unit_price": "3"}
MORE = {"number": "1001"}
MAIL = {"parcel.carrier": "4px"}
PARCEL = {"parcel.tracking_number": "UA1", "parcel.carrier": "yanwen"}
SCAN = {"event.at": "2025-06-05T10:00:00+08:00", "event.status": "picked_up"}
LATER = {"event.at": "2025-06-07T10:00:00+08:00", "event.status": "in_transit"}
WRONG = LATER | {"event.status": "moving"}


def _csv(*rows: dict[str, str], delimiter: str = ",", newline: str = "\n") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [names, *([row.get(name, "") for name in names] for row in rows)]
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in table]
    return newline.join(quoted) + newline


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_order_is_read_in_the_forms_spreadsheets_write(
    sqlite_engine: Engine, tmp_path: Path, delimiter: str, newline: str, mark: str
) -> None:
    report = imported(sqlite_engine, mark + _csv(BASE, delimiter=delimiter, newline=newline), tmp_path)
    order = stored(sqlite_engine)
    assert (report.problems, order.ship_to.line1, order.lines[0].title) == ([], "Rua A, 1", 'Lamp "red"')


def test_rows_of_one_number_are_one_order_wherever_they_stand(engine: Engine, tmp_path: Path) -> None:
    report = imported(engine, _csv(BASE, BASE | {"number": "1002"}, {"number": "1001", **LINE_B}), tmp_path)
    assert (report.problems, report.counts.new) == ([], 2)
    assert [(line.sku, line.quantity) for line in stored(engine).lines] == [("A", 1), ("B", 2)]


def test_the_same_line_in_several_rows_counts_once(sqlite_engine: Engine, tmp_path: Path) -> None:
    rows = [BASE | PARCEL | SCAN, BASE | PARCEL | LATER, BASE | PARCEL | LATER]
    report = imported(sqlite_engine, _csv(*rows), tmp_path)
    order = stored(sqlite_engine)
    assert (report.problems, len(order.lines), len(order.parcels)) == ([], 1, 1)
    assert [scan.status for scan in order.parcels[0].scans] == ["picked_up", "in_transit"]


def test_an_event_without_parcel_cells_belongs_to_the_only_parcel(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, _csv(BASE | PARCEL | SCAN, {"number": "1001"} | LATER), tmp_path)
    assert [scan.status for scan in stored(sqlite_engine).parcels[0].scans] == ["picked_up", "in_transit"]


def test_events_find_their_parcel_by_its_tracking_number(sqlite_engine: Engine, tmp_path: Path) -> None:
    second = {"number": "1001", "parcel.tracking_number": "UA2", "parcel.carrier": "4px"}
    rows = [BASE | PARCEL, second, {"number": "1001", "parcel.tracking_number": "ua1"} | SCAN]
    report = imported(sqlite_engine, _csv(*rows), tmp_path)
    assert (reasons(report), [len(parcel.scans) for parcel in stored(sqlite_engine).parcels]) == ([], [1, 0])


def test_mail_without_a_number_is_one_parcel_when_its_cells_are_the_same(sqlite_engine: Engine, tmp_path: Path) -> None:
    mail = {"parcel.carrier": "china-post", "parcel.service": "small-packet"}
    imported(sqlite_engine, _csv(BASE | mail | SCAN, {"number": "1001"} | mail | LATER), tmp_path)
    (parcel,) = stored(sqlite_engine).parcels
    assert (parcel.tracking_number, len(parcel.scans)) == ("", 2)


def test_options_and_cells_with_several_parts_are_read(sqlite_engine: Engine, tmp_path: Path) -> None:
    more = {"line.options.colour": "red", "parcel.skus": "A | B", **PARCEL, "event.delivered_to.city": "Rio", **SCAN}
    imported(sqlite_engine, _csv(BASE | more), tmp_path)
    order = stored(sqlite_engine)
    destination = order.parcels[0].scans[0].delivered_to
    assert (order.lines[0].options, order.parcels[0].skus) == ({"colour": "red"}, ("A", "B"))
    assert destination is not None
    assert destination.city == "Rio"


@pytest.mark.parametrize(("cell", "in_stock"), [("yes", True), ("TRUE", True), ("0", False), ("no", False), ("", None)])
def test_products_may_come_alone(sqlite_engine: Engine, tmp_path: Path, cell: str, in_stock: bool | None) -> None:
    row = {"product.sku": "A", "product.title": "Lamp", "product.in_stock": cell, "product.guide": "One|Two"}
    report = imported(sqlite_engine, _csv(row), tmp_path)
    with reading(sqlite_engine) as connection:
        product = Orders(connection).products("default", ["A"])["A"]
    assert (report.problems, report.counts.products) == ([], 1)
    assert (product.in_stock, product.guide) == (in_stock, ("One", "Two"))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([BASE | {"total": "24,50"}], "line 3: order 1001, total: '24,50' is not an amount with a point"),
        ([BASE | {"ship_to.country": "Brazil"}], "line 3: order 1001, ship_to.country: 'Brazil' is not a two-letter"),
        ([BASE, MORE | LINE_B | {"line.quantity": "2.5"}], "line 4: order 1001, line.quantity: '2.5' is not a whole"),
        ([BASE, MORE | {"total": "9"}], "line 4: order 1001, total: '9' here, but '24.50' in a row before"),
        ([BASE | PARCEL, MORE | MAIL | SCAN, MORE | LATER], "line 5: order 1001, event.at: an event needs a parcel"),
        ([BASE | {"parcel.carrier": ""} | SCAN], "line 3: order 1001, event.at: an event needs a parcel"),
        ([BASE | PARCEL | SCAN, MORE | WRONG], "line 4: order 1001, event.status: 'moving' is not known"),
        ([BASE | PARCEL, MORE | PARCEL | MAIL], "line 4: order 1001, parcel.carrier: '4px' here, but 'yanwen'"),
        ([BASE | PARCEL | {"parcel.carrier": ""}], "line 3: order 1001, parcel.carrier: is missing"),
        ([BASE | dict.fromkeys(LINE_B, "")], "line 3: order 1001, line: the list is empty"),
        ([BASE | {"number": ""}], "line 3: number: is missing; each row needs the number of its order"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(
    sqlite_engine: Engine, tmp_path: Path, rows: list[dict[str, str]], problem: str
) -> None:
    report = imported(sqlite_engine, _csv(BASE | {"number": "right"}, *rows), tmp_path)
    (reason,) = reasons(report)
    assert reason.startswith(problem)
    assert report.counts.new == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (_csv(BASE | {"totl": "1"}), "there is no column 'totl'; did you mean 'total'?"),
        (_csv(BASE | {"line.options.": "1"}), "there is no column 'line.options.'; did you mean"),
        ("number,number\n1,2\n", "the column 'number' is there twice"),
        ("number,total\n1,2\n", "missing columns: placed_at, currency, buyer.name"),
        (_csv(BASE | {"event.at": "x"}), "missing columns: parcel.carrier, event.status"),
        ("product.sku\nA\n", "missing columns: product.title"),
        (_csv(BASE)[:-2], "this is not CSV: unexpected end of data"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(sqlite_engine: Engine, tmp_path: Path, text: str, problem: str) -> None:
    (found,) = imported(sqlite_engine, text, tmp_path).problems
    assert found.reason.startswith(problem)


def test_a_row_with_too_many_cells_is_named(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = _csv(BASE).rstrip("\n") + ',"more"\n' + _csv(BASE | {"number": "1002"}).split("\n")[1]
    report = imported(sqlite_engine, text, tmp_path)
    assert (report.counts.new, [problem.line for problem in report.problems]) == (1, [2])


def test_lines_are_counted_as_an_editor_counts_them(sqlite_engine: Engine, tmp_path: Path) -> None:
    rows = [BASE | {"line.title": "two\nlines"}, {"number": ""}, BASE | {"number": "1002", "currency": "x"}]
    report = imported(sqlite_engine, _csv(*rows), tmp_path)
    assert [problem.line for problem in report.problems] == [5]


def test_importing_the_same_rows_again_changes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = _csv(BASE | PARCEL | SCAN, {"number": "1001"} | LINE_B)
    counts: list[Any] = [imported(sqlite_engine, text, tmp_path).counts for _ in range(2)]
    assert [(count.new, count.unchanged) for count in counts] == [(1, 0), (0, 1)]


def test_every_name_of_the_schema_has_a_column() -> None:
    assert {"number", "buyer.email", "line.quantity", "parcel.packing_photos", "event.delivered_to.postcode"} < set(
        known()
    )
    assert len(known()) == len(set(known())) >= 55
