"""Who a customer is and what they are worth to the shop: recency, frequency and money, each in four levels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from doorstep.identity import plain_email
from doorstep.orders import Buyer, Money
from doorstep.policy.groups import Customers

LEVELS = (1, 2, 3, 4)
LONGEST_KEY = 330  # characters, as many as are kept


@dataclass(frozen=True)
class Bought:
    """What a customer has bought: orders that were paid and not cancelled. `spent` is by currency."""

    orders: int = 0
    last_at: datetime | None = None
    spent: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """One of the 64 groups: three levels from 1 (lowest) to 4."""

    recency: int
    frequency: int
    money: int

    @property
    def points(self) -> int:
        """From 3 to 12."""
        return self.recency + self.frequency + self.money

    def __str__(self) -> str:
        return f"{self.recency}-{self.frequency}-{self.money}"


ALL_GROUPS = tuple(Group(r, f, m) for r in LEVELS for f in LEVELS for m in LEVELS)


@dataclass(frozen=True)
class Standing:
    """Where a customer stands. `spent` is in the policy's currency; `no_rate` names the currencies that counted 0."""

    group: Group
    tier: str
    orders: int
    spent: Money
    no_rate: tuple[str, ...] = ()


def key_of(buyer: Buyer) -> str:
    """What makes two orders of a shop one customer's: the same e-mail address, else the same id; "" for neither."""
    email = plain_email(buyer.email)
    if email:
        return f"email:{email}"[:LONGEST_KEY]
    return f"id:{buyer.id.strip()}"[:LONGEST_KEY] if buyer.id.strip() else ""


def standing_of(bought: Bought, rules: Customers, now: datetime) -> Standing:
    """The group and tier of a customer. Who has bought nothing yet is in the lowest group."""
    spent = sum((rate_of(rules, code) * amount for code, amount in bought.spent.items()), start=Decimal(0))
    days = (now - bought.last_at).days if bought.last_at else None
    group = Group(
        1 if days is None else len(LEVELS) - bisect_left(rules.recency_days, days),
        1 + bisect_right(rules.orders, bought.orders),
        1 + bisect_right([Decimal(most) for most in rules.spent], spent),
    )
    money = Money(spent.quantize(Decimal("0.01")), rules.currency)
    unknown = tuple(sorted(code for code in bought.spent if not rate_of(rules, code)))
    return Standing(group, tier_of(group, rules), bought.orders, money, unknown)


def rate_of(rules: Customers, currency: str) -> Decimal:
    """What one unit of a currency is worth in the policy's; 0 where no rate is known."""
    if currency == rules.currency:
        return Decimal(1)
    return rules.rates.get(currency, Decimal(0))


def tier_of(group: Group, rules: Customers) -> str:
    """The first tier of the policy that the group has the points for; the last one needs none."""
    return next(tier for tier, points in rules.tiers.items() if group.points >= points)


def count_groups(standings: Iterable[Standing]) -> dict[Group, int]:
    """How many customers are in each of the 64 groups."""
    counted = Counter(standing.group for standing in standings)
    return {group: counted[group] for group in ALL_GROUPS}
