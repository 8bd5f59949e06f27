"""What a person does and sees at a desk, whichever it is, for the tests; and the shop that the desk belongs to.

Each thing a person does returns when our side has done it; each thing they see is waited for.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from doorstep.desk.linking import Periods
from doorstep.front.desk_link import Pace
from doorstep.storage import ownership
from doorstep.storage.engine import writing
from tests.contract import chat_client, desk_talk
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import Asked, FakeRasa

OWN, CHATWOOT = "own", "chatwoot"
ASKS = "A person, please"  # at this the assistant hands over
MEI, LI = "Mei", "Li"
PATIENCE = 30.0  # seconds, on a busy machine
# Polls that find soon what no webhook told.
QUICK = Pace(
    Periods(
        with_people=timedelta(seconds=0.3),
        after=timedelta(seconds=0.5),
        first=timedelta(seconds=0.05),
        longest=timedelta(seconds=0.3),
    ),
    look=0.05,
    answer=5.0,
)


def until(holds: Callable[[], Any], what: str = "") -> Any:
    """What `holds` gives as soon as it is true. Fails when that takes longer than anything should."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not (found := holds()):
        assert time.monotonic() < end, what or "it did not happen"
        pause.wait(0.02)
    return found


@dataclass
class Time:
    """The front's clock: the machine's, moved on by tests."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead


class Shop:
    """A running front with a fake Rasa, and the database behind it."""

    def __init__(self, http: httpx.Client, engine: Engine, rasa: FakeRasa, clock: Time) -> None:
        self.http, self.engine, self.rasa, self.clock = http, engine, rasa, clock
        rasa.at_call = self._hand_over

    def buyer(self, *texts: str, **session: str) -> Buyer:
        """A buyer with a proven order, who wrote these texts to the assistant."""
        buyer = chat_client.start(self.http, dict(session) or None)
        desk_talk.proves(self.engine, buyer, desk_talk.recent_order())
        for text in texts:
            buyer.say(text)
            buyer.settled()
        return buyer

    def owner(self, buyer: Buyer) -> tuple[str, str]:
        """Who has the conversation: the owner, and the agent's name."""
        return desk_talk.owner(self.engine, buyer)

    def _hand_over(self, asked: Asked) -> None:
        """What the action does that the assistant runs when it is asked for a person."""
        if asked.text == ASKS:
            with writing(self.engine) as connection:
                ownership.hand_over(connection, asked.conversation_id, self.clock.now(), "asked", {})


class PersonAtDesk(ABC):
    """What people see and do at a desk, each by their name."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @abstractmethod
    def is_waiting(self, buyer: Buyer) -> bool:
        """Whether the desk shows the conversation as one that waits and that nobody has."""

    @abstractmethod
    def page(self, buyer: Buyer) -> str:
        """Everything the desk shows of the conversation, as text."""

    @abstractmethod
    def reads(self, buyer: Buyer) -> list[str]:
        """The buyer's own messages that a person sees as such, in order."""

    @abstractmethod
    def claims(self, buyer: Buyer, name: str = MEI) -> None:
        """Take the conversation, if nobody else has it."""

    @abstractmethod
    def says(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        """Write to the buyer."""

    @abstractmethod
    def notes(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        """Write for colleagues alone."""

    @abstractmethod
    def hands_back(self, buyer: Buyer, name: str = MEI) -> None:
        """Give the conversation back to the assistant."""

    @abstractmethod
    def closes(self, buyer: Buyer, name: str = MEI) -> None:
        """Close the conversation."""

    @abstractmethod
    def meddles(self, buyer: Buyer) -> None:
        """Try to write and to close where there is no conversation of ours."""

    @abstractmethod
    def leave(self) -> None:
        """Close what was opened."""

    def sees_waiting(self, buyer: Buyer) -> None:
        """Wait until the desk shows the conversation in the queue."""
        until(lambda: self.is_waiting(buyer), "the desk does not show that somebody waits")

    def has(self, buyer: Buyer, name: str = MEI) -> None:
        """Wait until our side knows that this person has it."""
        until(lambda: self.shop.owner(buyer) == ("agent", name), f"{name} does not have it")
