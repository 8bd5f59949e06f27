"""What is minded while people work: agents who went silent, answers that are late, newcomers in the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from doorstep.desk.telling import tell
from doorstep.desk.work import IDLE, Desk, Refused
from doorstep.people.opening import answer_by
from doorstep.replies.values import Reply
from doorstep.storage import conversations, desk
from doorstep.storage.ownership import By


def due(connection: Connection, at_desk: Desk, now: datetime) -> list[tuple[Callable[..., None], str]]:
    """What there is to do: work for a transaction of its own each, and the conversation it is about."""
    since = now - timedelta(minutes=at_desk.policy.desk.idle_minutes)
    return [
        *((release_idle, each) for each in desk.idle(connection, since)),
        *((greet_newcomer, each) for each in desk.not_told_in(connection)),
        *((own_up, each) for each in desk.overdue(connection, now)),
    ]


def release_idle(connection: Connection, at_desk: Desk, conversation_id: str, now: datetime) -> None:
    """Put a conversation back into the queue whose agent has not been seen while the buyer waited."""
    conversation = conversations.lock(connection, conversation_id)
    since = now - timedelta(minutes=at_desk.policy.desk.idle_minutes)
    if conversation is None or not desk.idle(connection, since, conversation_id):
        return  # they came back meanwhile
    by = By(conversation.agent_name, conversation.agent_id)
    at_desk.release(connection, conversation_id, by, now, IDLE)


def release_all_of(connection: Connection, at_desk: Desk, by: By, held: list[str], now: datetime) -> None:
    """Put all that an agent has back into the queue, as when they may not work here any more."""
    for conversation_id in held:
        try:
            at_desk.release(connection, conversation_id, by, now)
        except Refused:
            continue  # somebody else has it by now


def greet_newcomer(connection: Connection, at_desk: Desk, conversation_id: str, now: datetime) -> None:
    """Tell a buyer of their place who came into the queue by another way than a message of theirs."""
    conversation = conversations.lock(connection, conversation_id)
    if conversation and conversation.is_new_in_queue and desk.not_told_in(connection, conversation_id):
        reply = at_desk.queue.came_in(connection, conversation, now)
        tell(connection, at_desk.words, conversation, reply, now)


def own_up(connection: Connection, at_desk: Desk, conversation_id: str, now: datetime) -> None:
    """Say that an answer is late, and by when it comes now."""
    conversation = conversations.lock(connection, conversation_id)
    if conversation is None or not desk.overdue(connection, now, conversation_id):
        return
    policy = at_desk.policy.for_(conversation.shop, "")
    conversations.change(connection, conversation_id, answer_due_at=answer_by(policy, now), late_told_at=now)
    answer = at_desk.queue.answer(connection, conversation, now)
    tell(connection, at_desk.words, conversation, Reply("notice_answer_late", {"answer": answer}), now)
