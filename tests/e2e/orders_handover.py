"""Orders for the tests of handing over (7360 to 7379): deliveries that failed once or twice, one on its way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
FAILED, MOVING, ABOVE_LIMIT_LOST = "1018", "1004", "1017"
FAILED_TWICE, FAILED_ONCE, ON_THE_WAY, DISPUTED, ABOVE_LIMIT = "7360", "7361", "7362", "7363", "7364"


def handing_over(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    twice = copied(FAILED, FAILED_TWICE)
    (parcel,) = twice["parcels"]
    again = copy.deepcopy(parcel["events"][-1])
    again["at"] = again["at"].replace("T12:", "T16:")
    again["description"] = "Nobody was at home again"
    parcel["events"].append(again)
    return [
        twice,
        copied(FAILED, FAILED_ONCE),
        copied(MOVING, ON_THE_WAY),
        copied(MOVING, DISPUTED),
        copied(ABOVE_LIMIT_LOST, ABOVE_LIMIT, total="490.00"),
    ]
