"""A page of a conversation: the messages after a number, as the chat API shows them, and the state they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from doorstep.front import tokens
from doorstep.storage import conversations, transcript
from doorstep.storage.conversations import State
from doorstep.storage.messages import Incoming, Shown


@dataclass(frozen=True)
class Page:
    """All messages numbered above `after` up to `last`, and the state of the conversation at that moment."""

    after: int
    messages: tuple[dict[str, Any], ...]
    last: int
    state: State

    def as_json(self) -> dict[str, Any]:
        """The answer to GET /api/chat/messages."""
        state = self.state
        told = {"messages": self.messages, "last": self.last, "pending": state.pending}
        return {**told, "owner": state.owner, "name": state.agent}


def read(connection: Connection, conversation_id: str, after: int) -> Page:
    """What comes after a number as things are. Raises ApiError (401) if the conversation is gone."""
    state = conversations.state(connection, conversation_id)
    if state is None:
        raise tokens.session_invalid()
    return page_of(transcript.shown_between(connection, conversation_id, after, state.last_seq), after, state)


def page_of(shown: Sequence[Shown], after: int, state: State) -> Page:
    """These messages as a page."""
    last = shown[-1].seq if shown else min(after, state.last_seq)
    return Page(after, tuple(_as_json(message) for message in shown), last, state)


def page_of_incoming(incoming: Incoming, owner: str) -> Page:
    """A buyer's message that was just stored."""
    attached = tuple(incoming.attachments)
    shown = Shown(incoming.seq, incoming.message_id, incoming.at, "buyer", incoming.text, attachments=attached)
    return page_of([shown], incoming.seq - 1, State(incoming.seq, owner, pending=True))


def _as_json(message: Shown) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "id": message.id,
        "at": message.at.isoformat(),
        "from": message.sender,
        "text": message.text,
        "choices": [{"label": choice.label, "token": choice.token} for choice in message.choices],
        "card": message.card,
        "attachments": list(message.attachments),
    }
