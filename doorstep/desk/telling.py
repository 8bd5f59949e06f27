"""Says something to a buyer that is no answer of the assistant's: worded in their language, and stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.engine import Connection

from doorstep.replies.catalogue import Worded
from doorstep.replies.values import Reply
from doorstep.storage import messages
from doorstep.storage.conversations import Conversation
from doorstep.storage.messages import Choice, Outgoing, Shown


class Words(Protocol):
    """What turns a reply into text: doorstep.replies.catalogue.Catalogue."""

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """Word a reply; `said` are earlier texts that should not be said again."""


def as_notice(worded: Worded) -> Outgoing:
    """A worded reply as a message of nobody's."""
    choices = tuple(Choice(choice.label, choice.payload) for choice in worded.choices)
    return Outgoing("notice", worded.text, choices, worded.card)


def worded(connection: Connection, words: Words, conversation: Conversation, reply: Reply) -> Outgoing:
    """A reply as a notice in the buyer's language, in words that were not used a moment ago."""
    return as_notice(words.word(reply, conversation.language, messages.said(connection, conversation.id)))


def tell(
    connection: Connection, words: Words, conversation: Conversation, reply: Reply, now: datetime
) -> tuple[Shown, ...]:
    """Say a reply in a conversation as `lock` gave it in this transaction; nothing where the words have nothing."""
    notice = worded(connection, words, conversation, reply)
    return tuple(messages.post(connection, conversation, [notice], now)) if notice.text else ()
