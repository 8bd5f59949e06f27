"""What the screen of a conversation shows, as data: transcript, brief, what may be done, said and granted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from doorstep.people.briefs import Brief
from doorstep.policy.shop import ShopPolicy
from doorstep.storage import briefs, conversations, desk, desk_view, messages, transcript
from doorstep.storage.conversations import AGENT, CLOSED, QUEUE, Conversation
from doorstep.storage.desk import Note
from doorstep.storage.desk_view import Change
from doorstep.storage.messages import Shown
from doorstep.storage.ownership import By

# what somebody can do with a conversation
CLAIM, TAKE_OVER, REPLY, GRANT = "claim", "take_over", "reply", "grant"
TRANSFER, RELEASE, HAND_BACK, CLOSE = "transfer", "release", "hand_back", "close"
_GIVE_UP = (TRANSFER, RELEASE, HAND_BACK, CLOSE)
SHOWN_AT_FIRST = 300  # messages; the ones before are shown when they are asked for


@dataclass(frozen=True)
class Said:
    """A message. `who` is the name of the person who wrote it, `taken` the token of its choice that the buyer took.

    `waits` is whether the buyer's page has not fetched it yet; only of a person's messages is that known.
    """

    shown: Shown
    who: str = ""
    taken: str = ""
    waits: bool = False

    @property
    def at(self) -> datetime:
        """When it was stored."""
        return self.shown.at


Line = Said | Note | Change


@dataclass(frozen=True)
class Mark:
    """Up to where somebody has seen a conversation: the newest message, note and change of owner, by number."""

    seq: int = 0
    note: int = 0
    change: int = 0

    def __str__(self) -> str:
        return f"{self.seq}-{self.note}-{self.change}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """What `str` made; None for anything else."""
        parts = text.split("-")
        fits = len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) <= 10 for part in parts)
        return cls(*map(int, parts)) if fits else None


@dataclass(frozen=True)
class Lines:
    """A piece of the transcript, in order; `first` is the number of its first message, `waiting` of unfetched ones."""

    lines: tuple[Line, ...]
    mark: Mark
    first: int
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True)
class Screen:
    """The whole of it."""

    conversation: Conversation
    brief: Brief
    lines: Lines
    can: frozenset[str]
    buyer_types: bool
    closing: Change | None


def screen(
    connection: Connection, policy: ShopPolicy, conversation_id: str, by: By, now: datetime, *, whole: bool = False
) -> Screen | None:
    """What `by` sees of a conversation at `now` (an aware time); None when there is no such conversation.

    Without `whole` a long transcript begins with its newest SHOWN_AT_FIRST messages.
    """
    conversation = conversations.find(connection, conversation_id)
    brief = briefs.brief(connection, policy, conversation_id, now)
    if conversation is None or brief is None:
        return None
    until = desk.typing_until(connection, conversation_id, desk.BUYER)
    begin = 0 if whole else max(0, conversation.last_seq - SHOWN_AT_FIRST)
    changes = desk_view.changes_of(connection, conversation_id)
    return Screen(
        conversation,
        brief,
        lines_after(connection, conversation, Mark(begin), cut=begin > 0),
        possible(conversation, by),
        until is not None and until > now,
        changes[-1] if changes and conversation.owner == CLOSED else None,
    )


def possible(conversation: Conversation, by: By) -> frozenset[str]:
    """What somebody can do with a conversation as it stands."""
    if conversation.owner in (QUEUE, CLOSED):
        return frozenset((CLAIM,))
    if conversation.owner != AGENT:
        return frozenset()
    if by.agent_id is not None and conversation.agent_id == by.agent_id:
        return frozenset((REPLY, GRANT, *_GIVE_UP))
    return frozenset((TAKE_OVER, *_GIVE_UP)) if by.is_lead else frozenset()


def lines_after(connection: Connection, conversation: Conversation, mark: Mark, *, cut: bool = False) -> Lines:
    """What came after a mark, up to the conversation's newest message; with `cut` nothing older than its messages."""
    changes = desk_view.changes_of(connection, conversation.id)
    noted = desk.notes_of(connection, conversation.id)
    waiting = messages.undelivered(connection, conversation.id)
    shown = list(_shown(connection, conversation, mark.seq))
    said = list(_said(shown, changes, desk_view.taken(connection, conversation.id), waiting))
    since = said[0] if said and cut else None
    others: list[Note | Change] = [note for note in noted if note.id > mark.note]
    others += [change for change in changes if change.id > mark.change]
    merged = _in_order(said, (each for each in others if since is None or not _is_before(each, since)))
    newest = Mark(
        said[-1].shown.seq if said else mark.seq,
        max((note.id for note in noted), default=0),
        max((change.id for change in changes), default=0),
    )
    return Lines(tuple(merged), newest, said[0].shown.seq if said else mark.seq + 1, tuple(sorted(waiting)))


def _is_before(each: Note | Change, message: Said) -> bool:
    return each.seq < message.shown.seq - 1 if isinstance(each, Change) else each.at < message.at


def _shown(connection: Connection, conversation: Conversation, after: int) -> Iterator[Shown]:
    while page := transcript.shown_between(connection, conversation.id, after, conversation.last_seq):
        yield from page
        after = page[-1].seq


def _said(shown: Iterable[Shown], changes: list[Change], taken: set[str], waiting: set[int]) -> Iterator[Said]:
    for message in shown:
        picked = next((choice.token for choice in message.choices if choice.token in taken), "")
        who = _holder(changes, message.seq) if message.sender == AGENT else ""
        yield Said(message, who, picked, message.seq in waiting)


def _holder(changes: list[Change], seq: int) -> str:
    """Who had the conversation when a message was numbered: it keeps no name of its own."""
    return next((each.agent_name for each in reversed(changes) if each.after == AGENT and each.seq < seq), "")


def _in_order(said: list[Said], others: Iterable[Note | Change]) -> list[Line]:
    """Messages by their numbers; between two of them what happened there, by its time."""
    placed: list[tuple[tuple[int, bool, datetime], Line]] = [((each.shown.seq, False, each.at), each) for each in said]
    for each in others:
        before = each.seq if isinstance(each, Change) else _last_before(said, each.at)
        placed.append(((before, True, each.at), each))
    return [line for _, line in sorted(placed, key=lambda each: each[0])]


def _last_before(said: list[Said], at: datetime) -> int:
    return max((each.shown.seq for each in said if each.at <= at), default=0)


def digest(brief: Brief) -> str:
    """Something that differs when the side of the screen does."""
    still = replace(brief, who=replace(brief.who, local_time=None), messages=0, last_message_at=None)
    return hashlib.sha256(json.dumps(still.to_json(), sort_keys=True, default=str).encode()).hexdigest()[:16]
