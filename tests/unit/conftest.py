"""What the tests of the rules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Connection, Engine

from doorstep.storage.engine import writing
from doorstep.storage.orders import Orders
from tests.unit.access_chat import Chat, orders, start_chat


@pytest.fixture
def connection(sqlite_engine: Engine) -> Iterator[Connection]:
    """A database with the orders of Ana and Bob."""
    with writing(sqlite_engine) as opened:
        Orders(opened).save_all("default", orders())
        yield opened


@pytest.fixture
def chat(connection: Connection) -> Chat:
    """A new conversation."""
    return start_chat(connection)
