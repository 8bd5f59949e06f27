"""Runs database work of the front in threads, so that a slow disk or server never holds up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

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
        self._readers = self._writers = ThreadPoolExecutor(AT_ONCE, "database")
        if engine.dialect.name == "sqlite":
            # It takes one write at a time. To wait here is fair, while SQLite's own waiting sleeps and tries again.
            self._writers = ThreadPoolExecutor(1, "database-writer")

    def close(self) -> None:
        """Take no more work. What runs in a thread is left to end by itself."""
        self._readers.shutdown(wait=False)
        self._writers.shutdown(wait=False)

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work(connection, *args)` on one view of the database."""

        def run() -> T:
            with reading(self._engine) as connection:
                return work(connection, *args)

        return await _in_thread(self._readers, run)

    async def write(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work(connection, *args)`; what it wrote is kept when it returns and lost when it raises."""

        def run() -> T:
            with writing(self._engine) as connection:
                return work(connection, *args)

        return await _in_thread(self._writers, run)


async def _in_thread(threads: ThreadPoolExecutor, run: Callable[[], T]) -> T:
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(threads, run), TIME_LIMIT)
    except asyncio.TimeoutError as error:
        raise DatabaseSlow from error
