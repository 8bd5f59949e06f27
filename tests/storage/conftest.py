"""Databases before any migration, for the tests of the migrations themselves."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests import postgres_server
from tests.conftest import BACKENDS

_numbers = itertools.count(1)


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that holds nothing yet: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: postgres_server.Server = request.getfixturevalue("postgres")
    name = f"empty_{next(_numbers)}"
    server.run(f"CREATE DATABASE {name}")
    return server.url(name)
