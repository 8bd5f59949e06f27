"""Orders come back as they were saved, keep their ids, and an export that repeats itself changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from doorstep.orders import Order
from doorstep.parcels import Destination, Parcel
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import BRAZIL, CHINA, NOW, a_line, a_parcel, a_product, a_scan, an_order, days_ago


def _save(engine: Engine, *orders: Order, shop: str = "default") -> list[str]:
    with writing(engine) as connection:
        return [saved.outcome for saved in Orders(connection).save_all(shop, orders)]


def _find(engine: Engine, number: str = "1001", shop: str = "default") -> Order:
    with reading(engine) as connection:
        found = Orders(connection).find(shop, number)
    assert found is not None
    return found


def _without_ids(order: Order) -> Order:
    return replace(order, id=0, parcels=tuple(replace(parcel, id=0) for parcel in order.parcels))


def _ids(order: Order) -> dict[str, int]:
    return {parcel.tracking_number: parcel.id for parcel in order.parcels}


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", remember)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", remember)


FULL = an_order(
    number="112-4455667-8899001",
    marketplace="amazon",
    total=Decimal("1234567890.10"),
    reserved_until=days_ago(-3),
    pay_url="https://shop.example/pay/1",
    cancelled_at=days_ago(2),
    confirmed_at=days_ago(1),
    lines=(a_line(options={"colour": "黑色"}), a_line(sku="B", title="<b>{name} 0[", quantity=3)),
    parcels=(
        a_parcel(
            skus=("B",),
            packing_photos=("https://shop.example/p.jpg",),
            scans=(
                a_scan(),
                a_scan(
                    at=days_ago(1).astimezone(BRAZIL),
                    status="customs_held",
                    country="BR",
                    reason="duties_due",
                    amount_due=Decimal("18.05"),
                    amount_currency="BRL",
                    act_by=days_ago(-9),
                    signed_by="J. Lima",
                    left_at="mailbox",
                    delivered_to=Destination(line1="Rua B", city="Rio"),
                ),
            ),
        ),
        a_parcel(tracking_number="", service="", shipped_at=None, scans=()),
    ),
)


def test_every_field_of_an_order_comes_back(engine: Engine) -> None:
    _save(engine, FULL)
    assert _without_ids(_find(engine, FULL.number)) == _without_ids(FULL)


def test_a_scan_keeps_the_offset_of_its_place(engine: Engine) -> None:
    _save(engine, an_order(parcels=(a_parcel(at=days_ago(1).astimezone(BRAZIL)),)))
    assert _find(engine).parcels[0].scans[0].at.utcoffset() == timedelta(hours=-3)


def test_scans_come_back_oldest_first_and_once(engine: Engine) -> None:
    early, late = a_scan(at=days_ago(6)), a_scan(at=days_ago(2), status="in_transit")
    _save(engine, an_order(parcels=(a_parcel(scans=(late, early, late)),)))
    assert _find(engine).parcels[0].scans == (early, late)


@pytest.mark.parametrize("written", ["112-4455667-8899001", "112 4455667 8899001", "#112-44556678899001"])
def test_an_order_is_found_however_its_number_is_written(engine: Engine, written: str) -> None:
    _save(engine, FULL)
    assert _find(engine, written).number == FULL.number


@pytest.mark.parametrize(
    ("shop", "number"), [("other", "1001"), ("default", "1002"), ("default", ""), ("default", "#")]
)
def test_no_order_is_found_for_another_shop_or_number(engine: Engine, shop: str, number: str) -> None:
    _save(engine, an_order())
    with reading(engine) as connection:
        assert Orders(connection).find(shop, number) is None


def test_an_order_is_found_by_its_id(engine: Engine) -> None:
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order())
        found = Orders(connection).get(order_id)
        missing = Orders(connection).get(order_id + 1)
    assert (found, missing) == (_find(engine), None)


def test_saving_twice_changes_nothing(engine: Engine) -> None:
    _save(engine, FULL)
    before = _find(engine, FULL.number)
    assert _save(engine, FULL) == ["unchanged"]
    assert _find(engine, FULL.number) == before


def test_outcomes_tell_new_changed_and_unchanged_apart(engine: Engine) -> None:
    _save(engine, an_order(number="1"), an_order(number="2"))
    again = [an_order(number="2", total=Decimal("1.00")), an_order(number="3"), an_order(number="1")]
    assert _save(engine, *again) == ["changed", "new", "unchanged"]


def test_the_same_number_in_two_shops_is_two_orders(engine: Engine) -> None:
    _save(engine, an_order())
    _save(engine, an_order(), shop="second")
    with reading(engine) as connection:
        assert Orders(connection).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"paid_at": None},
        {"total": Decimal("24.51")},
        {"number": "#1001"},
        {"lines": (a_line(quantity=2),)},
        {"lines": (a_line(), a_line(sku="B"))},
        {"parcels": (a_parcel(carrier="4px"),)},
        {"parcels": (a_parcel(scans=(a_scan(), a_scan(at=NOW))),)},
        {"parcels": (a_parcel(at=days_ago(5)),)},
    ],
)
def test_any_change_of_a_known_order_is_kept_with_its_ids(engine: Engine, change: dict[str, Any]) -> None:
    _save(engine, an_order())
    before = _find(engine)
    outcome = _save(engine, an_order(**change))
    after = _find(engine)
    assert outcome == ["changed"]
    assert _without_ids(after) == _without_ids(an_order(**change))
    assert (after.id, _ids(after)) == (before.id, _ids(before))


def test_the_offset_alone_is_a_change(engine: Engine) -> None:
    _save(engine, an_order(parcels=(a_parcel(at=NOW.astimezone(CHINA)),)))
    assert _save(engine, an_order(parcels=(a_parcel(at=NOW.astimezone(BRAZIL)),))) == ["changed"]


A, B = a_parcel(tracking_number="RA000000005CN"), a_parcel(tracking_number="RB000000006CN")
UNSCANNED = a_parcel(tracking_number="RC000000007CN", scans=())


def test_parcels_told_in_another_sequence_keep_their_ids_and_places(engine: Engine) -> None:
    _save(engine, an_order(parcels=(A, B)))
    before = _find(engine)
    _save(engine, an_order(parcels=(B, A)))
    assert _find(engine) == before


def test_a_new_parcel_comes_after_the_known_ones(engine: Engine) -> None:
    _save(engine, an_order(parcels=(A,)))
    known = _ids(_find(engine))
    _save(engine, an_order(parcels=(B, A)))
    after = _ids(_find(engine))
    assert list(after) == [A.tracking_number, B.tracking_number]
    assert after[A.tracking_number] == known[A.tracking_number]


def test_a_scanned_parcel_that_is_no_longer_told_is_kept(engine: Engine) -> None:
    _save(engine, an_order(parcels=(A, B)))
    _save(engine, an_order(parcels=(B,)))
    assert list(_ids(_find(engine))) == [A.tracking_number, B.tracking_number]


def test_a_parcel_that_was_never_scanned_goes_when_it_is_no_longer_told(engine: Engine) -> None:
    _save(engine, an_order(parcels=(A, UNSCANNED)))
    _save(engine, an_order(parcels=(A,)))
    assert list(_ids(_find(engine))) == [A.tracking_number]


def test_a_mistyped_number_is_mended_in_the_same_parcel(engine: Engine) -> None:
    _save(engine, an_order(parcels=(UNSCANNED,)))
    before = _find(engine).parcels[0].id
    _save(engine, an_order(parcels=(A,)))
    assert _ids(_find(engine)) == {A.tracking_number: before}


@pytest.mark.parametrize("scans", [(), (a_scan(),)])
def test_unregistered_mail_that_gets_a_number_is_the_same_parcel(engine: Engine, scans: tuple[Any, ...]) -> None:
    _save(engine, an_order(parcels=(a_parcel(tracking_number="", scans=scans),)))
    before = _find(engine).parcels[0].id
    _save(engine, an_order(parcels=(A,)))
    assert _ids(_find(engine)) == {A.tracking_number: before}


def test_an_export_that_is_silent_about_parcels_or_scans_leaves_them(engine: Engine) -> None:
    _save(engine, an_order(parcels=(A, B)))
    before = _find(engine)
    silent: list[tuple[Parcel, ...]] = [(), (replace(A, scans=()), replace(B, scans=()))]
    assert [_save(engine, an_order(parcels=parcels)) for parcels in silent] == [["unchanged"], ["unchanged"]]
    assert _find(engine) == before


def test_reading_takes_one_statement_for_each_table(engine: Engine) -> None:
    _save(engine, *(an_order(number=str(number), parcels=(A, B)) for number in range(20)))
    with reading(engine) as connection, _statements(engine) as seen:
        Orders(connection).find_all("default", [str(number) for number in range(20)])
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 4


def test_two_orders_of_one_number_cannot_be_saved_together(engine: Engine) -> None:
    with pytest.raises(ValueError, match="same number"):
        _save(engine, an_order(number="10-01"), an_order(number="1001"))


def test_products_come_back_by_sku_and_are_replaced(engine: Engine) -> None:
    full = a_product(in_stock=False, restock_at=days_ago(-9), similar=("B", "C"), guide=("Charge it.", "Press {on}."))
    with writing(engine) as connection:
        orders = Orders(connection)
        orders.save_product("default", a_product())
        orders.save_products("default", [full, a_product(sku="B", price=None, in_stock=None)])
        found = orders.products("default", ["HP-200-BK", "B", "missing"])
    assert found == {"HP-200-BK": full, "B": a_product(sku="B", price=None, in_stock=None)}


def test_products_of_another_shop_are_not_seen(engine: Engine) -> None:
    with writing(engine) as connection:
        Orders(connection).save_product("other", a_product())
        assert Orders(connection).products("default", ["HP-200-BK"]) == {}


def test_two_imports_at_once_keep_each_order_once(engine: Engine) -> None:
    together = Barrier(2)

    def save(_writer: int) -> list[str]:
        together.wait(timeout=60)
        return _save(engine, *(an_order(number=str(number), parcels=(A, B)) for number in range(30)))

    with ThreadPoolExecutor(2) as pool:
        outcomes = [outcome for result in pool.map(save, range(2)) for outcome in result]
    orders = [_find(engine, str(number)) for number in range(30)]
    assert set(outcomes) <= {"new", "unchanged"}
    assert {(len(order.lines), len(order.parcels), len(order.parcels[0].scans)) for order in orders} == {(1, 2, 1)}
