"""Reads and appends the events that Rasa keeps of each conversation, in a table laid out as Rasa's own SQL store does.

A row's `data` is the event as JSON. Times are Unix seconds, as Rasa writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, bindparam, func, or_, select
from sqlalchemy.engine import Connection, Engine

from doorstep.storage.prepared import Prepared

SESSION_STARTED = "session_started"

metadata = MetaData()
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)


_THIS = events.c.sender_id == bindparam("this")
_NEWEST = Prepared(select(func.coalesce(func.max(events.c.id), 0).label("row")).where(_THIS))
_ADDED = Prepared(
    select(func.count().label("count"), func.max(events.c.id).label("row")).where(
        _THIS, events.c.id > bindparam("after")
    )
)
_INSERT = Prepared(events.insert(), [column.key for column in events.c if not column.primary_key], many=True)


def create(engine: Engine) -> None:
    """Make the table where it is missing."""
    metadata.create_all(engine)


def conversations(connection: Connection) -> Iterable[str]:
    """The ids of all conversations."""
    return [row.sender_id for row in connection.execute(select(events.c.sender_id).distinct())]


def newest(connection: Connection, sender_id: str) -> int:
    """The row of a conversation's newest event, 0 when there is none."""
    return int(_NEWEST.first(connection, this=sender_id).row)


def read(connection: Connection, sender_id: str, *, latest_session: bool) -> list[str]:
    """The events of a conversation in their order, all or those since its latest session began."""
    query = select(events.c.data).where(events.c.sender_id == sender_id).order_by(events.c.id)
    if latest_session:
        query = query.where(_in_latest_session(sender_id))
    return [row.data for row in connection.execute(query)]


def count_and_newest(connection: Connection, sender_id: str) -> tuple[int, int]:
    """How many events the latest session has, and the row of the newest; (0, 0) for none."""
    mine = events.c.sender_id == sender_id, _in_latest_session(sender_id)
    query = select(func.count(), func.coalesce(func.max(events.c.id), 0)).where(*mine)
    count, row = connection.execute(query).one()
    return int(count), int(row)


def append(connection: Connection, sender_id: str, rows: Sequence[Mapping[str, Any]], after: int) -> tuple[int, int]:
    """Add events. How many the conversation has now whose row is above `after`, and the row of the newest.

    More than were added means that somebody else has added some, too.
    """
    _INSERT.insert_all(connection, [{"sender_id": sender_id, **row} for row in rows])
    added = _ADDED.first(connection, this=sender_id, after=after)
    return int(added.count), int(added.row)


def _in_latest_session(sender_id: str) -> Any:
    """Rasa's own rule: from the start of the latest session on, or everything where no session was started."""
    began = (
        select(func.max(events.c.timestamp))
        .where(events.c.sender_id == sender_id, events.c.type_name == SESSION_STARTED)
        .scalar_subquery()
    )
    return or_(events.c.timestamp >= began, began.is_(None))
