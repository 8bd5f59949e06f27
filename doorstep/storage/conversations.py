"""Reads and writes conversations: who owns one, which front works it, and the numbers its messages get.

Functions take an open connection, so that the caller decides what belongs to one transaction. Times are aware.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.storage.tables import conversations, inbox

ASSISTANT, QUEUE, AGENT, CLOSED = "assistant", "queue", "agent", "closed"


@dataclass(frozen=True)
class Conversation:
    """One conversation. `address` and `email_key` are keyed hashes, or empty."""

    id: str
    shop: str
    channel: str
    language: str
    address: str
    email_key: str
    owner: str
    owner_since: datetime
    handover_reason: str
    last_seq: int
    created_at: datetime


@dataclass(frozen=True)
class State:
    """What a listener wants to hear of: the newest number, the owner, and whether an outcome is still due."""

    last_seq: int
    owner: str
    pending: bool


_COLUMNS = [conversations.c[name] for name in Conversation.__dataclass_fields__]


def start(
    connection: Connection, *, shop: str, channel: str, language: str, address: str, email_key: str, now: datetime
) -> Conversation:
    """Begin a conversation with the assistant; its id cannot be guessed."""
    conversation_id = secrets.token_urlsafe(24)
    connection.execute(
        conversations.insert().values(
            id=conversation_id,
            shop=shop,
            channel=channel,
            language=language,
            address=address,
            email_key=email_key,
            owner=ASSISTANT,
            owner_since=now,
            created_at=now,
            last_at=now,
        )
    )
    return Conversation(
        conversation_id, shop, channel, language, address, email_key, ASSISTANT, now, "", last_seq=0, created_at=now
    )


def find(connection: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, or None when there is none (any more)."""
    return _one(connection, select(*_COLUMNS).where(conversations.c.id == conversation_id))


def lock(connection: Connection, conversation_id: str) -> Conversation | None:
    """As `find`, and nobody else changes the conversation until this transaction ends."""
    return _one(connection, select(*_COLUMNS).where(conversations.c.id == conversation_id).with_for_update())


def lock_held(connection: Connection, conversation_id: str, holder: str) -> Conversation | None:
    """As `lock`, but None when `holder` does not hold the lease any more."""
    mine = and_(conversations.c.id == conversation_id, conversations.c.busy_by == holder)
    return _one(connection, select(*_COLUMNS).where(mine).with_for_update())


def change(connection: Connection, conversation_id: str, **values: str) -> None:
    """Change what was said at the start: `language`, `email_key`."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))


def set_owner(  # noqa: PLR0917 - who, to whom, when, why: read in this order
    connection: Connection,
    conversation_id: str,
    owner: str,
    now: datetime,
    reason: str = "",
    note: Mapping[str, Any] | None = None,
) -> bool:
    """Give the conversation to another owner; False when it already is theirs (nothing is changed then)."""
    values: dict[str, Any] = {"owner": owner, "owner_since": now, "handover_reason": reason}
    if note is not None:
        values["handover_note"] = dict(note)
    changed = and_(conversations.c.id == conversation_id, conversations.c.owner != owner)
    return bool(connection.execute(update(conversations).where(changed).values(**values)).rowcount)


def hand_over(
    connection: Connection, conversation_id: str, now: datetime, reason: str, note: Mapping[str, Any]
) -> bool:
    """Put the assistant's conversation into the queue; False when it was not the assistant's (nothing is changed)."""
    values = {"owner": QUEUE, "owner_since": now, "handover_reason": reason, "handover_note": dict(note)}
    ours = and_(conversations.c.id == conversation_id, conversations.c.owner == ASSISTANT)
    return bool(connection.execute(update(conversations).where(ours).values(**values)).rowcount)


def take_seq(connection: Connection, conversation_id: str, now: datetime) -> int:
    """The next message number. No other transaction gets one here before this transaction ends."""
    mine = conversations.c.id == conversation_id
    connection.execute(update(conversations).where(mine).values(last_seq=conversations.c.last_seq + 1, last_at=now))
    return int(connection.execute(select(conversations.c.last_seq).where(mine)).scalar_one())


def started_since(connection: Connection, address: str, since: datetime) -> tuple[int, datetime | None]:
    """How many conversations an address (its hash) began since then, and when the first of them."""
    theirs = and_(
        conversations.c.address == address, conversations.c.created_at > since, conversations.c.channel != "probe"
    )
    row = connection.execute(
        select(func.count(), func.min(conversations.c.created_at)).select_from(conversations).where(theirs)
    ).one()
    return int(row[0]), row[1]


def states(connection: Connection, conversation_ids: Sequence[str]) -> dict[str, State]:
    """The state of each of these conversations that exists."""
    query = select(
        conversations.c.id, conversations.c.last_seq, conversations.c.owner, _has_unsettled().label("pending")
    ).where(conversations.c.id.in_(conversation_ids))
    return {row.id: State(row.last_seq, row.owner, bool(row.pending)) for row in connection.execute(query)}


def count_by_owner(connection: Connection) -> dict[str, int]:
    """How many conversations each owner has."""
    query = select(conversations.c.owner, func.count()).group_by(conversations.c.owner)
    return {str(owner): int(count) for owner, count in connection.execute(query)}


# -- leases: one front at a time works a conversation's inbox --------------------------------


def claim(connection: Connection, conversation_id: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take the lease of a conversation that nobody else holds; True when `holder` has it now."""
    taken = update(conversations).where(conversations.c.id == conversation_id, _free_for(holder, now))
    return bool(connection.execute(taken.values(busy_by=holder, busy_until=until)).rowcount)


def renew(connection: Connection, holder: str, until: datetime) -> None:
    """Keep every lease of this holder until then."""
    connection.execute(update(conversations).where(conversations.c.busy_by == holder).values(busy_until=until))


def finish(connection: Connection, conversation_id: str, holder: str) -> bool:
    """Give the lease back if no message waits; False when one came in meanwhile and the lease is still held."""
    if lock_held(connection, conversation_id, holder) is None:
        return True
    mine = conversations.c.id == conversation_id
    if connection.execute(select(conversations.c.id).where(mine, _has_unsettled())).first() is not None:
        return False
    connection.execute(update(conversations).where(mine).values(busy_by=None, busy_until=None))
    return True


def release_left_behind(connection: Connection, name: str) -> int:
    """Free the leases of every holder whose name begins so: the ones of a front that died. Gives their number."""
    left = conversations.c.busy_by.startswith(name, autoescape=True)
    return int(connection.execute(update(conversations).where(left).values(busy_by=None, busy_until=None)).rowcount)


def waiting(connection: Connection, holder: str, now: datetime, limit: int) -> list[str]:
    """Conversations with an unsettled message that `holder` may claim, longest waiting first."""
    query = (
        select(inbox.c.conversation_id)
        .join(conversations, conversations.c.id == inbox.c.conversation_id)
        .where(inbox.c.outcome == "", _free_for(holder, now))
        .group_by(inbox.c.conversation_id)
        .order_by(func.min(inbox.c.id))
        .limit(limit)
    )
    return [str(row.conversation_id) for row in connection.execute(query)]


def _free_for(holder: str, now: datetime) -> Any:
    lease = conversations.c
    return or_(lease.busy_by.is_(None), lease.busy_until < now, lease.busy_by == holder)


def _has_unsettled() -> Any:
    return exists().where(inbox.c.conversation_id == conversations.c.id, inbox.c.outcome == "")


def _one(connection: Connection, query: Any) -> Conversation | None:
    row = connection.execute(query).first()
    return None if row is None else Conversation(*row)
