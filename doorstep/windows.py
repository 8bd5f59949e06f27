"""When things should happen: business days, a parcel's expected window, and dates as the shop counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from doorstep.orders import Order
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy


@dataclass(frozen=True)
class Window:
    """When a parcel is usually there. `usual` is in business days after `counted_from`; dates are the shop's."""

    counted_from: date
    usual: tuple[int, int]
    expected_by: date

    def days_late(self, today: date) -> int:
        """Calendar days past the window; 0 while it is open."""
        return max(0, (today - self.expected_by).days)


def add_business_days(start: date, days: int) -> date:
    """The date `days` business days (Monday to Friday) after `start`; public holidays are not known here."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def shop_date(moment: datetime, policy: ShopPolicy) -> date:
    """The calendar date of a moment where the shop is."""
    return moment.astimezone(ZoneInfo(policy.shop.timezone)).date()


def end_of(day: date, policy: ShopPolicy) -> datetime:
    """The last second of a day where the shop is: a promise "until" that day is due then."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(policy.shop.timezone))


def window_of(order: Order, parcel: Parcel, policy: ShopPolicy) -> Window | None:
    """The parcel's expected window, or None while it has not been shipped.

    It is counted from the day the shop sent the parcel, else from the day the carrier first had it.
    """
    start = parcel.shipped_at or next((scan.at for scan in parcel.scans if scan.status != "label_created"), None)
    if start is None:
        return None
    usual = policy.usual_days_for(parcel.carrier, parcel.service, order.ship_to.country)
    counted_from = shop_date(start, policy)
    return Window(counted_from, usual, add_business_days(counted_from, usual[1]))
