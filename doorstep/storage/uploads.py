"""Reads and writes what is known of buyers' photos and videos; the bytes lie in the data folder. Times are aware."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection

from doorstep.storage.tables import uploads


@dataclass(frozen=True)
class Upload:
    """One photo or video of a conversation. `size` is in bytes, `sha256` in hex."""

    id: str
    conversation_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime

    def shown(self) -> dict[str, Any]:
        """How a message carries it."""
        return {"id": self.id, "name": self.name, "type": self.media_type, "size": self.size}


_COLUMNS = [uploads.c[name] for name in Upload.__dataclass_fields__]


def add(connection: Connection, upload: Upload) -> None:
    """Remember a stored file."""
    connection.execute(uploads.insert().values(**asdict(upload)))


def find(connection: Connection, conversation_id: str, upload_ids: Sequence[str]) -> list[Upload]:
    """Those of the files that were sent in this conversation, in the order asked for."""
    if not upload_ids:
        return []
    mine = and_(uploads.c.conversation_id == conversation_id, uploads.c.id.in_(upload_ids))
    found = {row.id: Upload(*row) for row in connection.execute(select(*_COLUMNS).where(mine))}
    return [found[upload_id] for upload_id in upload_ids if upload_id in found]


def ids_of(connection: Connection, conversation_id: str) -> tuple[str, ...]:
    """The ids of all files sent in a conversation, oldest first."""
    query = (
        select(uploads.c.id).where(uploads.c.conversation_id == conversation_id).order_by(uploads.c.at, uploads.c.id)
    )
    return tuple(connection.execute(query).scalars())


def added_since(connection: Connection, conversation_id: str, since: datetime) -> tuple[int, datetime | None]:
    """How many files this conversation sent since then, and when the first of them."""
    recent = and_(uploads.c.conversation_id == conversation_id, uploads.c.at > since)
    row = connection.execute(select(func.count(), func.min(uploads.c.at)).select_from(uploads).where(recent)).one()
    return int(row[0]), row[1]
