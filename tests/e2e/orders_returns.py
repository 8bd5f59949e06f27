"""Orders for the tests of returns (7250 to 7279): demo orders that were delivered, under other numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
GREAT_BRITAIN, UNITED_STATES, LONG_AGO, MOVING = "1015", "1014", "1016", "1003"  # by where or when it was delivered
COPIES = {
    "7250": GREAT_BRITAIN,  # returned by choices
    "7251": GREAT_BRITAIN,  # returned in typed words
    "7252": GREAT_BRITAIN,  # exchanged
    "7253": GREAT_BRITAIN,  # asked for a return nobody knows
    "7254": GREAT_BRITAIN,  # money wanted back
    "7255": LONG_AGO,  # too late
    "7256": GREAT_BRITAIN,  # two items
    "7257": UNITED_STATES,  # no warehouse there
    "7258": GREAT_BRITAIN,  # comes in
    "7259": GREAT_BRITAIN,  # used
    "7260": MOVING,  # not there yet
    "7261": GREAT_BRITAIN,  # exchanged, then for money
}


def returning(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    made = [copied(source, number) for number, source in COPIES.items()]
    two = next(order for order in made if order["number"] == "7256")
    two["lines"].append({"sku": "T-MUG", "title": "Blue mug", "quantity": 1, "unit_price": "8.00"})
    two["total"] = "26.90"
    return made
