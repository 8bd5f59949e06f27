"""Reads and writes conversations: who owns one, which front works it, and the numbers its messages get.

Functions take an open connection, so that the caller decides what belongs to one transaction. Times are aware.
Statements are built once: building one costs more than running it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import conversations, inbox, typing

ASSISTANT, QUEUE, AGENT, CLOSED = "assistant", "queue", "agent", "closed"


@dataclass(frozen=True)
class Conversation:
    """One conversation. `address` and `email_key` are keyed hashes, or empty; `busy_by` is the front that works it.

    `agent_id` and `agent_name` are those of the person who has it; `handed_back_at` is when one gave it back to the
    assistant, which has not answered since; `team` is the one whose turn it is, or was; `queued_at` is when it came
    from the assistant the last time.
    """

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
    busy_by: str | None
    agent_id: int | None = None
    agent_name: str = ""
    contact_email: str = ""
    handed_back_at: datetime | None = None
    answer_due_at: datetime | None = None
    team: str = ""
    queued_at: datetime | None = None

    @property
    def is_new_in_queue(self) -> bool:
        """Whether it came into the queue and its buyer was not told of it yet."""
        return self.owner == QUEUE and self.answer_due_at is None


@dataclass(frozen=True)
class Lease:
    """The right of one front, `holder`, to work a conversation's inbox alone until then."""

    holder: str
    until: datetime


@dataclass(frozen=True)
class State:
    """What a listener wants to hear of: the newest number, the owner, and whether an outcome is still due.

    `agent` names the person who has the conversation; `typing_until` is how long that person counts as typing.
    """

    last_seq: int
    owner: str
    pending: bool
    agent: str = ""
    typing_until: datetime | None = None


_COLUMNS = [conversations.c[name] for name in Conversation.__dataclass_fields__]
_THIS = conversations.c.id == bindparam("this")
_HELD = and_(_THIS, conversations.c.busy_by == bindparam("holder"))
_FREE = or_(
    conversations.c.busy_by.is_(None),
    conversations.c.busy_until < bindparam("now"),
    conversations.c.busy_by == bindparam("holder"),
)
_HAS_UNSETTLED = exists().where(inbox.c.conversation_id == conversations.c.id, inbox.c.outcome == "")

_FIND = select(*_COLUMNS).where(_THIS)
_LOCK = Prepared(_FIND.with_for_update())
_LOCK_HELD = Prepared(select(*_COLUMNS).where(_HELD).with_for_update())
_STATE = [
    *(conversations.c[name] for name in ("last_seq", "owner")),
    _HAS_UNSETTLED.label("pending"),
    conversations.c.agent_name,
    typing.c.until,
]
_WITH_TYPING = conversations.outerjoin(
    typing, and_(typing.c.conversation_id == conversations.c.id, typing.c.side == "agent")
)
_STATE_OF_ONE = Prepared(select(*_STATE).select_from(_WITH_TYPING).where(_THIS))
_STATES = (
    select(conversations.c.id, *_STATE)
    .select_from(_WITH_TYPING)
    .where(conversations.c.id.in_(bindparam("these", expanding=True)))
)
_numbered = update(conversations).where(_THIS).values(last_seq=bindparam("last"), last_at=bindparam("now"))
_NUMBER = Prepared(_numbered)
_NUMBER_AND_LEASE = Prepared(_numbered.values(busy_by=bindparam("holder"), busy_until=bindparam("until")))
_CLAIM = update(conversations).where(_THIS, _FREE).values(busy_by=bindparam("holder"), busy_until=bindparam("until"))
_RELEASE = Prepared(update(conversations).where(_HELD, ~_HAS_UNSETTLED).values(busy_by=None, busy_until=None))
_WAITING = (
    select(inbox.c.conversation_id)
    .join(conversations, conversations.c.id == inbox.c.conversation_id)
    .where(inbox.c.outcome == "", _FREE)
    .group_by(inbox.c.conversation_id)
    .order_by(func.min(inbox.c.id))
    .limit(bindparam("most"))
)


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
        conversation_id,
        shop,
        channel,
        language,
        address,
        email_key,
        ASSISTANT,
        now,
        "",
        0,
        created_at=now,
        busy_by=None,
    )


def find(connection: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, or None when there is none (any more)."""
    row = connection.execute(_FIND, {"this": conversation_id}).first()
    return None if row is None else Conversation(*row)


def lock(connection: Connection, conversation_id: str) -> Conversation | None:
    """As `find`, and nobody else changes the conversation until this transaction ends."""
    row = _LOCK.first(connection, this=conversation_id)
    return None if row is None else Conversation(*row)


def lock_held(connection: Connection, conversation_id: str, holder: str) -> Conversation | None:
    """As `lock`, but None when `holder` does not hold the lease any more."""
    row = _LOCK_HELD.first(connection, this=conversation_id, holder=holder)
    return None if row is None else Conversation(*row)


def change(connection: Connection, conversation_id: str, **values: Any) -> None:
    """Change what was said at the start (`language`, `email_key`) or is heard since (`mood`)."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))


def mute(connection: Connection, conversation_id: str, since: datetime | None) -> None:
    """Say nothing unasked in a conversation from a moment on; None to take it up again."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(muted_at=since))


def number(
    connection: Connection, conversation: Conversation, count: int, now: datetime, lease: Lease | None = None
) -> range:
    """Take the next `count` message numbers of a conversation as `lock` gave it in this transaction, and the lease."""
    first = conversation.last_seq + 1
    values = {"this": conversation.id, "last": conversation.last_seq + count, "now": now}
    if lease is None:
        _NUMBER.run(connection, **values)
    else:
        _NUMBER_AND_LEASE.run(connection, **values, holder=lease.holder, until=lease.until)
    return range(first, first + count)


def started_since(connection: Connection, address: str, since: datetime) -> tuple[int, datetime | None]:
    """How many conversations an address (its hash) began since then, and when the first of them."""
    theirs = and_(
        conversations.c.address == address, conversations.c.created_at > since, conversations.c.channel != "probe"
    )
    row = connection.execute(
        select(func.count(), func.min(conversations.c.created_at)).select_from(conversations).where(theirs)
    ).one()
    return int(row[0]), row[1]


def state(connection: Connection, conversation_id: str) -> State | None:
    """The state of a conversation, or None when there is none (any more)."""
    row = _STATE_OF_ONE.first(connection, this=conversation_id)
    return None if row is None else State(row[0], row[1], bool(row[2]), *row[3:])


def states(connection: Connection, conversation_ids: Sequence[str]) -> dict[str, State]:
    """The state of each of these conversations that exists."""
    rows = connection.execute(_STATES, {"these": list(conversation_ids)})
    return {row[0]: State(row[1], row[2], bool(row[3]), *row[4:]) for row in rows}


def count_by_owner(connection: Connection) -> dict[str, int]:
    """How many conversations each owner has."""
    query = select(conversations.c.owner, func.count()).group_by(conversations.c.owner)
    return {str(owner): int(count) for owner, count in connection.execute(query)}


# -- leases: one front at a time works a conversation's inbox --------------------------------


def claim(connection: Connection, conversation_id: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or keep the lease of a conversation that nobody else holds; True when `holder` has it now."""
    values = {"this": conversation_id, "holder": holder, "now": now, "until": until}
    return bool(connection.execute(_CLAIM, values).rowcount)


def renew(connection: Connection, holder: str, until: datetime) -> None:
    """Keep every lease of this holder until then."""
    connection.execute(update(conversations).where(conversations.c.busy_by == holder).values(busy_until=until))


def finish(connection: Connection, conversation_id: str, holder: str) -> bool:
    """Give the lease back if no message waits; False when one does, or the lease is not `holder`'s.

    Call it with the conversation locked: a message that is being accepted just now is then not overlooked.
    """
    return bool(_RELEASE.run(connection, this=conversation_id, holder=holder))


def release_left_behind(connection: Connection, name: str) -> int:
    """Free the leases of every holder whose name begins so: the ones of a front that died. Gives their number."""
    left = conversations.c.busy_by.startswith(name, autoescape=True)
    return int(connection.execute(update(conversations).where(left).values(busy_by=None, busy_until=None)).rowcount)


def waiting(connection: Connection, holder: str, now: datetime, limit: int) -> list[str]:
    """Conversations with an unsettled message that `holder` may claim, longest waiting first."""
    rows = connection.execute(_WAITING, {"holder": holder, "now": now, "most": limit})
    return [str(row.conversation_id) for row in rows]
