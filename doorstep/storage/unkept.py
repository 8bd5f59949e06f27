"""Opens the database so that nothing written there is kept: for looking at what would happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import StaticPool

from doorstep.storage.engine import BUSY_TIMEOUT_MS


@contextmanager
def unkept(url: str) -> Iterator[Engine]:
    """An engine whose transactions are all parts of one, which is rolled back at the end of the block.

    They see what was written before in the block; nobody else ever does. On SQLite other writers wait until the end,
    so the block should be short.
    """
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}} if is_sqlite else {}
    engine = create_engine(
        url, future=True, hide_parameters=True, poolclass=StaticPool, pool_reset_on_return=None, **options
    )
    roll_back = engine.dialect.do_rollback
    engine.dialect.do_commit = engine.dialect.do_rollback = _leave_open
    if is_sqlite:
        event.listen(engine, "connect", _begin_sqlite)
    try:
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            try:
                yield engine
            finally:
                roll_back(driver)
    finally:
        engine.dispose()


def _leave_open(_driver: Any) -> None:
    """What stands in the place of a commit, and of the rollback after something that was only read."""


def _begin_sqlite(driver: Any, _record: Any) -> None:
    driver.isolation_level = None  # we say BEGIN ourselves, and never COMMIT
    for statement in (f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}", "PRAGMA foreign_keys=ON", "BEGIN IMMEDIATE"):
        driver.execute(statement)
