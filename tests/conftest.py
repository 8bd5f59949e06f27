"""Shared by all tests: databases to work on, and a guard that keeps every test off the network."""

from __future__ import annotations

import ipaddress
import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy.engine import Engine

from doorstep.storage import migrate
from doorstep.storage.engine import make_engine
from tests import postgres_server

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
NAMES_OF_THIS_MACHINE = {"localhost", "", None}
_numbers = itertools.count(1)


class OutsideNetworkError(Exception):
    """A test tried to reach another machine."""


def _is_here(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in NAMES_OF_THIS_MACHINE:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise OutsideNetworkError(f"a test tried to reach {host!r}; use a fake or a recording")


def pytest_configure() -> None:
    # How long an example takes says nothing on a busy machine.
    settings.register_profile("without a clock", deadline=None)
    settings.load_profile("without a clock")
    # An audit hook sees every socket of this process, whoever opened it, and nothing has to be patched.
    sys.addaudithook(_guard)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """One PostgreSQL server for the whole run; skips by name where none is installed."""
    binaries = postgres_server.find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL server programs (initdb, pg_ctl) are not installed")
    with postgres_server.running(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, copied for each test."""
    file = tmp_path_factory.mktemp("template") / "doorstep.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: postgres_server.Server) -> str:
    """The name of a PostgreSQL database with every table, copied for each test."""
    postgres.run("CREATE DATABASE template_migrated")
    migrate.upgrade(postgres.url("template_migrated"))
    return "template_migrated"


@pytest.fixture
def sqlite_engine(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite database with every table and no row."""
    file = tmp_path / "doorstep.db"
    shutil.copy(migrated_sqlite, file)
    engine = make_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres: postgres_server.Server, migrated_postgres: str) -> Iterator[Engine]:
    """A fresh PostgreSQL database with every table and no row."""
    name = f"test_{next(_numbers)}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
    engine = make_engine(postgres.url(name))
    yield engine
    engine.dispose()
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A fresh database with every table and no row: the test runs once on SQLite, once on PostgreSQL."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    made: Engine = request.getfixturevalue(name)
    return made
