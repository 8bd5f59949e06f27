"""Rasa's conversation state lives in Doorstep's own database, and a new process finds it again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from doorstep.nlu.tracker_store import DoorstepTrackerStore


def test_another_process_reads_what_one_has_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", f"sqlite:///{tmp_path / 'kept.db'}")
    events = [UserUttered("hello", message_id="7"), BotUttered("Hello!")]
    asyncio.run(DoorstepTrackerStore(Domain.empty()).save(DialogueStateTracker.from_events("c-1", events)))
    found = asyncio.run(DoorstepTrackerStore(Domain.empty()).retrieve("c-1"))
    assert found is not None
    assert [event.text for event in found.events if isinstance(event, UserUttered | BotUttered)] == ["hello", "Hello!"]


def test_what_endpoints_yml_says_of_a_database_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", url)
    assert DoorstepTrackerStore.get_db_url("postgresql", "elsewhere", 5432, "rasa", "me", "secret") == url
