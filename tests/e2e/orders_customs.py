"""Orders for the tests of customs (7208 to 7218): the demo's held parcel, and one on its way, under other numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
HELD, MOVING = "1007", "1003"
COPIES = {
    "7208": HELD,  # talked through by choices
    "7209": HELD,  # talked through in typed words
    "7210": HELD,  # papers are missing
    "7211": HELD,  # released after the share was offered
    "7212": HELD,  # a strange message
    "7213": HELD,  # the carrier names no amount
    "7214": HELD,  # a currency without a cap
    "7215": HELD,  # one of two parcels
    "7216": HELD,  # the share is taken with a yes
    "7217": MOVING,  # nothing is held
    "7218": HELD,  # comes back after the share was offered
}


def at_customs(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    made = {number: copied(source, number) for number, source in COPIES.items()}
    papers = _held(made["7210"])
    papers.update(reason="documents_missing")
    for number in ("7210", "7213"):
        _held(made[number]).pop("amount_due")
        _held(made[number]).pop("amount_currency")
    _held(made["7214"]).update(amount_currency="CHF")
    other = {**made["7215"]["parcels"][0], "tracking_number": "TT00721509CN"}
    other["events"] = other["events"][:-1]
    made["7215"]["parcels"].append(other)
    return list(made.values())


def _held(order: Json) -> Json:
    event: Json = order["parcels"][0]["events"][-1]
    return event
