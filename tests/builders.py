"""Builds orders, parcels and scans for tests: believable defaults, a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from doorstep.orders import Address, Buyer, Line, Order, Product
from doorstep.parcels import Parcel, Scan

NOW = datetime(2025, 6, 18, 12, 0, tzinfo=timezone.utc)  # a Wednesday, noon
CHINA = timezone(timedelta(hours=8))
BRAZIL = timezone(timedelta(hours=-3))


def days_ago(count: float) -> datetime:
    """The moment `count` days before NOW, in UTC."""
    return NOW - timedelta(days=count)


def a_scan(**changes: Any) -> Scan:
    """One scan: left China five days ago, unless told otherwise."""
    scan = Scan(
        at=days_ago(5).astimezone(CHINA),
        status="departed_origin",
        description="Departed from office of exchange",
        location="Guangzhou",
        country="CN",
    )
    return replace(scan, **changes)


def a_parcel(**changes: Any) -> Parcel:
    """A registered China Post parcel with one scan. `status=` and `at=` are short for that scan's."""
    scan = {key: changes.pop(key) for key in ("status", "at") if key in changes}
    parcel = Parcel(
        id=1,
        carrier="china-post",
        tracking_number="RB123456785CN",
        service="registered",
        shipped_at=days_ago(8).astimezone(CHINA),
        scans=(a_scan(**scan),),
    )
    return replace(parcel, **changes)


def a_line(**changes: Any) -> Line:
    """One pair of headphones at 24.50."""
    return replace(Line(sku="HP-200-BK", title="Headphones", quantity=1, unit_price=Decimal("24.50")), **changes)


def a_buyer(**changes: Any) -> Buyer:
    """Ana Souza, who writes English unless told otherwise."""
    buyer = Buyer(name="Ana Souza", id="B-1", email="ana.souza@example.com", phone="+55 11 5555 0100", language="en")
    return replace(buyer, **changes)


def an_address(**changes: Any) -> Address:
    """Ana's home in São Paulo."""
    address = Address(
        name="Ana Souza", line1="Rua Augusta 1508", city="São Paulo", postcode="01304-001", country="BR", region="SP"
    )
    return replace(address, **changes)


def a_product(**changes: Any) -> Product:
    """The headphones, in stock."""
    product = Product(
        sku="HP-200-BK",
        title="Headphones",
        url="https://shop.example/hp-200",
        price=Decimal("24.50"),
        in_stock=True,
    )
    return replace(product, **changes)


def an_order(**changes: Any) -> Order:
    """A paid order of ten days ago to Brazil with one parcel on its way."""
    order = Order(
        id=1,
        shop="default",
        number="1001",
        marketplace="own",
        placed_at=days_ago(10),
        paid_at=days_ago(10),
        currency="USD",
        total=Decimal("24.50"),
        buyer=a_buyer(),
        ship_to=an_address(),
        lines=(a_line(),),
        parcels=(a_parcel(),),
    )
    return replace(order, **changes)
