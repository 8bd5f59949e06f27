"""People at a desk, and buyers who wait for them, for the tests of what happens between the two."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from sqlalchemy.engine import Engine

from doorstep.desk.work import Desk
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT
from doorstep.storage import conversations, messages, ownership, transcript
from doorstep.storage.conversations import Conversation
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Shown
from doorstep.storage.ownership import By
from tests.conversations import locked

OPEN = datetime(2025, 6, 18, 2, 0, tzinfo=timezone.utc)  # a Wednesday, ten o'clock in the shop
CLOSED = datetime(2025, 6, 18, 14, 0, tzinfo=timezone.utc)  # ten in the evening there
ANNA, MEI, LEAD = By("Anna", 1), By("小美", 2), By("Li", 3, is_lead=True)
WORDS = Catalogue(ROOT / "replies")
T = TypeVar("T")


class AtTheDesk:
    """A desk with its clock, on one database."""

    def __init__(self, engine: Engine, now: datetime = OPEN) -> None:
        self.engine = engine
        self.desk = Desk(ShopPolicy(), WORDS)
        self.now = now
        self._numbers = itertools.count(1)

    def minutes_pass(self, count: float) -> None:
        self.now += timedelta(minutes=count)

    def starts(self, language: str = "en", shop: str = "default") -> str:
        """A buyer begins a conversation; gives its id."""
        with writing(self.engine) as connection:
            values = {"shop": shop, "channel": "web", "language": language, "address": "", "email_key": ""}
            return conversations.start(connection, **values, now=self.now).id

    def waits(self, language: str = "en", shop: str = "default", reason: str = "asked") -> str:
        """A buyer who was handed over, and told of the queue."""
        conversation_id = self.starts(language, shop)
        with writing(self.engine) as connection:
            ownership.hand_over(connection, conversation_id, self.now, reason, {})
            self.desk.queue.came_in(connection, locked(connection, conversation_id), self.now)
        return conversation_id

    def writes(self, conversation_id: str, text: str) -> None:
        """The buyer writes something that has its outcome at once."""
        with writing(self.engine) as connection:
            message_id = f"m{next(self._numbers)}"
            taken = messages.accept(
                connection, locked(connection, conversation_id), message_id, text=text, now=self.now
            )
            messages.settle(connection, taken.id, messages.QUEUED, self.now)

    def do(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work of the desk's in a transaction, now."""
        with writing(self.engine) as connection:
            return work(connection, *args, self.now)

    def says(self, conversation_id: str, by: By, text: str, key: str = "") -> Shown | None:
        return self.do(self.desk.say, conversation_id, by, text, key or f"k{next(self._numbers)}")

    def found(self, conversation_id: str) -> Conversation:
        with reading(self.engine) as connection:
            found = conversations.find(connection, conversation_id)
        assert found is not None
        return found

    def told(self, conversation_id: str) -> list[Shown]:
        """What the buyer was told, oldest first."""
        with reading(self.engine) as connection:
            return [m for m in transcript.shown_between(connection, conversation_id, 0, 999) if m.sender != "buyer"]

    def last_told(self, conversation_id: str) -> str:
        return self.told(conversation_id)[-1].text
