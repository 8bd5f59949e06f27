"""Right orders are kept, wrong ones are named with line and reason, and a repeated import changes nothing."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy.engine import Engine

from doorstep import imports
from doorstep.imports.times import TimeError, read_time
from doorstep.imports.validate import SCHEMA_FILE
from doorstep.storage.engine import reading
from doorstep.storage.orders import Orders
from tests.unit.imports_data import document, imported, order_value, reasons, stored

FULL = order_value(
    marketplace="amazon",
    reserved_until="2025-06-04T10:00:00Z",
    pay_url="https://shop.example/pay",
    cancelled_at="2025-06-02T10:00:00Z",
    confirmed_at="2025-06-20T10:00:00Z",
    lines=[
        {"sku": "A", "title": "Lamp", "quantity": 2, "unit_price": "12.25", "options": {"sku": "red", "total": "x"}}
    ],
    parcels=[
        {
            "tracking_number": None,
            "carrier": "china-post",
            "service": "registered",
            "shipped_at": "2025-06-02T10:00:00+08:00",
            "packing_photos": ["https://shop.example/p.jpg"],
            "skus": ["A"],
            "events": [
                {"at": "2025-06-09T09:00:00-03:00", "status": "customs_held", "reason": "duties_due"}
                | {"amount_due": "18", "amount_currency": "BRL", "act_by": "2025-06-19T18:00:00-03:00"},
                {"at": "2025-06-05T09:00:00+08:00", "status": "delivered", "signed_by": "B", "left_at": "mailbox"}
                | {"delivered_to": {"city": "Rio"}, "location": "Rio", "country": "BR", "description": "Done"},
            ],
        }
    ],
)
PRODUCT = {
    "sku": "A",
    "title": "Lamp",
    "url": "https://shop.example/a",
    "price": "24.50",
    "in_stock": False,
    "restock_at": "2025-07-01T09:00:00+08:00",
    "similar": ["B"],
    "guide": ["Plug it in."],
}


def test_the_schema_is_a_valid_schema_and_takes_a_full_order() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate({"shop": "s", "orders": [FULL], "products": [PRODUCT]})


def test_every_field_of_an_order_and_a_product_is_kept(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = imported(sqlite_engine, document(FULL, products=[PRODUCT]), tmp_path)
    order = stored(sqlite_engine)
    late, early = order.parcels[0].scans[::-1]
    with reading(sqlite_engine) as connection:
        product = Orders(connection).products("default", ["A"])["A"]
    assert (report.problems, astuple(report.counts)) == ([], (1, 0, 0, 1))
    assert [value for value in astuple(product) if value in (None, "", ())] == []
    assert order.lines[0].options == {"sku": "red", "total": "x"}
    assert (order.pay_url, order.marketplace, str(order.total)) == ("https://shop.example/pay", "amazon", "24.50")
    assert (early.status, early.delivered_to and early.delivered_to.city, early.signed_by) == ("delivered", "Rio", "B")
    assert (str(late.amount_due), late.amount_currency, late.at.utcoffset()) == ("18.00", "BRL", timedelta(hours=-3))
    assert None not in (order.reserved_until, order.cancelled_at, order.confirmed_at, order.paid_at, late.act_by)


def test_importing_twice_changes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = document(FULL, order_value("1002"), products=[PRODUCT])
    imported(sqlite_engine, text, tmp_path)
    before = stored(sqlite_engine)
    report = imported(sqlite_engine, text, tmp_path)
    assert (str(report.counts), report.problems) == ("orders: 0 new, 0 changed, 2 unchanged; products: 1", [])
    assert stored(sqlite_engine) == before


def test_a_changed_order_is_counted_as_changed(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, document(order_value(), order_value("1002")), tmp_path)
    report = imported(sqlite_engine, document(order_value(total="30.00"), order_value("1003")), tmp_path)
    assert str(report.counts) == "orders: 1 new, 1 changed, 0 unchanged; products: 0"


def test_wrong_orders_are_named_and_right_ones_are_kept(engine: Engine, tmp_path: Path) -> None:
    report = imported(engine, document(order_value("1"), order_value("2", total="x"), order_value("3")), tmp_path)
    with reading(engine) as connection:
        kept = Orders(connection).find_all("default", ["1", "2", "3"])
    assert (sorted(kept), len(report.problems)) == (["1", "3"], 1)


def test_more_orders_than_a_batch_holds_are_all_kept(engine: Engine, tmp_path: Path) -> None:
    report = imported(engine, document(*(order_value(str(number)) for number in range(450))), tmp_path)
    with reading(engine) as connection:
        assert Orders(connection).count() == 450
    assert report.counts.new == 450


def test_a_long_list_of_wrong_orders_is_reported_in_the_sequence_of_its_lines(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    report = imported(sqlite_engine, document(*(order_value(total=1) for _ in range(30)), shopp=1), tmp_path)
    lines = [problem.line for problem in report.problems]
    assert (len(lines), lines) == (31, sorted(lines))


@pytest.mark.parametrize(("said", "asked", "used"), [("a", None, "a"), ("a", "b", "b"), ("", None, "default")])
def test_the_shop_asked_for_counts_before_the_one_in_the_file(
    sqlite_engine: Engine, tmp_path: Path, said: str, asked: str | None, used: str
) -> None:
    imported(sqlite_engine, document(order_value(), shop=said), tmp_path, asked)
    assert stored(sqlite_engine, shop=used).shop == used


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1: export.txt: the file is empty"),
        (b"\xef\xbb\xbf \r\n", "line 1: export.txt: the file is empty"),
        (b"[1]", 'line 1: export.txt: the file must begin with {"orders": ['),
        (b'{"orders": [\n1,\n]}', "line 3: export.txt: this is not JSON: Expecting value (column 1)"),
        (b'{"orders": [{}]', "line 1: export.txt: this is not JSON: ',' was expected (column 16)"),
        (b'{"orders": []}\n}', "line 2: export.txt: this is not JSON: something follows the closing brace (column 1)"),
        (b'{"orders":' + b"[" * 99_999, "line 1: export.txt: the file is nested too deeply to be an export of orders"),
        (b'{"orders": {}}', "line 1: orders: is not a list in square brackets"),
        (b"{}", "line 1: orders: is missing"),
        (b'{"order": [],\n"orders": []}', "line 1: order: there is no such name; did you mean 'orders'?"),
        (b'{"orders": [],\n"orders": []}', "line 2: orders: is given twice; only the first counts"),
        (b'{"orders": [], "shop": 3}', "line 1: shop: 3 is not a text in quotes"),
        (
            '{"orders": [\n"São"'.encode("latin-1"),
            "line 2: export.txt: byte 0xe3 is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8')",
        ),
        (
            "number".encode("utf-16"),
            "line 1: export.txt: the file is in UTF-16; save it as UTF-8 (in Excel: 'CSV UTF-8')",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(
    sqlite_engine: Engine, tmp_path: Path, content: bytes, problem: str
) -> None:
    report = imported(sqlite_engine, content, tmp_path)
    assert (reasons(report), astuple(report.counts)) == ([problem], (0, 0, 0, 0))


def test_nothing_of_a_truncated_file_is_kept(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, document(order_value("1"), order_value("2"))[:-20], tmp_path)
    with reading(sqlite_engine) as connection:
        assert Orders(connection).count() == 0


def test_a_missing_file_is_told(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = imports.import_file(sqlite_engine, tmp_path / "none.json")
    assert reasons(report) == ["line 1: none.json: the file cannot be read: No such file or directory"]


def test_a_file_of_more_than_100_mb_is_refused_with_a_word(sqlite_engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "big.json"
    with open(file, "wb") as handle:
        handle.truncate(150_000_000)
    problem = "line 1: big.json: the file has 150 MB; at most 100 MB are taken at once: split it"
    assert reasons(imports.import_file(sqlite_engine, file)) == [problem]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(sqlite_engine: Engine, tmp_path: Path) -> None:
    text = "\ufeff" + document(order_value(total="x")).replace("\n", "\r\n")
    report = imported(sqlite_engine, text, tmp_path)
    assert [problem.line for problem in report.problems] == [8]


@pytest.mark.parametrize(
    "text",
    ["2025-06-18T14:05:00", "2025-06-18", "18/06/2025 14:05", "2025-02-30T10:00:00Z", "0001-01-01T00:00:00+14:00", ""],
)
def test_a_time_that_is_not_certain_is_refused(text: str) -> None:
    with pytest.raises(TimeError):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-06-18T14:05:00Z", "2025-06-18T14:05:00+00:00"),
        ("2025-06-18 14:05:00.1234567+0530", "2025-06-18T14:05:00.123456+05:30"),
        ("2025-06-18T14:05:00-03:00", "2025-06-18T14:05:00-03:00"),
    ],
)
def test_a_time_keeps_its_offset(text: str, iso: str) -> None:
    assert read_time(text).isoformat() == iso


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("La\x00mp\x07", "Lamp"),
        ("Lamp\n\tred ", "Lamp  red"),
        ("Lamp\u202egnp", "Lampgnp"),
        ("\ud83dLamp", "Lamp"),
        ("<b>{name}</b> 0[", "<b>{name}</b> 0["),
        ("👩\u200d🔧 灯", "👩\u200d🔧 灯"),
    ],
)
def test_control_and_direction_characters_are_taken_out_of_texts(engine: Engine, title: str, kept: str) -> None:
    lines: list[dict[str, Any]] = [{"sku": "A", "title": title, "quantity": 1, "unit_price": "1"}]
    imports.import_text(engine, json.dumps({"orders": [order_value(lines=lines)]}))
    assert stored(engine).lines[0].title == kept


def test_wide_digits_of_a_number_are_found_by_plain_ones(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, document(order_value("１００１")), tmp_path)
    assert stored(sqlite_engine, "1001").number == "1001"
