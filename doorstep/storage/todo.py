"""What is left for people to do: conversations that wait for a person, and promises with their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from doorstep.storage.tables import conversations, orders, promises


@dataclass(frozen=True)
class Waiting:
    """A conversation in the queue for a person, since when and why."""

    conversation_id: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class OpenPromise:
    """A promise nobody has kept yet. `remedy` is what the buyer chose, or ""."""

    due_at: datetime
    kind: str
    remedy: str
    order_number: str
    conversation_id: str


def waiting_for_person(connection: Connection) -> list[Waiting]:
    """Conversations in the queue, the longest wait first."""
    c = conversations.c
    query = select(c.id, c.owner_since, c.handover_reason).where(c.owner == "queue").order_by(c.owner_since)
    return [Waiting(*row) for row in connection.execute(query)]


def open_promises(connection: Connection) -> list[OpenPromise]:
    """Promises that are still open, the next due first."""
    p = promises.c
    query = (
        select(p.due_at, p.kind, p.remedy, orders.c.number, p.conversation_id)
        .join(orders, orders.c.id == p.order_id)
        .where(p.state == "open")
        .order_by(p.due_at, p.id)
    )
    return [OpenPromise(*row) for row in connection.execute(query)]
