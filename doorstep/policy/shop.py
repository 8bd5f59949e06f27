"""The seller's rules, read from one file (`shop_policy.yml`) that a seller can edit: windows, waits, remedies, limits.

Every rule has a default, so an empty file is a whole policy. A mistake is reported with its line and what was
expected, all mistakes at once, before anything starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, PrivateAttr, ValidationError, root_validator

from doorstep.policy import file as policy_file
from doorstep.policy import overrides as policy_overrides
from doorstep.policy import rules
from doorstep.policy.desk import Desk
from doorstep.policy.groups import (
    Customers,
    Customs,
    Disputes,
    Goods,
    Group,
    Identity,
    Messages,
    Notices,
    OpeningHours,
    Overrides,
    Remedies,
    Returns,
    Shop,
    Unpaid,
    UsualDays,
    Waits,
)
from doorstep.policy.mistakes import PolicyError, line_of, mistakes_of, told

__all__ = [
    "Customers", "Customs", "Desk", "Disputes", "Goods", "Identity", "Messages", "Notices", "OpeningHours", "Overrides",
    "PolicyError", "Read", "Remedies", "Returns", "Shop", "ShopPolicy", "Unpaid", "UsualDays", "Waits", "load", "read",
]  # fmt: skip

_TEAMS = {
    "care": "questions about orders, goods with a problem, returns and refunds",
    "logistics": "lost and late parcels, deliveries that failed, addresses and customs",
}


class ShopPolicy(Group):
    """All rules of a shop. `handling_days` are business days; `answer_within_hours` are hours on working days.

    `teams` are those a conversation can be handed over to, each with what it handles.
    """

    shop: Shop = Shop()
    opening_hours: OpeningHours = OpeningHours()
    answer_within_hours: int = Field(default=24, check=rules.whole(1, 336, "hours"))
    teams: dict[str, str] = Field(default=_TEAMS, check=rules.teams)
    handling_days: int = Field(default=2, check=rules.whole(0, 60, "business days"))
    usual_days: UsualDays = UsualDays()
    waits: Waits = Waits()
    remedies: Remedies = Remedies()
    goods: Goods = Goods()
    returns: Returns = Returns()
    customs: Customs = Customs()
    unpaid: Unpaid = Unpaid()
    notices: Notices = Notices()
    customers: Customers = Customers()
    desk: Desk = Desk()
    disputes: Disputes = Disputes()
    identity: Identity = Identity()
    messages: Messages = Messages()
    overrides: Overrides = Overrides()

    _made: dict[tuple[str, str], ShopPolicy] = PrivateAttr(default_factory=dict)

    @root_validator
    def _overrides_fit(cls, values: dict[str, Any]) -> dict[str, Any]:
        mistakes = policy_overrides.mistakes_in(ShopPolicy, values)
        if mistakes:
            raise rules.Wrong(*mistakes)
        return values

    def for_(self, shop: str, country: str) -> ShopPolicy:
        """The rules for an order of a shop (by its name) to a country (by its code); "" where there is none.

        A country's rule comes before a shop's, a shop's before the general one.
        """
        shops, countries = self.overrides.shops, self.overrides.countries
        key = (shop if shops.get(shop) else "", country.upper() if countries.get(country.upper()) else "")
        if key == ("", ""):
            return self
        if key not in self._made:
            stated = (shops.get(key[0]) or {}, countries.get(key[1]) or {})
            general = policy_overrides.plain({name: getattr(self, name) for name in self.__fields__})
            self._made[key] = ShopPolicy.parse_obj(policy_overrides.merged(general, *stated))
        return self._made[key]

    def usual_days_for(self, carrier: str, service: str, country: str) -> tuple[int, int]:
        """How many business days a parcel usually takes, first and last; see `UsualDays.usual_days_for`."""
        return self.usual_days.usual_days_for(carrier, service, country)


class Read(NamedTuple):
    """The rules of a file, and what the seller may have forgotten: a line of text each, with the file's line."""

    policy: ShopPolicy
    hints: tuple[str, ...]


def load(path: Path) -> ShopPolicy:
    """Read the rules. Raises PolicyError with every mistake, each with file name and line."""
    return read(path).policy


def read(path: Path) -> Read:
    """Read the rules, and look for what is allowed but seldom meant. Raises PolicyError as `load` does."""
    data, mistakes = policy_file.read(path)
    given = {name: value for name, value in data.items() if value is not None or not _is_group(name)}
    try:
        policy = ShopPolicy.parse_obj(given)
    except ValidationError as error:
        mistakes = [*mistakes, *(told(data, mistake) for mistake in mistakes_of(ShopPolicy, error))]
    if mistakes:
        raise PolicyError([f"{path.name}:{line}: {text}" for line, text in sorted(set(mistakes))])
    hints = sorted((line_of(data, where), text) for where, text in _forgotten(policy))
    return Read(policy, tuple(f"{path.name}:{line}: {text}" for line, text in hints))


def _is_group(name: Any) -> bool:
    field = ShopPolicy.__fields__.get(name)
    return field is not None and isinstance(field.default, Group)


def _forgotten(policy: ShopPolicy) -> Iterator[tuple[rules.Path, str]]:
    if policy.returns.window_days and "default" not in policy.returns.warehouses:
        text = "no address under default: where goods go from a country not listed is told by a person"
        yield ("returns", "warehouses"), f"returns.warehouses: {text}"
    without = [tier for tier in policy.customers.tiers if tier not in policy.customers.goodwill]
    if without:
        yield ("customers", "goodwill"), f"customers.goodwill: nothing for {', '.join(without)}, so nothing is given"
