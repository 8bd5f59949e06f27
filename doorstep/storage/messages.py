"""Reads and writes messages: the inbox (what buyers wrote), the outbox (what they were told) and its choices.

Inbox and outbox share one numbering per conversation (`seq`), which is the order everybody sees. Times are aware.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.engine import Connection

from doorstep.storage import conversations
from doorstep.storage.tables import choices, inbox, outbox

ANSWERED, QUEUED, APOLOGISED = "answered", "queued", "apologised"
PAGE = 200  # messages given at once; a client asks again from the last one


@dataclass(frozen=True)
class Incoming:
    """A buyer's message. `asked_at` is when it was first handed to Rasa; `outcome` is empty until it is settled."""

    id: int
    conversation_id: str
    message_id: str
    seq: int
    at: datetime
    text: str
    choice: str
    attachments: tuple[Mapping[str, Any], ...]
    asked_at: datetime | None
    outcome: str


@dataclass(frozen=True)
class Choice:
    """Something to pick: `label` is shown, `payload` is what Rasa is told. The token is made when it is posted."""

    label: str
    payload: str
    token: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A message to the buyer; `sender` is assistant, agent or notice."""

    sender: str
    text: str
    choices: tuple[Choice, ...] = ()
    card: Mapping[str, Any] | None = None
    attachments: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A message of either direction as the buyer sees it."""

    seq: int
    id: str
    at: datetime
    sender: str  # buyer | assistant | agent | notice
    text: str
    choices: tuple[Choice, ...] = ()
    card: Mapping[str, Any] | None = None
    attachments: tuple[Mapping[str, Any], ...] = ()


_INCOMING = [inbox.c[name] for name in Incoming.__dataclass_fields__]


# -- inbox ---------------------------------------------------------------------------------


def find_incoming(connection: Connection, conversation_id: str, message_id: str) -> Incoming | None:
    """The message a client sent under this id in this conversation, if it was accepted before."""
    same = and_(inbox.c.conversation_id == conversation_id, inbox.c.message_id == message_id)
    return _incoming(connection.execute(select(*_INCOMING).where(same)).first())


def accept(
    connection: Connection,
    conversation_id: str,
    message_id: str,
    *,
    text: str,
    now: datetime,
    choice: str = "",
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Incoming:
    """Store a buyer's message; the same `message_id` again gives the stored one. Raises LookupError if the
    conversation is gone."""
    if conversations.lock(connection, conversation_id) is None:
        raise LookupError("the conversation is gone")
    if earlier := find_incoming(connection, conversation_id, message_id):
        return earlier
    seq = conversations.take_seq(connection, conversation_id, now)
    values = {"conversation_id": conversation_id, "message_id": message_id, "seq": seq, "at": now}
    values |= {"text": text, "choice": choice, "attachments": [dict(each) for each in attachments]}
    key = connection.execute(inbox.insert().values(**values)).inserted_primary_key[0]
    return Incoming(key, conversation_id, message_id, seq, now, text, choice, tuple(attachments), None, "")


def next_unsettled(connection: Connection, conversation_id: str) -> Incoming | None:
    """The oldest message of the conversation that has no outcome yet."""
    mine = and_(inbox.c.conversation_id == conversation_id, inbox.c.outcome == "")
    return _incoming(connection.execute(select(*_INCOMING).where(mine).order_by(inbox.c.seq).limit(1)).first())


def mark_asked(connection: Connection, incoming_id: int, now: datetime) -> None:
    """Remember that Rasa may have seen this message; the first time counts."""
    first = and_(inbox.c.id == incoming_id, inbox.c.asked_at.is_(None))
    connection.execute(update(inbox).where(first).values(asked_at=now))


def settle(connection: Connection, incoming_id: int, outcome: str, now: datetime) -> bool:
    """Give a message its one outcome; False when it already has one."""
    due = and_(inbox.c.id == incoming_id, inbox.c.outcome == "")
    return bool(connection.execute(update(inbox).where(due).values(outcome=outcome, settled_at=now)).rowcount)


def accepted_since(connection: Connection, conversation_id: str, since: datetime) -> list[datetime]:
    """When the messages of this conversation after `since` were accepted, oldest first."""
    recent = and_(inbox.c.conversation_id == conversation_id, inbox.c.at > since)
    return [row.at for row in connection.execute(select(inbox.c.at).where(recent).order_by(inbox.c.at))]


def count_unsettled(connection: Connection) -> int:
    """How many messages of all conversations have no outcome yet."""
    query = select(func.count()).select_from(inbox).where(inbox.c.outcome == "")
    return int(connection.execute(query).scalar_one())


# -- outbox and choices --------------------------------------------------------------------


def post(
    connection: Connection, conversation_id: str, message: Outgoing, now: datetime, answers: int | None = None
) -> int:
    """Store a message to the buyer with its choices and give its number; `answers` is the inbox id it replies to."""
    seq = conversations.take_seq(connection, conversation_id, now)
    values = {"conversation_id": conversation_id, "message_id": secrets.token_hex(16), "seq": seq, "at": now}
    values |= {"sender": message.sender, "text": message.text, "answers": answers}
    values |= {"attachments": [dict(each) for each in message.attachments]}
    if message.card is not None:
        values["card"] = dict(message.card)
    connection.execute(outbox.insert().values(**values))
    rows = [
        {
            "token": secrets.token_urlsafe(24),
            "conversation_id": conversation_id,
            "seq": seq,
            "position": position,
            "label": choice.label,
            "payload": choice.payload,
        }
        for position, choice in enumerate(message.choices)
    ]
    if rows:
        connection.execute(choices.insert(), rows)
    return seq


def find_choice(connection: Connection, conversation_id: str, token: str) -> Choice | None:
    """The choice with this token, if it was shown in this conversation."""
    shown_here = and_(choices.c.token == token, choices.c.conversation_id == conversation_id)
    row = connection.execute(select(choices.c.label, choices.c.payload, choices.c.token).where(shown_here)).first()
    return None if row is None else Choice(*row)


def open_choices(connection: Connection, conversation_id: str) -> list[Choice]:
    """The choices of the newest turn, in the order shown; none when a person wrote last."""
    mine = outbox.c.conversation_id == conversation_id
    newest = connection.execute(
        select(outbox.c.seq, outbox.c.sender, outbox.c.answers).where(mine).order_by(outbox.c.seq.desc()).limit(1)
    ).first()
    if newest is None or newest.sender == "agent":
        return []
    same_turn = outbox.c.seq == newest.seq if newest.answers is None else outbox.c.answers == newest.answers
    shown = select(outbox.c.seq).where(mine, same_turn)
    offered = and_(choices.c.conversation_id == conversation_id, choices.c.seq.in_(shown))
    query = select(choices.c.label, choices.c.payload, choices.c.token, choices.c.seq).where(offered)
    rows = connection.execute(query.order_by(choices.c.seq.desc(), choices.c.position)).all()
    return [Choice(row.label, row.payload, row.token) for row in rows if row.seq == rows[0].seq]


def said(connection: Connection, conversation_id: str, limit: int = 30) -> list[str]:
    """The latest texts the buyer was told, oldest first."""
    query = select(outbox.c.text).where(outbox.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(outbox.c.seq.desc()).limit(limit)).all()
    return [row.text for row in reversed(rows)]


def shown_between(connection: Connection, conversation_id: str, after: int, last: int) -> list[Shown]:
    """The next messages of both directions numbered above `after` up to `last`, at most PAGE of them.

    Read `last` from the conversation first: what is numbered up to it is then complete, while two tables read one
    after the other could show a reply and miss the message before it.
    """
    asked = select(inbox).where(inbox.c.conversation_id == conversation_id, inbox.c.seq.between(after + 1, last))
    told = select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq.between(after + 1, last))
    messages = [
        Shown(row.seq, row.message_id, row.at, "buyer", row.text, attachments=tuple(row.attachments))
        for row in connection.execute(asked.order_by(inbox.c.seq).limit(PAGE))
    ]
    rows = connection.execute(told.order_by(outbox.c.seq).limit(PAGE)).all()
    offered = _choices_of(connection, conversation_id, [row.seq for row in rows])
    messages += [
        Shown(
            row.seq,
            row.message_id,
            row.at,
            row.sender,
            row.text,
            offered.get(row.seq, ()),
            row.card,
            tuple(row.attachments),
        )
        for row in rows
    ]
    return sorted(messages, key=lambda message: message.seq)[:PAGE]


def _choices_of(connection: Connection, conversation_id: str, seqs: Sequence[int]) -> dict[int, tuple[Choice, ...]]:
    if not seqs:
        return {}
    mine = and_(choices.c.conversation_id == conversation_id, choices.c.seq.between(min(seqs), max(seqs)))
    offered: dict[int, tuple[Choice, ...]] = {}
    for row in connection.execute(select(choices).where(mine).order_by(choices.c.seq, choices.c.position)):
        offered[row.seq] = (*offered.get(row.seq, ()), Choice(row.label, row.payload, row.token))
    return offered


def _incoming(row: Any) -> Incoming | None:
    return None if row is None else Incoming(**{**row._mapping, "attachments": tuple(row.attachments)})
