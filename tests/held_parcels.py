"""Parcels that customs hold, or held, and what is asked about them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from doorstep.answers import settle_option
from doorstep.customs import wishes as customs
from doorstep.offers import DUTY
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.settlement import Settlement, Situation
from tests.builders import BRAZIL, a_parcel, a_scan, days_ago
from tests.telling import a_policy, a_situation, stored

SHARE = Money(Decimal("43.20"), "BRL")  # of what is due below
GIVE = "Yes, pay me R$43.20 back"
SHOP_BEARS = a_policy(customs={"duties": "shop"})
NO_SHARE = a_policy(customs={"share_percent": 0})
_DUE: dict[str, Any] = {
    "reason": "duties_due", "amount_due": Decimal("86.40"), "amount_currency": "BRL", "act_by": days_ago(-9),
}  # fmt: skip


def a_held_parcel(**changes: Any) -> Parcel:
    """Held in Curitiba for two days for R$86.40 of duty, to be paid within nine days; changes are the scan's."""
    held = a_scan(at=days_ago(2).astimezone(BRAZIL), status="customs_held", location="Curitiba", country="BR")
    return a_parcel(scans=(a_scan(), replace(held, description="", **{**_DUE, **changes})))


def gone_on(*statuses: str) -> Parcel:
    """The held parcel with scans of yesterday."""
    held = a_held_parcel()
    scan = a_scan(at=days_ago(1).astimezone(BRAZIL), location="Curitiba", country="BR", description="")
    return replace(held, scans=(*held.scans, *(replace(scan, status=status) for status in statuses)))


def asked(about: str, *parcels: Parcel, **changes: Any) -> Settlement:
    """The answer to a question about customs, of the held parcel unless others are given."""
    return customs.settle(a_situation(*(parcels or (a_held_parcel(),)), about=about, **changes))


def taken(situation: Situation, settled: Settlement, option: str = "yes") -> Settlement:
    """What answering the offered share brings."""
    kinds = [offer.kind for offer in settled.offers]
    return settle_option(situation, stored(settled, kinds.index(DUTY), chosen=option), option)


def accepted(*parcels: Parcel, **changes: Any) -> Settlement:
    """What a yes to the share brings that was offered for the held parcel, when `parcels` are how things are then."""
    then = a_situation(*(parcels or (a_held_parcel(),)), **changes)
    return taken(then, customs.settle(a_situation(a_held_parcel())))
