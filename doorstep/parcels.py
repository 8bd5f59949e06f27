"""What happens to a parcel on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum


@dataclass(frozen=True)
class Destination:
    """Where a carrier says it delivered; any part may be empty."""

    line1: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True)
class Scan:
    """One line of a parcel's history. `at` keeps the UTC offset of the place it happened at.

    `status` and `reason` are words of the import schema (see doorstep/imports/schema.json).
    """

    at: datetime
    status: str
    description: str = ""
    location: str = ""
    country: str = ""
    reason: str = ""
    amount_due: Decimal | None = None
    amount_currency: str = ""
    act_by: datetime | None = None
    signed_by: str = ""
    left_at: str = ""
    delivered_to: Destination | None = None


@dataclass(frozen=True)
class Parcel:
    """One parcel of an order. `tracking_number` is empty for unregistered mail; `scans` are oldest first.

    `id` is ours. `skus` names what is in it; empty means all lines of the order.
    """

    id: int
    carrier: str
    tracking_number: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    skus: tuple[str, ...] = ()
    packing_photos: tuple[str, ...] = ()
    scans: tuple[Scan, ...] = ()

    @property
    def newest(self) -> Scan | None:
        """The latest scan, or None before the first."""
        return self.scans[-1] if self.scans else None


class Stage(Enum):
    """Where a parcel stands, as far as the answer to "I have not received it" depends on it."""

    NOT_SHIPPED = "not_shipped"
    MOVING = "moving"
    UNREGISTERED = "unregistered"
    AT_DESTINATION = "at_destination"
    CUSTOMS_HELD = "customs_held"
    WAITING_FOR_PICKUP = "waiting_for_pickup"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERED = "delivered"
    GOING_BACK = "going_back"
    LOST = "lost"
    STUCK = "stuck"


_STAGE_OF_STATUS = {
    "sorting_centre": Stage.AT_DESTINATION,
    "arrived_destination": Stage.AT_DESTINATION,
    "out_for_delivery": Stage.AT_DESTINATION,
    "customs_held": Stage.CUSTOMS_HELD,
    "ready_for_pickup": Stage.WAITING_FOR_PICKUP,
    "delivery_failed": Stage.DELIVERY_FAILED,
    "delivered": Stage.DELIVERED,
    "returning": Stage.GOING_BACK,
    "returned": Stage.GOING_BACK,
    "cancelled": Stage.GOING_BACK,
    "lost": Stage.LOST,
    "damaged": Stage.LOST,
    "destroyed": Stage.LOST,
    "expired": Stage.STUCK,
}
_CAN_GET_STUCK = (Stage.MOVING, Stage.AT_DESTINATION)


def stage_of(parcel: Parcel, now: datetime, no_scan_days: int, country: str) -> Stage:
    """Where a parcel for `country` stands at `now`, from its newest scan.

    A sorting centre of another country is still on the way. A newest scan that is `no_scan_days` calendar days
    old means stuck, unless the parcel waits for somebody.
    """
    newest = parcel.newest
    if parcel.shipped_at is None and (newest is None or newest.status == "label_created"):
        return Stage.NOT_SHIPPED
    if newest is None:
        return Stage.MOVING if parcel.tracking_number else Stage.UNREGISTERED
    stage = _STAGE_OF_STATUS.get(newest.status, Stage.MOVING)
    if stage is Stage.AT_DESTINATION and newest.country not in ("", country):
        stage = Stage.MOVING
    if stage in _CAN_GET_STUCK and now - newest.at >= timedelta(days=no_scan_days):
        return Stage.STUCK
    return stage
