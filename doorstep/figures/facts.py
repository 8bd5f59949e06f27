"""What the figures are counted from: plain rows, each with its moment and with the group it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

NONE = "—"  # the group of what belongs to none: no order was proven, or nothing was shipped


@dataclass(frozen=True)
class Group:
    """Where a row is counted. Of several orders the one talked about last counts, so that each has one group.

    `country` is a code of ISO 3166-1; `carrier` names all carriers of the order, such as "china-post + ups".
    """

    language: str = NONE
    country: str = NONE
    carrier: str = NONE


@dataclass(frozen=True)
class Known:
    """By what a buyer is known again in another conversation: orders proven, and the keyed hash of an e-mail address.

    Both may be empty.
    """

    orders: frozenset[int] = frozenset()
    email_key: str = ""


@dataclass(frozen=True)
class Talk:
    """A conversation begun in the period; `at` is when. `answered_at` is the assistant's last answer, if any.

    `messages` are all of the buyer. `written` are those in the buyer's own words that the assistant read; of these
    `refused`, `corrected` and `handed_over` were not understood at first.
    """

    id: str
    at: datetime
    group: Group = Group()
    known: Known = Known()
    messages: int = 0
    answered_at: datetime | None = None
    written: int = 0
    refused: int = 0
    corrected: int = 0
    handed_over: int = 0


@dataclass(frozen=True)
class Stay:
    """One stay of a conversation with people, from coming into the queue (`at`) until it was closed or given back.

    Going back to the queue from a person does not end it. `ending` is "" while it lasts, else closed, handed_back, or
    taken_back: by the buyer, before a person had it.
    """

    conversation_id: str
    at: datetime
    reason: str = ""
    replied_at: datetime | None = None
    ended_at: datetime | None = None
    ending: str = ""
    group: Group = Group()
    known: Known = Known()


@dataclass(frozen=True)
class OpenNow:
    """A conversation that a person has or that waits for one; `at` is when it came into the queue."""

    at: datetime
    waits: bool
    group: Group = Group()


@dataclass(frozen=True)
class Dispute:
    """A case that counts into the dispute rate; `at` is when it was opened."""

    at: datetime
    order_id: int
    group: Group = Group()


@dataclass(frozen=True)
class Placed:
    """An order; `at` is when it was placed."""

    at: datetime
    group: Group = Group()


@dataclass(frozen=True)
class Rated:
    """What a buyer thought of a person's help; `at` is when they said it."""

    at: datetime
    is_good: bool
    group: Group = Group()


@dataclass(frozen=True)
class Facts:
    """All that the figures of a period need. The period goes from `since` up to, without, `until`; days are `zone`'s.

    Talks, orders and ratings are those of the period. Stays and disputes go on until `now`: later ones tell whether
    what was settled in the period stayed so.
    """

    since: datetime
    until: datetime
    zone: tzinfo
    now: datetime
    talks: tuple[Talk, ...] = field(default=())
    stays: tuple[Stay, ...] = field(default=())
    open: tuple[OpenNow, ...] = field(default=())
    disputes: tuple[Dispute, ...] = field(default=())
    orders: tuple[Placed, ...] = field(default=())
    ratings: tuple[Rated, ...] = field(default=())

    def covers(self, moment: datetime) -> bool:
        """Whether a moment lies in the period."""
        return self.since <= moment < self.until
