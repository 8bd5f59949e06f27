"""The migrations make exactly the tables the code works with, on either database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from doorstep.storage import migrate
from doorstep.storage.engine import make_engine, reading, writing
from doorstep.storage.tables import metadata

RASA_OWN = {"events"}


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    return not (kind == "table" and name in RASA_OWN)


def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        with reading(engine) as connection:
            return set(sa.inspect(connection).get_table_names())
    finally:
        engine.dispose()


def _run(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def test_migrated_schema_is_the_schema_of_the_code(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    _run(empty_url, "CREATE TABLE events (id INTEGER PRIMARY KEY)")
    engine = make_engine(empty_url)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_upgrading_twice_keeps_what_is_stored(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    _run(empty_url, "INSERT INTO products VALUES ('s', 'A', 'Lamp', '', NULL, NULL, NULL, '[]', '[]')")
    migrate.upgrade(empty_url)
    engine = make_engine(empty_url)
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM products")).scalar_one() == 1
    engine.dispose()


def test_a_database_of_the_version_before_keeps_its_conversations(empty_url: str) -> None:
    engine = make_engine(empty_url)
    config = migrate._config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    columns = "id, shop, channel, language, address, email_key, owner, owner_since, handover_reason, handover_note"
    values = "'c', 's', 'web', 'en', '', '', 'assistant', '2025-06-01', '', '{}'"
    _run(
        empty_url,
        f"INSERT INTO conversations ({columns}, last_seq, created_at, last_at) "
        f"VALUES ({values}, 0, '2025-06-01', '2025-06-01')",
    )
    migrate.upgrade(empty_url)
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT id FROM conversations")).scalar_one() == "c"
        assert connection.execute(sa.text("SELECT count(*) FROM reviews")).scalar_one() == 0
    engine.dispose()


def test_a_database_is_current_only_after_the_upgrade(empty_url: str) -> None:
    before = migrate.is_current(empty_url)
    migrate.upgrade(empty_url)
    assert (before, migrate.is_current(empty_url)) == (False, True)


def test_asking_for_a_missing_sqlite_file_does_not_make_it(tmp_path: Path) -> None:
    assert not migrate.is_current(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_two_processes_may_upgrade_at_once_from_anywhere(empty_url: str, tmp_path: Path) -> None:
    program = "import sys; from doorstep.storage.migrate import upgrade; upgrade(sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": str(Path(migrate.__file__).parents[2])}
    command = [sys.executable, "-c", program, empty_url]
    started = [subprocess.Popen(command, cwd=tmp_path, env=environment) for _ in range(3)]
    assert [process.wait(timeout=120) for process in started] == [0, 0, 0]
    assert migrate.is_current(empty_url)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    _run(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(migrate.MigrationError, match="9999"):
        migrate.upgrade(empty_url)
    assert not migrate.is_current(empty_url)


def test_a_failed_upgrade_leaves_no_half_made_tables(empty_url: str) -> None:
    _run(empty_url, "CREATE TABLE promises (id INTEGER PRIMARY KEY)")
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(empty_url)
    assert _tables(empty_url) == {"promises"}


def test_a_missing_directory_is_made_for_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'doorstep.db'}"
    migrate.upgrade(url)
    assert migrate.is_current(url)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(migrate.MigrationError, match="name a file"):
        migrate.upgrade("sqlite://")
