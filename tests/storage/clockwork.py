"""The clock of a front worked by hand, a shop's news, and what a buyer was told; for the tests beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from doorstep.orders import Order, Product
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy
from doorstep.storage import tables
from doorstep.storage.engine import reading, writing
from doorstep.storage.notices import Notice
from doorstep.storage.parcel_news import take_in
from doorstep.unasked.keeper import Keeper
from tests.builders import NOW, a_parcel, a_scan, an_order, days_ago
from tests.storage.shop import Chat, Shop
from tests.telling import WORDS

NOON = NOW.replace(hour=15)  # in São Paulo


class Front:
    """What the clock of one front does, by hand."""

    def __init__(self, shop: Shop, policy: ShopPolicy, words: Any = WORDS) -> None:
        self.shop = shop
        self.keeper = Keeper(policy, words)

    def plan(self) -> None:
        now = self.shop.clock.now()
        with reading(self.shop.engine) as connection:
            orders = self.keeper.to_plan(connection, now, 100)
        with writing(self.shop.engine) as connection:
            self.keeper.plan(connection, orders, now)

    def due(self) -> list[Notice]:
        with reading(self.shop.engine) as connection:
            return self.keeper.due(connection, self.shop.clock.now(), 100)

    def tell(self, notice: Notice) -> str:
        with writing(self.shop.engine) as connection:
            return self.keeper.tell(connection, notice, self.shop.clock.now())

    def look(self) -> None:
        self.plan()
        for notice in self.due():
            self.tell(notice)


def news(shop: Shop, *parcels: Parcel, products: Sequence[Product] = (), **changes: Any) -> int:
    """The shop, or a carrier, tells of the order; gives its id."""
    order: Order = an_order(parcels=parcels, **changes)
    with writing(shop.engine) as connection:
        return take_in(connection, "default", [order], shop.clock.now(), products)[0].id


def unsent(shop: Shop, front: Front, **changes: Any) -> int:
    """An order that is known and planned for, with nothing on its way."""
    order_id = news(shop, **changes)
    front.look()
    return order_id


def came(status: str = "delivered", **changes: Any) -> Parcel:
    scan = a_scan(at=NOON, status=status, description="", location="Curitiba", country="BR")
    return a_parcel(scans=(a_scan(), scan), **changes)


def told(chat: Chat) -> list[Any]:
    table = tables.outbox
    with reading(chat.shop.engine) as connection:
        mine = select(table).where(table.c.conversation_id == chat.id).order_by(table.c.seq)
        return list(connection.execute(mine))


def rows(shop: Shop) -> dict[tuple[str, str], tuple[str, str]]:
    """Every notice by kind and subject (a parcel by its place): its state and why."""
    table = tables.notices
    with reading(shop.engine) as connection:
        return {
            (row.kind, row.subject): (row.state, row.why)
            for row in connection.execute(select(table).order_by(table.c.id))
        }


def kinds(shop: Shop, state: str) -> list[str]:
    return sorted(kind for (kind, _), (is_now, _) in rows(shop).items() if is_now == state)


def change(chat: Chat, **values: Any) -> None:
    table = tables.conversations
    with writing(chat.shop.engine) as connection:
        connection.execute(table.update().where(table.c.id == chat.id).values(**values))


def late(shop: Shop, remedy: str = "") -> Chat:
    """A late parcel whose buyer asked, was asked for patience, and chose what to do after it."""
    news(shop, a_parcel(shipped_at=days_ago(60), scans=(a_scan(at=days_ago(3)),)))
    chat = shop.chat("1001")
    settled = chat.asks()
    if remedy:
        chat.picks(settled, {"refund": "If not, refund", "resend": "If not, send"}[remedy])
    return chat
