"""The event stream: messages, typing and owner as they happen; it resumes, and ends with the session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from doorstep.settings import Settings
from doorstep.storage.conversations import AGENT, QUEUE
from doorstep.storage.engine import make_engine, writing
from doorstep.storage.ownership import Move, move
from tests.contract import chat_client, fake_rasa, fronts, ledger
from tests.contract.fake_rasa import Asked, FakeRasa


def test_events_give_the_messages_the_owner_and_whether_an_answer_is_coming(
    small_http: httpx.Client, rasa: FakeRasa
) -> None:
    rasa.faults = ["hang"]
    buyer = chat_client.start(small_http)
    with _Events(buyer) as events:
        assert next(events) == ("owner", "", {"owner": "assistant", "name": ""})
        buyer.say("hello")
        name, number, data = next(events)
        assert (name, number, data["text"]) == ("message", "1", "hello")
        assert next(events) == ("typing", "", {"typing": True})
        rasa.let_go.set()
        name, number, data = next(events)
        assert (name, number, data["text"]) == ("message", "2", "You said: hello")
        assert next(events) == ("typing", "", {"typing": False})


def test_events_go_on_after_the_last_one_received(small_http: httpx.Client) -> None:
    buyer = chat_client.start(small_http)
    buyer.say("one")
    buyer.settled()
    with _Events(buyer, last="1") as events:
        name, number, _ = next(events)
        assert (name, number) == ("message", "2")


def test_what_is_told_at_once_is_what_can_be_read_later(http: httpx.Client, rasa: FakeRasa) -> None:
    card = {"type": "tracking", "parcels": [{"at": "2025-06-18T10:00:00+02:00", "scans": ["ü", None, 1.5]}]}
    rasa.answers["hello"] = [fake_rasa.reply("Pick one.", [("Send again", "/resend"), ("Refund", "/refund")], card)]
    buyer = chat_client.start(http)
    with _Events(buyer) as events:
        next(events)
        told = []
        for text in ("hello", "thanks"):
            buyer.say(text)
            told += [_next_message(events), _next_message(events)]
    assert told == buyer.settled()


def test_a_message_that_another_process_wrote_is_not_missed_between_two_told_at_once(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(http)

    def write(_asked: Asked) -> None:
        with writing(engine) as connection:
            ledger.write(connection, buyer, "Ana here.")

    rasa.at_call = write
    with _Events(buyer) as events:
        next(events)
        buyer.say("hello")
        told = [_next_message(events)["text"] for _ in range(3)]
    assert told == ["hello", "Ana here.", "You said: hello"]


def test_events_tell_a_new_owner(http: httpx.Client, engine: Engine) -> None:
    buyer = chat_client.start(http)
    with _Events(buyer) as events:
        next(events)
        with writing(engine) as connection:
            move(connection, buyer.conversation_id, Move(AGENT), datetime.now(timezone.utc))
        assert next(events) == ("owner", "", {"owner": "agent", "name": ""})


def test_events_end_with_the_session(small_settings: Settings) -> None:
    now = [datetime.now(timezone.utc)]
    with fronts.running(fronts.a_front(small_settings, now=lambda: now[0])) as client:
        buyer = chat_client.start(client)
        with _Events(buyer) as events:
            next(events)
            now[0] += timedelta(days=30, seconds=1)
            # The buyer's own browser cannot write any more; whoever else writes wakes the stream.
            with writing(_engine_of(small_settings)) as connection:
                move(connection, buyer.conversation_id, Move(QUEUE), now[0])
            assert list(events) == []
        assert buyer.http.get("/api/chat/events", headers=buyer.headers).json()["error"]["code"] == "session_expired"


# -- helpers -------------------------------------------------------------------------------


def _engine_of(settings: Settings) -> Engine:
    return make_engine(settings.database_url)


def _next_message(events: Iterator[tuple[str, str, Any]]) -> Any:
    return next(data for name, _, data in events if name == "message")


class _Events:
    """The events of a conversation as (name, id, data)."""

    def __init__(self, buyer: chat_client.Buyer, last: str = "") -> None:
        headers = {**buyer.headers, **({"Last-Event-ID": last} if last else {})}
        self._stream = buyer.http.stream("GET", "/api/chat/events", headers=headers, timeout=30)

    def __enter__(self) -> Iterator[tuple[str, str, Any]]:
        return self._parse(self._stream.__enter__())

    def __exit__(self, *error: Any) -> None:
        self._stream.__exit__(*error)

    def _parse(self, response: httpx.Response) -> Iterator[tuple[str, str, Any]]:
        assert response.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif "event" in fields:
                yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
                fields = {}
