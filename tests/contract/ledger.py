"""Looks into the database behind the chat API, past the front, and changes it as other processes would."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine

from doorstep.storage import tables
from doorstep.storage.conversations import QUEUE, Conversation, lock
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Incoming, Outgoing, accept, post
from doorstep.storage.ownership import Move, move
from tests.contract.chat_client import Buyer


def check_apologised(buyer: Buyer, engine: Engine) -> None:
    """The buyer was told once that something broke, and a person has the conversation."""
    asked, apology = buyer.settled()
    assert (asked["from"], apology["from"]) == ("buyer", "notice")
    assert "within 24 hours" in apology["text"]
    assert outcomes_of(engine, buyer) == ["apologised"]
    assert owner_of(engine, buyer) == QUEUE


def give(engine: Engine, buyer: Buyer, owner: str) -> None:
    """Give the conversation to another owner, as an action or the desk would."""
    with writing(engine) as connection:
        move(connection, buyer.conversation_id, Move(owner), datetime.now(timezone.utc))


def owner_of(engine: Engine, buyer: Buyer) -> str:
    """Who owns the conversation."""
    with reading(engine) as connection:
        mine = tables.conversations.c.id == buyer.conversation_id
        return str(connection.execute(select(tables.conversations.c.owner).where(mine)).scalar_one())


def outcomes_of(engine: Engine, buyer: Buyer) -> list[str]:
    """The outcomes of the buyer's messages, in order."""
    with reading(engine) as connection:
        mine = tables.inbox.c.conversation_id == buyer.conversation_id
        rows = connection.execute(select(tables.inbox.c.outcome).where(mine).order_by(tables.inbox.c.seq))
        return [row.outcome for row in rows]


def lease(connection: Any, buyer: Buyer, holder: str, until: datetime) -> None:
    """Put a lease on the conversation in the name of another front."""
    mine = tables.conversations.c.id == buyer.conversation_id
    connection.execute(update(tables.conversations).where(mine).values(busy_by=holder, busy_until=until))


def write(connection: Connection, buyer: Buyer, text: str) -> None:
    """Write to the buyer as a person at the desk would."""
    post(connection, _locked(connection, buyer.conversation_id), [Outgoing("agent", text)], datetime.now(timezone.utc))


def leave(connection: Connection, conversation_id: str, text: str) -> Incoming:
    """Leave a message in the inbox that no front of this test has taken."""
    conversation = _locked(connection, conversation_id)
    return accept(connection, conversation, "left", text=text, now=datetime.now(timezone.utc))


def _locked(connection: Connection, conversation_id: str) -> Conversation:
    conversation = lock(connection, conversation_id)
    assert conversation is not None
    return conversation
