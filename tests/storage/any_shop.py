"""Any shop: a policy, two orders and what becomes of their parcels; for the test of any conversation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from doorstep.languages import SPOKEN
from doorstep.orders import Order, Product
from doorstep.parcels import Parcel, Scan
from doorstep.policy.shop import ShopPolicy
from tests.builders import CHINA, a_line, an_address, an_order, days_ago
from tests.telling import a_policy

CODES = ["CODE-1", "CODE-2"]
SKUS = ("A", "B", "C")
FLAT = "Apto 42 B"
PRICES = tuple(Decimal(price) for price in ("24.50", "9.99", "9.99", "0.01", "13.33", "33.33"))
STATUSES = (
    "departed_origin", "customs_held", "customs_held", "customs_released", "sorting_centre", "out_for_delivery",
    "delivery_failed", "ready_for_pickup", "delivered", "delivered", "returning", "returned", "lost", "damaged",
)  # fmt: skip
THEMES = ("", "", "delivered", "delivered", "in_transit", "customs_held", "returned")  # how its parcels begin
REASONS = ("", "duties_due", "documents_missing", "bad_address", "bad_address", "refused", "nobody_home")
WRITTEN = ("", "Curitiba", f"Rua Augusta 1508, {FLAT}, 01304-001", "Call +55 11 5555 0100 or ana.souza@example.com")
GUIDE = ("Hold the button.", "Let go.")


@dataclass(frozen=True)
class AnyShop:
    """What a walk begins with."""

    policy: ShopPolicy
    orders: tuple[Order, ...]
    products: tuple[Product, ...]
    languages: tuple[str, ...]


def any_shop(random: Random) -> AnyShop:
    """Any policy, an order of up to three lines and parcels, and a smaller one beside it."""
    products = tuple(
        Product(sku, f"Lamp {sku}", price=random.choice(PRICES), in_stock=random.choice([None, True, False]),
                similar=("C", "D"), guide=random.choice([GUIDE, ()]))
        for sku in (*SKUS, "D")
    )  # fmt: skip
    orders = (_order(random, "1001", random.randint(1, 3), random.randint(0, 3)), _order(random, "1002", 1, 1))
    return AnyShop(_policy(random), orders, products, tuple(random.choice(SPOKEN) for _ in range(3)))


def any_scan(random: Random, at: datetime) -> Scan:
    """Anything a carrier may tell at a moment."""
    return Scan(
        at=at.astimezone(CHINA),
        status=random.choice(STATUSES),
        description=random.choice(WRITTEN),
        location=random.choice(WRITTEN),
        country=random.choice(["", "BR", "CN"]),
        reason=random.choice(REASONS),
        amount_due=random.choice([None, *PRICES]),
        amount_currency=random.choice(["", "BRL"]),
        act_by=random.choice([None, at + timedelta(days=3)]),
        signed_by=random.choice(["", "Marcos Oliveira", "Ana Souza"]),
        left_at=random.choice(WRITTEN),
    )


def _amounts(random: Random, *most: int) -> dict[str, int]:
    each = random.choice((None, *most))
    return {} if each is None else {"USD": each, "BRL": each}


def _policy(random: Random) -> ShopPolicy:
    overrides = {
        "shops": random.choice([{}, {"default": {"customs": {"share_percent": 10}}}]),
        "countries": {"BR": _some(random, _rules(random), 2)} if random.random() < 0.3 else {},
    }
    return a_policy(**_rules(random), handling_days=random.randint(0, 5), overrides=overrides)


def _some(random: Random, rules: dict[str, Any], count: int) -> dict[str, Any]:
    return {name: rules[name] for name in random.sample(sorted(rules), count)}


def _rules(random: Random) -> dict[str, Any]:
    often = [True, True, True, False]
    return {
        "remedies": {
            "resend": random.choice(often),
            "refund": random.choice(often),
            "limits": _amounts(random, 0, 30, 500, 500, 500, 500),
            "offer_valid_days": random.randint(1, 30),
        },
        "waits": {
            "grace_days": random.randint(0, 4),
            "delivered_days": random.randint(0, 3),
            "no_scan_days": random.randint(3, 40),
        },
        "goods": {
            "photo": random.choice([True, False]),
            "part_refund_percent": random.choice([0, 30, 90]),
            "low_values": _amounts(random, 15, 100),
            "coupons": random.choice([[], CODES[:1], CODES]),
            "report_within_days": random.choice([1, 20, 90]),
        },
        "returns": {
            "window_days": random.choice([0, 5, 60]),
            "exchange": random.choice(often),
            "used": random.choice(often),
            "warehouses": random.choice([{}, {"default": "Box 12, Shenzhen"}, {"default": "Box 12, Shenzhen"}]),
        },
        "customs": {
            "duties": random.choice(["buyer", "buyer", "buyer", "shop"]),
            "share_percent": random.choice([0, 1, 33, 50, 100]),
            "share_caps": _amounts(random, 0, 10, 500),
            "papers": random.choice(often),
        },
    }


def _order(random: Random, number: str, lines: int, parcels: int) -> Order:
    theme = random.choice(THEMES)
    bought = tuple(
        a_line(sku=sku, title=f"Lamp {sku}", quantity=random.randint(1, 2), unit_price=random.choice(PRICES))
        for sku in SKUS[:lines]
    )
    prices = sum((line.unit_price * line.quantity for line in bought), start=Decimal(0))
    return an_order(
        number=number,
        lines=bought,
        total=random.choice([prices, prices, prices, Decimal("20.00"), prices + 5]),
        placed_at=days_ago(61),
        paid_at=random.choice([days_ago(61)] * 4 + [None]),
        ship_to=an_address(line2=FLAT),
        parcels=tuple(_parcel(random, f"RB{number}0000{n}CN", SKUS[:lines], theme) for n in range(parcels)),
    )


def _parcel(random: Random, number: str, skus: tuple[str, ...], theme: str) -> Parcel:
    ages = sorted(random.sample(range(1, 7), random.randint(0, 3)), reverse=True)
    seen = tuple(any_scan(random, days_ago(age)) for age in ages)
    if theme:
        seen = (*seen, replace(any_scan(random, days_ago(0.5)), status=theme, delivered_to=None))
    return Parcel(
        id=0,
        carrier="china-post",
        tracking_number=random.choice([number] * 4 + [""]),
        service="registered",
        shipped_at=random.choice([days_ago(60), days_ago(60), days_ago(30), days_ago(8), None]),
        skus=tuple(random.sample(skus, random.randint(0, len(skus)))),
        scans=seen,
    )
