"""Reads cases for the report of disputes: each with its order's marketplace, and how many orders were placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from doorstep.cases import CLOSED, Case
from doorstep.storage.tables import cases, orders


@dataclass(frozen=True)
class Reported:
    """A case with what the report needs of its order."""

    case: Case
    order_number: str
    marketplace: str


def reported(connection: Connection, since: datetime) -> list[Reported]:
    """The cases that were opened since then or are still open, oldest first."""
    query = (
        select(cases, orders.c.number.label("order_number"), orders.c.marketplace)
        .join(orders, orders.c.id == cases.c.order_id)
        .where(or_(cases.c.opened_at >= since, cases.c.state != CLOSED))
        .order_by(cases.c.opened_at, cases.c.id)
    )
    return [
        Reported(
            Case(row.number, row.kind, row.subject, row.state, dict(row.facts), row.opened_at, row.closed_at, row.id),
            row.order_number,
            row.marketplace,
        )
        for row in connection.execute(query)
    ]


def orders_placed(connection: Connection, since: datetime) -> dict[str, int]:
    """How many orders were placed since then, by marketplace."""
    m = orders.c.marketplace
    query = select(m, func.count()).where(orders.c.placed_at >= since).group_by(m).order_by(m)
    return {name: int(count) for name, count in connection.execute(query)}
