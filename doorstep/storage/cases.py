"""Keeps cases, what the shop has to do, and changes of an order that the assistant makes itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from doorstep import cases as rules
from doorstep.cases import Case, CaseStep
from doorstep.orders import Address
from doorstep.settlement import OrderChange, ShopTask
from doorstep.storage.order_merge import NOTHING, Agreed
from doorstep.storage.tables import cases, orders, shop_tasks


class Cases:
    """Works in the transaction of the connection it is given; whoever changes a case has locked its order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_order(self, order_id: int) -> tuple[Case, ...]:
        """All cases of an order, oldest first."""
        query = select(cases).where(cases.c.order_id == order_id).order_by(cases.c.id)
        return tuple(_case_of(row) for row in self._connection.execute(query))

    def find(self, number: str) -> Case | None:
        """The case of that number."""
        row = self._connection.execute(select(cases).where(cases.c.number == number)).first()
        return _case_of(row) if row else None

    def step(self, conversation_id: str, order_id: int, order_number: str, step: CaseStep, now: datetime) -> Case:
        """Take a step of the open case of its kind and subject, or open one; gives the case as it is then."""
        known = self.of_order(order_id)
        case = rules.find(known, step.kind, step.subject)
        facts = {name: value for name, value in {**(case.facts if case else {}), **step.facts}.items() if value}
        values: dict[str, Any] = {"state": step.state, "facts": facts, "updated_at": now}
        values["closed_at"] = now if step.state == rules.CLOSED else None
        if case:
            self._connection.execute(update(cases).where(cases.c.id == case.id).values(**values))
            return Case(
                case.number, case.kind, case.subject, step.state, facts, case.opened_at, values["closed_at"], case.id
            )
        number = rules.number_for(order_number, known, step.kind, step.subject)
        key = {"order_id": order_id, "conversation_id": conversation_id, "number": number, "opened_at": now}
        done = self._connection.execute(insert(cases).values(kind=step.kind, subject=step.subject, **key, **values))
        made = int(done.inserted_primary_key[0])
        return Case(number, step.kind, step.subject, step.state, facts, now, values["closed_at"], made)

    def add_task(self, conversation_id: str, order_id: int, task: ShopTask, now: datetime) -> None:
        """Put something on the shop's list, unless the same stands there undone."""
        same = (shop_tasks.c.order_id == order_id) & (shop_tasks.c.kind == task.kind) & shop_tasks.c.done_at.is_(None)
        standing = self._connection.execute(select(shop_tasks.c.note).where(same)).scalars()
        if dict(task.note) not in [dict(note) for note in standing]:
            values = {"kind": task.kind, "note": dict(task.note), "made_at": now}
            self._connection.execute(
                insert(shop_tasks).values(order_id=order_id, conversation_id=conversation_id, **values)
            )

    def change_order(self, order_id: int, change: OrderChange) -> None:
        """Change an order itself."""
        values = {name: value for name, value in vars(change).items() if value is not None}
        if change.ship_to is not None:
            values["ship_to"] = asdict(change.ship_to)
        self._connection.execute(update(orders).where(orders.c.id == order_id).values(**values))


def agreed_for(connection: Connection, order_ids: Sequence[int]) -> dict[int, Agreed]:
    """What was agreed with buyers about the address and the cancelling of orders, as far as anything was."""
    wanted = cases.c.kind.in_((rules.ADDRESS, rules.CANCEL)) & cases.c.order_id.in_(order_ids) & (cases.c.subject == "")
    found: dict[int, Agreed] = {}
    for row in connection.execute(select(cases).where(wanted).order_by(cases.c.id)) if order_ids else ():
        before = found.get(row.order_id, NOTHING)
        if row.kind == rules.CANCEL and "cancelled_at" in row.facts:
            found[row.order_id] = replace(before, cancelled_at=datetime.fromisoformat(row.facts["cancelled_at"]))
        if row.kind == rules.ADDRESS and row.state != rules.CLOSED and "replaced" in row.facts:
            ship_to, replaced = (json.loads(row.facts[name]) for name in ("ship_to", "replaced"))
            addresses = tuple(Address(**each) for each in replaced)
            found[row.order_id] = replace(before, ship_to=Address(**ship_to), replaced=addresses)
    return found


def _case_of(row: Any) -> Case:
    return Case(row.number, row.kind, row.subject, row.state, dict(row.facts), row.opened_at, row.closed_at, row.id)
