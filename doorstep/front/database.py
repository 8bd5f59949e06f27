"""Runs database work of the front in threads, so that a slow disk or server never holds up the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from doorstep.storage.engine import reading, writing

AT_ONCE = 10  # as many as the PostgreSQL pool has connections: none waits for one inside a thread
TIME_LIMIT = 15.0  # seconds; longer than a writer of SQLite waits for another
T = TypeVar("T")


class DatabaseSlow(Exception):
    """The database did not answer in time; the work may still be done later."""


UNREACHABLE = (OperationalError, InterfaceError, InternalError, PoolTimeout, DatabaseSlow)


def is_unreachable(error: BaseException) -> bool:
    """Whether this error says that the database is away, and not that the statement is wrong."""
    return isinstance(error, UNREACHABLE) or (isinstance(error, DBAPIError) and error.connection_invalidated)


class Database:
    """Runs functions of doorstep.storage, which take a connection first, each in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def read(self, work: Callable[..., T], *args: Any, **values: Any) -> T:
        """Run `work(connection, *args, **values)` on one view of the database."""

        def run() -> T:
            with reading(self._engine) as connection:
                return work(connection, *args, **values)

        return await self._in_thread(run)

    async def write(self, work: Callable[..., T], *args: Any, **values: Any) -> T:
        """Run `work(connection, *args, **values)`; what it wrote is kept when it returns and lost when it raises."""

        def run() -> T:
            with writing(self._engine) as connection:
                return work(connection, *args, **values)

        return await self._in_thread(run)

    async def _in_thread(self, run: Callable[[], T]) -> T:
        with anyio.move_on_after(TIME_LIMIT):
            return await anyio.to_thread.run_sync(run, abandon_on_cancel=True, limiter=self._limiter)
        raise DatabaseSlow
