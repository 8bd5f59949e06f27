"""Orders for the tests of goods with a problem (7220 to 7249): delivered, each another worth and another item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
DELIVERED, TWO_PARCELS, MOVING = "1015", "1013", "1004"
PLAIN = ("7220", "7221", "7226", "7227", "7228", "7229", "7232", "7233", "7234")  # a lamp for 18.90 pounds
TWO_ITEMS = ("7222", "7235")  # a drone and its case in one parcel
LOW, OVER_LIMIT, ON_THE_WAY = "7223", "7225", "7230"
WITH_GUIDE = ("7224", "7231")  # headphones


def with_problems(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    orders = [copied(DELIVERED, number) for number in (*PLAIN, LOW, OVER_LIMIT, *WITH_GUIDE)]
    by_number = {order["number"]: order for order in orders}
    by_number[LOW].update(total="9.00")
    by_number[LOW]["lines"][0].update(unit_price="9.00")
    by_number[OVER_LIMIT].update(total="240.00")
    by_number[OVER_LIMIT]["lines"][0].update(unit_price="240.00")
    for number in WITH_GUIDE:
        by_number[number]["lines"][0].update(sku="HP-200-BK", title="Wireless headphones HP-200, black")
    for number in TWO_ITEMS:
        both = copied(TWO_PARCELS, number)
        both["parcels"] = [{**both["parcels"][0], "skus": ["DRONE-M1", "CASE-M1"]}]
        orders.append(both)
    return [*orders, copied(MOVING, ON_THE_WAY)]
