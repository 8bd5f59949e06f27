"""One turn in the database: what is taken up, and how it is settled. Each function is the work of one transaction.

A settlement writes the replies, their choices, the outcome and the owner together, and only while the lease is
ours and the message has no outcome yet: so a second front, or this one after a crash, cannot answer twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.engine import Connection

from doorstep.front import outcomes
from doorstep.front.outcomes import Answer, Ending
from doorstep.front.pages import Page, page_of
from doorstep.replies.catalogue import Worded
from doorstep.replies.values import Reply
from doorstep.storage import conversations, messages
from doorstep.storage.conversations import Conversation, Lease, State
from doorstep.storage.messages import Choice, Incoming, Outgoing

LEASE = timedelta(seconds=30)  # how long a front that died keeps a conversation from the others


class Words(Protocol):
    """What turns a reply into text: doorstep.replies.catalogue.Catalogue."""

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """Word a reply; `said` are earlier texts that should not be said again."""


@dataclass(frozen=True)
class Question:
    """A message that Rasa is to be asked about. `payload` is the text, or what the choice taken stands for.

    `again` when Rasa may have been asked about it before a crash.
    """

    incoming: Incoming
    conversation: Conversation
    payload: str
    again: bool = False


@dataclass(frozen=True)
class Settled:
    """A message that has its outcome now, and the page of its replies.

    `is_last` when no other message waits: the lease is given back then.
    """

    incoming: Incoming
    outcome: str
    is_last: bool
    page: Page


class Turns:
    """Takes up and settles the messages of conversations, in the name of the front `holder`."""

    def __init__(self, holder: str, words: Words, answer_within_hours: int) -> None:
        self._holder = holder
        self._words = words
        self._hours = answer_within_hours

    def take_up(self, connection: Connection, conversation_id: str, now: datetime) -> Question | Settled | None:
        """The next message: to be asked about, or settled at once. None when none waits, or the lease is another's."""
        if not conversations.claim(connection, conversation_id, self._holder, now, now + LEASE):
            return None
        conversation = conversations.lock_held(connection, conversation_id, self._holder)
        incoming = messages.next_unsettled(connection, conversation_id)
        if conversation is None or incoming is None:
            conversations.finish(connection, conversation_id, self._holder)
            return None
        payload = self._payload(connection, incoming)
        asked_before = incoming.asked_at is not None
        ending = outcomes.before_asking(conversation.owner, payload, asked_before, self._hours)
        if ending is not None:
            return self._write(connection, conversation, incoming, ending, now)
        if conversation.owner == conversations.CLOSED:
            conversations.set_owner(connection, conversation_id, conversations.ASSISTANT, now)
        messages.mark_asked(connection, incoming.id, now)
        return Question(incoming, conversation, payload, asked_before)

    def lease_at_once(self, conversation: Conversation, payload: str, waits: bool, now: datetime) -> Lease | None:
        """The lease with which a message is taken up in the transaction that stores it; None if as any other.

        Only where the conversation is free, no other message `waits` in it and Rasa is to be asked.
        """
        free = conversation.busy_by is None and conversation.owner == conversations.ASSISTANT and not waits
        if not free or outcomes.before_asking(conversation.owner, payload, False, self._hours) is not None:
            return None
        return Lease(self._holder, now + LEASE)

    def settle(self, connection: Connection, question: Question, answer: Answer, now: datetime) -> Settled | None:
        """Settle a message by Rasa's answer. None, and nothing written, when the lease or the message is not ours."""
        incoming = question.incoming
        conversation = conversations.lock_held(connection, incoming.conversation_id, self._holder)
        if conversation is None:
            return None
        ending = outcomes.after_asking(conversation.owner, answer, self._hours)
        return self._write(connection, conversation, incoming, ending, now)

    def _payload(self, connection: Connection, incoming: Incoming) -> str:
        if not incoming.choice:
            return incoming.text
        choice = messages.find_choice(connection, incoming.conversation_id, incoming.choice)
        return incoming.text if choice is None else choice.payload

    def _write(
        self, connection: Connection, conversation: Conversation, incoming: Incoming, ending: Ending, now: datetime
    ) -> Settled | None:
        if not messages.settle(connection, incoming.id, ending.outcome, now):
            return None
        replies = ending.replies
        if ending.notice is not None:
            said = messages.said(connection, conversation.id)
            replies = (as_notice(self._words.word(ending.notice, conversation.language, said)),)
        shown = messages.post(connection, conversation, replies, now, answers=incoming.id) if replies else []
        if ending.owner:
            conversations.set_owner(connection, conversation.id, ending.owner, now, reason=ending.reason)
        is_last = conversations.finish(connection, conversation.id, self._holder)
        after = conversation.last_seq
        state = State(after + len(shown), ending.owner or conversation.owner, pending=not is_last)
        return Settled(incoming, ending.outcome, is_last, page_of(shown, after, state))


def as_notice(worded: Worded) -> Outgoing:
    """A worded reply of the front's own as a message."""
    choices = tuple(Choice(choice.label, choice.payload) for choice in worded.choices)
    return Outgoing("notice", worded.text, choices, worded.card)
