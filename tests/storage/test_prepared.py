"""A prepared statement does what SQLAlchemy's own execution of it does, on both kinds of database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, bindparam, select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from doorstep.front.database import is_unreachable
from doorstep.storage.engine import reading, writing
from doorstep.storage.prepared import Prepared
from doorstep.storage.tables import UtcTime
from tests.builders import NOW

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
    Column("at", UtcTime),
    Column("note", JSON(none_as_null=True)),
)
COLUMNS = ["name", "at", "note"]
INSERT = Prepared(THINGS.insert(), COLUMNS)
INSERT_ALL = Prepared(THINGS.insert(), COLUMNS, many=True)
NAMED = select(THINGS).where(THINGS.c.name == bindparam("wanted"), THINGS.c.id > 0)
FIND = Prepared(NAMED)
MOVE = Prepared(update(THINGS).where(THINGS.c.at < bindparam("before")).values(at=bindparam("then"), note={"moved": 1}))

ROWS: list[dict[str, Any]] = [
    {"name": "a", "at": NOW, "note": {"ü": [1, None]}},
    {"name": "b", "at": None, "note": None},
    {"name": "%s ? :x", "at": NOW.astimezone(timezone(timedelta(hours=9))), "note": "text"},
]


@pytest.fixture
def things(engine: Engine) -> Engine:
    """A database with an empty table of things."""
    with writing(engine) as connection:
        THINGS.create(connection)
    return engine


def _names(connection: Connection) -> list[str]:
    return list(connection.execute(select(THINGS.c.name).order_by(THINGS.c.id)).scalars())


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_read_as_sqlalchemy_reads_it(things: Engine, row: dict[str, Any]) -> None:
    with writing(things) as connection:
        key = INSERT.insert(connection, **row)
        found = FIND.first(connection, wanted=row["name"])
        assert tuple(found) == tuple(connection.execute(NAMED, {"wanted": row["name"]}).one())
    assert found._asdict() == {"id": key, **row}


def test_rows_are_inserted_together_in_their_order(things: Engine) -> None:
    with writing(things) as connection:
        INSERT_ALL.insert_all(connection, ROWS)
        assert _names(connection) == [row["name"] for row in ROWS]
        assert FIND.all(connection, wanted="none") == []
        assert FIND.first(connection, wanted="none") is None


def test_an_update_tells_how_many_rows_fitted(things: Engine) -> None:
    with writing(things) as connection:
        INSERT_ALL.insert_all(connection, ROWS)
        later = datetime(2030, 1, 1, tzinfo=timezone.utc)
        assert MOVE.run(connection, before=NOW + timedelta(1), then=later) == 2
        assert MOVE.run(connection, before=NOW + timedelta(1), then=later) == 0
        assert (FIND.first(connection, wanted="a").at, FIND.first(connection, wanted="a").note) == (later, {"moved": 1})


def test_what_is_written_is_lost_when_the_transaction_fails(things: Engine) -> None:
    def fail() -> None:
        with writing(things) as connection:
            INSERT.insert(connection, **ROWS[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(things) as connection:
        assert _names(connection) == []


def test_a_view_stays_the_same_while_others_write(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        THINGS.create(connection)
    with reading(sqlite_engine) as connection:
        assert FIND.first(connection, wanted="a") is None
        with writing(sqlite_engine) as other:
            INSERT.insert(other, **ROWS[0])
        assert FIND.first(connection, wanted="a") is None


def test_errors_are_those_of_sqlalchemy_and_hold_no_values(things: Engine) -> None:
    with writing(things) as connection:
        INSERT.insert(connection, **ROWS[0])
    with writing(things) as connection, pytest.raises(IntegrityError) as error:
        INSERT.insert(connection, **ROWS[0])
    assert not is_unreachable(error.value)
    assert "[parameters" not in str(error.value)


def test_a_table_that_is_missing_is_told_as_sqlalchemy_tells_it(engine: Engine) -> None:
    with reading(engine) as connection, pytest.raises((OperationalError, ProgrammingError)):
        FIND.first(connection, wanted="a")


@pytest.mark.postgres
def test_a_connection_that_is_lost_is_told_and_the_next_one_works(postgres_engine: Engine) -> None:
    def lose() -> None:
        with reading(postgres_engine) as connection:
            mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with postgres_engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            FIND.first(connection, wanted="a")

    with writing(postgres_engine) as connection:
        THINGS.create(connection)
    with pytest.raises(OperationalError) as error:
        lose()
    assert is_unreachable(error.value)
    with reading(postgres_engine) as connection:
        assert FIND.first(connection, wanted="a") is None
