"""Keeps what is to be said first: one row for each order, subject and kind, planned, then sent or dropped.

Beside the notices the table holds marks of orders that have changed (LOOK): the planner looks at these and takes the
mark away. Times are aware.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from doorstep.storage.conversations import ASSISTANT, CLOSED
from doorstep.storage.tables import cases, conversations, notices, promises, shop_tasks, verified_orders
from doorstep.unasked.followups import CASE_EVERY, DROPPED, OLD, PLANNED, SENT, TOO_OLD, Key, Plan, Planned
from doorstep.unasked.keeping import Task
from doorstep.unasked.notices import CASE, PROMISE

LOOK = "look"  # the order has changed
FIRST = "first"  # the subject of a LOOK at an order that came in for the first time
_HERE = verified_orders.c.conversation_id == conversations.c.id
_OPEN_TO_US = and_(conversations.c.muted_at.is_(None), conversations.c.owner.in_((ASSISTANT, CLOSED)))
_CAN_BE_TOLD = exists().where(verified_orders.c.order_id == notices.c.order_id, _HERE, _OPEN_TO_US)


@dataclass(frozen=True)
class Notice:
    """A planned notice."""

    id: int
    order_id: int
    kind: str
    subject: str
    due_at: datetime


@dataclass(frozen=True)
class Reach:
    """The conversation in which an order was proven and that was used last; `named_at` is when the order was named."""

    conversation_id: str
    owner: str
    muted: bool
    is_busy: bool
    named_at: datetime


class Notices:
    """Works in the transaction of the connection it is given; whoever plans or sends has locked the order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- planning ------------------------------------------------------------------------------

    def mark(self, orders: Mapping[int, str], now: datetime) -> None:
        """Have orders (by id) looked at; what is told for each is FIRST for a new one, else ""."""
        rows = [
            {"order_id": order_id, "subject": subject, "kind": LOOK, "due_at": now, "state": PLANNED}
            for order_id, subject in sorted(orders.items())
        ]
        if rows:
            self._connection.execute(self._insert().on_conflict_do_nothing(), rows)

    def marked(self, now: datetime, limit: int) -> list[int]:
        """Orders to look at: changed ones first, then those with a promise or a case that nothing is planned for."""
        is_mark = and_(notices.c.state == PLANNED, notices.c.due_at <= now, notices.c.kind == LOOK)
        looks = select(notices.c.order_id).where(is_mark).distinct()
        found = list(self._connection.execute(looks.limit(limit)).scalars())
        subject = promises.c.kind + literal("/") + promises.c.subject
        has_row = exists().where(
            notices.c.order_id == promises.c.order_id, notices.c.kind == PROMISE, notices.c.subject == subject
        )
        unplanned = select(promises.c.order_id).where(promises.c.state == "open", ~has_row).distinct()
        found += self._connection.execute(unplanned.limit(limit)).scalars()
        return list(dict.fromkeys(found))[:limit]

    def with_open_cases(self, now: datetime, limit: int) -> list[int]:
        """Orders with an open case of which nothing is planned, and nothing was told within CASE_EVERY."""
        mine = and_(notices.c.order_id == cases.c.order_id, notices.c.kind == CASE)
        recent = exists().where(mine, or_(notices.c.state == PLANNED, notices.c.due_at > now - CASE_EVERY))
        old = and_(cases.c.state != "closed", cases.c.opened_at <= now - CASE_EVERY)
        return list(
            self._connection.execute(select(cases.c.order_id).where(old, ~recent).distinct().limit(limit)).scalars()
        )

    def is_new(self, order_id: int) -> bool:
        """Whether the order is marked as one that came in for the first time."""
        mine = and_(notices.c.order_id == order_id, notices.c.kind == LOOK, notices.c.subject == FIRST)
        return self._connection.execute(select(notices.c.id).where(mine)).first() is not None

    def states_of(self, order_id: int) -> dict[Key, str]:
        """All notices of an order by kind and subject, with their states."""
        query = select(notices.c.kind, notices.c.subject, notices.c.state).where(
            notices.c.order_id == order_id, notices.c.kind != LOOK
        )
        return {(row.kind, row.subject): row.state for row in self._connection.execute(query)}

    def keep(self, order_id: int, plan: Plan) -> None:
        """Carry out a plan, and take the order's marks away."""
        rows = [
            {
                "order_id": order_id,
                "subject": one.subject,
                "kind": one.kind,
                "due_at": one.due_at,
                "state": DROPPED if one.why else PLANNED,
                "why": one.why,
            }
            for one in plan.add
        ]
        if rows:
            self._connection.execute(self._insert().on_conflict_do_nothing(), rows)
        for (kind, subject), why in plan.drop.items():
            mine = self._key(order_id, kind, subject) & (notices.c.state == PLANNED)
            self._connection.execute(update(notices).where(mine).values(state=DROPPED, why=why))
        marks = (notices.c.order_id == order_id) & (notices.c.kind == LOOK)
        self._connection.execute(delete(notices).where(marks))

    def plan_one(self, order_id: int, one: Planned) -> None:
        """Plan one notice, unless there is one of its kind and subject."""
        row = {"order_id": order_id, "subject": one.subject, "kind": one.kind, "due_at": one.due_at, "state": PLANNED}
        self._connection.execute(self._insert().on_conflict_do_nothing(), [row])

    def _insert(self) -> Any:
        return (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(notices)

    @staticmethod
    def _key(order_id: int, kind: str, subject: str) -> Any:
        return and_(notices.c.order_id == order_id, notices.c.kind == kind, notices.c.subject == subject)

    # -- sending -------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> list[Notice]:
        """Planned notices whose time has come and whose buyer can be reached; promises in any case."""
        query = (
            select(notices.c.id, notices.c.order_id, notices.c.kind, notices.c.subject, notices.c.due_at)
            .where(notices.c.state == PLANNED, notices.c.due_at <= now, notices.c.kind != LOOK)
            .where(or_(notices.c.kind == PROMISE, _CAN_BE_TOLD))
            .order_by(notices.c.due_at, notices.c.id)
            .limit(limit)
        )
        return [Notice(*row) for row in self._connection.execute(query)]

    def still_planned(self, notice: Notice) -> bool:
        """Whether a notice is planned as it was read; another front may have sent it. The order must be locked."""
        mine = (notices.c.id == notice.id) & (notices.c.state == PLANNED) & (notices.c.due_at == notice.due_at)
        return self._connection.execute(select(notices.c.id).where(mine)).first() is not None

    def sent(self, notice: Notice, conversation_id: str, seq: int | None, now: datetime) -> None:
        """Note that a notice was said, with the message that did."""
        said = {"conversation_id": conversation_id, "seq": seq, "sent_at": now}
        self._set(notice, state=SENT, due_at=notice.due_at, **said)

    def drop(self, notice: Notice, why: str) -> None:
        """Note why a notice is not said."""
        self._set(notice, state=DROPPED, due_at=notice.due_at, why=why)

    def postpone(self, notice: Notice, until: datetime) -> None:
        """Have a notice said later."""
        self._set(notice, due_at=until)

    def _set(self, notice: Notice, **values: Any) -> None:
        mine = (notices.c.id == notice.id) & (notices.c.state == PLANNED)
        self._connection.execute(update(notices).where(mine).values(**values))

    def drop_old(self, kinds: Collection[str], now: datetime) -> None:
        """Drop news whose time is long over: nobody could be told."""
        old = and_(notices.c.state == PLANNED, notices.c.kind.in_(kinds), notices.c.due_at < now - OLD)
        self._connection.execute(update(notices).where(old).values(state=DROPPED, why=TOO_OLD))

    def drop_earlier(self, notice: Notice, kind: str, why: str) -> None:
        """Drop the other notices of a kind that are due for the order no later than this one."""
        mine = and_(
            notices.c.order_id == notice.order_id,
            notices.c.kind == kind,
            notices.c.state == PLANNED,
            notices.c.due_at <= notice.due_at,
            notices.c.id != notice.id,
        )
        self._connection.execute(update(notices).where(mine).values(state=DROPPED, why=why))

    def reach(self, order_id: int, now: datetime) -> Reach | None:
        """Where the buyer of an order can be told something; None where nobody has proven it yet."""
        c = conversations.c
        query = (
            select(c.id, c.owner, c.muted_at, c.busy_by, c.busy_until, verified_orders.c.named_at)
            .join(verified_orders, _HERE)
            .where(verified_orders.c.order_id == order_id)
            .order_by(c.last_at.desc(), c.id)
            .limit(1)
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        busy = row.busy_by is not None and row.busy_until is not None and row.busy_until > now
        return Reach(row.id, row.owner, row.muted_at is not None, busy, row.named_at)

    # -- promises ------------------------------------------------------------------------------

    def made_in(self, order_id: int, kind: str, subject: str) -> str:
        """The conversation in which a promise was made, or ""."""
        mine = and_(promises.c.order_id == order_id, promises.c.kind == kind, promises.c.subject == subject)
        return str(self._connection.execute(select(promises.c.conversation_id).where(mine)).scalar() or "")

    def tasks_of(self, order_id: int) -> tuple[Task, ...]:
        """What the shop has, or had, to do for an order."""
        query = select(shop_tasks.c.kind, shop_tasks.c.note, shop_tasks.c.done_at).where(
            shop_tasks.c.order_id == order_id
        )
        return tuple(Task(row.kind, dict(row.note), row.done_at) for row in self._connection.execute(query))

    def told(self, order_id: int) -> frozenset[Key]:
        """The notices that were sent for an order."""
        return frozenset(key for key, state in self.states_of(order_id).items() if state == SENT)
