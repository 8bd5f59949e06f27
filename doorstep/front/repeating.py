"""What the front does again every few seconds for as long as it runs."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

import structlog

from doorstep.front.database import is_unreachable

log = structlog.get_logger(__name__)


class Repeating(ABC):
    """Looks until stopped; a fault is logged under `name` and the next look tries again. `every` is in seconds."""

    def __init__(self, name: str, every: float) -> None:
        self._name = name
        self._every = every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what is under way in the database ends or is rolled back by itself."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @abstractmethod
    async def look(self) -> bool:
        """Do what is due; true when there may be more than one look takes, so that the next comes at once."""

    async def _run(self) -> None:
        while True:
            more = False
            try:
                more = await self.look()
            except Exception as error:
                # It must outlive any fault of the database or of one piece of work.
                log.warning(f"{self._name}.look_failed", kind=type(error).__name__, away=is_unreachable(error))
            await asyncio.sleep(0 if more else self._every)
