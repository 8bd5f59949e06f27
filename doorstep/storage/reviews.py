"""Messages kept for review: each once, open until somebody labels or dismisses it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from doorstep.storage.tables import inbox, reviews

OPEN, LABELLED, DISMISSED = "open", "labelled", "dismissed"
FORGOTTEN_AT_ONCE = 100  # rows: what one buyer's message may cost


@dataclass(frozen=True)
class Noted:
    """A message to look at: its redacted text, what the classifier thought of it, and why it is kept."""

    inbox_id: int
    language: str
    text: str
    intent: str
    confidence: float
    second_intent: str
    reason: str


@dataclass(frozen=True)
class Review(Noted):
    """A kept message. `choice` is the wish the buyer chose next, `label` the intent it was given; both may be ""."""

    id: int
    choice: str
    created_at: datetime
    status: str
    label: str


_REVIEW = [reviews.c[name] for name in Review.__dataclass_fields__]


def note(connection: Connection, conversation_id: str, noted: Noted, now: datetime) -> bool:
    """Keep a message of a conversation; False when it is kept already, or is none of that conversation's."""
    here = select(inbox.c.id).where(inbox.c.id == noted.inbox_id, inbox.c.conversation_id == conversation_id)
    kept = select(reviews.c.id).where(reviews.c.inbox_id == noted.inbox_id)
    if connection.execute(here).first() is None or connection.execute(kept).first() is not None:
        return False
    connection.execute(insert(reviews).values(**asdict(noted), conversation_id=conversation_id, created_at=now))
    return True


def note_choice(connection: Connection, conversation_id: str, inbox_id: int, choice: str, reason: str) -> bool:
    """Add to an open message what the buyer chose next; False when there is none."""
    same = (reviews.c.inbox_id == inbox_id, reviews.c.conversation_id == conversation_id, reviews.c.status == OPEN)
    return bool(connection.execute(update(reviews).where(*same).values(choice=choice, reason=reason)).rowcount)


def forget(connection: Connection, before: datetime) -> int:
    """Remove the oldest messages kept before a moment, at most FORGOTTEN_AT_ONCE; labelled ones stay."""
    old = select(reviews.c.id).where(reviews.c.status != LABELLED, reviews.c.created_at < before)
    some = old.order_by(reviews.c.created_at, reviews.c.id).limit(FORGOTTEN_AT_ONCE)
    return int(connection.execute(delete(reviews).where(reviews.c.id.in_(some))).rowcount)


def find(connection: Connection, review_id: int) -> Review | None:
    """The kept message with this id."""
    return _review(connection.execute(select(*_REVIEW).where(reviews.c.id == review_id)).first())


def newest_open(connection: Connection, most: int) -> list[Review]:
    """The newest open messages, oldest first."""
    query = select(*_REVIEW).where(reviews.c.status == OPEN)
    rows = connection.execute(query.order_by(reviews.c.created_at.desc(), reviews.c.id.desc()).limit(most)).all()
    return [Review(**row._asdict()) for row in reversed(rows)]


def count_open(connection: Connection) -> int:
    """How many messages are open."""
    query = select(func.count()).select_from(reviews).where(reviews.c.status == OPEN)
    return int(connection.execute(query).scalar_one())


def settle(connection: Connection, review_id: int, status: str, label: str = "") -> bool:
    """Label or dismiss an open message; False when it is not open."""
    still_open = (reviews.c.id == review_id, reviews.c.status == OPEN)
    return bool(connection.execute(update(reviews).where(*still_open).values(status=status, label=label)).rowcount)


def _review(row: Any) -> Review | None:
    return None if row is None else Review(**row._asdict())
