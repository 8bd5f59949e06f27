"""Live conversations are kept in memory, and nobody can tell but by the time it takes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event as listen
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker

from doorstep import settings
from doorstep.nlu.tracker_store import DoorstepTrackerStore

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [greet]
slots:
  wish: {type: text, influence_conversation: false, mappings: [{type: custom}]}
""")


@pytest.fixture(autouse=True)
def database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs on SQLite and on PostgreSQL."""
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DOORSTEP_SECRET", "secret")


class Worker:
    """A Rasa worker's store, and how many rows of events it has read."""

    def __init__(self) -> None:
        self.store = DoorstepTrackerStore(DOMAIN)
        self.rows_read = 0

        @listen.listens_for(self.store.engine, "after_cursor_execute")
        def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            self.rows_read += "SELECT events.data" in statement

    def begin(self, conversation_id: str) -> DialogueStateTracker:
        return asyncio.run(self.store.get_or_create_tracker(conversation_id, append_action_listen=False))

    def turn(self, conversation_id: str, *events: Event) -> DialogueStateTracker:
        tracker = self.begin(conversation_id)
        tracker.update_with_events(list(events), DOMAIN)
        asyncio.run(self.store.save(tracker))
        return tracker


def said(number: int) -> list[Event]:
    return [
        UserUttered(f"message {number}", {"name": "greet"}),
        SlotSet("wish", str(number)),
        BotUttered(f"answer {number}"),
    ]


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def texts(tracker: DialogueStateTracker | None) -> list[str]:
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def stored(conversation_id: str) -> list[Any]:
    tracker = asyncio.run(DoorstepTrackerStore(DOMAIN).retrieve_full_tracker(conversation_id))
    return [event.as_dict() for event in tracker.events] if tracker else []


def read_by_stock(conversation_id: str) -> DialogueStateTracker | None:
    """What Rasa's own store reads from our database."""
    stock = SQLTrackerStore.__new__(SQLTrackerStore)
    engine = DoorstepTrackerStore(DOMAIN).engine
    stock._domain, stock.engine, stock.sessionmaker = DOMAIN, engine, sessionmaker(bind=engine)
    return asyncio.run(stock.retrieve(conversation_id))


def test_a_turn_after_the_first_reads_no_events() -> None:
    worker = Worker()
    worker.turn("c-1", *start(), *said(1))
    worker.rows_read = 0
    for number in range(2, 6):
        worker.turn("c-1", *said(number))
    assert worker.rows_read == 0
    assert texts(worker.begin("c-1")) == [f"message {n}" for n in range(1, 6)]


def test_after_every_turn_the_memory_is_what_rasas_own_store_would_read() -> None:
    worker = Worker()
    for number in range(1, 5):
        begins = start() if number in (1, 3) else []  # the second session begins in the third turn
        worker.turn("c-1", *begins, *said(number))
        kept, expected = worker.begin("c-1"), read_by_stock("c-1")
        assert expected is not None
        assert [event.as_dict() for event in kept.events] == [event.as_dict() for event in expected.events]
        assert kept.current_state() == expected.current_state()
        asyncio.run(worker.store.save(kept))


def test_what_another_worker_has_done_meanwhile_is_seen() -> None:
    here, there = Worker(), Worker()
    here.turn("c-1", *start(), *said(1))
    there.turn("c-1", *said(2))
    assert texts(here.turn("c-1", *said(3))) == ["message 1", "message 2", "message 3"]
    assert texts(there.begin("c-1")) == ["message 1", "message 2", "message 3"]


def test_two_workers_in_one_conversation_at_once_lose_nothing() -> None:
    here, there = Worker(), Worker()
    here.turn("c-1", *start(), *said(1))
    mine, theirs = here.begin("c-1"), there.begin("c-1")
    mine.update_with_events(said(2), DOMAIN)
    theirs.update_with_events(said(3), DOMAIN)
    asyncio.run(there.store.save(theirs))
    asyncio.run(here.store.save(mine))
    assert sorted(texts(here.begin("c-1"))) == ["message 1", "message 2", "message 3"]
    assert texts(here.begin("c-1")) == texts(there.begin("c-1"))


def test_a_turn_that_failed_half_way_leaves_nothing_behind() -> None:
    worker = Worker()
    worker.turn("c-1", *start(), *said(1))
    worker.begin("c-1").update_with_events(said(2), DOMAIN)  # and is never saved
    assert texts(worker.begin("c-1")) == ["message 1"]


def test_a_tracker_is_not_lent_to_two_turns() -> None:
    worker = Worker()
    worker.turn("c-1", *start(), *said(1))
    assert worker.begin("c-1") is not worker.begin("c-1")


def test_a_tracker_changed_after_it_was_saved_is_not_believed() -> None:
    worker = Worker()
    tracker = worker.turn("c-1", *start(), *said(1))
    worker.turn("c-1", *said(2)).update_with_events(said(3), DOMAIN)
    assert texts(worker.begin("c-1")) == ["message 1", "message 2"]
    assert "message 3" not in str(stored("c-1"))
    assert tracker is not None


def test_a_new_process_reads_what_was_stored() -> None:
    Worker().turn("c-1", *start(), *said(1))
    assert texts(Worker().turn("c-1", *said(2))) == ["message 1", "message 2"]
    assert [event["event"] for event in stored("c-1")][-3:] == ["user", "slot", "bot"]


def test_a_write_that_fails_stores_nothing_and_the_next_turn_starts_from_what_is_stored() -> None:
    worker = Worker()
    worker.turn("c-1", *start(), *said(1))
    before = stored("c-1")
    tracker = worker.begin("c-1")
    tracker.update_with_events([*said(2), BotUttered("x", metadata={"cannot": object()})], DOMAIN)
    with pytest.raises(TypeError):
        asyncio.run(worker.store.save(tracker))
    assert stored("c-1") == before
    assert texts(worker.turn("c-1", *said(3))) == ["message 1", "message 3"]


def test_the_memory_is_bounded_and_the_longest_idle_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doorstep.nlu.tracker_store.MOST_EVENTS", 20)
    worker = Worker()
    for name in ("a", "b", "c"):
        worker.turn(name, *said(1), *said(2), *said(3))  # 9 events each
    worker.rows_read = 0
    worker.begin("b"), worker.begin("c")
    assert worker.rows_read == 0
    assert texts(worker.begin("a")) == ["message 1", "message 2", "message 3"]
    assert worker.rows_read == 1


def test_a_conversation_longer_than_the_whole_memory_is_still_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doorstep.nlu.tracker_store.MOST_EVENTS", 5)
    worker = Worker()
    for number in range(1, 6):
        worker.turn("c-1", *said(number))
    assert texts(worker.begin("c-1")) == [f"message {n}" for n in range(1, 6)]


def test_without_the_speedups_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_SPEEDUPS", "off")
    worker = Worker()
    for number in range(1, 4):
        worker.turn("c-1", *(start() if number == 1 else []), *said(number))
    assert worker.rows_read == 3
    assert texts(worker.begin("c-1")) == ["message 1", "message 2", "message 3"]


def test_a_new_domain_has_the_slots_of_the_new_domain() -> None:
    worker = Worker()
    worker.turn("c-1", *start(), *said(1))
    worker.store.domain = Domain.empty()
    assert "wish" not in worker.begin("c-1").slots


def test_ids_and_unknown_conversations() -> None:
    worker = Worker()
    worker.turn("c-1", *said(1))
    worker.turn("c-2", *said(1))
    assert sorted(asyncio.run(worker.store.keys())) == ["c-1", "c-2"]
    assert asyncio.run(worker.store.retrieve("c-3")) is None
    assert asyncio.run(worker.store.retrieve_full_tracker("c-3")) is None


def test_what_endpoints_yml_says_of_a_database_is_not_asked() -> None:
    store = DoorstepTrackerStore(DOMAIN, dialect="postgresql", url="elsewhere", db="rasa", username="me")
    assert str(store.engine.url) == str(settings.load().database_url)
