"""Keeps the links to a desk that is not ours: which are due, who works them, and what is known on either side.

A pass over a link is leased, so that two fronts never work one at once. Times are aware. Each function is the work of
one transaction, or part of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.desk.port import Place
from doorstep.storage.conversations import AGENT, QUEUE, Conversation, Lease
from doorstep.storage.tables import conversations, desk_links, owner_changes

RECENT = timedelta(minutes=5)  # so old a change of owner may be and still be looked for between two polls
_l, _c = desk_links.c, conversations.c
_PEOPLE = (QUEUE, AGENT)


class Lost(Exception):
    """The lease of a link is not the holder's any more, or the conversation is gone."""


@dataclass(frozen=True)
class Link:
    """Where a conversation stands on the other desk, and what is known on either side, by number."""

    conversation_id: str
    contact_id: str
    source_id: str
    remote_id: str
    told_seq: int
    told_change: int
    heard_id: int
    failures: int

    @property
    def place(self) -> Place:
        """Where it is over there."""
        return Place(self.contact_id, self.source_id, self.remote_id)


@dataclass(frozen=True)
class Periods:
    """How often a link is looked at: while people have the conversation, and for how long after that how often.

    After `first` seconds a failed pass is tried again, then after twice as long, up to `longest`.
    """

    with_people: timedelta = timedelta(seconds=15)
    after: timedelta = timedelta(seconds=60)
    after_for: timedelta = timedelta(days=1)
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)

    def next_look(self, conversation: Conversation, now: datetime) -> datetime | None:
        """When a link is looked at next, after a pass that went well; None for not until something happens."""
        if conversation.owner in _PEOPLE:
            return now + self.with_people
        return now + self.after if now - conversation.owner_since < self.after_for else None

    def next_try(self, failures: int, retry_after: float | None, now: datetime) -> datetime:
        """When a pass is tried again that failed for so many times in a row."""
        pause: timedelta = min(self.longest, self.first * 2 ** min(failures - 1, 20))
        return now + max(pause, timedelta(seconds=retry_after or 0))


# -- which are due, and who works them -------------------------------------------------------


def take_in(connection: Connection, desk: str, now: datetime) -> None:
    """Begin a link for each conversation in the queue that has none with this desk."""
    has_one = exists().where(_l.conversation_id == _c.id)
    waiting = select(_c.id).where(_c.owner == QUEUE)
    for conversation_id in connection.execute(waiting.where(~has_one)).scalars().all():
        connection.execute(desk_links.insert().values(conversation_id=conversation_id, desk=desk, next_at=now))
    nothing = {**asdict(Place()), "told_seq": 0, "told_change": 0, "heard_id": 0, "failures": 0}
    elsewhere = and_(_l.desk != desk, _l.conversation_id.in_(waiting))
    connection.execute(update(desk_links).where(elsewhere).values(desk=desk, next_at=now, **nothing))


def is_any_new(connection: Connection, desk: str) -> bool:
    """Whether `take_in` has something to do."""
    has_one = exists().where(_l.conversation_id == _c.id, _l.desk == desk)
    return connection.execute(select(_c.id).where(_c.owner == QUEUE, ~has_one).limit(1)).first() is not None


def due(connection: Connection, desk: str, now: datetime, most: int) -> list[str]:
    """The links to be worked now, the one due longest first: by time, or because there is something to tell."""
    untold = exists().where(owner_changes.c.conversation_id == _c.id, owner_changes.c.id > _l.told_change)
    to_tell = or_(
        and_(_c.owner.in_(_PEOPLE), or_(_c.last_seq > _l.told_seq, _l.next_at.is_(None))),
        and_(_c.owner_since > now - RECENT, untold),
    )
    free = or_(_l.busy_by.is_(None), _l.busy_until < now)
    query = (
        select(_l.conversation_id)
        .join(conversations, _c.id == _l.conversation_id)
        .where(_l.desk == desk, free, or_(_l.next_at <= now, and_(_l.failures == 0, to_tell)))
        .order_by(func.coalesce(_l.next_at, _c.owner_since))
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def claim(connection: Connection, conversation_id: str, lease: Lease, now: datetime) -> bool:
    """Take a link that nobody else works. One whose front dies is due again when the lease has run out."""
    free = or_(_l.busy_by.is_(None), _l.busy_until < now)
    taken = update(desk_links).where(_l.conversation_id == conversation_id, free)
    values = {"busy_by": lease.holder, "busy_until": lease.until, "next_at": lease.until}
    return bool(connection.execute(taken.values(**values)).rowcount)


def renew(connection: Connection, lease: Lease) -> None:
    """Keep every link of this holder."""
    connection.execute(update(desk_links).where(_l.busy_by == lease.holder).values(busy_until=lease.until))


def release_left_behind(connection: Connection, name: str, now: datetime) -> int:
    """Free the links of every holder whose name begins so: those of a front that died. Gives their number."""
    left = _l.busy_by.startswith(name, autoescape=True)
    freed = update(desk_links).where(left).values(busy_by=None, busy_until=None, next_at=now)
    return int(connection.execute(freed).rowcount)


def nudge(connection: Connection, desk: str, remote_ids: Sequence[str], now: datetime) -> bool:
    """There may be news of these conversations over there. Whether any is linked."""
    theirs = and_(_l.desk == desk, _l.remote_id.in_(list(remote_ids)), _l.remote_id != "")
    return bool(connection.execute(update(desk_links).where(theirs).values(next_at=now)).rowcount)


def count_failing(connection: Connection) -> int:
    """How many links failed in their last pass."""
    failing = select(func.count()).select_from(desk_links).where(_l.failures > 0)
    return int(connection.execute(failing).scalar_one())


# -- what is known on either side ------------------------------------------------------------


def held(connection: Connection, conversation_id: str, holder: str) -> Link:
    """A link that `holder` works, locked until this transaction ends. Raises Lost."""
    columns = [_l[name] for name in Link.__dataclass_fields__]
    query = select(*columns).where(_l.conversation_id == conversation_id, _l.busy_by == holder)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise Lost(conversation_id)
    return Link(*row)


def put(connection: Connection, conversation_id: str, holder: str, place: Place) -> None:
    """Remember where the conversation is over there. Raises Lost."""
    held(connection, conversation_id, holder)
    _change(connection, conversation_id, **asdict(place))


def forget_place(connection: Connection, conversation_id: str, holder: str) -> None:
    """The conversation is not there any more: it is opened and told again, and nothing is heard twice. Raises Lost."""
    held(connection, conversation_id, holder)
    _change(connection, conversation_id, **asdict(Place()), told_seq=0, told_change=0, heard_id=0)


def told(connection: Connection, conversation_id: str, holder: str, seq: int, change: int) -> None:
    """Remember that messages and changes of owner up to these numbers are known there; 0 for no news. Raises Lost."""
    link = held(connection, conversation_id, holder)
    _change(
        connection,
        conversation_id,
        told_seq=max(seq, link.told_seq),
        told_change=max(change, link.told_change),
    )


def heard(connection: Connection, conversation_id: str, heard_id: int, told_change: int) -> None:
    """Remember up to which message they were heard, and that they know of the changes that came from them."""
    _change(connection, conversation_id, heard_id=heard_id, told_change=told_change)


def finish(connection: Connection, conversation_id: str, holder: str, next_at: datetime | None, now: datetime) -> None:
    """Give the link back after a pass that went well; a nudge that came meanwhile is kept. Raises Lost."""
    held(connection, conversation_id, holder)
    keep = case((_l.next_at <= now, _l.next_at), else_=literal(next_at, _l.next_at.type))
    _change(connection, conversation_id, next_at=keep, failures=0, busy_by=None, busy_until=None)


def fail(connection: Connection, conversation_id: str, holder: str, next_at: datetime) -> None:
    """Give the link back after a pass that failed. Raises Lost."""
    held(connection, conversation_id, holder)
    _change(connection, conversation_id, next_at=next_at, failures=_l.failures + 1, busy_by=None, busy_until=None)


def _change(connection: Connection, conversation_id: str, **values: Any) -> None:
    connection.execute(update(desk_links).where(_l.conversation_id == conversation_id).values(**values))
