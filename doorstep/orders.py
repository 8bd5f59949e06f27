"""What a buyer bought: orders, their lines, products and addresses, as the shop handed them over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from doorstep.parcels import Parcel


@dataclass(frozen=True)
class Money:
    """An amount in one currency (ISO 4217 code). Never a float."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Address:
    """Where an order goes. `country` is an ISO 3166-1 alpha-2 code."""

    name: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str = ""
    region: str = ""


@dataclass(frozen=True)
class Buyer:
    """The person who ordered. Any of the contact fields may be empty."""

    name: str
    id: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True)
class Line:
    """One product of an order with what was chosen (size, colour) and what one piece cost."""

    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Product:
    """What the shop says of a product today. `in_stock` is None where the shop does not say."""

    sku: str
    title: str
    url: str = ""
    price: Decimal | None = None
    in_stock: bool | None = None
    restock_at: datetime | None = None
    similar: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """One order. All times are aware datetimes; `id` is ours, `number` is what the buyer knows."""

    id: int
    shop: str
    number: str
    marketplace: str
    placed_at: datetime
    currency: str
    total: Decimal
    buyer: Buyer
    ship_to: Address
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...] = ()
    paid_at: datetime | None = None
    reserved_until: datetime | None = None
    pay_url: str = ""
    cancelled_at: datetime | None = None
    confirmed_at: datetime | None = None

    @property
    def value(self) -> Money:
        """The order's total with its currency."""
        return Money(self.total, self.currency)


def order_key(number: str) -> str:
    """The form of an order number used to compare: letters and digits only, upper case.

    "112-4455667-8899001", "112 4455667 8899001" and "#1124455667 8899001" are one key.
    """
    return "".join(ch for ch in number if ch.isalnum()).upper()
