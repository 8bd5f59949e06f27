"""Finds the stays of conversations with people in the changes of their owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from doorstep.figures.facts import Stay

ASSISTANT, QUEUE, AGENT, CLOSED = "assistant", "queue", "agent", "closed"  # owners
PEOPLE = (QUEUE, AGENT)
HANDED_BACK, TAKEN_BACK = "handed_back", "taken_back"
TAKEN_UP = "taken_up"  # the reason where nobody handed over: a person took it


@dataclass(frozen=True)
class Change:
    """A change of a conversation's owner. `by_person` is false for the assistant's, the buyer's and the clock's."""

    conversation_id: str
    at: datetime
    before: str
    after: str
    reason: str = ""
    by_person: bool = False


def stays_in(changes: Iterable[Change], replies: Mapping[str, Sequence[datetime]]) -> Iterator[Stay]:
    """The stays that begin in these changes, which are sorted by conversation, then by the order they happened in.

    `replies` are the times of people's messages by conversation, oldest first. What a stay begun earlier comes to is
    passed over.
    """
    for conversation_id, theirs in groupby(changes, lambda change: change.conversation_id):
        begun: Change | None = None
        for change in theirs:
            if change.before not in PEOPLE and change.after in PEOPLE:
                begun = change
            elif begun and change.before in PEOPLE and change.after not in PEOPLE:
                yield _stay(begun, change, replies.get(conversation_id, ()))
                begun = None
        if begun:
            yield _stay(begun, None, replies.get(conversation_id, ()))


def _stay(begun: Change, ended: Change | None, replies: Sequence[datetime]) -> Stay:
    replied_at = next((at for at in replies if begun.at <= at and (ended is None or at <= ended.at)), None)
    ended_at = ended.at if ended else None
    ending = _ending(ended) if ended else ""
    reason = begun.reason or (TAKEN_UP if begun.after == AGENT else "")
    return Stay(begun.conversation_id, begun.at, reason, replied_at, ended_at, ending)


def _ending(change: Change) -> str:
    if change.after == CLOSED:
        return CLOSED
    return HANDED_BACK if change.before == AGENT or change.by_person else TAKEN_BACK
