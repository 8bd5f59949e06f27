"""Reads and writes what the desk keeps beside the messages: the queue, measured waits, notes, typing and ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from doorstep.people.handovers import WROTE_UNASKED
from doorstep.people.waiting import Waiting
from doorstep.storage.conversations import AGENT, QUEUE
from doorstep.storage.tables import cases, conversations, desk_notes, inbox, outbox, owner_changes, ratings, typing

BUYER, PERSON = "buyer", "agent"  # sides that type
MEASURED_OVER = timedelta(days=7)
MOST_MEASURED = 200  # waits, the newest
MINDED_AT_ONCE = 100  # conversations of one look

_c = conversations.c


# -- the queue -----------------------------------------------------------------------------


def waiting(connection: Connection, shop: str = "") -> list[Waiting]:
    """The conversations in the queue, of one shop or of all (""); those of probes are left out."""
    columns = (_c.id, _c.queued_at, _c.owner_since, _c.handover_reason, _c.team, _c.tier, _c.mood, _c.deadline_at)
    query = select(*columns).where(_c.owner == QUEUE, *_of_shop(shop))
    return [
        Waiting(
            row.id, row.queued_at or row.owner_since, row.handover_reason, row.team, row.tier, row.mood, row.deadline_at
        )
        for row in connection.execute(query)
    ]


def mark(connection: Connection, shop: str = "") -> tuple[Any, ...]:
    """Something that differs when the queue does, or a message came into it."""
    ours = (_c.owner.in_((QUEUE, AGENT)), *_of_shop(shop))
    told = select(func.count(), func.max(_c.owner_since), func.sum(_c.last_seq)).where(*ours)
    return tuple(connection.execute(told).one())


# What is minded: each asks about all conversations, or about one (`this`), to look again once it is locked.


def not_told_in(connection: Connection, this: str = "") -> list[str]:
    """Conversations in the queue whose buyers were not told of it, and are not just being answered."""
    answered_next = exists().where(inbox.c.conversation_id == _c.id, inbox.c.outcome == "")
    return _minded(connection, this, _c.owner == QUEUE, _c.answer_due_at.is_(None), ~answered_next)


def overdue(connection: Connection, now: datetime, this: str = "") -> list[str]:
    """Conversations of people in which the promised answer has not come in time, and the buyer was not told so."""
    late = (_c.answer_due_at < now, _c.late_told_at.is_(None))
    return _minded(connection, this, _c.owner.in_((QUEUE, AGENT)), *late)


def idle(connection: Connection, since: datetime, this: str = "") -> list[str]:
    """Conversations whose agent has done nothing since then, while the buyer waits for an answer."""
    same = outbox.c.conversation_id == inbox.c.conversation_id
    last_word = select(func.max(outbox.c.seq)).where(same, outbox.c.sender == PERSON).correlate(inbox)
    first_open = select(func.min(inbox.c.at)).where(
        inbox.c.conversation_id == _c.id, inbox.c.seq > func.coalesce(last_word.scalar_subquery(), 0)
    )
    waits = first_open.scalar_subquery() < since
    return _minded(connection, this, _c.owner == AGENT, _c.active_at < since, waits)


def _minded(connection: Connection, this: str, *where: Any) -> list[str]:
    only = (_c.id == this,) if this else ()
    return list(connection.execute(select(_c.id).where(*where, *only).limit(MINDED_AT_ONCE)).scalars())


def waits_measured(connection: Connection, shop: str, now: datetime) -> list[tuple[datetime, timedelta]]:
    """When buyers came into the queue, and how long until a person took over: the newest of the last seven days."""
    came, went = owner_changes, aliased(owner_changes, name="went")
    between = aliased(owner_changes, name="between")
    same = went.c.conversation_id == came.c.conversation_id
    nothing_between = ~exists().where(
        between.c.conversation_id == came.c.conversation_id, between.c.id > came.c.id, between.c.id < went.c.id
    )
    query = (
        select(came.c.at, went.c.at)
        .select_from(came.join(went, and_(same, went.c.id > came.c.id)))
        .join(conversations, _c.id == came.c.conversation_id)
        .where(came.c.after == QUEUE, went.c.before == QUEUE, went.c.after == AGENT, *_of_shop(shop))
        .where(went.c.at >= now - MEASURED_OVER, nothing_between, came.c.reason != WROTE_UNASKED)
        .order_by(went.c.at.desc(), went.c.id.desc())
        .limit(MOST_MEASURED)
    )
    return [(put, taken - put) for put, taken in connection.execute(query)]


def _of_shop(shop: str) -> tuple[Any, ...]:
    return (_c.channel != "probe", *((_c.shop == shop,) if shop else ()))


# -- notes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """What a person noted for the others; the buyer never sees it."""

    id: int
    at: datetime
    agent_name: str
    text: str


def add_note(connection: Connection, conversation_id: str, agent_name: str, text: str, now: datetime) -> None:
    """Keep a note."""
    connection.execute(
        desk_notes.insert().values(conversation_id=conversation_id, at=now, agent_name=agent_name, text=text)
    )


def notes_of(connection: Connection, conversation_id: str) -> list[Note]:
    """The notes of a conversation, oldest first."""
    columns = [desk_notes.c[name] for name in Note.__dataclass_fields__]
    query = select(*columns).where(desk_notes.c.conversation_id == conversation_id).order_by(desk_notes.c.id)
    return [Note(*row) for row in connection.execute(query)]


# -- typing --------------------------------------------------------------------------------


def is_typing(connection: Connection, conversation_id: str, side: str, until: datetime) -> None:
    """Note that a side types; it counts until then. The conversation must be locked: two tabs may begin at once."""
    here = and_(typing.c.conversation_id == conversation_id, typing.c.side == side)
    if not connection.execute(update(typing).where(here).values(until=until)).rowcount:
        connection.execute(typing.insert().values(conversation_id=conversation_id, side=side, until=until))


def stops_typing(connection: Connection, conversation_id: str, side: str) -> None:
    """What a side was typing has been sent, or it is over."""
    connection.execute(delete(typing).where(typing.c.conversation_id == conversation_id, typing.c.side == side))


def typing_until(connection: Connection, conversation_id: str, side: str) -> datetime | None:
    """Until when a side counts as typing."""
    here = and_(typing.c.conversation_id == conversation_id, typing.c.side == side)
    until: datetime | None = connection.execute(select(typing.c.until).where(here)).scalar()
    return until


# -- ratings -------------------------------------------------------------------------------


def rate(connection: Connection, conversation_id: str, closing_id: int, score: str, now: datetime) -> bool:
    """Keep what a buyer thinks of the help before a closing; False when they said it before, or none was asked for."""
    r = owner_changes.c
    closing = select(r.id).where(r.id == closing_id, r.conversation_id == conversation_id, r.after == "closed")
    known = select(ratings.c.score).where(ratings.c.closing_id == closing_id)
    if connection.execute(closing).first() is None or connection.execute(known).first() is not None:
        return False
    of_conversation = select(cases.c.number).where(cases.c.conversation_id == conversation_id)
    case_number = connection.execute(of_conversation.order_by(cases.c.updated_at.desc()).limit(1)).scalar() or ""
    here = {"closing_id": closing_id, "conversation_id": conversation_id, "case_number": case_number}
    connection.execute(ratings.insert().values(**here, score=score, at=now))
    return True


def rate_why(connection: Connection, conversation_id: str, closing_id: int, why: str) -> bool:
    """Add to a rating what was good or bad; False when that was said before."""
    r = ratings.c
    this = and_(r.closing_id == closing_id, r.conversation_id == conversation_id, r.why == "")
    return bool(connection.execute(update(ratings).where(this).values(why=why)).rowcount)
