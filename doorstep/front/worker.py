"""Works the inbox: one message at a time in a conversation, many conversations at once, whatever crashes.

A conversation is worked by the front that holds its lease. Leases are renewed while the front lives; one that
died leaves leases that the next start under its name frees, and that other fronts take once they have run out.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from doorstep.desk.work import Desk
from doorstep.front.asking import Asking
from doorstep.front.database import Database, is_unreachable
from doorstep.front.hub import Hub, wait_for
from doorstep.front.metrics import Metrics
from doorstep.front.outcomes import Answer
from doorstep.front.turns import LEASE, Question, Settled, Turns
from doorstep.storage import conversations

RENEW_EVERY = 10.0  # seconds
SWEEP_EVERY = 2.0  # seconds between looks for messages that nobody works
MOST_CONVERSATIONS = 200  # worked at once; most of them wait for Rasa
STOP_WITHIN = 5.0  # seconds for turns under way when the front stops
_SETTLE_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries while the database is away
log = structlog.get_logger(__name__)


def front_name(host: str, port: int) -> str:
    """The name that stays the same when this front is started again."""
    return f"{socket.gethostname()[:40]}:{host[:15]}:{port}/"


class Worker:
    """Takes conversations with unsettled messages and settles these."""

    def __init__(
        self,
        name: str,
        database: Database,
        asking: Asking,
        hub: Hub,
        metrics: Metrics,
        *,
        desk: Desk,
        now: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._holder = name + secrets.token_hex(4)
        self._database = database
        self._asking = asking
        self._hub = hub
        self._metrics = metrics
        self.turns = Turns(self._holder, desk)
        self._now = now
        self._due: dict[str, None] = {}  # in the order they came
        self._again: set[str] = set()  # nudged while worked
        self._working: dict[str, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._nudged = asyncio.Event()
        self._freed = False  # what the front before this one held

    def start(self) -> None:
        """Begin to work; what was left behind is taken up first."""
        self._loops = [asyncio.create_task(self._run()), asyncio.create_task(self._renew())]

    async def stop(self) -> None:
        """Let turns under way end for STOP_WITHIN seconds, then give every lease back."""
        for loop in self._loops:
            loop.cancel()
        working = list(self._working.values())
        if working:
            await asyncio.wait(working, timeout=STOP_WITHIN)
        for task in working:
            task.cancel()
        await asyncio.gather(*self._loops, *working, return_exceptions=True)
        with suppress(Exception):  # the next start under this name frees them too
            await self._database.write(conversations.release_left_behind, self._holder)

    def nudge(self, conversation_id: str) -> None:
        """A message came in: work it now."""
        if conversation_id in self._working:
            self._again.add(conversation_id)
        else:
            self._due[conversation_id] = None
            self._nudged.set()

    @property
    def has_room(self) -> bool:
        """Whether a message may be taken up at once, for `begin`."""
        return self._freed and len(self._working) < MOST_CONVERSATIONS

    def begin(self, question: Question) -> None:
        """Work a message that was taken up when it was stored."""
        if question.conversation.id in self._working:
            self._again.add(question.conversation.id)
        else:
            self._start(question.conversation.id, question)

    @property
    def is_running(self) -> bool:
        """Whether the loops are alive."""
        return bool(self._loops) and not any(loop.done() for loop in self._loops)

    async def _run(self) -> None:
        last_sweep = -SWEEP_EVERY
        while True:
            try:
                if not self._freed:
                    await self._database.write(conversations.release_left_behind, self._name)
                    self._freed = True
                if time.monotonic() - last_sweep >= SWEEP_EVERY:
                    last_sweep = time.monotonic()
                    for conversation_id in await self._left_over():
                        self._due.setdefault(conversation_id)
            except Exception as error:
                # The loop must outlive any fault of the database; the next sweep tries again.
                log.warning("worker.sweep_failed", kind=type(error).__name__, away=is_unreachable(error))
            self._begin_due()
            await wait_for(self._nudged, SWEEP_EVERY)

    async def _left_over(self) -> list[str]:
        waiting = await self._database.read(conversations.waiting, self._holder, self._now(), 2 * MOST_CONVERSATIONS)
        return [conversation_id for conversation_id in waiting if conversation_id not in self._working]

    def _begin_due(self) -> None:
        while self._due and len(self._working) < MOST_CONVERSATIONS:
            conversation_id = next(iter(self._due))
            del self._due[conversation_id]
            if conversation_id not in self._working:
                self._start(conversation_id)

    def _start(self, conversation_id: str, question: Question | None = None) -> None:
        task = asyncio.create_task(self._work(conversation_id, question))
        self._working[conversation_id] = task
        task.add_done_callback(lambda _task: self._ended(conversation_id))

    def _ended(self, conversation_id: str) -> None:
        self._working.pop(conversation_id, None)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self._due[conversation_id] = None
        if self._due:
            self._nudged.set()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                if self._working:
                    await self._database.write(conversations.renew, self._holder, self._now() + LEASE)
            except Exception as error:
                # A lost lease is noticed when the message is settled.
                log.warning("worker.renew_failed", kind=type(error).__name__)

    async def _work(self, conversation_id: str, question: Question | None) -> None:
        """Work one conversation until nothing waits in it. A fault leaves the message for the next sweep."""
        try:
            while True:
                settled = await self._turn(conversation_id, question)
                if settled is None or settled.is_last:
                    return
                question = None
        except Exception as error:
            log.error("worker.turn_failed", conversation=conversation_id, kind=type(error).__name__, exc_info=True)

    async def _turn(self, conversation_id: str, question: Question | None) -> Settled | None:
        began = time.monotonic()
        turn: Question | Settled | None = question
        if turn is None:
            turn = await self._database.write(self.turns.take_up, conversation_id, self._now())
        settled = await self._ask_and_settle(turn) if isinstance(turn, Question) else turn
        if settled is not None:
            self._tell(settled, time.monotonic() - began)
        return settled

    async def _ask_and_settle(self, question: Question) -> Settled | None:
        answer = await self._asking.ask(question)
        try:
            return await self._settle(question, answer)
        except Exception as error:
            if is_unreachable(error):
                raise
            # Replies that cannot be stored: the buyer hears so, and a person gets the conversation.
            log.error("worker.replies_unfit", conversation=question.conversation.id, kind=type(error).__name__)
            return await self._settle(question, Answer(trouble="unfit"))

    async def _settle(self, question: Question, answer: Answer) -> Settled | None:
        for pause in _SETTLE_PAUSES:
            try:
                return await self._database.write(self.turns.settle, question, answer, self._now())
            except Exception as error:
                if not is_unreachable(error):
                    raise
                await asyncio.sleep(pause)
        return await self._database.write(self.turns.settle, question, answer, self._now())

    def _tell(self, settled: Settled, seconds: float) -> None:
        incoming = settled.incoming
        self._hub.tell(incoming.conversation_id, settled.page)
        self._metrics.turn(settled.outcome, seconds)
        log.info("turn", conversation=incoming.conversation_id, outcome=settled.outcome, ms=round(seconds * 1000))
