"""Brings a database to the tables this version needs; run before any process opens it.

The scripts are in `migrations/versions`, one per change, in order of their numbers. Nothing else has to be
configured: the address of the database is all that is needed, from any working directory.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, make_url

from doorstep.storage.engine import make_engine, reading, writing

SCRIPTS = Path(__file__).resolve().parent / "migrations"
LOCK = 0x446F6F72  # any number will do, as long as every Doorstep uses the same


class MigrationError(Exception):
    """The database cannot be brought to this version; the message says why."""


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest tables, in one transaction; harmless when it is there already.

    Two processes may call it at once: the second waits and finds the work done. A missing SQLite file is made,
    with its directory. Raises MigrationError for a database that a newer Doorstep has changed, or that the
    change would leave with rows pointing nowhere.
    """
    file = _sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _unhook_foreign_keys)
    try:
        with _alone(file) if file is not None else nullcontext(), writing(engine) as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether the database at `url` has exactly the tables of this version. A missing SQLite file has not."""
    file = _sqlite_file(url)
    if file is not None and not file.exists():
        return False
    engine = make_engine(url)
    try:
        with reading(engine) as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    finally:
        engine.dispose()
    return found == set(ScriptDirectory.from_config(_config()).get_heads())


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationError(f"This database does not fit this version of Doorstep: {error}") from error
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise MigrationError("A SQLite database in memory is gone with its connection; name a file.")
    return Path(parsed.database)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    # The write lock of SQLite comes too late: two processes that make the file and switch it to WAL
    # at the same moment are refused without waiting.
    with open(file.with_name(file.name + ".lock"), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _unhook_foreign_keys(connection: Any, _record: Any) -> None:
    # SQLite changes a table by making a new one and dropping the old; with the keys on, dropping it would
    # delete the rows that point to it. It can be switched outside a transaction only.
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if dangling:
        tables = ", ".join(sorted({str(row[0]) for row in dangling}))
        raise MigrationError(f"The change would leave rows that point nowhere, in: {tables}. Nothing was changed.")
