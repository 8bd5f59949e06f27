"""One turn in the database: what is taken up, and how it is settled. Each function is the work of one transaction.

A settlement writes the replies, their choices, the outcome and the owner together, and only while the lease is
ours and the message has no outcome yet: so a second front, or this one after a crash, cannot answer twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.engine import Connection

from doorstep.front import outcomes
from doorstep.front.outcomes import Answer, Ending
from doorstep.replies.catalogue import Worded
from doorstep.replies.values import Reply
from doorstep.storage import conversations, messages
from doorstep.storage.conversations import Conversation
from doorstep.storage.messages import Choice, Incoming, Outgoing


class Words(Protocol):
    """What turns a reply into text: doorstep.replies.catalogue.Catalogue."""

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """Word a reply; `said` are earlier texts that should not be said again."""


@dataclass(frozen=True)
class Question:
    """A message that Rasa is to be asked about. `payload` is the text, or what the choice taken stands for."""

    incoming: Incoming
    conversation: Conversation
    payload: str


@dataclass(frozen=True)
class Settled:
    """A message that has its outcome now."""

    incoming: Incoming
    outcome: str


class Turns:
    """Takes up and settles the messages of conversations whose lease `holder` has."""

    def __init__(self, holder: str, words: Words, answer_within_hours: int) -> None:
        self._holder = holder
        self._words = words
        self._hours = answer_within_hours

    def take_up(self, connection: Connection, conversation_id: str, now: datetime) -> Question | Settled | None:
        """The next message: to be asked about, or settled at once. None when there is none, or the lease is lost."""
        conversation = conversations.lock_held(connection, conversation_id, self._holder)
        if conversation is None:
            return None
        incoming = messages.next_unsettled(connection, conversation_id)
        if incoming is None:
            return None
        payload = self._payload(connection, incoming)
        asked_before = incoming.asked_at is not None
        ending = outcomes.before_asking(conversation.owner, payload, asked_before, self._hours)
        if ending is not None:
            self._write(connection, conversation, incoming, ending, now)
            return Settled(incoming, ending.outcome)
        if conversation.owner == conversations.CLOSED:
            conversations.set_owner(connection, conversation_id, conversations.ASSISTANT, now)
        messages.mark_asked(connection, incoming.id, now)
        return Question(incoming, conversation, payload)

    def settle(self, connection: Connection, question: Question, answer: Answer, now: datetime) -> Settled | None:
        """Settle a message by Rasa's answer. None, and nothing written, when the lease or the message is not ours."""
        incoming = question.incoming
        conversation = conversations.lock_held(connection, incoming.conversation_id, self._holder)
        if conversation is None:
            return None
        ending = outcomes.after_asking(conversation.owner, answer, self._hours)
        if not self._write(connection, conversation, incoming, ending, now):
            return None
        return Settled(incoming, ending.outcome)

    def _payload(self, connection: Connection, incoming: Incoming) -> str:
        if not incoming.choice:
            return incoming.text
        choice = messages.find_choice(connection, incoming.conversation_id, incoming.choice)
        return incoming.text if choice is None else choice.payload

    def _write(
        self, connection: Connection, conversation: Conversation, incoming: Incoming, ending: Ending, now: datetime
    ) -> bool:
        if not messages.settle(connection, incoming.id, ending.outcome, now):
            return False
        replies = ending.replies
        if ending.notice is not None:
            said = messages.said(connection, conversation.id)
            replies = (as_notice(self._words.word(ending.notice, conversation.language, said)),)
        for reply in replies:
            messages.post(connection, conversation.id, reply, now, answers=incoming.id)
        if ending.owner:
            conversations.set_owner(connection, conversation.id, ending.owner, now, reason=ending.reason)
        return True


def as_notice(worded: Worded) -> Outgoing:
    """A worded reply of the front's own as a message."""
    choices = tuple(Choice(choice.label, choice.payload) for choice in worded.choices)
    return Outgoing("notice", worded.text, choices, worded.card)
