"""A mistake in a JSON export is named with its own line, its path and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from tests.unit.imports_data import document, imported, order_value, reasons

TIME = "2025-06-18T14:05:00+08:00"
OFFSET = f"write it as in {TIME}, or with Z at its end if it is in UTC"
MONEY = "is not an amount with a point and at most two decimals, such as 24.50"
SCAN = "parcels[0].events[0]"


def _to(**changes: Any) -> dict[str, Any]:
    return {"ship_to": order_value()["ship_to"] | changes, "buyer": {"name": "Ana"}}


def _line(**changes: Any) -> dict[str, Any]:
    return {"lines": [order_value()["lines"][0] | changes]}


def _scan(**changes: Any) -> dict[str, Any]:
    event = {"at": "2025-06-05T10:00:00+08:00", "status": "in_transit"} | changes
    return {"parcels": [{"carrier": "yanwen", "events": [event]}]}


def _line_of(text: str, name: str) -> int:
    """The first line that gives something the name `name`."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if f'"{name}":' in line)


@pytest.mark.parametrize(
    ("change", "where", "reason"),
    [
        ({"total": 24.5}, "total", f'24.5 {MONEY}; write it in quotes: "24.50"'),
        ({"total": 24}, "total", f'24 {MONEY}; write it in quotes: "24.00"'),
        ({"total": 0.125}, "total", f"0.125 {MONEY}"),
        ({"total": "24,50"}, "total", f"'24,50' {MONEY}"),
        ({"total": "9" * 13}, "total", "'9999999999999' is more than can be kept"),
        ({"placed_at": "2025-06-01T10:00:00"}, "placed_at", f"'2025-06-01T10:00:00' has no UTC offset: {OFFSET}"),
        ({"placed_at": "2025-06-01T10:00Z"}, "placed_at", f"'2025-06-01T10:00Z' has no seconds: write it as in {TIME}"),
        ({"paid_at": "yesterday"}, "paid_at", f"'yesterday' is not a time such as {TIME}"),
        ({"paid_at": []}, "paid_at", f"[] is not a time with its UTC offset, such as {TIME}"),
        ({"currency": "usd"}, "currency", "'usd' is not a three-letter currency code such as USD"),
        ({"lines": []}, "lines", "the list is empty"),
        ({"lines": {}}, "lines", "{} is not a list in square brackets"),
        ({"marketplace": "amazn"}, "marketplace", "'amazn' is not known; did you mean 'amazon'?"),
        ({"totl": "1"}, "totl", "there is no such name; did you mean 'total'?"),
        ({"pay_url": "javascript:x"}, "pay_url", "'javascript:x' is not a link such as https://shop.example/page"),
        ({"buyer": "Ana"}, "buyer", "'Ana' is not a group in braces"),
        ({"buyer": {"name": 5}}, "buyer.name", '5 is not a text; write it in quotes: "5"'),
        ({"number": " "}, "number", "'' is not an order number such as 1001"),
        ({"number": "--"}, "number", "'--' has neither a letter nor a digit"),
        ({"number": "1" * 41}, "number", f"'{'1' * 41}' is longer than 40 characters"),
        (_to(country="Brazil"), "ship_to.country", "'Brazil' is not a two-letter country code such as BR"),
        (_to(postcode=13), "ship_to.postcode", '13 is not a postcode such as 01304-001; write it in quotes: "13"'),
        (_to(postcod="1"), "ship_to.postcod", "there is no such name; did you mean 'postcode'?"),
        (_line(quantity=0), "lines[0].quantity", "0 is not a whole number from 1 on"),
        (_line(quantity="two"), "lines[0].quantity", "'two' is not a whole number from 1 on"),
        (_line(quantity=10**7), "lines[0].quantity", "10000000 is more than can be kept"),
        (_line(sku="A" * 129), "lines[0].sku", f"'{'A' * 76}... is longer than 128 characters"),
        (_scan(status="in-transit"), f"{SCAN}.status", "'in-transit' is not known; did you mean 'in_transit'?"),
        (_scan(amount_due=5), f"{SCAN}.amount_due", f'5 {MONEY}; write it in quotes: "5.00"'),
        (
            _scan(delivered_to={"lin1": "x"}),
            f"{SCAN}.delivered_to.lin1",
            "there is no such name; did you mean 'line1'?",
        ),
    ],
)
def test_a_mistake_is_named_with_line_path_and_reason(
    sqlite_engine: Engine, tmp_path: Path, change: dict[str, Any], where: str, reason: str
) -> None:
    text = document(order_value(**change))
    line = _line_of(text, where.rsplit(".", 1)[-1])
    assert reasons(imported(sqlite_engine, text, tmp_path)) == [f"line {line}: orders[0].{where}: {reason}"]


def test_something_missing_is_named_at_the_line_of_its_surroundings(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = document(order_value(placed_at=None, currency=None, buyer={"id": "7"}))
    assert reasons(imported(sqlite_engine, text, tmp_path)) == [
        "line 3: orders[0].placed_at: is missing",
        "line 3: orders[0].currency: is missing",
        f"line {_line_of(text, 'buyer')}: orders[0].buyer.name: is missing",
    ]


def test_all_mistakes_of_an_order_are_named_at_once(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = imported(sqlite_engine, document(order_value(total=1, currency="x", placed_at=None)), tmp_path)
    assert [problem.where for problem in report.problems] == [
        "orders[0].placed_at",
        "orders[0].currency",
        "orders[0].total",
    ]


@pytest.mark.parametrize("value", [7, "text", None, [], True])
def test_what_is_no_order_at_all_is_named(sqlite_engine: Engine, tmp_path: Path, value: Any) -> None:
    (reason,) = reasons(imported(sqlite_engine, document(order_value(), value), tmp_path))
    assert reason.startswith("line 29: orders[1]: ")
    assert reason.endswith(" is not a group in braces")


def test_a_number_used_twice_is_named_and_the_first_is_kept(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = imported(sqlite_engine, document(order_value("10-01"), order_value("1001", total="9.00")), tmp_path)
    assert reasons(report) == ["line 30: orders[1].number: '1001' was used before, in line 3; the first one is kept"]
    assert report.counts.new == 1


def test_a_sku_used_twice_is_named(sqlite_engine: Engine, tmp_path: Path) -> None:
    product = {"sku": "A", "title": "Lamp"}
    (reason,) = reasons(imported(sqlite_engine, document(products=[product, product]), tmp_path))
    assert reason.startswith("line 9: products[1].sku: 'A' was used before")


def test_a_name_given_twice_in_one_order_is_named(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = document(order_value()).replace('"total": "24.50",', '"total": "24.50",\n"total": "1.00",')
    report = imported(sqlite_engine, text, tmp_path)
    assert reasons(report) == ["line 3: orders[0]: 'total' is given twice in the same braces"]
    assert report.counts.new == 0


def test_one_tracking_number_cannot_be_on_two_parcels(sqlite_engine: Engine, tmp_path: Path) -> None:
    parcels = [{"carrier": "yanwen", "tracking_number": "UA1"}, {"carrier": "yanwen", "tracking_number": "ua 1"}]
    (reason,) = reasons(imported(sqlite_engine, document(order_value(parcels=parcels)), tmp_path))
    assert reason.endswith("orders[0].parcels[1].tracking_number: 'ua 1' is given to two parcels")
