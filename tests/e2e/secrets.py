"""What must not be told to somebody who has proven nothing: the facts of every order the shop has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from doorstep.orders import Order
from doorstep.storage.engine import reading
from doorstep.storage.orders import Orders
from doorstep.storage.tables import orders
from tests.e2e.buyer import Told, text_of
from tests.e2e.shop import Shop


@dataclass(frozen=True)
class Secrets:
    """Facts by the order they belong to."""

    of_order: dict[str, frozenset[str]]

    def in_answer(self, told: list[Told], own: tuple[str, ...] = ()) -> list[str]:
        """The facts of orders other than `own` that were told, in text, choices or card."""
        shown = text_of(told) + "".join(f"{list(one.choices)}{one.card}" for one in told)
        allowed = frozenset[str]().union(*(self.of_order[number] for number in own))
        hidden = frozenset[str]().union(*self.of_order.values()) - allowed
        return sorted(fact for fact in hidden if fact in shown)


def secrets_of(shop: Shop) -> Secrets:
    """Every order's facts that only its buyer may hear."""
    with reading(shop.engine) as connection:
        numbers = [row.number for row in connection.execute(select(orders.c.number))]
        found = Orders(connection).find_all("default", numbers).values()
    return Secrets({order.number: _facts(order) for order in found})


def _facts(order: Order) -> frozenset[str]:
    tracking = [parcel.tracking_number for parcel in order.parcels]
    titles = [line.title for line in order.lines]
    person = [order.buyer.email, order.buyer.phone, order.buyer.name, order.ship_to.name, order.ship_to.line1]
    return frozenset(fact for fact in [*tracking, *titles, *person, order.pay_url] if fact)
