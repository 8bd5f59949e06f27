"""Reads what is planned, was told and was dropped, for the shop's people to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.engine import Connection

from doorstep.orders import order_key
from doorstep.storage.notices import LOOK, Notices
from doorstep.storage.tables import notices, orders, parcels
from doorstep.unasked.notices import LATE, OF_PARCEL, PROMISE


@dataclass(frozen=True)
class Watched:
    """One notice. `at` is when it was said, or when it is due; `subject` names a parcel by its tracking number.

    `hindrance` is why a planned one cannot be said: no_way, stopped or person; "" where nothing is in the way.
    """

    at: datetime
    order_number: str
    kind: str
    subject: str
    state: str
    why: str = ""
    hindrance: str = ""


def followups_of(connection: Connection, number: str = "", every: bool = False) -> list[Watched]:
    """The planned notices, of one order if a number is given, the next first; with `every` those that are over, too."""
    query = (
        select(notices, orders.c.number)
        .join(orders, orders.c.id == notices.c.order_id)
        .where(notices.c.kind != LOOK)
        .order_by(notices.c.id)
    )
    if number:
        query = query.where(orders.c.number_key == order_key(number))
    if not every:
        query = query.where(notices.c.state == "planned")
    rows = connection.execute(query).all()
    named = _parcels(connection, {row.order_id for row in rows})
    hindered = {order_id: _hindrance(connection, order_id) for order_id in {row.order_id for row in rows}}
    found = [
        Watched(
            row.sent_at or row.due_at,
            row.number,
            row.kind,
            _shown(row.kind, row.subject, named),
            row.state,
            row.why,
            hindered[row.order_id] if row.state == "planned" else "",
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.at)


def _parcels(connection: Connection, order_ids: set[int]) -> dict[str, str]:
    """The tracking numbers of the orders' parcels by the parcel's id as text."""
    query = select(parcels.c.id, parcels.c.tracking_number).where(parcels.c.order_id.in_(sorted(order_ids)))
    return {str(row.id): row.tracking_number or "unregistered" for row in connection.execute(query)}


def _shown(kind: str, subject: str, named: dict[str, str]) -> str:
    if kind == PROMISE:
        promised, _, about = subject.partition("/")
        return f"{promised} {named.get(about, about)}".strip()
    return named.get(subject, subject) if kind in (*OF_PARCEL, LATE) else subject


def _hindrance(connection: Connection, order_id: int) -> str:
    reach = Notices(connection).reach(order_id, datetime.max.replace(tzinfo=timezone.utc))
    if reach is None:
        return "no_way"
    if reach.muted:
        return "stopped"
    return "" if reach.owner in ("assistant", "closed") else "person"
