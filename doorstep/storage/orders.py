"""Keeps orders with their lines, parcels and scans, and the products the shop knows.

Reading takes one statement for each table, however many orders are asked for. Saving writes only what differs,
so the same export can be saved every hour; see `doorstep.storage.order_merge` for what an export leaves alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from doorstep.orders import Order, Product, order_key
from doorstep.parcels import Parcel
from doorstep.storage import order_rows as rows
from doorstep.storage import tables
from doorstep.storage.cases import agreed_for
from doorstep.storage.order_merge import NOTHING, merged
from doorstep.storage.order_writes import Change, children, write

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class Saved:
    """What saving one order came to; `id` is ours."""

    id: int
    outcome: Outcome


class Orders:
    """The orders and products of one database, seen through one connection (and so one transaction)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, shop: str, number: str) -> Order | None:
        """The order a buyer means by `number`, however it is spaced or punctuated; None when there is none."""
        return self.find_all(shop, [number]).get(order_key(number))

    def find_all(self, shop: str, numbers: Iterable[str], lock: bool = False) -> dict[str, Order]:
        """The orders of these numbers by their `order_key`. With `lock`, nobody else may change them meanwhile."""
        keys = sorted({key for key in map(order_key, numbers) if key})
        table = tables.orders
        wanted = select(table).where(table.c.shop == shop, table.c.number_key.in_(keys)).order_by(table.c.id)
        found = self._load(wanted.with_for_update() if lock else wanted)
        return {order_key(order.number): order for order in found}

    def get(self, order_id: int) -> Order | None:
        """The order with our id, or None."""
        found = self._load(select(tables.orders).where(tables.orders.c.id == order_id))
        return found[0] if found else None

    def count(self) -> int:
        """How many orders there are, in all shops."""
        return int(self._connection.execute(select(func.count()).select_from(tables.orders)).scalar_one())

    def save(self, shop: str, order: Order) -> int:
        """Store an order of a shop, new or known by its number, and give its id. The ids in `order` do not matter.

        A known order keeps its id, and its parcels keep theirs: they are known again by tracking number or place.
        """
        return self.save_all(shop, [order])[0].id

    def save_all(self, shop: str, orders: Sequence[Order]) -> list[Saved]:
        """Store several orders as `save` does; the answers are in their sequence.

        Raises ValueError when two of them have the same number.
        """
        by_key = {order_key(order.number): order for order in orders}
        if len(by_key) < len(orders):
            raise ValueError("two of the orders have the same number")
        known = self.find_all(shop, by_key, lock=True)
        stored = {**known, **self._add(shop, {key: by_key[key] for key in sorted(by_key) if key not in known})}
        agreed = agreed_for(self._connection, [order.id for order in known.values()])
        results, changes = [], []
        for key, told in by_key.items():
            change = Change(stored[key], merged(stored[key], told, agreed.get(stored[key].id, NOTHING)))
            changes.append(change)
            results.append(Saved(stored[key].id, _outcome(key in known, change)))
        write(self._connection, changes)
        return results

    def save_product(self, shop: str, product: Product) -> None:
        """Store what a shop says of a product, in place of what it said before."""
        self.save_products(shop, [product])

    def save_products(self, shop: str, products: Sequence[Product]) -> None:
        """Store several products as `save_product` does."""
        statement = _upsert(self._connection, tables.products)
        data = {name: statement.excluded[name] for name in tables.products.c.keys() if name not in ("shop", "sku")}  # noqa: SIM118
        statement = statement.on_conflict_do_update(index_elements=["shop", "sku"], set_=data)
        if products:
            self._connection.execute(statement, [rows.product_row(shop, product) for product in products])

    def products(self, shop: str, skus: Iterable[str]) -> dict[str, Product]:
        """The known products among `skus`, by SKU."""
        table = tables.products
        found = self._connection.execute(select(table).where(table.c.shop == shop, table.c.sku.in_(sorted(set(skus)))))
        return {row.sku: rows.to_product(row) for row in found}

    def _load(self, wanted: Any) -> list[Order]:
        found = self._connection.execute(wanted).all()
        if not found:
            return []
        ids = [row.id for row in found]
        lines = children(self._connection, tables.order_lines, "order_id", ids, "position")
        parcels = self._parcels(ids)
        return [rows.to_order(row, lines[row.id], parcels[row.id]) for row in found]

    def _parcels(self, order_ids: Sequence[int]) -> dict[int, list[Parcel]]:
        found = children(self._connection, tables.parcels, "order_id", order_ids, "position")
        ids = [row.id for group in found.values() for row in group]
        scans = children(self._connection, tables.scans, "parcel_id", ids, "at", "id")
        parcels: dict[int, list[Parcel]] = defaultdict(list)
        for order_id, group in found.items():
            parcels[order_id] = [rows.to_parcel(row, scans[row.id]) for row in group]
        return parcels

    def _add(self, shop: str, orders: dict[str, Order]) -> dict[str, Order]:
        """Make the rows of new orders, without lines and parcels yet; another process may have been faster."""
        if not orders:
            return {}
        statement = _upsert(self._connection, tables.orders).on_conflict_do_nothing()
        self._connection.execute(statement, [rows.order_row(shop, order) for order in orders.values()])
        return self.find_all(shop, orders, lock=True)


def _outcome(known: bool, change: Change) -> Outcome:
    if not known:
        return "new"
    return "changed" if change else "unchanged"


def _upsert(connection: Connection, table: Table) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
