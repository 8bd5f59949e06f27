"""Each demo order is in the situation it stands for, whatever day it is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy.engine import Engine

from doorstep import demo
from doorstep.imports.convert import to_order, to_product
from doorstep.imports.validate import SCHEMA_FILE
from doorstep.orders import Order
from doorstep.policy.shop import ShopPolicy
from doorstep.storage.engine import reading
from doorstep.storage.orders import Orders
from doorstep.windows import window_of
from tests.builders import NOW

NUMBERS = [*(str(number) for number in range(1001, 1022)), "8153627480015926", "112-4455667-8899001"]
DAYS = [
    NOW,
    datetime(2026, 1, 1, 0, 5, tzinfo=timezone.utc),
    datetime(2026, 3, 29, 23, 55, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2028, 2, 29, 12, 0, tzinfo=timezone(timedelta(hours=14))),
    *(NOW + timedelta(days=day, hours=5 * day) for day in range(1, 7)),
]
POLICY = ShopPolicy()


@pytest.fixture(params=DAYS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@cache
def _orders(now: datetime) -> dict[str, Order]:
    return {order["number"]: to_order("default", order) for order in demo.orders(now)["orders"]}


@pytest.fixture
def found(now: datetime) -> dict[str, Order]:
    return _orders(now)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _check_digit(serial: str) -> int:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def test_the_demo_fits_the_import_schema(now: datetime) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(demo.orders(now))) == []


def test_each_listed_order_is_there_with_its_proofs(found: dict[str, Order]) -> None:
    listed = {(one["number"], one["email"], one["postcode"]) for one in demo.listing()}
    assert listed == {(order.number, order.buyer.email, order.ship_to.postcode) for order in found.values()}
    assert [one["number"] for one in demo.listing()] == NUMBERS


def test_loading_again_on_the_same_day_adds_nothing(sqlite_engine: Engine) -> None:
    assert [demo.load(sqlite_engine, NOW) for _ in range(2)] == [len(NUMBERS), len(NUMBERS)]
    with reading(sqlite_engine) as connection:
        assert Orders(connection).count() == len(NUMBERS)
        assert len(Orders(connection).find_all("default", NUMBERS)) == len(NUMBERS)


def test_nothing_has_happened_in_the_future(found: dict[str, Order], now: datetime) -> None:
    times = [order.placed_at for order in found.values()]
    times += [scan.at for order in found.values() for parcel in order.parcels for scan in parcel.scans]
    assert max(times) < now


def test_things_happen_in_their_sequence(found: dict[str, Order]) -> None:
    for order in found.values():
        for parcel in order.parcels:
            times = [order.placed_at, order.paid_at, parcel.shipped_at, *(scan.at for scan in parcel.scans)]
            known = [time for time in times if time]
            assert known == sorted(known)


def test_totals_are_the_sums_of_their_lines(found: dict[str, Order]) -> None:
    sums = {order.number: sum(line.quantity * line.unit_price for line in order.lines) for order in found.values()}
    assert sums == {order.number: order.total for order in found.values()}


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        ("1001", "delivered", ""),
        ("1002", "sorting_centre", ""),
        ("1003", "departed_origin", ""),
        ("1004", "in_transit", ""),
        ("1007", "customs_held", "duties_due"),
        ("1008", "ready_for_pickup", "nobody_home"),
        ("1009", "returning", "bad_address"),
        ("1014", "delivered", ""),
        ("1015", "delivered", ""),
        ("1016", "delivered", ""),
        ("1017", "lost", ""),
        ("1018", "delivery_failed", "nobody_home"),
        ("1019", "delivery_failed", "nobody_home"),
        ("1020", "delivered", ""),
        ("112-4455667-8899001", "in_transit", ""),
        ("8153627480015926", "in_transit", ""),
    ],
)
def test_the_newest_scan_is_what_the_order_stands_for(number: str, status: str, reason: str) -> None:
    newest = _orders(NOW)[number].parcels[0].newest
    assert newest is not None
    assert (newest.status, newest.reason) == (status, reason)


def test_another_person_signed_at_the_right_address_for_1001(found: dict[str, Order]) -> None:
    order = found["1001"]
    scan = order.parcels[0].scans[-1]
    assert scan.signed_by not in ("", order.ship_to.name)
    assert scan.delivered_to is not None
    assert (scan.delivered_to.line1, scan.delivered_to.postcode) == (order.ship_to.line1, order.ship_to.postcode)


def test_1014_went_to_another_address(found: dict[str, Order]) -> None:
    destination = found["1014"].parcels[0].scans[-1].delivered_to
    assert destination is not None
    assert destination.postcode != found["1014"].ship_to.postcode


@pytest.mark.parametrize("number", ["1002", "1003", "1005", "1006", "112-4455667-8899001", "8153627480015926"])
def test_orders_in_time_are_inside_their_window(found: dict[str, Order], now: datetime, number: str) -> None:
    window = window_of(found[number], found[number].parcels[0], POLICY)
    assert window is not None
    assert window.days_late(now.date()) == 0


def test_1004_is_past_its_window_but_was_scanned_lately(found: dict[str, Order], now: datetime) -> None:
    order = found["1004"]
    window = window_of(order, order.parcels[0], POLICY)
    assert window is not None
    assert window.days_late(now.date()) > POLICY.waits.grace_days
    assert now - order.parcels[0].scans[-1].at < timedelta(days=POLICY.waits.no_scan_days)


def test_1005_has_neither_number_nor_scan(found: dict[str, Order]) -> None:
    assert (found["1005"].parcels[0].tracking_number, found["1005"].parcels[0].scans) == ("", ())


def test_1006_was_not_scanned_for_sixteen_days(found: dict[str, Order], now: datetime) -> None:
    assert timedelta(days=15) <= now - found["1006"].parcels[0].scans[-1].at <= timedelta(days=17)


def test_held_and_waiting_parcels_name_a_day_to_act_by(found: dict[str, Order], now: datetime) -> None:
    duties, pick_up = found["1007"].parcels[0].scans[-1], found["1008"].parcels[0].scans[-1]
    assert duties.act_by is not None
    assert pick_up.act_by is not None
    assert min(duties.act_by, pick_up.act_by) > now + timedelta(days=5)
    assert (duties.amount_due, duties.amount_currency, bool(pick_up.location)) == (Decimal("86.40"), "BRL", True)


def test_1010_1011_and_1012_are_not_shipped(found: dict[str, Order], now: datetime) -> None:
    assert [found[number].parcels for number in ("1010", "1011", "1012")] == [(), (), ()]
    assert [found[number].paid_at is None for number in ("1010", "1011", "1012")] == [False, False, True]
    assert found["1012"].reserved_until is not None
    assert found["1012"].reserved_until > now
    assert found["1012"].pay_url.startswith("https://")


def test_1011_is_sold_out_with_similar_products_to_offer() -> None:
    products = {value["sku"]: to_product(value) for value in demo.orders(NOW)["products"]}
    sold_out = products["KETTLE-06"]
    assert (sold_out.in_stock, products["DRONE-M1"].in_stock) == (False, True)
    assert sold_out.restock_at is not None
    assert sold_out.restock_at > NOW
    assert [bool(products[sku].url and products[sku].price) for sku in sold_out.similar] == [True, True]


def test_1013_has_one_parcel_there_and_one_under_way(found: dict[str, Order]) -> None:
    assert [parcel.scans[-1].status for parcel in found["1013"].parcels] == ["delivered", "departed_origin"]
    assert [parcel.skus for parcel in found["1013"].parcels] == [("DRONE-M1",), ("CASE-M1",)]


@pytest.mark.parametrize(("number", "days"), [("1001", 1), ("1015", 2), ("1020", 3), ("1016", 45), ("1021", 100)])
def test_deliveries_are_as_long_ago_as_they_say(found: dict[str, Order], now: datetime, number: str, days: int) -> None:
    at = found[number].parcels[0].scans[-1].at
    assert timedelta(days=days - 1) < now - at < timedelta(days=days + 2)


def test_1019_failed_to_be_delivered_twice(found: dict[str, Order]) -> None:
    failed = [scan for scan in found["1019"].parcels[0].scans if scan.status == "delivery_failed"]
    assert len(failed) == 2


def test_1020_is_worth_more_than_the_assistant_may_settle(found: dict[str, Order]) -> None:
    order = found["1020"]
    assert not POLICY.remedies.within_limit(order.total, order.currency)
    assert order.currency in POLICY.remedies.limits


def test_1021_came_too_long_ago_for_a_problem_to_be_settled_here(found: dict[str, Order], now: datetime) -> None:
    came = found["1021"].parcels[0].scans[-1].at
    assert now - came > timedelta(days=max(POLICY.goods.report_within_days, POLICY.returns.window_days))


def test_china_post_numbers_have_their_check_digit(found: dict[str, Order]) -> None:
    parcels = [parcel for order in found.values() for parcel in order.parcels]
    numbers = [p.tracking_number for p in parcels if p.carrier == "china-post" and p.tracking_number]
    assert len(numbers) >= 7
    assert [number[10] for number in numbers] == [str(_check_digit(number[2:10])) for number in numbers]


def test_texts_that_look_like_templates_or_markup_are_among_the_titles() -> None:
    titles = " ".join(_texts(demo.orders(NOW)))
    assert [needle in titles for needle in ("{name}", "0[", "<b>")] == [True, True, True]


def test_every_address_is_an_example(found: dict[str, Order]) -> None:
    assert {order.buyer.email.split("@")[1] for order in found.values()} == {"example.com"}


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        demo.orders(datetime(2025, 6, 18))  # noqa: DTZ001
