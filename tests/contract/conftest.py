"""What the tests of the chat API share: a fake Rasa and the real front before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.front.desk import signing_in
from doorstep.settings import Settings
from tests.contract import desk_client, fake_rasa, fronts
from tests.contract.fake_rasa import FakeRasa


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in costs a tenth of a second by design; that it does is in tests/unit/front/test_signing_in.py."""
    monkeypatch.setattr(signing_in, "passwords", desk_client.QUICK)


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """A Rasa that answers, until a test tells it otherwise."""
    with fake_rasa.running(fronts.a_settings_key("rasa-channel")) as fake:
        yield fake


@pytest.fixture
def settings(engine: Engine, rasa: FakeRasa, tmp_path: Path) -> Settings:
    """Settings of a front on this test's database; the test runs once on each kind."""
    return fronts.a_settings(engine, tmp_path, rasa.port)


@pytest.fixture
def http(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a running front."""
    with fronts.running(fronts.a_front(settings)) as client:
        yield client


@pytest.fixture
def small_settings(sqlite_engine: Engine, rasa: FakeRasa, tmp_path: Path) -> Settings:
    """Settings of a front on SQLite alone, for what has nothing to do with the kind of database."""
    return fronts.a_settings(sqlite_engine, tmp_path, rasa.port)


@pytest.fixture
def small_http(small_settings: Settings) -> Iterator[httpx.Client]:
    """A client of a running front on SQLite."""
    with fronts.running(fronts.a_front(small_settings)) as client:
        yield client
