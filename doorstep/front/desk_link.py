"""Keeps conversations and a desk that is not ours in step: a pass over each tells what is new here, and hears the rest.

Each step of a pass reads, calls the other desk in a thread while no transaction is open, and writes what is known now.
What a call of theirs tells is never taken as it is: it only brings the next pass forward. So calls that are lost,
repeated, late or out of order change nothing, and a front that dies leaves nothing half done.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from doorstep.adapters.desks import DeskAway, DeskRefused
from doorstep.desk import linking
from doorstep.desk.linking import Lost, Periods
from doorstep.desk.port import OtherDesk
from doorstep.desk.work import Desk
from doorstep.front.database import Database, is_unreachable
from doorstep.front.desk_pass import Pass
from doorstep.front.hub import Hub, wait_for
from doorstep.front.metrics import Metrics
from doorstep.storage.conversations import Lease

LEASE = timedelta(seconds=120)  # longer than any single call takes
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How the link works: `at_once` is how many conversations, the others are seconds, `answer` for one of theirs."""

    periods: Periods = field(default_factory=Periods)
    look: float = 1.0
    renew: float = 20.0
    at_once: int = 8
    answer: float = 10.0


class DeskLink:
    """Works the links to one desk until stopped; a fault is logged and the next look tries again."""

    def __init__(
        self,
        name: str,
        other: OtherDesk,
        desk: Desk,
        *,
        database: Database,
        hub: Hub,
        metrics: Metrics,
        now: Callable[[], datetime],
        uploads: Path,
        pace: Pace | None = None,
    ) -> None:
        self._name = name
        self._holder = name + secrets.token_hex(4)
        self.other = other
        self._database = database
        self._hub = hub
        self._metrics = metrics
        self._now = now
        self._pace = pace or Pace()
        self._pass = Pass(self._holder, other, desk, database, now, uploads)
        self._working: dict[str, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._nudged = asyncio.Event()
        self._freed = self._stopping = False
        self.trouble = ""  # of the last pass; "" when it went well

    def start(self) -> None:
        """Begin to look; what a front before this one left behind is taken up first."""
        self._loops = [asyncio.create_task(self._run()), asyncio.create_task(self._renew())]

    async def stop(self) -> None:
        """End. A call that is under way is left to end by itself; the next pass finds out whether it was done."""
        self._stopping = True  # a cancellation is lost where a wait ends in the same moment
        tasks = [*self._loops, *self._working.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(Exception):  # the next start under this name frees them too
            await self._database.write(linking.release_left_behind, self._holder, self._now())
        await asyncio.to_thread(self.other.close)

    async def nudge(self, remote_ids: list[str]) -> None:
        """There may be news of these conversations over there."""
        is_any: bool = await self._database.write(linking.nudge, self.other.name, remote_ids, self._now())
        if is_any:
            self._nudged.set()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self._look()
            except Exception as error:
                # It must outlive any fault of the database.
                log.warning("desk_link.look_failed", kind=type(error).__name__, away=is_unreachable(error))
            await wait_for(self._nudged, self._pace.look)

    async def _renew(self) -> None:
        while not self._stopping:
            await asyncio.sleep(self._pace.renew)
            if self._working:
                with suppress(Exception):  # a lease that is lost ends its pass
                    await self._database.write(linking.renew, self._lease())

    def _lease(self) -> Lease:
        return Lease(self._holder, self._now() + LEASE)

    async def _look(self) -> None:
        """Begin a pass over each link that is due."""
        if not self._freed:
            await self._database.write(linking.release_left_behind, self._name, self._now())
            self._freed = True
        if await self._database.read(linking.is_any_new, self.other.name):
            await self._database.write(linking.take_in, self.other.name, self._now())
        for conversation_id in await self._database.read(linking.due, self.other.name, self._now(), self._pace.at_once):
            full = len(self._working) >= self._pace.at_once or self._stopping
            if full or conversation_id in self._working:
                continue
            if await self._database.write(linking.claim, conversation_id, self._lease(), self._now()):
                task = asyncio.create_task(self._work(conversation_id))
                self._working[conversation_id] = task
                task.add_done_callback(lambda _, done=conversation_id: self._done(done))  # type: ignore[misc]

    def _done(self, conversation_id: str) -> None:
        del self._working[conversation_id]
        self._nudged.set()  # there is room again

    async def _work(self, conversation_id: str) -> None:
        try:
            if await self._pass.run(conversation_id):
                self._hub.wake(conversation_id)
            await self._database.write(self._pass.finish, conversation_id, self._pace.periods)
            self.trouble = ""
        except Lost:
            log.info("desk_link.lost", conversation=conversation_id)
        except (DeskAway, DeskRefused) as error:
            what = "away" if isinstance(error, DeskAway) else "refused"
            log.warning("desk_link.trouble", what=what, why=str(error), conversation=conversation_id)
            await self._fail(conversation_id, what, getattr(error, "retry_after", None))
        except Exception as error:
            away = is_unreachable(error)
            log.error("desk_link.pass_failed", kind=type(error).__name__, away=away, exc_info=not away)
            await self._fail(conversation_id, "fault")

    async def _fail(self, conversation_id: str, what: str, retry_after: float | None = None) -> None:
        """Give the link back, to be tried again later; where the database is away, its lease runs out."""
        self.trouble = what
        self._metrics.desk_trouble(what)
        with suppress(Exception):
            await self._database.write(self._pass.fail, conversation_id, self._pace.periods, retry_after)
