"""Conversations as tests take hold of them."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from doorstep.storage import conversations
from doorstep.storage.conversations import Conversation


def locked(connection: Connection, conversation_id: str) -> Conversation:
    """A conversation that is there, locked until the transaction ends."""
    conversation = conversations.lock(connection, conversation_id)
    assert conversation is not None
    return conversation
