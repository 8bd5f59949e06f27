"""The stream of a conversation's screen: what happens is seen at once, once, and only by who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.desk.view import Mark
from doorstep.front.desk import live
from doorstep.people.agents import LEAD
from doorstep.storage import agents, ownership
from doorstep.storage.engine import writing
from tests.contract import desk_talk
from tests.contract.desk_client import add_agent, hidden, signed_in
from tests.contract.desk_talk import helped, path, proves, recent_order, rows, waiting, writes

Events = Iterator[tuple[str, Any]]


def awaited(events: Events, name: str, holding: str = "") -> Any:
    """The data of the next event of this name (that holds this text)."""
    return next(data for found, data in events if found == name and holding in str(data))


def test_a_buyers_message_comes_at_once_as_a_line_and_as_words_to_be_heard(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        writes(engine, buyer, "Are you <b>there</b>?", "m1")
        lines = awaited(events, "lines", "there")
    assert "Are you &lt;b&gt;there&lt;/b&gt;?" in lines["html"]
    assert lines["heard"] == ["Are you <b>there</b>?"]


def test_what_the_agent_sends_and_notes_comes_as_a_line_but_is_not_read_out(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        anna.send(path(buyer, "say"), text="Here I am.", key="key-of-anna")
        assert awaited(events, "lines", "Here I am.")["heard"] == []
        anna.send(path(buyer, "note"), text="A quiet word.")
        assert awaited(events, "lines", "A quiet word.")["heard"] == []


def test_a_stream_goes_on_after_the_last_line_and_gives_nothing_twice(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine, "one")
    page = anna.get(path(buyer)).text
    mark = page.partition('data-mark="')[2].partition('"')[0]
    writes(engine, buyer, "two", "m2")
    with anna.events(f"{path(buyer, 'events')}?after={mark}") as events:
        lines = awaited(events, "lines")
    assert "two" in lines["html"]
    assert "one" not in lines["html"]
    writes(engine, buyer, "three", "m3")
    with anna.events(f"{path(buyer, 'events')}?after={mark}", **{"Last-Event-ID": lines["mark"]}) as events:
        again = awaited(events, "lines")
    assert "three" in again["html"]
    assert "two" not in again["html"]


def test_undelivered_becomes_delivered_when_the_buyers_page_asks(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        anna.send(path(buyer, "say"), text="Can you hear me?", key="key-of-anna")
        assert "data-waits" in awaited(events, "lines", "hear me")["html"]
        (seq,) = awaited(events, "delivered")["waiting"]
        assert f'data-seq="{seq}" data-waits' in anna.get(path(buyer)).text
        assert seq in [message["seq"] for message in buyer.read()["messages"]]
        assert awaited(events, "delivered")["waiting"] == []
    assert "data-waits" not in anna.get(path(buyer)).text


def test_typing_is_seen_on_both_sides(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        assert buyer.http.post("/api/chat/typing", headers=buyer.headers).status_code == 204
        assert awaited(events, "typing") == {"typing": True}
        assert "The buyer is typing" in anna.get(path(buyer)).text
    with buyer.http.stream("GET", "/api/chat/events", headers=buyer.headers, timeout=20) as response:
        stream = response.iter_lines()
        next(line for line in stream if line == "event: owner")
        assert anna.send(path(buyer, "typing")).status_code == 204
        assert next(line for line in stream if line == "event: typing")


def test_only_the_typing_of_who_has_it_is_told(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, _ = helped(small_http, sqlite_engine)
    mei = desk_talk.agent(small_http, sqlite_engine, "Mei")
    assert mei.send(path(buyer, "typing")).status_code == 204
    assert rows(sqlite_engine, "typing") == []


def test_a_new_owner_is_told_to_everybody_who_looks(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    lead = desk_talk.agent(http, engine, "Mei", role=LEAD)
    with anna.events(path(buyer, "events")) as events:
        assert awaited(events, "owner")["name"] == "Anna"
        lead.post(path(buyer, "take-over"))
        told = awaited(events, "owner")
        assert (told["owner"], told["name"]) == ("agent", "Mei")
    assert f'action="{path(buyer, "say")}"' not in anna.get(path(buyer, "work")).text


def test_the_side_is_told_to_be_newer_when_something_was_granted(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    with anna.events(path(buyer, "events")) as events:
        before = awaited(events, "brief")["digest"]
        fields = {"order": "1", "kind": "part_refund", "subject": "", "amount": "5.00", "key": "key-of-anna"}
        anna.post(path(buyer, "grant"), **fields)
        assert awaited(events, "brief")["digest"] != before


def test_what_changes_beside_the_conversation_is_seen_too(
    small_http: httpx.Client, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SIDE_EVERY", 0.0)
    buyer, anna = helped(small_http, sqlite_engine)
    with anna.events(path(buyer, "events")) as events:
        before = awaited(events, "brief")["digest"]
        proves(sqlite_engine, buyer, recent_order())
        assert awaited(events, "brief")["digest"] != before
    assert "Order 1001" in anna.get(path(buyer, "side")).text


def test_the_page_and_the_stream_agree_on_what_is_known(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, "Hello", order=recent_order())
    page = anna.get(path(buyer)).text
    with anna.events(path(buyer, "events")) as events:
        assert f'data-digest="{awaited(events, "brief")["digest"]}"' in page


# -- how it ends ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["signed out", "disabled"])
def test_the_stream_of_somebody_who_may_not_see_it_any_more_ends(
    http: httpx.Client, engine: Engine, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(live, "_ASK_EVERY", 0.0)
    buyer = waiting(http, engine)
    someone = add_agent(engine)
    anna = signed_in(http, engine, someone)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        if how == "signed out":
            page = anna.get("/desk/queue").text
            anna.post("/desk/sign-out", csrf=hidden(page, "csrf"))
        else:
            with writing(engine) as connection:
                agents.disable(connection, someone.login, desk_talk.now())
        assert [name for name, _ in events if name == "lines"] == []  # and it ends
    asked = anna.http.get(path(buyer, "events"), headers={"Accept": "text/event-stream"})
    assert asked.status_code == 401


def test_sign_ins_are_asked_for_often_enough() -> None:
    assert live._ASK_EVERY + live.LOOK_EVERY < 20


def test_the_stream_of_a_conversation_that_is_erased_ends(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    with anna.events(path(buyer, "events")) as events:
        awaited(events, "owner")
        with writing(sqlite_engine) as connection:
            connection.exec_driver_sql("DELETE FROM conversations")
        assert [name for name, _ in events if name == "lines"] == []


@pytest.mark.parametrize("after", ["x", "1-2", "1-2-3-4", "-1-0-0", "1-2-99999999999", "１-0-0"])
def test_a_mark_of_nobodys_is_refused(small_http: httpx.Client, sqlite_engine: Engine, after: str) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    response = anna.get(f"{path(buyer, 'events')}?after={after}", Accept="application/json")
    assert response.status_code == 422


def test_a_mark_is_read_as_it_is_written() -> None:
    assert Mark.read(str(Mark(12, 3, 45))) == Mark(12, 3, 45)


def test_a_change_of_owner_stands_between_the_messages_it_happened_between(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, "before")
    anna.send(path(buyer, "say"), text="mine", key="key-of-anna")
    with writing(sqlite_engine) as connection:
        by = ownership.By("Mei", 77)
        ownership.move(connection, buyer.conversation_id, ownership.Move("agent", by=by), desk_talk.now())
    writes(sqlite_engine, buyer, "after", "m9")
    page = anna.get(path(buyer)).text.partition('<ol id="lines">')[2]
    found = [page.find(step) for step in ("before", "Anna took", "mine", "Mei took the conversation over", "after")]
    assert min(found) > 0
    assert found == sorted(found)
    assert "<b>Anna</b>" in page
