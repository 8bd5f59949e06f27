"""The groups of rules in a seller's file (`shop_policy.yml`), each with its defaults.

`doorstep.policy.shop` puts them together; what a single value may be is said in `doorstep.policy.rules`.
"""

from __future__ import annotations

from datetime import time
from decimal import ROUND_DOWN, Decimal
from typing import Any

from pydantic import BaseModel, Field, root_validator, validator
from pydantic.fields import ModelField

from doorstep.policy import rules

_CHINA_POST = {"default": (10, 20), "BR": (15, 35), "RU": (15, 30), "US": (10, 20)}
_USUAL_SERVICES = {
    "china-post/registered": _CHINA_POST,
    "china-post/small-packet": {"default": (15, 30), "BR": (20, 40)},
    "china-post/epacket": {"default": (7, 15), "US": (7, 14)},
    "yunexpress": {"default": (7, 12), "BR": (10, 20)},
    "4px": {"default": (8, 15)},
    "yanwen": {"default": (10, 20)},
}
_LIMITS = {"USD": 100, "EUR": 90, "GBP": 80, "CAD": 130, "AUD": 150, "BRL": 500, "MXN": 1800, "CNY": 700}
_SHARE_CAPS = {"USD": 10, "EUR": 9, "GBP": 8, "CAD": 13, "AUD": 15, "BRL": 50, "MXN": 180, "CNY": 70, "RUB": 900}
_LOW_VALUES = {"USD": 15, "EUR": 14, "GBP": 12, "CAD": 20, "AUD": 22, "BRL": 75, "MXN": 270, "CNY": 100, "RUB": 1300}
_GOODWILL = {"gold": Decimal(10), "silver": Decimal(5), "regular": Decimal(2)}
_RATES = {
    "USD": "1",
    "EUR": "1.1",
    "GBP": "1.27",
    "CAD": "0.73",
    "AUD": "0.65",
    "BRL": "0.18",
    "MXN": "0.055",
    "CNY": "0.14",
    "RUB": "0.011",
}


class Group(BaseModel):
    """Rules that stand together; a name it does not know is a mistake."""

    class Config:
        """How pydantic reads them."""

        frozen = True
        extra = "forbid"

    @validator("*", pre=True)
    def _check(cls, value: Any, field: ModelField) -> Any:
        check = field.field_info.extra.get("check", rules.group)
        return check(value)


class Shop(Group):
    """Who the shop is. `timezone` is an IANA name; `languages` are those its people answer in.

    `order_numbers` are the formats of its order numbers: 0 for a digit, A for a letter, all else as it is.
    """

    name: str = Field(default="Our shop", check=rules.words)
    timezone: str = Field(default="Asia/Shanghai", check=rules.zone)
    languages: tuple[str, ...] = Field(default=("en",), check=rules.languages)
    order_numbers: tuple[str, ...] = Field(default=(), check=rules.number_formats)


class OpeningHours(Group):
    """When a person answers, in the shop's time zone."""

    days: tuple[str, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), check=rules.weekdays)
    open: time = Field(default=time(9), check=rules.clock)
    close: time = Field(default=time(18), check=rules.clock)

    @root_validator(skip_on_failure=True)
    def _opens_before_it_closes(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["open"] >= values["close"]:
            raise rules.Wrong(rules.Mistake(("close",), f"a time after {values['open']:%H:%M}, when it opens"))
        return values


class UsualDays(Group):
    """How long parcels usually take from door to door, in business days (first, last)."""

    default: tuple[int, int] = Field(default=(7, 15), check=rules.span)
    services: dict[str, dict[str, tuple[int, int]]] = Field(default=_USUAL_SERVICES, check=rules.spans_by_service)

    def usual_days_for(self, carrier: str, service: str, country: str) -> tuple[int, int]:
        """The span for a parcel: the service's own before the carrier's, the country's before the default."""
        carrier, service = carrier.strip().lower(), service.strip().lower()
        for name in (f"{carrier}/{service}", carrier):
            spans = self.services.get(name, {})
            span = spans.get(country.upper(), spans.get("default"))
            if span:
                return span
        return self.default


class Waits(Group):
    """How long the buyer is asked to wait, in calendar days."""

    delivered_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    sorting_centre_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    grace_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    no_scan_days: int = Field(default=10, check=rules.whole(1, 120, "days"))


class Remedies(Group):
    """What may be given without asking a person. `..._within_days` are business days, the others calendar days."""

    resend: bool = Field(default=True, check=rules.truth)
    refund: bool = Field(default=True, check=rules.truth)
    limits: dict[str, Decimal] = Field(
        default={code: Decimal(most) for code, most in _LIMITS.items()}, check=rules.limits
    )
    refund_within_days: int = Field(default=3, check=rules.whole(0, 60, "business days"))
    resend_within_days: int = Field(default=3, check=rules.whole(0, 60, "business days"))
    offer_valid_days: int = Field(default=14, check=rules.whole(1, 180, "days"))

    def within_limit(self, amount: Decimal, currency: str) -> bool:
        """Whether an amount may be given without a person; never for a currency that has no limit."""
        most = self.limits.get(currency.upper())
        return most is not None and amount <= most


class Unpaid(Group):
    """For how many calendar days goods are reserved where the order does not say."""

    reserve_days: int = Field(default=3, check=rules.whole(0, 60, "days"))


class Identity(Group):
    """How often a buyer may try to prove that an order is theirs."""

    tries_per_conversation: int = Field(default=3, check=rules.whole(1, 100, "tries"))
    tries_per_address_per_hour: int = Field(default=20, check=rules.whole(1, 10_000, "tries"))
    tries_per_order_per_day: int = Field(default=10, check=rules.whole(1, 1_000, "tries"))


class Messages(Group):
    """How much may be written before the chat asks to slow down."""

    per_minute: int = Field(default=30, check=rules.whole(1, 10_000, "messages"))
    burst: int = Field(default=5, check=rules.whole(1, 1_000, "messages"))
    conversations_per_address_per_hour: int = Field(default=60, check=rules.whole(1, 100_000, "conversations"))


class Customs(Group):
    """Duties and import VAT. `share_percent` of what a buyer was charged, up to `share_caps`, may be given back.

    `told_in` is where buyers read who pays them before they order; empty where nothing need be said of it.
    """

    duties: str = Field(default="buyer", check=rules.one_of("buyer", "shop"))
    told_in: str = Field(default="", check=rules.words_or_nothing)
    share_percent: int = Field(default=50, check=rules.whole(0, 100, "per cent"))
    share_caps: dict[str, Decimal] = Field(
        default={code: Decimal(most) for code, most in _SHARE_CAPS.items()}, check=rules.limits
    )
    papers: bool = Field(default=True, check=rules.truth)
    papers_within_days: int = Field(default=1, check=rules.whole(0, 30, "business days"))

    def share_of(self, amount: Decimal, currency: str) -> Decimal:
        """The part of a duty that may be given back, rounded down to hundredths; 0 for a currency without a cap."""
        cap = self.share_caps.get(currency.upper(), Decimal(0))
        share = (amount * self.share_percent / 100).quantize(Decimal("0.01"), ROUND_DOWN)
        return min(share, cap)


class Goods(Group):
    """What may be given for goods with a problem. `low_values`: up to there nothing need be sent back."""

    low_values: dict[str, Decimal] = Field(
        default={code: Decimal(most) for code, most in _LOW_VALUES.items()}, check=rules.limits
    )
    part_refund_percent: int = Field(default=30, check=rules.whole(0, 90, "per cent"))
    report_within_days: int = Field(default=90, check=rules.whole(1, 730, "days"))
    photo: bool = Field(default=True, check=rules.truth)
    coupons: tuple[str, ...] = Field(default=(), check=rules.coupons)
    coupon_worth: str = Field(default="", check=rules.words_or_nothing)

    def is_low(self, amount: Decimal, currency: str) -> bool:
        """Whether goods of this worth need not be sent back; never for a currency that is not listed."""
        most = self.low_values.get(currency.upper())
        return most is not None and amount <= most


class Returns(Group):
    """Sending goods back. `warehouses` are addresses by country code, or "default"; empty: a person tells where to."""

    window_days: int = Field(default=30, check=rules.whole(0, 730, "days"))
    ship_within_days: int = Field(default=14, check=rules.whole(1, 120, "days"))
    refund_within_days: int = Field(default=5, check=rules.whole(0, 60, "business days"))
    exchange: bool = Field(default=True, check=rules.truth)
    used: bool = Field(default=False, check=rules.truth)
    seller_pays_when_at_fault: bool = Field(default=True, check=rules.truth)
    warehouses: dict[str, str] = Field(default={}, check=rules.addresses)

    def warehouse_for(self, country: str) -> str:
        """The address to send goods to from a country; "" where the shop names none."""
        return self.warehouses.get(country.upper(), self.warehouses.get("default", ""))


class Notices(Group):
    """What Doorstep says first, and when: between `earliest` and `latest` where the buyer is.

    `unpaid_after_hours` are the hours after the order at which an unpaid one is reminded of, then no more.
    """

    on: bool = Field(default=True, check=rules.truth)
    earliest: time = Field(default=time(9), check=rules.clock)
    latest: time = Field(default=time(20), check=rules.clock)
    leave_out: tuple[str, ...] = Field(default=(), check=rules.kinds_of_notices)
    unpaid_after_hours: tuple[int, ...] = Field(default=(1, 24), check=rules.hours)
    return_days_before: int = Field(default=3, check=rules.whole(0, 30, "days"))

    @root_validator(skip_on_failure=True)
    def _begins_before_it_ends(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["earliest"] >= values["latest"]:
            raise rules.Wrong(rules.Mistake(("latest",), f"a time after {values['earliest']:%H:%M}, the earliest"))
        return values


class Customers(Group):
    """Where the four levels of recency, frequency and money begin, which tier they make, and what it is worth.

    `recency_days` since the last order, fewest first; `orders` and `spent` (in `currency`) fewest first.
    """

    recency_days: tuple[int, int, int] = Field(default=(30, 90, 180), check=rules.rising(1, 3650, "days"))
    orders: tuple[int, int, int] = Field(default=(2, 4, 8), check=rules.rising(1, 10_000, "orders"))
    spent: tuple[int, int, int] = Field(default=(50, 200, 500), check=rules.rising(1, 10_000_000, "amounts"))
    currency: str = Field(default="USD", check=rules.currency)
    rates: dict[str, Decimal] = Field(
        default={code: Decimal(rate) for code, rate in _RATES.items()}, check=rules.limits
    )
    tiers: dict[str, int] = Field(default={"gold": 10, "silver": 7, "regular": 0}, check=rules.tiers)
    goodwill: dict[str, Decimal] = Field(default=_GOODWILL, check=rules.by_tier)

    @root_validator(skip_on_failure=True)
    def _goodwill_is_for_tiers(cls, values: dict[str, Any]) -> dict[str, Any]:
        tiers, goodwill = values["tiers"], values["goodwill"]
        if goodwill == _GOODWILL:  # most likely left out: ours, as far as the shop has the same tiers
            return {**values, "goodwill": {tier: most for tier, most in goodwill.items() if tier in tiers}}
        unknown = [tier for tier in goodwill if tier not in tiers]
        if unknown:
            expected = f"one of the tiers above: {', '.join(tiers)}"
            raise rules.Wrong(*(rules.Mistake(("goodwill", tier), expected, of_name=True) for tier in unknown))
        return values


class Overrides(Group):
    """Rules that differ by shop, or by country of delivery: see `doorstep.policy.overrides`, which checks them.

    Each is a part of the file again, by the shop's name or by the country's code; the values stand as written.
    """

    shops: Any = Field(default={}, check=rules.parts)
    countries: Any = Field(default={}, check=rules.parts)


class Disputes(Group):
    """By marketplace: how many days it leaves for an answer to a dispute, and within how many days one is opened."""

    answer_days: dict[str, int] = Field(
        default={"aliexpress": 5, "ebay": 3, "amazon": 3, "own": 7}, check=rules.days_by_marketplace
    )
    open_within_days: dict[str, int] = Field(
        default={"aliexpress": 15, "ebay": 30, "amazon": 90, "own": 120}, check=rules.days_by_marketplace
    )
