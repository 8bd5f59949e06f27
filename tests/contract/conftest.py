"""What the tests of the chat API share: a fake Rasa and the real front before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.adapters.desks.chatwoot_api import Chatwoot
from doorstep.front.desk import signing_in
from doorstep.settings import Settings
from tests.contract import desk_client, fake_chatwoot, fake_rasa, fronts
from tests.contract.chatwoots import a_client, a_conversation
from tests.contract.fake_chatwoot import FakeChatwoot
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


# -- Chatwoot's side -----------------------------------------------------------------------


@pytest.fixture
def fake() -> Iterator[FakeChatwoot]:
    """A Chatwoot that calls nobody."""
    with fake_chatwoot.running() as running:
        yield running


@pytest.fixture
def client(fake: FakeChatwoot) -> Iterator[Chatwoot]:
    """A client of it."""
    made = a_client(fake)
    yield made
    made.close()


@pytest.fixture
def remote(client: Chatwoot) -> str:
    """The number of a conversation there that is ours."""
    return a_conversation(client)
