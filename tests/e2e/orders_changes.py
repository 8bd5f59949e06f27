"""Orders for the tests of changes (7280 to 7299): demo orders under other numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
UNSENT, UNPAID, MOVING, BACK, DELIVERED = "1010", "1012", "1003", "1009", "1016"
COPIES = {
    "7280": UNSENT,  # cancelled
    "7281": UNSENT,  # gets another address
    "7282": UNPAID,  # cancelled
    "7283": BACK,  # on its way back
    "7284": BACK,  # back
    "7285": DELIVERED,  # received
    "7286": MOVING,  # too late to cancel
    "7287": MOVING,  # too late for another address
    "7288": UNSENT,  # another address, with interruptions
    "7289": UNSENT,  # kept after all
    "7290": UNSENT,  # another address, left
    "7291": UNSENT,  # another address that cannot be read
    "7292": UNSENT,  # another address, then another order
}


def changing(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    made = [copied(source, number) for number, source in COPIES.items()]
    back = next(order for order in made if order["number"] == "7284")
    back["parcels"][0]["events"][-1].update(status="returned", description="Back at the sender")
    return made
