"""Turns a checked order or product of an import file into ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from doorstep.imports.times import read_time
from doorstep.orders import Address, Buyer, Line, Order, Product
from doorstep.parcels import Destination, Parcel, Scan

Value = Mapping[str, Any]


def to_product(value: Value) -> Product:
    """The product of a value that passed the schema."""
    return Product(
        sku=value["sku"],
        title=value["title"],
        url=value.get("url", ""),
        price=_amount(value, "price"),
        in_stock=value.get("in_stock"),
        restock_at=_time(value, "restock_at"),
        similar=tuple(value.get("similar", ())),
        guide=tuple(value.get("guide", ())),
    )


def to_order(shop: str, value: Value) -> Order:
    """The order of a value that passed the schema; it has no id yet."""
    return Order(
        id=0,
        shop=shop,
        number=value["number"],
        marketplace=value.get("marketplace", "own"),
        placed_at=read_time(value["placed_at"]),
        paid_at=_time(value, "paid_at"),
        reserved_until=_time(value, "reserved_until"),
        pay_url=value.get("pay_url", ""),
        cancelled_at=_time(value, "cancelled_at"),
        confirmed_at=_time(value, "confirmed_at"),
        currency=value["currency"],
        total=Decimal(value["total"]),
        buyer=Buyer(**value["buyer"]),
        ship_to=Address(**value["ship_to"]),
        lines=tuple(_line(line) for line in value["lines"]),
        parcels=tuple(_parcel(parcel) for parcel in value.get("parcels", ())),
    )


def _line(value: Value) -> Line:
    return Line(
        sku=value["sku"],
        title=value["title"],
        quantity=int(value["quantity"]),
        unit_price=Decimal(value["unit_price"]),
        options=dict(value.get("options", {})),
    )


def _parcel(value: Value) -> Parcel:
    return Parcel(
        id=0,
        carrier=value["carrier"],
        tracking_number=value.get("tracking_number") or "",
        service=value.get("service", ""),
        shipped_at=_time(value, "shipped_at"),
        skus=tuple(value.get("skus", ())),
        packing_photos=tuple(value.get("packing_photos", ())),
        scans=tuple(sorted((_scan(scan) for scan in value.get("events", ())), key=lambda scan: scan.at)),
    )


def _scan(value: Value) -> Scan:
    texts = ("status", "description", "location", "country", "reason", "amount_currency", "signed_by", "left_at")
    return Scan(
        at=read_time(value["at"]),
        amount_due=_amount(value, "amount_due"),
        act_by=_time(value, "act_by"),
        delivered_to=Destination(**value["delivered_to"]) if "delivered_to" in value else None,
        **{name: value.get(name, "") for name in texts},
    )


def _time(value: Value, name: str) -> datetime | None:
    text = value.get(name)
    return None if text is None else read_time(text)


def _amount(value: Value, name: str) -> Decimal | None:
    text = value.get(name)
    return None if text is None else Decimal(text)
