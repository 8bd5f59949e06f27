"""Orders whose cases end in a dossier: one that is lost on its way, one that comes broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def with_cases(copied: Callable[..., Json]) -> list[Json]:
    """7340 is stuck and 7341 was delivered, 7342 is late; `copied` makes an order from one of the demo's."""
    stuck = copied("1006", "7340", marketplace="ebay")
    stuck["parcels"][0]["packing_photos"] = ["https://shop.example/packing/7340-1.jpg"]
    return [stuck, copied("1014", "7341", marketplace="aliexpress"), copied("1004", "7342")]
