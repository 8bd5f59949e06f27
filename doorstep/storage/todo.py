"""What is left for people to do: conversations that wait for a person, what the shop has to carry out, and promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from doorstep import cases as rules
from doorstep.people.briefs import Brief
from doorstep.people.waiting import Waiting, in_order
from doorstep.policy.shop import ShopPolicy
from doorstep.storage.briefs import brief
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.evidence import Evidence
from doorstep.storage.orders import Orders
from doorstep.storage.tables import conversations, orders, promises, shop_tasks


@dataclass(frozen=True)
class OpenPromise:
    """A promise nobody has kept yet. `remedy` is what the buyer chose, or ""."""

    due_at: datetime
    kind: str
    remedy: str
    order_number: str
    conversation_id: str


def waiting_for_person(connection: Connection, policy: ShopPolicy, now: datetime) -> list[Waiting]:
    """Conversations in the queue, in the order in which they are answered: see `doorstep.people.waiting`."""
    ids = connection.execute(select(conversations.c.id).where(conversations.c.owner == "queue")).scalars().all()
    told = (brief(connection, policy, conversation_id, now) for conversation_id in ids)
    return in_order((_waiting(each) for each in told if each), tuple(policy.customers.tiers), now)


def _waiting(told: Brief) -> Waiting:
    order = told.orders[0] if told.orders else None
    deadline, risk = (order.deadline, order.risk) if order else (None, 0)
    return Waiting(told.conversation_id, told.since, told.reason, told.team, told.who.tier, told.mood, deadline, risk)


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


@dataclass(frozen=True)
class OpenTask:
    """Something the shop has to carry out; `note` says with what, by name, as text."""

    id: int
    made_at: datetime
    kind: str
    order_number: str
    note: Mapping[str, str]
    conversation_id: str


class NoSuchTask(Exception):
    """There is no such task to be done; the message says why."""


def open_tasks(connection: Connection) -> list[OpenTask]:
    """What the shop has not carried out yet, the oldest first."""
    t = shop_tasks.c
    query = (
        select(t.id, t.made_at, t.kind, orders.c.number, t.note, t.conversation_id)
        .join(orders, orders.c.id == t.order_id)
        .where(t.done_at.is_(None))
        .order_by(t.made_at, t.id)
    )
    return [OpenTask(row.id, row.made_at, row.kind, row.number, row.note, row[5]) for row in connection.execute(query)]


def mark_done(connection: Connection, task_id: int, now: datetime) -> OpenTask:
    """Note that the shop has carried a task out; gives the task.

    A promise that its note names is kept with it, and the case it names is closed with the last of its tasks. Raises
    NoSuchTask for an id that is unknown or was done before.
    """
    waiting = open_tasks(connection)
    task = next((each for each in waiting if each.id == task_id), None)
    if task is None:
        done_at = connection.execute(select(shop_tasks.c.done_at).where(shop_tasks.c.id == task_id)).scalar()
        when = f"was done on {done_at:%Y-%m-%d}" if done_at else "is not on the list; `doorstep todo` shows it"
        raise NoSuchTask(f"Task {task_id} {when}.")
    row = shop_tasks.c.id == task_id
    order_id = int(connection.execute(select(shop_tasks.c.order_id).where(row)).scalar_one())
    Commitments(connection).lock(order_id)
    connection.execute(update(shop_tasks).where(row).values(done_at=now))
    if "promise" in task.note:
        Commitments(connection).change_state(order_id, task.note["promise"], task.note.get("subject", ""), "kept")
    number = task.note.get("case", "")
    if number and not any(each.note.get("case") == number for each in waiting if each.id != task_id):
        _close(connection, order_id, number, now)
    return task


def _close(connection: Connection, order_id: int, number: str, now: datetime) -> None:
    case, order = Cases(connection).find(number), Orders(connection).get(order_id)
    if case is None or order is None or case.state != rules.AGREED:
        return  # a person still has it, or the buyer is being asked for something else
    step = rules.CaseStep(case.kind, case.subject, rules.CLOSED, {"done": now.date().isoformat()})
    closed = Cases(connection).step("", order_id, order.number, step, now)
    Evidence(connection).catch_up(closed, order, now)
