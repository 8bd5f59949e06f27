"""Reads and writes messages: the inbox (what buyers wrote), the outbox (what they were told) and its choices.

Inbox and outbox share one numbering per conversation (`seq`), which is the order everybody sees. Times are aware.
Statements are built once: building one costs more than running it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.storage import conversations
from doorstep.storage.conversations import Conversation, Lease
from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import choices, inbox, outbox

ANSWERED, QUEUED, APOLOGISED = "answered", "queued", "apologised"


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
    """A message to the buyer; `sender` is assistant, agent or notice. Without an id one is made when it is posted."""

    sender: str
    text: str
    choices: tuple[Choice, ...] = ()
    card: Mapping[str, Any] | None = None
    attachments: tuple[Mapping[str, Any], ...] = ()
    id: str = ""


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


# -- inbox ---------------------------------------------------------------------------------

_INCOMING = [inbox.c[name] for name in Incoming.__dataclass_fields__]
_IN_THIS = inbox.c.conversation_id == bindparam("this")
_SAME = inbox.c.message_id == bindparam("same")
_BEFORE = Prepared(
    select(*_INCOMING).where(_IN_THIS, or_(_SAME, inbox.c.outcome == "")).order_by(_SAME.desc()).limit(2)
)
_NEXT = Prepared(select(*_INCOMING).where(_IN_THIS, inbox.c.outcome == "").order_by(inbox.c.seq).limit(1))
_LATEST = Prepared(select(inbox.c.at).where(_IN_THIS).order_by(inbox.c.seq.desc()).limit(bindparam("most")))
_ACCEPTED = [name for name in Incoming.__dataclass_fields__ if name != "id"]
_ACCEPT = Prepared(inbox.insert(), _ACCEPTED)
_MARK_ASKED = (
    update(inbox).where(inbox.c.id == bindparam("this"), inbox.c.asked_at.is_(None)).values(asked_at=bindparam("now"))
)
_SETTLE = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("this"), inbox.c.outcome == "")
    .values(outcome=bindparam("ending"), settled_at=bindparam("now"))
)


def before_accepting(connection: Connection, conversation_id: str, message_id: str) -> tuple[Incoming | None, bool]:
    """The message a client sent under this id here before, if any, and whether a message here has no outcome yet."""
    rows = _BEFORE.all(connection, this=conversation_id, same=message_id)
    same = next((row for row in rows if row.message_id == message_id), None)
    return _incoming(same), any(row.outcome == "" for row in rows)


def accept(
    connection: Connection,
    conversation: Conversation,
    message_id: str,
    *,
    text: str,
    now: datetime,
    choice: str = "",
    attachments: Sequence[Mapping[str, Any]] = (),
    lease: Lease | None = None,
) -> Incoming:
    """Store a buyer's message in a conversation as `lock` gave it. Raises IntegrityError for an id that is taken.

    With a lease the message is taken up at once: Rasa is asked as soon as this transaction is committed.
    """
    (seq,) = conversations.number(connection, conversation, 1, now, lease)
    made = Incoming(
        0, conversation.id, message_id, seq, now, text, choice, tuple(attachments), now if lease else None, ""
    )
    row = {name: getattr(made, name) for name in _ACCEPTED}
    key = _ACCEPT.insert(connection, **{**row, "attachments": [dict(each) for each in attachments]})
    return replace(made, id=key)


def next_unsettled(connection: Connection, conversation_id: str) -> Incoming | None:
    """The oldest message of the conversation that has no outcome yet."""
    return _incoming(_NEXT.first(connection, this=conversation_id))


def mark_asked(connection: Connection, incoming_id: int, now: datetime) -> None:
    """Remember that Rasa may have seen this message; the first time counts."""
    connection.execute(_MARK_ASKED, {"this": incoming_id, "now": now})


def settle(connection: Connection, incoming_id: int, outcome: str, now: datetime) -> bool:
    """Give a message its one outcome; False when it already has one."""
    return bool(_SETTLE.run(connection, this=incoming_id, ending=outcome, now=now))


def latest_accepted(connection: Connection, conversation_id: str, most: int) -> list[datetime]:
    """When the latest messages of this conversation were accepted, newest first."""
    return [row.at for row in _LATEST.all(connection, this=conversation_id, most=most)]


def count_unsettled(connection: Connection) -> int:
    """How many messages of all conversations have no outcome yet."""
    query = select(func.count()).select_from(inbox).where(inbox.c.outcome == "")
    return int(connection.execute(query).scalar_one())


def _incoming(row: Any) -> Incoming | None:
    return None if row is None else Incoming(**{**row._asdict(), "attachments": tuple(row.attachments)})


# -- outbox and choices --------------------------------------------------------------------

_OUT_THIS = outbox.c.conversation_id == bindparam("this")
_OFFERED_THIS = choices.c.conversation_id == bindparam("this")
_POST = Prepared(outbox.insert(), [column.name for column in outbox.c if column.name != "id"], many=True)
_OFFER = Prepared(choices.insert(), [column.name for column in choices.c], many=True)
_CHOICE = [choices.c.label, choices.c.payload, choices.c.token]
_FIND_CHOICE = select(*_CHOICE).where(_OFFERED_THIS, choices.c.token == bindparam("taken"))
_TURN = [outbox.c.seq, outbox.c.sender, outbox.c.answers]
_NEWEST = select(*_TURN).where(_OUT_THIS).order_by(outbox.c.seq.desc()).limit(1).subquery("newest")
_OPEN_CHOICES = Prepared(
    select(*_CHOICE, choices.c.seq)
    .select_from(_NEWEST)
    .join(outbox, and_(_OUT_THIS, or_(outbox.c.seq == _NEWEST.c.seq, outbox.c.answers == _NEWEST.c.answers)))
    .join(choices, and_(_OFFERED_THIS, choices.c.seq == outbox.c.seq))
    .where(_NEWEST.c.sender != "agent")
    .order_by(choices.c.seq.desc(), choices.c.position)
)
_SAID = select(outbox.c.text).where(_OUT_THIS).order_by(outbox.c.seq.desc()).limit(bindparam("most"))


def post(
    connection: Connection,
    conversation: Conversation,
    replies: Sequence[Outgoing],
    now: datetime,
    answers: int | None = None,
) -> list[Shown]:
    """Store messages to the buyer with their choices, in a conversation as `lock` gave it; gives them as shown.

    `answers` is the inbox id they reply to.
    """
    seqs = conversations.number(connection, conversation, len(replies), now)
    shown = [_as_shown(reply, seq, now) for reply, seq in zip(replies, seqs, strict=True)]
    here = {"conversation_id": conversation.id}
    _POST.insert_all(connection, [{**here, **_outbox_row(message), "answers": answers} for message in shown])
    offered = [
        {**here, "seq": message.seq, "position": position, **asdict(choice)}
        for message in shown
        for position, choice in enumerate(message.choices)
    ]
    if offered:
        _OFFER.insert_all(connection, offered)
    return shown


def _as_shown(reply: Outgoing, seq: int, now: datetime) -> Shown:
    offered = tuple(replace(choice, token=secrets.token_urlsafe(24)) for choice in reply.choices)
    return Shown(
        seq, reply.id or secrets.token_hex(16), now, reply.sender, reply.text, offered, reply.card, reply.attachments
    )


def _outbox_row(message: Shown) -> dict[str, Any]:
    card = None if message.card is None else dict(message.card)
    row = {
        "message_id": message.id,
        "seq": message.seq,
        "at": message.at,
        "sender": message.sender,
        "delivered_at": None,
    }
    return {**row, "text": message.text, "card": card, "attachments": [dict(each) for each in message.attachments]}


def find_choice(connection: Connection, conversation_id: str, token: str) -> Choice | None:
    """The choice with this token, if it was shown in this conversation."""
    row = connection.execute(_FIND_CHOICE, {"this": conversation_id, "taken": token}).first()
    return None if row is None else Choice(*row)


def open_choices(connection: Connection, conversation_id: str) -> list[Choice]:
    """The choices of the newest turn, in the order shown; none when a person wrote last."""
    rows = _OPEN_CHOICES.all(connection, this=conversation_id)
    return [Choice(row.label, row.payload, row.token) for row in rows if row.seq == rows[0].seq]


def said(connection: Connection, conversation_id: str, limit: int = 30) -> list[str]:
    """The latest texts the buyer was told, oldest first."""
    rows = connection.execute(_SAID, {"this": conversation_id, "most": limit}).all()
    return [row.text for row in reversed(rows)]


def was_posted(connection: Connection, conversation_id: str, message_id: str) -> bool:
    """Whether a message to the buyer was stored under this id."""
    same = (outbox.c.conversation_id == conversation_id) & (outbox.c.message_id == message_id)
    return connection.execute(select(outbox.c.id).where(same)).first() is not None


def was_helped(connection: Connection, conversation_id: str) -> bool:
    """Whether a person ever said something in a conversation."""
    theirs = (outbox.c.conversation_id == conversation_id) & (outbox.c.sender == "agent")
    return connection.execute(select(outbox.c.id).where(theirs).limit(1)).first() is not None


def mark_delivered(connection: Connection, conversation_id: str, last: int, now: datetime) -> None:
    """Note that the buyer's page has a person's messages up to a number; the first time counts."""
    theirs = (outbox.c.conversation_id == conversation_id) & (outbox.c.sender == "agent") & (outbox.c.seq <= last)
    connection.execute(update(outbox).where(theirs, outbox.c.delivered_at.is_(None)).values(delivered_at=now))


def undelivered(connection: Connection, conversation_id: str) -> set[int]:
    """The numbers of a person's messages that the buyer's page has not fetched yet."""
    theirs = (outbox.c.conversation_id == conversation_id) & (outbox.c.sender == "agent")
    query = select(outbox.c.seq).where(theirs, outbox.c.delivered_at.is_(None))
    return set(connection.execute(query).scalars())
