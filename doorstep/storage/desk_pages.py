"""Reads what the desk's list of conversations shows, in a fixed number of statements. Times are aware."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, true
from sqlalchemy.engine import Connection

from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE
from doorstep.storage.tables import conversations, inbox, orders, outbox, owner_changes, verified_orders

PROBE = "probe"  # the channel by which Doorstep looks whether it is well
FIRST_CHARACTERS = 240  # of the buyer's last message
MOST_WITH_PEOPLE, MOST_ENDED = 200, 50
_c = conversations.c


@dataclass(frozen=True)
class Row:
    """A conversation in the list. `since` is when its owner got it, in the queue when it came from the assistant.

    `text` are the first characters of the buyer's last message, "" for photos alone (`has_photos`), written at
    `text_at`. `is_unanswered` tells that no person has written since. `by` and `reason` are, of one that ended, who
    closed it or handed it back, and why.
    """

    id: str
    shop: str
    language: str
    owner: str
    since: datetime
    reason: str
    team: str
    tier: str
    mood: str
    deadline: datetime | None
    answer_due_at: datetime | None
    agent_id: int | None
    by: str
    text: str = ""
    text_at: datetime | None = None
    has_photos: bool = False
    is_unanswered: bool = False


def waiting_rows(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The rows of these conversations, in this order; those that left the queue meanwhile are left out."""
    rows = {row.id: row for row in _rows(connection, and_(_c.owner == QUEUE, _c.id.in_(list(ids))), len(ids))}
    return [rows[each] for each in ids if each in rows]


def held_rows(connection: Connection, shop: str) -> list[Row]:
    """The conversations that agents have, of one shop or of all (""): those that were written to last come first."""
    rows = _rows(connection, and_(_c.owner == AGENT, _of_shop(shop)), MOST_WITH_PEOPLE)
    return sorted(rows, key=lambda row: (row.is_unanswered, row.text_at or row.since), reverse=True)


def ended_rows(connection: Connection, shop: str, since: datetime) -> list[Row]:
    """The conversations that a person closed or handed back since then and that are still so, the last one first."""
    o = owner_changes.c
    handed_back = exists().where(
        o.conversation_id == _c.id, o.before == AGENT, o.after == ASSISTANT, o.at == _c.owner_since
    )
    ended = or_(_c.owner == CLOSED, and_(_c.owner == ASSISTANT, _c.handed_back_at >= since, handed_back))
    rows = _rows(connection, and_(ended, _c.owner_since >= since, _of_shop(shop)), MOST_ENDED)
    newest = select(func.max(o.id)).where(o.conversation_id.in_([row.id for row in rows])).group_by(o.conversation_id)
    query = select(o.conversation_id, o.agent_name, o.reason).where(o.id.in_(newest))
    endings = {row.conversation_id: row for row in connection.execute(query)}
    return [_ended(row, endings.get(row.id)) for row in rows]


def buyers(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The buyers' names, by conversation, where an order is proven: that of the order talked about."""
    v = verified_orders.c
    query = select(v.conversation_id, orders.c.buyer).join(orders, orders.c.id == v.order_id)
    found = connection.execute(query.where(v.conversation_id.in_(list(ids))).order_by(v.named_at, v.order_id))
    return {row.conversation_id: name for row in found if (name := row.buyer.get("name"))}


def counts(connection: Connection, shop: str, agent_id: int) -> dict[str, int]:
    """How many conversations wait, and how many this agent has: `waiting` and `mine`."""
    query = select(_c.owner, func.count()).where(
        _c.owner.in_((QUEUE, AGENT)),  # by the index, which the next line alone would not use
        or_(_c.owner == QUEUE, and_(_c.owner == AGENT, _c.agent_id == agent_id)),
        _of_shop(shop),
    )
    found = {owner: int(count) for owner, count in connection.execute(query.group_by(_c.owner))}
    return {"waiting": found.get(QUEUE, 0), "mine": found.get(AGENT, 0)}


def _of_shop(shop: str) -> Any:
    return and_(_c.channel != PROBE, _c.shop == shop if shop else true())


def _rows(connection: Connection, where: Any, most: int) -> list[Row]:
    last = select(func.max(inbox.c.seq)).where(inbox.c.conversation_id == _c.id).correlate(conversations)
    said = select(func.max(outbox.c.seq)).where(outbox.c.conversation_id == _c.id, outbox.c.sender == AGENT)
    newest = and_(inbox.c.conversation_id == _c.id, inbox.c.seq == last.scalar_subquery())
    query = (
        select(
            *(_c.id, _c.shop, _c.language, _c.owner, _c.queued_at, _c.owner_since, _c.handover_reason, _c.team),
            *(_c.tier, _c.mood, _c.deadline_at, _c.answer_due_at, _c.agent_id, _c.agent_name),
            func.substr(inbox.c.text, 1, FIRST_CHARACTERS).label("text"),
            *(inbox.c.at, inbox.c.attachments, inbox.c.seq),
            said.correlate(conversations).scalar_subquery().label("said"),
        )
        .select_from(conversations.outerjoin(inbox, newest))
        .where(where, _c.channel != PROBE)
        .order_by(_c.owner_since.desc(), _c.id)
        .limit(most)
    )
    return [_row(row) for row in connection.execute(query)]


def _row(row: Any) -> Row:
    return Row(
        id=row.id,
        shop=row.shop,
        language=row.language,
        owner=row.owner,
        since=(row.queued_at if row.owner == QUEUE else None) or row.owner_since,
        reason=row.handover_reason,
        team=row.team,
        tier=row.tier,
        mood=row.mood,
        deadline=row.deadline_at,
        answer_due_at=row.answer_due_at,
        agent_id=row.agent_id,
        by=row.agent_name,
        text=row.text or "",
        text_at=row.at,
        has_photos=bool(row.attachments),
        is_unanswered=row.seq is not None and row.seq > (row.said or 0),
    )


def _ended(row: Row, ending: Any) -> Row:
    return replace(row, by=ending.agent_name, reason=ending.reason) if ending else row
