"""Orders of a week of shop life, as the shop tells them day by day: numbers 7301 to 7307, all to Britain."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from tests.e2e.orders import email_of

Json = dict[str, Any]

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
WATCHED, CHOSE, WAITS, PAYS, NEVER_PAYS, STOPS, SILENT = (str(7300 + place) for place in range(1, 8))


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week: `day` 0 is Monday; in Britain the clock shows the same."""
    return MONDAY.replace(hour=0) + timedelta(days=day, hours=hour, minutes=minute)


def told_by_shop(*orders: Json) -> Json:
    """What the shop exports."""
    return {"shop": "default", "orders": list(orders)}


def an_order(number: str, placed: datetime = MONDAY, **changes: Any) -> Json:
    """One desk clock, paid when it was ordered; nothing has left."""
    return {
        "number": number,
        "placed_at": placed.isoformat(),
        "paid_at": placed.isoformat(),
        "currency": "USD",
        "total": "19.90",
        "buyer": {"id": f"T-{number}", "name": "Alice Hughes", "email": email_of(number), "language": "en"},
        "ship_to": {
            "name": "Alice Hughes",
            "line1": "12 Mill Lane",
            "city": "Leeds",
            "postcode": "LS1 4AB",
            "country": "GB",
        },
        "lines": [{"sku": "T-CLOCK", "title": "Desk clock", "quantity": 1, "unit_price": "19.90"}],
        **changes,
    }


def unpaid(number: str, **changes: Any) -> Json:
    """An order that nobody has paid yet; it is kept until Thursday."""
    return an_order(number, **{"reserved_until": on(3, 23).isoformat(), **changes, "paid_at": None})


def sent(number: str, shipped: datetime, *scans: Json, placed: datetime = MONDAY) -> Json:
    """An order whose one parcel has left."""
    parcel = {
        "carrier": "yunexpress",
        "service": "standard",
        "tracking_number": f"YT26{number:0>14}",
        "shipped_at": shipped.isoformat(),
        "events": list(scans),
    }
    return an_order(number, placed, parcels=[parcel])


def late(number: str) -> Json:
    """An order whose parcel should have come weeks ago and still moves."""
    left = on(-50, 10)
    moves = scan(on(-3, 9), "in_transit", country="DE", description="Arrived at hub", location="Leipzig")
    return sent(number, left, scan(left, "departed_origin"), moves, placed=on(-52, 8))


def scan(at: datetime, status: str, **changes: Any) -> Json:
    """One scan, in China unless told otherwise."""
    return {"at": at.isoformat(), "status": status, "description": "", "location": "", "country": "CN", **changes}
