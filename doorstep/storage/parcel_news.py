"""The one way in for news of orders, parcels and products, from an import or from a carrier's or shop's interface.

What comes in is stored, and each order it changes is marked, in the same transaction: the clock looks at marked orders
and plans what their buyers are told (`doorstep.unasked.keeper`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Connection

from doorstep.orders import Order, Product
from doorstep.storage.notices import FIRST, Notices
from doorstep.storage.orders import Orders, Saved
from doorstep.storage.tables import order_lines, orders, products, verified_orders
from doorstep.unasked.followups import Planned
from doorstep.unasked.notices import BACK_IN_STOCK

LONG_AGO = timedelta(days=180)  # since the order: nothing of it is news


def take_in(
    connection: Connection, shop: str, told: Sequence[Order], now: datetime, stock: Sequence[Product] = ()
) -> list[Saved]:
    """Store orders and products of a shop; gives what storing each order came to, in their sequence.

    Raises ValueError when two of the orders have the same number.
    """
    repository, notices = Orders(connection), Notices(connection)
    back = _back_in_stock(connection, shop, stock)
    repository.save_products(shop, stock)
    saved = repository.save_all(shop, told)
    fresh = {
        one.id: FIRST if one.outcome == "new" else ""
        for order, one in zip(told, saved, strict=True)
        if one.outcome != "unchanged" and now - order.placed_at < LONG_AGO
    }
    notices.mark(fresh, now)
    for order_id, sku in _waiting_for(connection, shop, back):
        notices.plan_one(order_id, Planned(BACK_IN_STOCK, sku, now))
    return saved


def _back_in_stock(connection: Connection, shop: str, stock: Sequence[Product]) -> list[str]:
    """The SKUs that were sold out and are there again."""
    there = [product.sku for product in stock if product.in_stock]
    sold_out = (products.c.shop == shop) & products.c.sku.in_(there) & products.c.in_stock.is_(False)
    return list(connection.execute(select(products.c.sku).where(sold_out)).scalars()) if there else []


def _waiting_for(connection: Connection, shop: str, skus: Sequence[str]) -> list[tuple[int, str]]:
    """Orders with one of the SKUs whose buyers have proven them; whether it was sent meanwhile is looked at later."""
    if not skus:
        return []
    proven = select(verified_orders.c.order_id)
    query = (
        select(orders.c.id, order_lines.c.sku)
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .where(orders.c.shop == shop, order_lines.c.sku.in_(skus), orders.c.cancelled_at.is_(None))
        .where(orders.c.confirmed_at.is_(None), orders.c.id.in_(proven))
        .distinct()
    )
    return [(row.id, row.sku) for row in connection.execute(query)]
