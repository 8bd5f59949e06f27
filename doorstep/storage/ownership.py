"""Whose a conversation is: the assistant's, in the queue, an agent's, or closed; and every change of it, on record.

A change is one UPDATE that names the owner it takes the conversation from: of two at once, one finds it gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.engine import Connection

from doorstep.people.handovers import reason_of
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE
from doorstep.storage.tables import conversations, owner_changes

ALL = (ASSISTANT, QUEUE, AGENT, CLOSED)


@dataclass(frozen=True)
class By:
    """Who works at a desk: an agent of ours with their id, or a name alone on a desk that is not ours."""

    name: str
    agent_id: int | None = None
    is_lead: bool = False


@dataclass(frozen=True)
class Move:
    """A change of owner: to whom, why, for which team, by whom; `note` is for the person who takes over."""

    after: str
    reason: str = ""
    team: str = ""
    by: By | None = None
    note: Mapping[str, Any] | None = None


def move(
    connection: Connection,
    conversation_id: str,
    wanted: Move,
    now: datetime,
    *,
    only_from: Collection[str] = ALL,
    held_by: By | None = None,
) -> int | None:
    """Change the owner; gives the number of the change, or None when it was not one of `only_from` any more.

    With `held_by` a conversation that an agent has is taken from that agent alone.
    """
    for before in only_from:
        if before == wanted.after and before != AGENT:
            continue
        here = and_(conversations.c.id == conversation_id, conversations.c.owner == before)
        if before == AGENT and held_by is not None:
            here = and_(here, conversations.c.agent_id.is_not_distinct_from(held_by.agent_id))
        values = _values(before, wanted, now)
        if connection.execute(update(conversations).where(here).values(**values)).rowcount:
            return _keep(connection, conversation_id, before, wanted, now)
    return None


def _values(before: str, wanted: Move, now: datetime) -> dict[str, Any]:
    by = wanted.by if wanted.after == AGENT and wanted.by else By("")
    values: dict[str, Any] = {
        "owner": wanted.after,
        "owner_since": now,
        "agent_id": by.agent_id,
        "agent_name": by.name,
        "active_at": now if wanted.after == AGENT else None,
    }
    if wanted.after == QUEUE:
        values["team"] = wanted.team or reason_of(wanted.reason).team
        if before in (ASSISTANT, CLOSED):
            values |= {"handover_reason": wanted.reason, "handover_note": dict(wanted.note or {})}
            values |= {"queued_at": now, "answer_due_at": None, "late_told_at": None}
    elif wanted.after in (ASSISTANT, CLOSED):
        values |= {"handover_reason": "", "answer_due_at": None}
        if before == AGENT and wanted.after == ASSISTANT:
            values["handed_back_at"] = now
    return values


def _keep(connection: Connection, conversation_id: str, before: str, wanted: Move, now: datetime) -> int:
    by = wanted.by or By("")
    last_seq = select(conversations.c.last_seq).where(conversations.c.id == conversation_id)
    made = connection.execute(
        owner_changes.insert().values(
            conversation_id=conversation_id,
            at=now,
            seq=last_seq.scalar_subquery(),
            before=before,
            after=wanted.after,
            reason=wanted.reason,
            team=wanted.team or (reason_of(wanted.reason).team if wanted.after == QUEUE else ""),
            agent_id=by.agent_id,
            agent_name=by.name,
        )
    )
    return int(made.inserted_primary_key[0])


def hand_over(
    connection: Connection, conversation_id: str, now: datetime, reason: str, note: Mapping[str, Any]
) -> bool:
    """Put the assistant's conversation, or a closed one, into the queue; False when it was neither."""
    wanted = Move(QUEUE, reason, note=note)
    return move(connection, conversation_id, wanted, now, only_from=(ASSISTANT, CLOSED)) is not None


def had_person_since(connection: Connection, conversation_id: str, moment: datetime | None) -> bool:
    """Whether a person gave a conversation away after a moment: they have read what was there before."""
    if moment is None:
        return False
    c = owner_changes.c
    given = select(c.id).where(c.conversation_id == conversation_id, c.before == AGENT, c.at > moment).limit(1)
    return connection.execute(given).first() is not None


def add_to_note(connection: Connection, conversation_id: str, note: Mapping[str, Any]) -> None:
    """Tell the person who takes over more than what the hand-over told."""
    this = conversations.c.id == conversation_id
    known = connection.execute(select(conversations.c.handover_note).where(this)).scalar() or {}
    connection.execute(update(conversations).where(this).values(handover_note={**known, **note}))


def is_active(connection: Connection, conversation_id: str, now: datetime) -> None:
    """Note that the person who has a conversation does something in it just now."""
    theirs = and_(conversations.c.id == conversation_id, conversations.c.owner == AGENT)
    connection.execute(update(conversations).where(theirs).values(active_at=now))


def held_by(connection: Connection, agent_id: int) -> list[str]:
    """The conversations that an agent has, the one had longest first."""
    c = conversations.c
    query = select(c.id).where(c.owner == AGENT, c.agent_id == agent_id).order_by(c.owner_since, c.id)
    return list(connection.execute(query).scalars())
