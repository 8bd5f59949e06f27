"""What a desk that is not ours has to be told of a conversation, step by step, in the order it happened.

A hand-over is told as a brief and what was said before; from then on each message is told for as long as people have
the conversation. Of several hand-overs that are not told yet, only the last one counts: it tells what came before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from doorstep.desk import linking
from doorstep.desk.brief_text import brief_text, said_text, transcript_texts
from doorstep.desk.linking import Link
from doorstep.desk.port import BACK, OPEN, SHUT, Place, Post, Raise, Stand, Step, Ticket, Upload
from doorstep.desk.telling import Words
from doorstep.people.briefs import Brief
from doorstep.policy.shop import ShopPolicy
from doorstep.storage import briefs, conversations, desk_view, transcript
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE, Conversation
from doorstep.storage.desk_view import Change
from doorstep.storage.messages import Shown
from doorstep.storage.tables import owner_changes

FROM_THERE = "chatwoot:"  # a message that was heard there has an id that begins so
_PEOPLE = (QUEUE, AGENT)


@dataclass(frozen=True)
class Plan:
    """Where the conversation is over there, what opens it there, and the steps, none of them done yet as far as known.

    `heard_id` is up to which message they were heard.
    """

    place: Place
    ticket: Ticket
    steps: tuple[Step, ...]
    heard_id: int


@dataclass(frozen=True)
class _Known:
    """What the steps are made of."""

    conversation: Conversation
    brief: Brief
    facts: dict[str, str]
    words: Words
    language: str  # of the people
    timezone: str


def plan(
    connection: Connection, policy: ShopPolicy, words: Words, conversation_id: str, holder: str, *, now: datetime
) -> Plan:
    """What is to be told at `now` (an aware time). Raises linking.Lost."""
    link = linking.held(connection, conversation_id, holder)
    conversation = conversations.find(connection, conversation_id)
    if conversation is None:
        raise linking.Lost(conversation_id)
    changes = [each for each in desk_view.changes_of(connection, conversation_id) if each.id > link.told_change]
    messages = list(_messages(connection, conversation, link.told_seq))
    owner = _owner_known(connection, link)
    if link.remote_id and not changes and (not messages or owner not in _PEOPLE):
        return Plan(link.place, Ticket(conversation_id, "", "", {}), (), link.heard_id)
    known = _known(connection, policy.for_(conversation.shop, ""), words, conversation, now)
    name = known.brief.who.name or f"Buyer {conversation_id[:6]}"
    ticket = Ticket(conversation_id, name, conversation.contact_email, known.facts)
    seqs = _seqs_of(connection, conversation_id)
    return Plan(link.place, ticket, tuple(_steps(known, owner, changes, seqs, messages)), link.heard_id)


def _known(
    connection: Connection, policy: ShopPolicy, words: Words, conversation: Conversation, now: datetime
) -> _Known:
    brief = briefs.brief(connection, policy, conversation.id, now)
    if brief is None:
        raise linking.Lost(conversation.id)
    facts = _facts(conversation, brief, conversation.team)
    return _Known(conversation, brief, facts, words, policy.shop.languages[0], policy.shop.timezone)


def _steps(
    known: _Known, owner: str, changes: Sequence[Change], seqs: dict[int, int], messages: Sequence[Shown]
) -> Iterator[Step]:
    last = max((at for at, each in enumerate(changes) if _is_hand_over(each)), default=None)
    if last is not None:
        change = changes[last]
        before = [each for each in messages if each.seq <= seqs[change.id]]
        own = max((each.seq for each in before if each.sender == "buyer"), default=seqs[change.id] + 1)
        yield from _hand_over(known, change, [each for each in before if each.seq < own], own - 1)
        owner, changes = QUEUE, changes[last + 1 :]
        messages = [each for each in messages if each.seq >= own]
    kept = list[Shown]()  # until people have it again
    for event in _in_order(changes, seqs, messages):
        if isinstance(event, Change):
            yield Step(_change(event), change=event.id)
            owner = event.after
        else:
            kept.append(event)
        if owner in _PEOPLE:
            yield from (Step(_post(each), seq=each.seq) for each in kept)
            kept.clear()


def _is_hand_over(change: Change) -> bool:
    return change.before in (ASSISTANT, CLOSED) and change.after == QUEUE


def _hand_over(known: _Known, change: Change, said: list[Shown], seq: int) -> Iterator[Step]:
    brief = known.brief
    yield Step(Post(f"brief-{change.id}", brief_text(brief, known.words, known.language, known.timezone)))
    parts = transcript_texts(said, known.timezone, "What was said before:")
    files = tuple(upload for each in said for upload in _uploads(each))
    for at, text in enumerate(parts, 1):
        yield Step(Post(f"before-{change.id}-{at}", text, uploads=files if at == len(parts) else ()))
    labels = tuple(filter(None, (change.reason, change.team, known.conversation.language)))
    yield Step(Raise(labels, brief.urgency, known.facts), seq=seq, change=change.id)


def _change(change: Change) -> Raise | Stand | None:
    """What a change of owner, not told yet, is over there: those that came from there are told already."""
    if change.after == QUEUE:
        return Raise((change.team,))
    if change.after == AGENT:
        return Stand(OPEN)  # a colleague at our own desk has it
    if change.before == CLOSED:
        return None  # it was closed there, too
    return Stand(SHUT if change.after == CLOSED else BACK)


def _post(message: Shown) -> Post | None:
    if message.id.startswith(FROM_THERE):
        return None
    our_id = f"message-{message.seq}"
    if message.sender == "buyer":
        return Post(our_id, message.text, by_buyer=True, uploads=_uploads(message))
    who = {"assistant": "Assistant", "agent": "Colleague at Doorstep's desk"}.get(message.sender, "The buyer was told")
    return Post(our_id, f"{who}: {said_text(message)}")


def _uploads(message: Shown) -> tuple[Upload, ...]:
    return tuple(Upload(each["id"], each["name"], each["type"], each["size"]) for each in message.attachments)


def _in_order(changes: Sequence[Change], seqs: dict[int, int], messages: Sequence[Shown]) -> list[Change | Shown]:
    """A change comes after the message that was the newest when it happened."""
    placed: list[tuple[int, int, int, Change | Shown]] = [(each.seq, 0, 0, each) for each in messages]
    placed += [(seqs[each.id], 1, each.id, each) for each in changes]
    return [event for *_, event in sorted(placed, key=lambda each: each[:3])]


def _facts(conversation: Conversation, brief: Brief, team: str) -> dict[str, str]:
    facts = {
        "language": conversation.language,
        "country": brief.who.country,
        "tier": brief.who.tier,
        "orders": ", ".join(order.number for order in brief.orders),
        "shop": conversation.shop,
        "team": team,
        "reason": brief.reason,
        "contact_email": conversation.contact_email,
    }
    return {name: text for name, text in facts.items() if text}


def _messages(connection: Connection, conversation: Conversation, after: int) -> Iterator[Shown]:
    while page := transcript.shown_between(connection, conversation.id, after, conversation.last_seq):
        yield from page
        after = page[-1].seq


def _seqs_of(connection: Connection, conversation_id: str) -> dict[int, int]:
    """For each change of owner the number of the last message before it."""
    o = owner_changes.c
    rows = connection.execute(select(o.id, o.seq).where(o.conversation_id == conversation_id))
    return {row.id: row.seq for row in rows}


def _owner_known(connection: Connection, link: Link) -> str:
    """Whose the conversation is as far as the other desk was told."""
    o = owner_changes.c
    return connection.execute(select(o.after).where(o.id == link.told_change)).scalar() or ASSISTANT
