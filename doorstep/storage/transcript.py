"""Reads a conversation as it is seen: the messages of both directions in one numbering, with their choices.

Statements are built once: building one costs more than running it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import JSON, bindparam, cast, literal, null, select, union_all
from sqlalchemy.engine import Connection

from doorstep.storage.messages import Choice, Shown
from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import choices, inbox, outbox

PAGE = 200  # messages given at once; a client asks again from the last one

_BETWEEN = (bindparam("first"), bindparam("last"))
_SHOWN = union_all(
    select(
        inbox.c.seq,
        inbox.c.message_id,
        inbox.c.at,
        literal("buyer").label("sender"),
        inbox.c.text,
        cast(null(), JSON).label("card"),
        inbox.c.attachments,
    ).where(inbox.c.conversation_id == bindparam("this"), inbox.c.seq.between(*_BETWEEN)),
    select(
        outbox.c.seq,
        outbox.c.message_id,
        outbox.c.at,
        outbox.c.sender,
        outbox.c.text,
        outbox.c.card,
        outbox.c.attachments,
    ).where(outbox.c.conversation_id == bindparam("this"), outbox.c.seq.between(*_BETWEEN)),
)
_SHOWN = Prepared(_SHOWN.order_by(_SHOWN.selected_columns.seq).limit(PAGE))
_OFFERED = select(choices.c.seq, choices.c.label, choices.c.payload, choices.c.token).where(
    choices.c.conversation_id == bindparam("this"), choices.c.seq.between(*_BETWEEN)
)
_OFFERED = Prepared(_OFFERED.order_by(choices.c.seq, choices.c.position))


def shown_between(connection: Connection, conversation_id: str, after: int, last: int) -> list[Shown]:
    """The next messages of both directions numbered above `after` up to `last`, at most PAGE of them."""
    if after >= last:
        return []
    rows = _SHOWN.all(connection, this=conversation_id, first=after + 1, last=last)
    told = [row.seq for row in rows if row.sender != "buyer"]
    offered = _choices_of(connection, conversation_id, told) if told else {}
    return [
        Shown(
            row.seq,
            row.message_id,
            row.at,
            row.sender,
            row.text,
            offered.get(row.seq, ()),
            row.card,
            tuple(row.attachments),
        )
        for row in rows
    ]


def _choices_of(connection: Connection, conversation_id: str, told: Sequence[int]) -> dict[int, tuple[Choice, ...]]:
    offered: dict[int, tuple[Choice, ...]] = {}
    for row in _OFFERED.all(connection, this=conversation_id, first=told[0], last=told[-1]):
        offered[row.seq] = (*offered.get(row.seq, ()), Choice(row.label, row.payload, row.token))
    return offered
