"""Reads what proves an order and keeps which conversation has proven which, and every failed try."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from doorstep.identity import OrderContact
from doorstep.orders import order_key
from doorstep.storage.tables import conversations, identity_tries, orders, verified_orders


class Identities:
    """Works in the transaction of the connection it is given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact_of(self, shop: str, number: str) -> OrderContact | None:
        """What proves an order, by one statement whether it exists or not."""
        query = select(orders.c.id, orders.c.buyer, orders.c.ship_to).where(
            orders.c.shop == shop, orders.c.number_key == order_key(number)
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return OrderContact(row.id, row.buyer.get("email") or "", row.ship_to.get("postcode") or "")

    def failed_tries(self, conversation_id: str, address: str, key: str, now: datetime) -> tuple[int, int, int]:
        """Failed tries: in the conversation, from the address within an hour, at the order within a day."""
        tries = identity_tries.c
        counts = (
            select(func.count()).where(tries.conversation_id == conversation_id),
            select(func.count()).where(
                tries.address == address, tries.address != "", tries.at > now - timedelta(hours=1)
            ),
            select(func.count()).where(tries.order_key == key, tries.at > now - timedelta(days=1)),
        )
        row = self._connection.execute(
            select(*(count.select_from(identity_tries).scalar_subquery() for count in counts))
        ).one()
        return row[0], row[1], row[2]

    def record_failure(self, conversation_id: str, address: str, key: str, now: datetime) -> None:
        """Keep one failed try; `address` and `key` are keyed hashes."""
        self._connection.execute(
            insert(identity_tries).values(conversation_id=conversation_id, address=address, order_key=key, at=now)
        )

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
        query = select(verified_orders.c.order_id).where(
            verified_orders.c.conversation_id == conversation_id, verified_orders.c.order_id == order_id
        )
        return self._connection.execute(query).first() is not None

    def current_order(self, conversation_id: str) -> int | None:
        """The id of the proven order named last in the conversation."""
        query = (
            select(verified_orders.c.order_id)
            .where(verified_orders.c.conversation_id == conversation_id)
            .order_by(verified_orders.c.named_at.desc(), verified_orders.c.order_id.desc())
            .limit(1)
        )
        found: int | None = self._connection.execute(query).scalar()
        return found
