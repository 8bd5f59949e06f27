"""Reads what proves an order and keeps which conversation has proven which, and every failed try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from doorstep.identity import OrderContact
from doorstep.orders import order_key
from doorstep.storage.tables import conversations, identity_tries, orders, verified_orders


class Identities:
    """Works in the transaction of the connection it is given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contacts_of(self, shop: str, numbers: Sequence[str]) -> dict[str, OrderContact]:
        """What proves those of the numbers that are orders of the shop, by `order_key`; one statement in any case."""
        columns = (orders.c.number_key, orders.c.id, orders.c.buyer, orders.c.ship_to)
        keys = [order_key(number) for number in numbers]
        rows = self._connection.execute(select(*columns).where(orders.c.shop == shop, orders.c.number_key.in_(keys)))
        return {
            row.number_key: OrderContact(row.id, row.buyer.get("email") or "", row.ship_to.get("postcode") or "")
            for row in rows
        }

    def failed_tries(
        self, conversation_id: str, address: str, keys: Sequence[str], now: datetime
    ) -> tuple[int, int, int]:
        """Failed tries: in the conversation, from the address within an hour, at the orders within a day."""
        tries = identity_tries.c
        counts = (
            select(func.count()).where(tries.conversation_id == conversation_id),
            select(func.count()).where(
                tries.address == address, tries.address != "", tries.at > now - timedelta(hours=1)
            ),
            select(func.count()).where(tries.order_key.in_(keys), tries.at > now - timedelta(days=1)),
        )
        row = self._connection.execute(
            select(*(count.select_from(identity_tries).scalar_subquery() for count in counts))
        ).one()
        return row[0], row[1], row[2]

    def record_failure(self, conversation_id: str, address: str, keys: Sequence[str], now: datetime) -> None:
        """Keep one failed try at one order or several; `address` and `keys` are keyed hashes.

        It counts once for the conversation and the address, and once for each order.
        """
        at_orders = [{"conversation_id": "", "address": "", "order_key": key, "at": now} for key in keys]
        at_orders[0] |= {"conversation_id": conversation_id, "address": address}
        self._connection.execute(insert(identity_tries).values(at_orders))

    def record_proof(self, conversation_id: str, order_id: int, proof: str, now: datetime) -> None:
        """Keep that a conversation has proven an order, or has named one it had proven."""
        key = (verified_orders.c.conversation_id == conversation_id) & (verified_orders.c.order_id == order_id)
        if not self._connection.execute(update(verified_orders).where(key).values(named_at=now)).rowcount:
            self._connection.execute(
                insert(verified_orders).values(
                    conversation_id=conversation_id, order_id=order_id, proof=proof, named_at=now
                )
            )

    def remember_email(self, conversation_id: str, email_key: str) -> None:
        """Keep (hashed) the e-mail address a conversation has proven; other orders of it need no second proof."""
        self._connection.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(email_key=email_key)
        )

    def proven_email(self, conversation_id: str) -> str:
        """The hash kept by `remember_email`, or ""."""
        query = select(conversations.c.email_key).where(conversations.c.id == conversation_id)
        return self._connection.execute(query).scalar() or ""

    def is_verified(self, conversation_id: str, order_id: int) -> bool:
        """Whether the conversation has proven the order."""
        return order_id in self.verified_among(conversation_id, [order_id])

    def verified_among(self, conversation_id: str, order_ids: Sequence[int]) -> set[int]:
        """Those of the orders that the conversation has proven."""
        query = select(verified_orders.c.order_id).where(
            verified_orders.c.conversation_id == conversation_id, verified_orders.c.order_id.in_(order_ids)
        )
        return set(self._connection.execute(query).scalars())

    def proven_orders(self, conversation_id: str) -> list[int]:
        """The ids of the orders that the conversation has proven, the one named last first."""
        return list(self._connection.execute(_newest_first(conversation_id)).scalars())

    def current_order(self, conversation_id: str) -> int | None:
        """The id of the proven order named last in the conversation."""
        found: int | None = self._connection.execute(_newest_first(conversation_id).limit(1)).scalar()
        return found


def _newest_first(conversation_id: str) -> Any:
    v = verified_orders.c
    query = select(v.order_id).where(v.conversation_id == conversation_id)
    return query.order_by(v.named_at.desc(), v.order_id.desc())
