"""What a desk that is not ours has to do, and what our side and it tell each other. Its calls may block.

Every call may raise DeskAway and DeskRefused of `doorstep.adapters.desks`, and is safe to repeat, except `post`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

State = Literal["open", "closed", "assistant"]  # whose turn it is, as the other desk sees it
OPEN: State = "open"
SHUT: State = "closed"
BACK: State = "assistant"
File = tuple[str, str, bytes]  # name, media type, content


@dataclass(frozen=True)
class Upload:
    """A photo or video that goes along with a message: `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Post:
    """A message for the other desk, under an id of ours. `by_buyer`: it is the buyer's; else a note for people only."""

    our_id: str
    text: str
    by_buyer: bool = False
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True)
class Raise:
    """A conversation waits for people: nobody has it, it is open, and this is what is shown about it."""

    labels: tuple[str, ...] = ()
    urgency: int = 0  # as in doorstep.people.handovers; 0 to leave it
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stand:
    """A conversation is not people's any more: it is closed, or the assistant's; or, open, a colleague's here."""

    state: State


@dataclass(frozen=True)
class Step:
    """One thing to tell, None for what need not be told; with what is known over there when it is done.

    `seq` and `change` are the newest message and change of owner, by number; 0 for no news of them.
    """

    tell: Post | Raise | Stand | None
    seq: int = 0
    change: int = 0


@dataclass(frozen=True)
class Ticket:
    """What is told of a buyer when the conversation is opened over there. `email` is "" where it is not known."""

    our_id: str
    name: str
    email: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a conversation is over there. The ids are "" until they are made."""

    contact_id: str = ""
    source_id: str = ""
    remote_id: str = ""


@dataclass(frozen=True)
class Said:
    """What somebody over there did. A person's message to the buyer has a `text`; `is_note`: the buyer must not see it.

    `who` is "" for everything that no person wrote, and for what came from us. `links` are addresses of its files.
    """

    id: int
    who: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    is_note: bool = False


@dataclass(frozen=True)
class Seen:
    """How a conversation stands over there: `state` is None for anything that means nothing here; `who` has it."""

    state: State | None
    who: str
    said: tuple[Said, ...]


class NotProven(Exception):
    """A call is not proven to be the other desk's; the message says why."""


class OtherDesk(Protocol):
    """A desk that is not ours. `name` tells it from every other, in at most 20 characters."""

    name: str

    def check(self) -> str:
        """What is wrong with how it is set up, for the shop to mend; "" if nothing."""

    def open_contact(self, ticket: Ticket) -> Place:
        """The buyer over there; made unless they are there."""

    def open_conversation(self, ticket: Ticket, place: Place) -> Place:
        """The conversation over there; made unless it is there. It is nobody's turn yet."""

    def posted(self, place: Place, our_ids: Collection[str], after: int) -> set[str]:
        """Which of our messages are there, among those with an id above `after`."""

    def post(self, place: Place, message: Post, files: Sequence[File]) -> None:
        """Write a message. Done twice it is there twice: ask `posted` before, when it may have been done."""

    def set(self, place: Place, wanted: Raise | Stand) -> None:
        """Make it stand so."""

    def see(self, place: Place, after: int) -> Seen:
        """How it stands, and then every message with an id above `after`, in the order of ids."""

    def called(self, headers: Mapping[str, str], body: bytes, path_secret: str, now: datetime) -> list[str]:
        """The `remote_id`s of what a call tells that there is news of. Raises NotProven, ValueError for a broken body.

        `now` is an aware time.
        """

    def close(self) -> None:
        """Close the connections."""
