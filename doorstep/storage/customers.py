"""Reads what customers have bought, from their orders; and how often a buyer wrote about one of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, func, select
from sqlalchemy.engine import Connection

from doorstep.orders import Order
from doorstep.people.customers import Bought, Standing, key_of, standing_of
from doorstep.policy.groups import Customers
from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import inbox, orders, verified_orders

_COUNTS = and_(orders.c.paid_at.is_not(None), orders.c.cancelled_at.is_(None))
# Orders of which nobody knows whose they are stand alone.
_CUSTOMER = case((orders.c.customer == "", cast(orders.c.id, String)), else_=orders.c.customer)
_BOUGHT = (
    func.count(case((_COUNTS, orders.c.id))).label("orders"),
    func.max(case((_COUNTS, orders.c.placed_at))).label("last_at"),
    func.sum(case((_COUNTS, orders.c.total), else_=0)).label("spent"),
)


_BY_CURRENCY = select(orders.c.currency, *_BOUGHT).group_by(orders.c.currency)
_THEIRS = _BY_CURRENCY.where(orders.c.shop == bindparam("shop"), orders.c.customer == bindparam("customer"))
_ALONE = _BY_CURRENCY.where(orders.c.id == bindparam("this"))
_DAYS_WRITTEN = Prepared(
    select(func.count(func.distinct(func.date(inbox.c.at))).label("days"))
    .select_from(inbox)
    .join(verified_orders, verified_orders.c.conversation_id == inbox.c.conversation_id)
    .where(verified_orders.c.order_id == bindparam("this"))
)


@dataclass
class _Sums:
    orders: int = 0
    last_at: datetime | None = None
    spent: dict[str, Decimal] = field(default_factory=dict)

    def add(self, row: Any) -> None:
        self.orders += row.orders
        self.last_at = max(filter(None, (self.last_at, row.last_at)), default=None)
        if row.orders:
            self.spent[row.currency] = self.spent.get(row.currency, Decimal(0)) + Decimal(row.spent)


def standing(connection: Connection, order: Order, rules: Customers, now: datetime) -> Standing:
    """Where the customer of an order stands."""
    key = key_of(order.buyer)
    sums = _Sums()
    wanted = (_THEIRS, {"shop": order.shop, "customer": key}) if key else (_ALONE, {"this": order.id})
    for row in connection.execute(*wanted):
        sums.add(row)
    return standing_of(Bought(sums.orders, sums.last_at, sums.spent), rules, now)


def all_standings(connection: Connection, rules: Customers, now: datetime) -> dict[tuple[str, str], Standing]:
    """Where every customer stands, by shop and by what makes them one."""
    query = select(orders.c.shop, _CUSTOMER.label("customer"), orders.c.currency, *_BOUGHT).group_by(
        orders.c.shop, _CUSTOMER, orders.c.currency
    )
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for row in connection.execute(query):
        sums[row.shop, row.customer].add(row)
    return {key: standing_of(Bought(each.orders, each.last_at, each.spent), rules, now) for key, each in sums.items()}


def contacts(connection: Connection, order_id: int) -> int:
    """On how many days (UTC) something was written in the conversations that have proven an order."""
    return int(_DAYS_WRITTEN.all(connection, this=order_id)[0].days)
