"""A conversation is worked once at a time, and at once only by a front that has freed what the one before it held."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

from doorstep.desk.work import Desk
from doorstep.front.hub import Hub
from doorstep.front.metrics import Metrics
from doorstep.front.outcomes import Answer
from doorstep.front.turns import Question
from doorstep.front.worker import Worker
from doorstep.policy.shop import ShopPolicy
from doorstep.storage import conversations
from doorstep.storage.conversations import Conversation
from doorstep.storage.messages import Incoming

NOW = datetime(2025, 6, 18, 12, 0, tzinfo=timezone.utc)


class _Database:
    """Answers what a worker asks as if no message waited; freeing left leases waits until it is told to go on."""

    def __init__(self) -> None:
        self.go_on, self.looked, self.taken_up = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.done: list[str] = []

    async def write(self, work: Any, *_values: Any) -> Any:
        if work is conversations.release_left_behind:
            await self.go_on.wait()
        self.done.append(work.__name__)
        if work.__name__ == "take_up":
            self.taken_up.set()

    async def read(self, work: Any, *_values: Any) -> Any:
        assert work is conversations.waiting
        self.looked.set()
        return []


class _Asking:
    """Answers nothing until it is told to go on."""

    def __init__(self) -> None:
        self.go_on, self.reached, self.asked = asyncio.Event(), asyncio.Event(), list[str]()

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question.payload)
        self.reached.set()
        await self.go_on.wait()
        return Answer(trouble="slow")


def _worker(database: Any, asking: Any) -> Worker:
    words: Any = None
    desk = Desk(ShopPolicy(), words)
    return Worker("front/", database, asking, Hub(database), Metrics(), desk=desk, now=lambda: NOW)


def _question(text: str) -> Question:
    conversation = Conversation("c1", "default", "web", "en", "", "", "assistant", NOW, "", 1, NOW, busy_by="front/1")
    return Question(Incoming(1, "c1", text, 1, NOW, text, "", (), NOW, ""), conversation, text)


def test_nothing_is_taken_up_at_once_before_left_leases_are_free() -> None:
    async def run() -> list[bool]:
        database = _Database()
        worker = _worker(database, _Asking())
        worker.start()
        await asyncio.sleep(0)
        before = worker.has_room
        database.go_on.set()
        await database.looked.wait()
        after = worker.has_room
        await worker.stop()
        return [before, after]

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [False, True]


def test_a_message_taken_up_while_its_conversation_is_worked_waits_for_its_turn() -> None:
    async def run() -> tuple[list[str], list[str]]:
        database, asking = _Database(), _Asking()
        database.go_on.set()
        worker = _worker(database, asking)
        worker.start()
        await database.looked.wait()
        worker.begin(_question("one"))
        worker.begin(_question("two"))
        await asking.reached.wait()
        asking.go_on.set()
        await database.taken_up.wait()
        await worker.stop()
        return asking.asked, database.done

    asked, done = asyncio.run(asyncio.wait_for(run(), 20))
    assert asked == ["one"]
    assert done[:3] == ["release_left_behind", "settle", "take_up"]
