"""Conversations on both kinds of database: owners, numbers, and leases that two fronts fight for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from doorstep.storage import conversations, messages
from doorstep.storage.conversations import Lease, State
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import Move, move
from doorstep.storage.tables import conversations as table
from tests.builders import NOW

LATER = NOW + timedelta(seconds=30)


def _started(connection: Connection, **changes: Any) -> str:
    values = {"shop": "default", "channel": "web", "language": "en", "address": "hash", "email_key": "", "now": NOW}
    return conversations.start(connection, **{**values, **changes}).id


def _with_message(connection: Connection) -> str:
    conversation_id = _started(connection)
    _accept(connection, conversation_id, "m1")
    return conversation_id


def _accept(connection: Connection, conversation_id: str, message_id: str, lease: Lease | None = None) -> None:
    conversation = conversations.lock(connection, conversation_id)
    assert conversation is not None
    messages.accept(connection, conversation, message_id, text="hello", now=NOW, lease=lease)


def _note(connection: Connection, conversation_id: str) -> Any:
    return connection.execute(select(table.c.handover_note).where(table.c.id == conversation_id)).scalar_one()


def test_a_conversation_is_found_as_it_began(engine: Engine) -> None:
    with writing(engine) as connection:
        begun = conversations.start(
            connection, shop="s", channel="web", language="pt", address="a", email_key="e", now=NOW
        )
    with reading(engine) as connection:
        assert conversations.find(connection, begun.id) == begun
        assert conversations.find(connection, "another") is None


def test_an_owner_changes_with_its_reason_and_note(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        assert move(connection, conversation_id, Move("queue", "anger", note={"order": "1001"}), LATER)
    with reading(engine) as connection:
        found = conversations.find(connection, conversation_id)
        assert found is not None
        assert (found.owner, found.owner_since, found.handover_reason) == ("queue", LATER, "anger")
        assert _note(connection, conversation_id) == {"order": "1001"}


def test_giving_a_conversation_to_who_has_it_keeps_since_when_and_why(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        move(connection, conversation_id, Move("queue", "anger"), NOW)
        assert not move(connection, conversation_id, Move("queue", "other"), LATER)
        found = conversations.find(connection, conversation_id)
    assert found is not None
    assert (found.owner_since, found.handover_reason) == (NOW, "anger")


def test_numbers_taken_at_the_same_time_are_all_different(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)

    def take(_: int) -> int:
        with writing(engine) as connection:
            conversation = conversations.lock(connection, conversation_id)
            assert conversation is not None
            return conversations.number(connection, conversation, 1, NOW)[0]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(24))) == list(range(1, 25))


def test_one_of_many_gets_the_lease(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _with_message(connection)

    def claim(number: int) -> bool:
        with writing(engine) as connection:
            return conversations.claim(connection, conversation_id, f"front{number}/", NOW, LATER)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(8))) == [False] * 7 + [True]


@pytest.mark.parametrize(("moment", "taken"), [(LATER, False), (LATER + timedelta(seconds=1), True)])
def test_a_lease_can_be_taken_over_once_it_has_run_out(engine: Engine, moment: datetime, taken: bool) -> None:
    with writing(engine) as connection:
        conversation_id = _with_message(connection)
        assert conversations.claim(connection, conversation_id, "a/1", NOW, LATER)
        assert (conversations.waiting(connection, "b/1", moment, 10) == [conversation_id]) is taken
        assert conversations.claim(connection, conversation_id, "b/1", moment, moment + timedelta(1)) is taken
        assert (conversations.lock_held(connection, conversation_id, "a/1") is None) is taken


def test_a_message_stored_with_a_lease_is_left_alone_by_the_others(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        _accept(connection, conversation_id, "m1", Lease("a/1", LATER))
        assert conversations.waiting(connection, "b/1", NOW, 10) == []
        assert not conversations.claim(connection, conversation_id, "b/1", NOW, LATER)
        incoming = messages.next_unsettled(connection, conversation_id)
    assert incoming is not None
    assert incoming.asked_at == NOW


def test_a_renewed_lease_does_not_run_out(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _with_message(connection)
        conversations.claim(connection, conversation_id, "a/1", NOW, LATER)
        conversations.renew(connection, "a/1", LATER + timedelta(seconds=30))
        moment = LATER + timedelta(seconds=1)
        assert not conversations.claim(connection, conversation_id, "b/1", moment, moment)


def test_a_lease_is_not_given_back_while_a_message_waits(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _with_message(connection)
        conversations.claim(connection, conversation_id, "a/1", NOW, LATER)
        assert not conversations.finish(connection, conversation_id, "a/1")
        assert conversations.lock_held(connection, conversation_id, "a/1") is not None
        messages.settle(connection, 1, "answered", NOW)
        assert conversations.finish(connection, conversation_id, "a/1")
        assert conversations.lock_held(connection, conversation_id, "a/1") is None


def test_a_lost_lease_is_not_taken_from_its_new_holder_by_finishing(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        conversations.claim(connection, conversation_id, "b/1", NOW, LATER)
        assert not conversations.finish(connection, conversation_id, "a/1")
        assert conversations.lock_held(connection, conversation_id, "b/1") is not None


def test_a_front_that_comes_back_frees_its_own_leases_only(engine: Engine) -> None:
    with writing(engine) as connection:
        mine, theirs = _with_message(connection), _with_message(connection)
        conversations.claim(connection, mine, "host_1:80/dead", NOW, LATER)
        conversations.claim(connection, theirs, "hostX1:80/alive", NOW, LATER)
        assert conversations.release_left_behind(connection, "host_1:80/") == 1
        assert conversations.waiting(connection, "host_1:80/new", NOW, 10) == [mine]


def test_those_who_wait_longest_come_first(engine: Engine) -> None:
    with writing(engine) as connection:
        first, second = _with_message(connection), _with_message(connection)
        _accept(connection, first, "m2")
        _started(connection)
        assert conversations.waiting(connection, "a/1", NOW, 10) == [first, second]
        assert conversations.waiting(connection, "a/1", NOW, 1) == [first]


def test_the_state_tells_number_owner_and_whether_something_waits(engine: Engine) -> None:
    with writing(engine) as connection:
        waiting, idle = _with_message(connection), _started(connection)
        found = conversations.states(connection, [waiting, idle, "none"])
        alone = [conversations.state(connection, each) for each in (waiting, idle, "none")]
    assert found == {waiting: State(1, "assistant", True), idle: State(0, "assistant", False)}
    assert alone == [found[waiting], found[idle], None]


def test_conversations_of_an_address_are_counted_without_probes(engine: Engine) -> None:
    with writing(engine) as connection:
        _started(connection, now=NOW - timedelta(hours=2))
        _started(connection)
        _started(connection, now=LATER)
        _started(connection, channel="probe")
        _started(connection, address="another")
        assert conversations.started_since(connection, "hash", NOW - timedelta(hours=1)) == (2, NOW)
        assert conversations.started_since(connection, "none", NOW) == (0, None)
        assert conversations.count_by_owner(connection) == {"assistant": 5}
