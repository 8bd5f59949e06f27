"""What is kept of an order when the shop tells it again: decided here, written by `doorstep.storage.orders`.

A seller exports every hour, often only what is recent or only what one program knows. So what an export does
not speak of stays as it is: an order without parcels keeps its parcels, a parcel without scans keeps its scans.
What it does speak of is replaced.

What was agreed with the buyer here is not undone by an export that does not know of it yet. An address that was
replaced here counts as not heard of the change, as long as the shop has not ticked the change off; any other address
is news and counts. No day of cancelling or of receipt is silence and not the contrary; but money that comes in for an
order that was called off unpaid is news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from doorstep.orders import Address, Order, order_key
from doorstep.parcels import Parcel


@dataclass(frozen=True)
class Agreed:
    """What was agreed with the buyer about an order: the new address, those it `replaced`, when it was called off."""

    ship_to: Address | None = None
    replaced: tuple[Address, ...] = ()
    cancelled_at: datetime | None = None


NOTHING = Agreed()


def merged(stored: Order, told: Order, agreed: Agreed = NOTHING) -> Order:
    """The order as it is to be stored: what was told, with the ids and the silent parts of what is stored."""
    parcels = _merge_parcels(stored.parcels, told.parcels) if told.parcels else stored.parcels
    not_heard_yet = agreed.ship_to == stored.ship_to and told.ship_to in agreed.replaced
    paid_since = stored.paid_at is None and told.paid_at is not None
    called_off = None if paid_since else agreed.cancelled_at
    return replace(
        told,
        id=stored.id,
        shop=stored.shop,
        parcels=tuple(parcels),
        ship_to=stored.ship_to if not_heard_yet else told.ship_to,
        cancelled_at=told.cancelled_at or called_off,
        confirmed_at=told.confirmed_at or stored.confirmed_at,
    )


def _merge_parcels(stored: Sequence[Parcel], told: Sequence[Parcel]) -> list[Parcel]:
    """Stored parcels in their places, then new ones (id 0).

    A stored parcel that is not told any more stays when it was ever scanned: it exists, and the buyer may have
    been told of it. One without a scan goes: its label was replaced, and waiting for it would cost a refund.
    """
    pairs = _same_parcels(stored, told)
    result = []
    for index, parcel in enumerate(stored):
        if index in pairs:
            result.append(_merge_parcel(parcel, told[pairs[index]]))
        elif parcel.scans:
            result.append(parcel)
    matched = set(pairs.values())
    return result + [replace(parcel, id=0) for index, parcel in enumerate(told) if index not in matched]


def _merge_parcel(stored: Parcel, told: Parcel) -> Parcel:
    return replace(told, id=stored.id, scans=told.scans or stored.scans)


def _same_parcels(stored: Sequence[Parcel], told: Sequence[Parcel]) -> dict[int, int]:
    """Which stored parcel (index) is which told one: by tracking number, then by place, then unregistered mail."""
    pairs: dict[int, int] = {}

    def pair(tests: Sequence[bool], told_index: int) -> None:
        free = [index for index, fits in enumerate(tests) if fits and index not in pairs]
        if free and told_index not in pairs.values():
            pairs[free[0]] = told_index

    for index, parcel in enumerate(told):
        key = order_key(parcel.tracking_number)
        pair([bool(key) and order_key(old.tracking_number) == key for old in stored], index)
    for index in range(len(told)):
        pair([place == index and _may_get_a_number(old) for place, old in enumerate(stored)], index)
    for index, parcel in enumerate(told):
        pair([not parcel.tracking_number and not old.tracking_number for old in stored], index)
    return pairs


def _may_get_a_number(parcel: Parcel) -> bool:
    # A number that was never scanned may have been mistyped; one that was scanned names another parcel.
    return not parcel.tracking_number or not parcel.scans
