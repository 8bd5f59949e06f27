"""One turn in the database: what is taken up, and how it is settled. Each function is the work of one transaction.

A settlement writes the replies, their choices, the outcome and the owner together, and only while the lease is
ours and the message has no outcome yet: so a second front, or this one after a crash, cannot answer twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from doorstep.desk import rating
from doorstep.desk.telling import worded
from doorstep.desk.work import Desk
from doorstep.front import outcomes
from doorstep.front.outcomes import Answer, Ending
from doorstep.front.pages import Page, page_of
from doorstep.identity import candidates_in, masked_email
from doorstep.people.opening import answer_by
from doorstep.replies.values import Reply
from doorstep.storage import conversations, messages, ownership
from doorstep.storage.conversations import Conversation, Lease, State
from doorstep.storage.messages import Incoming, Outgoing
from doorstep.storage.ownership import Move

LEASE = timedelta(seconds=30)  # how long a front that died keeps a conversation from the others
_MOMENT = timedelta(hours=1)  # by which a promise told in hours may seem to move
_TAKEN_FROM = (conversations.QUEUE, conversations.ASSISTANT, conversations.CLOSED)  # never from a person


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

    def __init__(self, holder: str, desk: Desk) -> None:
        self._holder = holder
        self._desk = desk
        self._hours = desk.policy.answer_within_hours

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
        ending = self._without_rasa(connection, conversation, payload, asked_before, now)
        if ending is not None:
            return self._write(connection, conversation, incoming, ending, now)
        messages.mark_asked(connection, incoming.id, now)
        incoming = replace(incoming, asked_at=incoming.asked_at or now)
        return Question(incoming, conversation, payload, asked_before)

    def lease_at_once(self, conversation: Conversation, payload: str, waits: bool, now: datetime) -> Lease | None:
        """The lease with which a message is taken up in the transaction that stores it; None if as any other.

        Only where the conversation is free, no other message `waits` in it and Rasa is to be asked.
        """
        free = conversation.busy_by is None and conversation.owner == conversations.ASSISTANT and not waits
        if (
            not free
            or rating.is_rating(payload)
            or outcomes.before_asking(conversation.owner, payload, False, self._hours) is not None
        ):
            return None
        return Lease(self._holder, now + LEASE)

    def settle(self, connection: Connection, question: Question, answer: Answer, now: datetime) -> Settled | None:
        """Settle a message by Rasa's answer. None, and nothing written, when the lease or the message is not ours."""
        incoming = question.incoming
        conversation = conversations.lock_held(connection, incoming.conversation_id, self._holder)
        if conversation is None:
            return None
        may_have_had = conversation.owner != conversations.ASSISTANT or conversation.handed_back_at is not None
        had_person = may_have_had and ownership.had_person_since(connection, conversation.id, incoming.asked_at)
        ending = outcomes.after_asking(conversation.owner, answer, self._hours, had_person=had_person)
        return self._write(connection, conversation, incoming, ending, now)

    def _without_rasa(
        self, connection: Connection, conversation: Conversation, payload: str, asked_before: bool, now: datetime
    ) -> Ending | None:
        """The ending of a message that the front settles itself, or None."""
        if rating.is_rating(payload):
            return Ending(messages.ANSWERED, notice=rating.take(connection, conversation.id, payload, now))
        ending = outcomes.before_asking(conversation.owner, payload, asked_before, self._hours)
        stays = ending is not None and ending.owner == "" and conversation.owner == conversations.QUEUE
        if not stays or ending is None or ending.notice is None:
            return ending
        emails = candidates_in(payload).emails
        if len(emails) == 1:
            conversations.change(connection, conversation.id, contact_email=emails[0])
            answer = self._desk.queue.answer(connection, conversation, now)
            return replace(
                ending, notice=Reply("notice_email_noted", {"email": masked_email(emails[0]), "answer": answer})
            )
        place = self._desk.queue.told(connection, conversation, now)
        due = conversation.answer_due_at
        if due and due < answer_by(self._desk.policy, now) - _MOMENT:  # promised before: the hours do not begin anew
            place["answer_within_hours"] = None
        return replace(ending, notice=replace(ending.notice, values={**ending.notice.values, **place}))

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
        if ending.owner:
            ownership.move(connection, conversation.id, Move(ending.owner, ending.reason), now, only_from=_TAKEN_FROM)
        replies = (*ending.replies, *self._notices(connection, conversation, ending, now))
        shown = messages.post(connection, conversation, replies, now, answers=incoming.id) if replies else []
        if conversation.handed_back_at and shown:
            conversations.change(connection, conversation.id, handed_back_at=None)
        is_last = conversations.finish(connection, conversation.id, self._holder)
        after = conversation.last_seq
        owner = ending.owner or conversation.owner
        state = State(after + len(shown), owner, not is_last, conversation.agent_name)
        return Settled(incoming, ending.outcome, is_last, page_of(shown, after, state))

    def _notices(
        self, connection: Connection, conversation: Conversation, ending: Ending, now: datetime
    ) -> Iterator[Outgoing]:
        """What is said beside the assistant's replies: a notice of the ending, and of the queue that was come into."""
        if ending.notice is not None:
            yield worded(connection, self._desk.words, conversation, ending.notice)
        here = replace(conversation, owner=ending.owner or conversation.owner)
        if here.is_new_in_queue:
            notice = worded(connection, self._desk.words, here, self._desk.queue.came_in(connection, here, now))
            if notice.text:
                yield notice
