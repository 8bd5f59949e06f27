"""Reads what the screen of a conversation shows beside its messages: changes of owner, notes, choices that were taken.

Times are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.engine import Connection

from doorstep.storage.desk import BUYER
from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import (
    conversations,
    desk_notes,
    inbox,
    outbox,
    owner_changes,
    typing,
    uploads,
)
from doorstep.storage.uploads import Upload


@dataclass(frozen=True)
class Change:
    """The conversation went from one owner to another: why, to which team, and who did it or lost it.

    `seq` is the number of the last message before it.
    """

    id: int
    at: datetime
    seq: int
    before: str
    after: str
    reason: str
    team: str
    agent_name: str


@dataclass(frozen=True)
class Pulse:
    """What differs as soon as anything happened in a conversation; `note` and `change` are the newest ones' numbers.

    `waiting` is how many of the person's messages the buyer's page has not fetched.
    """

    last_seq: int
    owner: str
    agent_id: int | None
    agent_name: str
    buyer_types_until: datetime | None
    note: int
    change: int
    waiting: int


_c = conversations.c
_this = _c.id == bindparam("this")
_PULSE = Prepared(
    select(
        _c.last_seq,
        _c.owner,
        _c.agent_id,
        _c.agent_name,
        typing.c.until,
        select(func.max(desk_notes.c.id)).where(desk_notes.c.conversation_id == _c.id).scalar_subquery().label("note"),
        select(func.max(owner_changes.c.id))
        .where(owner_changes.c.conversation_id == _c.id)
        .scalar_subquery()
        .label("change"),
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.conversation_id == _c.id, outbox.c.sender == "agent", outbox.c.delivered_at.is_(None))
        .scalar_subquery()
        .label("waiting"),
    )
    .select_from(conversations.outerjoin(typing, and_(typing.c.conversation_id == _c.id, typing.c.side == BUYER)))
    .where(_this)
)


def pulse(connection: Connection, conversation_id: str) -> Pulse | None:
    """The pulse of a conversation; None when there is none (any more)."""
    row = _PULSE.first(connection, this=conversation_id)
    if row is None:
        return None
    return Pulse(
        row.last_seq, row.owner, row.agent_id, row.agent_name, row.until, row.note or 0, row.change or 0, row.waiting
    )


def shop_of(connection: Connection, conversation_id: str) -> str | None:
    """Whose conversation it is; None when there is no such conversation."""
    shop: str | None = connection.execute(select(_c.shop).where(_c.id == conversation_id)).scalar()
    return shop


def changes_of(connection: Connection, conversation_id: str) -> list[Change]:
    """All changes of owner, in the order they happened."""
    columns = [owner_changes.c[name] for name in Change.__dataclass_fields__]
    query = select(*columns).where(owner_changes.c.conversation_id == conversation_id).order_by(owner_changes.c.id)
    return [Change(*row) for row in connection.execute(query)]


def taken(connection: Connection, conversation_id: str) -> set[str]:
    """The tokens of the choices that the buyer has taken."""
    query = select(inbox.c.choice).where(inbox.c.conversation_id == conversation_id, inbox.c.choice != "")
    return set(connection.execute(query).scalars())


def upload(connection: Connection, upload_id: str) -> tuple[Upload, str] | None:
    """A photo or video by its id alone, and the shop of its conversation."""
    columns = [uploads.c[name] for name in Upload.__dataclass_fields__]
    query = select(*columns, _c.shop).join(conversations, _c.id == uploads.c.conversation_id)
    row = connection.execute(query.where(uploads.c.id == upload_id)).first()
    return None if row is None else (Upload(*row[:-1]), row.shop)
