"""Turns orders, parcels, scans and products into table rows and back; `doorstep.storage.orders` moves the rows.

Money is kept with two decimals. A scan's time is kept in UTC with the offset of its place beside it, in minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta, timezone
from typing import Any

from doorstep.orders import Address, Buyer, Line, Order, Product, order_key
from doorstep.parcels import Destination, Parcel, Scan
from doorstep.people.customers import key_of

Row = dict[str, Any]

_SAME_IN_ORDER = (
    *("marketplace", "placed_at", "paid_at", "reserved_until", "pay_url", "cancelled_at", "confirmed_at"),
    *("currency", "total"),
)
_SAME_IN_LINE = ("sku", "title", "quantity", "unit_price")
_SAME_IN_PARCEL = ("tracking_number", "carrier", "service", "shipped_at")
_SAME_IN_SCAN = (
    *("at", "status", "description", "location", "country", "reason"),
    *("amount_due", "amount_currency", "act_by", "signed_by", "left_at"),
)
_SAME_IN_PRODUCT = ("sku", "title", "url", "price", "in_stock", "restock_at")


def order_row(shop: str, order: Order) -> Row:
    """The row of the order itself, without its id."""
    row = _picked(order, _SAME_IN_ORDER)
    row |= {"shop": shop, "number": order.number, "number_key": order_key(order.number)}
    return row | {"buyer": asdict(order.buyer), "ship_to": asdict(order.ship_to), "customer": key_of(order.buyer)}


def line_rows(order: Order) -> list[Row]:
    """The rows of the order's lines, without ids."""
    return [
        _picked(line, _SAME_IN_LINE) | {"position": position, "options": dict(line.options)}
        for position, line in enumerate(order.lines)
    ]


def parcel_row(parcel: Parcel) -> Row:
    """The row of a parcel, without ids and position: a stored parcel keeps its place."""
    return _picked(parcel, _SAME_IN_PARCEL) | {"skus": list(parcel.skus), "packing_photos": list(parcel.packing_photos)}


def scan_rows(parcel: Parcel) -> list[Row]:
    """The rows of a parcel's scans, without ids: oldest first, the same scan once."""
    rows: list[Row] = []
    for scan in dict.fromkeys(sorted(parcel.scans, key=lambda scan: scan.at)):
        row = _picked(scan, _SAME_IN_SCAN)
        offset = scan.at.utcoffset() or timedelta()
        row["utc_offset"] = round(offset.total_seconds() / 60)
        row["delivered_to"] = None if scan.delivered_to is None else asdict(scan.delivered_to)
        rows.append(row)
    return rows


def product_row(shop: str, product: Product) -> Row:
    """The row of a product."""
    row = _picked(product, _SAME_IN_PRODUCT)
    return row | {"shop": shop, "similar": list(product.similar), "guide": list(product.guide)}


def to_order(row: Any, lines: Sequence[Any], parcels: Sequence[Parcel]) -> Order:
    """The order of a row, with the rows of its lines and its parcels."""
    return Order(
        id=row.id,
        shop=row.shop,
        number=row.number,
        buyer=Buyer(**row.buyer),
        ship_to=Address(**row.ship_to),
        lines=tuple(Line(**_picked(line, _SAME_IN_LINE), options=line.options) for line in lines),
        parcels=tuple(parcels),
        **_picked(row, _SAME_IN_ORDER),
    )


def to_parcel(row: Any, scans: Sequence[Any]) -> Parcel:
    """The parcel of a row, with the rows of its scans."""
    return Parcel(
        id=row.id,
        skus=tuple(row.skus),
        packing_photos=tuple(row.packing_photos),
        scans=tuple(_to_scan(scan) for scan in scans),
        **_picked(row, _SAME_IN_PARCEL),
    )


def to_product(row: Any) -> Product:
    """The product of a row."""
    return Product(similar=tuple(row.similar), guide=tuple(row.guide), **_picked(row, _SAME_IN_PRODUCT))


def _to_scan(row: Any) -> Scan:
    values = _picked(row, _SAME_IN_SCAN)
    values["at"] = row.at.astimezone(timezone(timedelta(minutes=row.utc_offset)))
    return Scan(delivered_to=None if row.delivered_to is None else Destination(**row.delivered_to), **values)


def _picked(source: object, names: Sequence[str]) -> Row:
    return {name: getattr(source, name) for name in names}
