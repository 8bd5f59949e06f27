"""Minds the desk while the front runs: every few seconds it does what is due (`doorstep.desk.minding`).

Every piece of work is a transaction of its own, so that a turn never waits for more than one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from doorstep.desk import minding
from doorstep.desk.work import Desk
from doorstep.front.database import Database, is_unreachable
from doorstep.front.hub import Hub
from doorstep.front.repeating import Repeating

LOOK_EVERY = 3.0  # seconds
log = structlog.get_logger(__name__)


class Minder(Repeating):
    """Does what is due at the desk, until stopped."""

    def __init__(self, desk: Desk, database: Database, hub: Hub, now: Callable[[], datetime]) -> None:
        super().__init__("minder", LOOK_EVERY)
        self._desk = desk
        self._database = database
        self._hub = hub
        self._now = now

    async def look(self) -> bool:
        """Do what is due."""
        for work, conversation_id in await self._database.read(minding.due, self._desk, self._now()):
            try:
                await self._database.write(work, self._desk, conversation_id, self._now())
            except Exception as error:
                if is_unreachable(error):
                    raise
                log.error("minder.work_failed", work=work.__name__, kind=type(error).__name__, exc_info=True)
                continue  # the others are not held up by it
            log.info("minder.did", work=work.__name__, conversation=conversation_id)
            self._hub.wake(conversation_id)
        return False
