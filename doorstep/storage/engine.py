"""Opens the database: SQLite in WAL mode with a busy time-out, or PostgreSQL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SAWarning
from sqlalchemy.pool import QueuePool

from doorstep.storage.prepared import on_driver

BUSY_TIMEOUT_MS = 10_000  # three processes share a SQLite file; a writer waits this long for another


def make_engine(url: str, *, flush: bool = True) -> Engine:
    """Make an engine for a SQLAlchemy URL. Nothing is opened until the first connection is asked for.

    With `flush=False` a commit to SQLite survives the end of any process, but a power failure only together with a
    later commit of an engine that flushes: they share one write-ahead log, which is flushed up to its end. That is
    for Rasa and the actions, whose work counts only once the front has settled the turn. PostgreSQL always flushes.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            future=True,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=5,
            connect_args={"connect_timeout": 5},  # seconds
        )
    # SQLite keeps money as a double: exact for the fourteen digits of our columns, so the warning says nothing.
    warnings.filterwarnings("ignore", message=".*does \\*not\\* support Decimal", category=SAWarning)
    # Connections are kept: opening a SQLite file for each transaction costs more than the transaction.
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,  # they hold what buyers wrote, and an error's text may be logged
        poolclass=QueuePool,
        pool_size=5,
        pool_use_lifo=True,  # the one used last still has in memory what the next transaction reads
        max_overflow=20,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if not flush:
        event.listen(engine, "connect", _leave_flushing_to_others)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that a writer asks for the lock at once
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _leave_flushing_to_others(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    on_driver(connection, "BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write: committed at the end of the block, rolled back on any error.

    On SQLite the write lock is taken at the start, so that a read followed by a write cannot fail half-way.
    """
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; nothing written in it is kept."""
    with engine.connect() as connection:
        connection.begin()
        yield connection
