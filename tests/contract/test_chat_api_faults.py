"""Rasa, the front or the database fail: every accepted message still ends in exactly one outcome."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine

from doorstep.front.rasa_client import Patience
from doorstep.front.tokens import SessionTokens
from doorstep.front.worker import Worker, front_name
from doorstep.settings import Settings
from doorstep.storage import tables
from doorstep.storage.conversations import QUEUE, claim, start
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import Move, move
from tests.contract import chat_client, fronts, ledger
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import Asked, FakeRasa

# -- Rasa misbehaves -----------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["reset", "empty", "500", "html", "truncated", "wrong"])
def test_a_passing_fault_of_rasa_is_got_over(small_http: httpx.Client, rasa: FakeRasa, fault: str) -> None:
    rasa.faults = [fault, fault]
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    assert buyer.told() == ["You said: hello"]
    assert len({asked.message_id for asked in rasa.asked}) == 1
    assert [asked.again for asked in rasa.asked] == [False, True, True]


@pytest.mark.parametrize("fault", ["reset", "empty", "500", "html", "truncated", "wrong", "401"])
def test_a_lasting_fault_of_rasa_ends_in_one_apology_and_a_person(
    small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa, fault: str
) -> None:
    rasa.always = fault
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    ledger.check_apologised(buyer, sqlite_engine)


def test_rasa_that_hangs_is_apologised_for_without_asking_again(
    small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa
) -> None:
    rasa.always = "hang"
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    ledger.check_apologised(buyer, sqlite_engine)
    assert rasa.texts == ["hello"]


def test_rasa_that_is_away_is_apologised_for(small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa) -> None:
    rasa.stop()
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    ledger.check_apologised(buyer, sqlite_engine)


def test_a_message_sent_while_rasa_restarts_is_answered(small_settings: Settings, rasa: FakeRasa) -> None:
    rasa.stop()
    patient = fronts.a_front(small_settings, patience=Patience(connect=0.5, call=5, tries=20))
    with fronts.running(patient) as client:
        buyer = chat_client.start(client)
        buyer.say("hello")
        threading.Timer(1.0, rasa.start).start()
        assert buyer.told() == ["You said: hello"]


def test_after_an_apology_the_buyer_can_go_on_with_the_assistant(small_http: httpx.Client, rasa: FakeRasa) -> None:
    rasa.always = "500"
    buyer = chat_client.start(small_http)
    buyer.say("hello")
    (again,) = buyer.settled()[-1]["choices"]
    rasa.always = ""
    buyer.take(again["token"])
    assert buyer.settled()[-1]["from"] == "notice"
    buyer.say("where is it")
    assert buyer.told()[-1] == "You said: where is it"
    assert not any("resume" in text for text in rasa.texts)


# -- crashes -------------------------------------------------------------------------------


def test_a_front_killed_in_the_middle_of_a_turn_answers_once_when_it_is_back(
    settings: Settings, engine: Engine, rasa: FakeRasa, tmp_path: Path
) -> None:
    (tmp_path / "shop_policy.yml").write_text("{}\n", encoding="utf-8")
    rasa.faults = ["hang"]
    front = fronts.FrontProcess(settings, tmp_path / "front.log")
    try:
        front.start()
        buyer = chat_client.start(front.client)
        buyer.say("my blue lantern")
        buyer.say("it is broken")
        assert rasa.reached.wait(20)
        front.kill()
        assert ledger.outcomes_of(engine, buyer) == ["", ""]
        rasa.let_go.set()
        front.start()
        assert buyer.told() == ["You said: my blue lantern", "You said: it is broken"]
        assert ledger.outcomes_of(engine, buyer) == ["answered", "answered"]
    finally:
        front.close()
    log = (tmp_path / "front.log").read_text(encoding="utf-8")
    assert buyer.conversation_id in log
    assert "lantern" not in log


def test_a_front_that_starts_takes_up_at_once_what_was_held_under_its_own_name(
    settings: Settings, engine: Engine
) -> None:
    now = datetime.now(timezone.utc)
    with writing(engine) as connection:
        left = start(connection, shop="default", channel="web", language="en", address="", email_key="", now=now).id
        ledger.leave(connection, left, "left behind")
        dead = front_name(settings.host, settings.port) + "dead"
        assert claim(connection, left, dead, now, now + timedelta(hours=1))
    with fronts.running(fronts.a_front(settings)) as client:
        token, _ = SessionTokens(settings.key("session")).issue(left, now)
        assert Buyer(client, token, left).told() == ["You said: left behind"]


def test_a_message_left_by_another_front_is_taken_up_once_its_lease_is_over(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(http)
    now = datetime.now(timezone.utc)
    with writing(engine) as connection:
        ledger.leave(connection, buyer.conversation_id, "left behind")
        ledger.lease(connection, buyer, "elsewhere:8080/1", now - timedelta(seconds=1))
    assert buyer.told() == ["You said: left behind"]


def test_a_lease_that_another_front_took_meanwhile_leaves_the_settlement_to_it(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(http)

    def taken_away(asked: Asked) -> None:
        if len(rasa.asked) == 1:
            with writing(engine) as connection:
                ledger.lease(connection, buyer, "elsewhere:8080/1", datetime.now(timezone.utc) + timedelta(seconds=0.5))

    rasa.at_call = taken_away
    buyer.say("hello")
    assert buyer.told() == ["You said: hello"]
    # Asked twice, because the first answer came without a lease; told once.
    assert [(asked.message_id, asked.again) for asked in rasa.asked] == [("1", False), ("1", True)]


def test_a_message_asked_about_before_a_crash_is_asked_about_again_though_it_was_handed_over(
    small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(small_http)
    now = datetime.now(timezone.utc)
    with writing(sqlite_engine) as connection:
        left = ledger.leave(connection, buyer.conversation_id, "a person please")
        connection.execute(update(tables.inbox).where(tables.inbox.c.id == left.id).values(asked_at=now))
        move(connection, buyer.conversation_id, Move(QUEUE), now)
    assert buyer.told() == ["You said: a person please"]


def test_a_message_left_behind_is_answered_before_a_newer_one(http: httpx.Client, engine: Engine) -> None:
    buyer = chat_client.start(http)
    with writing(engine) as connection:
        ledger.leave(connection, buyer.conversation_id, "left behind")
    buyer.say("newer")
    assert buyer.told() == ["You said: left behind", "You said: newer"]


def test_a_conversation_that_another_front_works_is_left_to_it(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer, other = chat_client.start(http), chat_client.start(http)
    with writing(engine) as connection:
        ledger.lease(connection, buyer, "elsewhere:8080/1", datetime.now(timezone.utc) + timedelta(hours=1))
    buyer.say("hello")
    other.say("something else")
    assert other.told() == ["You said: something else"]
    assert rasa.texts == ["something else"]
    with writing(engine) as connection:
        ledger.lease(connection, buyer, "elsewhere:8080/1", datetime.now(timezone.utc) - timedelta(seconds=1))
    assert buyer.told() == ["You said: hello"]


def test_a_message_that_was_taken_up_and_then_lost_in_the_front_is_found_again(
    settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = []
    monkeypatch.setattr(Worker, "begin", lambda _worker, question: lost.append(question))
    with fronts.running(fronts.a_front(settings)) as client:
        buyer = chat_client.start(client)
        buyer.say("hello")
        assert buyer.told() == ["You said: hello"]
    assert len(lost) == 1
    assert [asked.again for asked in rasa.asked] == [True]


def test_a_database_that_is_away_is_told_as_503_and_nothing_is_accepted(
    small_settings: Settings, tmp_path: Path
) -> None:
    away = replace(small_settings, database_url=f"sqlite:///{tmp_path}/no/such/folder/doorstep.db")
    with fronts.running(fronts.a_front(away)) as client:
        response = client.post("/api/chat/sessions", json={})
        chat_client.check_answer(response)
        assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["parts"]["database"]) == (503, "down")
        assert "doorstep_inbox_unsettled NaN" in client.get("/metrics").text


def test_under_mixed_faults_every_accepted_message_has_one_outcome_and_one_answer(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    rasa.faults = ["reset", "", "empty", "500", "", "", "html", "reset", "", "empty"] * 2
    buyers = [chat_client.start(http) for _ in range(6)]

    def write(buyer: Buyer) -> list[str]:
        for number in range(4):
            buyer.say(f"{buyer.conversation_id} {number}")
        return buyer.told()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(write, buyers))
    for buyer, texts in zip(buyers, told, strict=True):
        assert texts == [f"You said: {buyer.conversation_id} {number}" for number in range(4)]
        assert ledger.outcomes_of(engine, buyer) == ["answered"] * 4
    with reading(engine) as connection:
        answered = select(func.count(), func.count(func.distinct(tables.outbox.c.answers))).select_from(tables.outbox)
        assert tuple(connection.execute(answered).one()) == (24, 24)
