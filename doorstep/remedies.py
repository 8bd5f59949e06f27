"""What the seller's policy allows when a parcel does not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from doorstep.offers import REFUND, RESEND
from doorstep.orders import Money, Order
from doorstep.parcels import Parcel
from doorstep.shop_policy import ShopPolicy
from doorstep.windows import add_business_days, shop_date


@dataclass(frozen=True)
class Remedies:
    """What may be granted for goods worth `value` without asking a person; empty options mean a person decides."""

    options: tuple[str, ...]
    value: Money


def value_of(order: Order, parcel: Parcel) -> Money:
    """What the goods in a parcel cost; the order's total when the parcel holds all of it."""
    if not parcel.skus or {line.sku for line in order.lines} <= set(parcel.skus):
        return order.value
    inside = [line for line in order.lines if line.sku in parcel.skus]
    return Money(sum((line.unit_price * line.quantity for line in inside), start=order.total * 0), order.currency)


def remedies_for(order: Order, parcel: Parcel, policy: ShopPolicy) -> Remedies:
    """The options the policy allows for one parcel that does not arrive."""
    value = value_of(order, parcel)
    if not policy.remedies.within_limit(value.amount, value.currency):
        return Remedies((), value)
    allowed = ((RESEND, policy.remedies.resend), (REFUND, policy.remedies.refund))
    return Remedies(tuple(name for name, on in allowed if on), value)


def granted_by(option: str, now: datetime, policy: ShopPolicy) -> date:
    """The date by which a granted option is carried out (the shop's calendar)."""
    days = {RESEND: policy.remedies.resend_within_days}.get(option, policy.remedies.refund_within_days)
    return add_business_days(shop_date(now, policy), days)


def offer_ends(now: datetime, policy: ShopPolicy) -> datetime:
    """When an offer made now lapses."""
    return now + timedelta(days=policy.remedies.offer_valid_days)
