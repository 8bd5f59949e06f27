"""The newest thing worth telling of a parcel, from what the carrier and the shop said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doorstep.parcels import Parcel, Scan
from doorstep.unasked import notices

_NEWS = {
    "departed_origin": notices.LEFT_ORIGIN,
    "arrived_destination": notices.ARRIVED,
    "sorting_centre": notices.ARRIVED,
    "customs_held": notices.CUSTOMS_HELD,
    "customs_released": notices.RELEASED,
    "out_for_delivery": notices.OUT,
    "delivery_failed": notices.FAILED,
    "ready_for_pickup": notices.PICKUP,
    "delivered": notices.DELIVERED,
    "returning": notices.GOING_BACK,
    "returned": notices.GOING_BACK,
    "cancelled": notices.GOING_BACK,
}
_SENT = ("picked_up", "in_transit")
_UNDER_WAY = (*_SENT, "label_created", "delayed", "customs")  # says nothing new


@dataclass(frozen=True)
class News:
    """The newest thing worth telling of a parcel; `scan` is None when only the shop said that it was sent."""

    kind: str
    at: datetime
    scan: Scan | None = None


def news_of(parcel: Parcel, country: str) -> News | None:
    """The news of a parcel that goes to `country`: its newest scan that says more than "under way"."""
    for scan in reversed(parcel.scans):
        kind = _NEWS.get(scan.status, "")
        if scan.status in _UNDER_WAY or (kind == notices.ARRIVED and not _is_in(scan, country)):
            continue
        return News(kind, scan.at, scan) if kind else None  # lost or destroyed: what was news before is none any more
    moved = next((scan for scan in parcel.scans if scan.status in _SENT), None)
    sent_at = parcel.shipped_at or (moved.at if moved else None)
    return News(notices.SHIPPED, sent_at, moved) if sent_at else None


def _is_in(scan: Scan, country: str) -> bool:
    # A sorting centre of a place that is not named may be one at the origin.
    return scan.country == country or (scan.status == "arrived_destination" and not scan.country)
