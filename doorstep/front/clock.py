"""The front's clock: every few seconds it has planned, and said, what is due (`doorstep.unasked.keeper`).

Every piece of work is a transaction of its own, so that a turn never waits for more than one of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import structlog

from doorstep.front.database import Database, is_unreachable
from doorstep.front.hub import Hub
from doorstep.front.repeating import Repeating
from doorstep.storage.notices import Notice
from doorstep.unasked.keeper import Keeper

LOOK_EVERY = 3.0  # seconds
TIDY_EVERY = 600.0  # seconds
AT_ONCE = 50  # notices of one look
PLANNED_AT_ONCE = 200  # orders of one look
_IN_ONE = 5  # orders planned in one transaction: some fifteen milliseconds
log = structlog.get_logger(__name__)


class Clock(Repeating):
    """Has planned and said what is due, until stopped."""

    def __init__(self, keeper: Keeper, database: Database, hub: Hub, now: Callable[[], datetime]) -> None:
        super().__init__("clock", LOOK_EVERY)
        self._keeper = keeper
        self._database = database
        self._hub = hub
        self._now = now
        self._tidied = -TIDY_EVERY

    async def look(self) -> bool:
        """Plan and say what is due; true when there may be more than one look takes."""
        orders = await self._database.read(self._keeper.to_plan, self._now(), PLANNED_AT_ONCE)
        for start in range(0, len(orders), _IN_ONE):
            await self._do(self._keeper.plan, orders[start : start + _IN_ONE])
        if time.monotonic() - self._tidied >= TIDY_EVERY:
            await self._database.write(self._keeper.tidy, self._now())
            self._tidied = time.monotonic()
        due = await self._database.read(self._keeper.due, self._now(), AT_ONCE)
        for notice in due:
            await self._say(notice)
        return len(orders) == PLANNED_AT_ONCE

    async def _say(self, notice: Notice) -> None:
        try:
            conversation_id = await self._database.write(self._keeper.tell, notice, self._now())
        except Exception as error:
            if is_unreachable(error):
                raise
            log.error("clock.notice_failed", notice=notice.kind, kind=type(error).__name__, exc_info=True)
            await self._do(self._keeper.put_off, notice)  # the others are not held up by it
            return
        if conversation_id:
            log.info("clock.said", conversation=conversation_id, notice=notice.kind)
            self._hub.wake(conversation_id)

    async def _do(self, work: Callable[..., None], what: object) -> None:
        try:
            await self._database.write(work, what, self._now())
        except Exception as error:
            if is_unreachable(error):
                raise
            log.error("clock.work_failed", work=work.__name__, kind=type(error).__name__, exc_info=True)
