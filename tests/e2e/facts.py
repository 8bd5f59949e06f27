"""What a buyer must be told, worked out from the order and the seller's rules, without the code that decides it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_currency

from doorstep.orders import Order
from doorstep.parcels import Parcel, Scan
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Catalogue
from doorstep.replies.values import Reply, Value
from doorstep.settings import ROOT
from tests.e2e.buyer import Told, plain, text_of
from tests.e2e.words import without_queue

_CATALOGUE = Catalogue(ROOT / "replies")


def label(name: str, **values: Value) -> str:
    """The label of a choice as the seller's words have it."""
    return plain(_CATALOGUE.word(Reply(name, values), "en").text)


def day(when: date) -> str:
    """A date as an English buyer reads it: "Sat, Nov 21, 2026"."""
    return f"{when:%a}, {when:%b} {when.day}, {when.year}"


def moment(when: datetime) -> str:
    """A local time as an English buyer reads it: "Sat, Nov 21, 2026, 1:25 PM"."""
    return f"{day(when)}, {when.hour % 12 or 12}:{when:%M %p}"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as an English buyer reads it."""
    return plain(format_currency(amount, currency, locale="en"))


def total_of(order: Order) -> str:
    """What the order cost."""
    return money(order.total, order.currency)


def scan_line(scan: Scan) -> str:
    """One scan as it is told: when and where in local time."""
    return f"{moment(scan.at)}: {scan.description} ({scan.location})"


def shop_day(policy: ShopPolicy, when: datetime) -> date:
    """The date where the shop is."""
    return when.astimezone(ZoneInfo(policy.shop.timezone)).date()


def business_days_after(start: date, count: int) -> date:
    """The date `count` Mondays to Fridays later."""
    later = [start + timedelta(days=n) for n in range(1, 2 * count + 8)]
    return [one for one in later if one.isoweekday() <= 5][count - 1]


def usual(policy: ShopPolicy, order: Order, parcel: Parcel) -> tuple[int, int]:
    """How many business days such a parcel usually takes."""
    return policy.usual_days_for(parcel.carrier, parcel.service, order.ship_to.country)


def expected_by(policy: ShopPolicy, order: Order, parcel: Parcel) -> date:
    """The last day of the usual time."""
    assert parcel.shipped_at is not None
    return business_days_after(shop_day(policy, parcel.shipped_at), usual(policy, order, parcel)[1])


def due_day(policy: ShopPolicy, promise: Any) -> date:
    """The day a promise falls due; it must be the whole day where the shop is."""
    due = promise.due_at.astimezone(ZoneInfo(policy.shop.timezone))
    assert (due.hour, due.minute) == (23, 59)
    return shop_day(policy, due)


def days_after(policy: ShopPolicy, promise: Any, days: int) -> date:
    """The day that many calendar days after a promise was made."""
    return shop_day(policy, promise.made_at) + timedelta(days=days)


def assert_told(told: list[Told], *facts: str) -> None:
    """Every fact is told, and the text is fit to be read: no empty beginning, no name of a value left in it."""
    text = text_of(told)
    missing = [fact for fact in facts if fact not in text]
    assert missing == [], f"not told: {missing}; told was:\n{text}"
    assert {one.sender for one in without_queue(told)} == {"assistant"}
    assert [one.text for one in told] == [one.text.strip() for one in told]
