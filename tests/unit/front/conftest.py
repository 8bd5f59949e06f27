"""What the tests of the desk's sign-in share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from doorstep.front.database import Database
from doorstep.front.desk import signing_in
from doorstep.people.agents import Agent
from doorstep.storage import agents
from doorstep.storage.engine import writing
from tests.builders import NOW
from tests.unit.front import small_desk
from tests.unit.front.small_desk import GOOD, LOGIN, QUICK, SmallFront


@pytest.fixture
def front(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallFront]:
    """A desk where Anna may sign in, without much work."""
    monkeypatch.setattr(signing_in, "passwords", QUICK)
    with _opened(sqlite_engine, tmp_path) as made:
        yield made


@pytest.fixture
def any_front(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallFront]:
    """The same; the test runs once on each kind of database."""
    monkeypatch.setattr(signing_in, "passwords", QUICK)
    with _opened(engine, tmp_path) as made:
        yield made


@contextmanager
def _opened(engine: Engine, folder: Path) -> Iterator[SmallFront]:
    with writing(engine) as connection:
        agents.add(connection, Agent(0, "", LOGIN, "Anna", "agent", "", "en"), QUICK.hashed(GOOD), NOW)
    database = Database(engine)
    yield SmallFront(small_desk.settings(folder), database)
    database.close()
