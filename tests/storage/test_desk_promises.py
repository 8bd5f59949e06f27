"""What a buyer who waits is told is true and stays so; who types and writes at once holds up nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from doorstep.desk import minding, work
from doorstep.storage import desk, messages, ownership
from doorstep.storage.engine import reading, writing
from tests.conversations import locked
from tests.storage.at_the_desk import ANNA, MEI, AtTheDesk


@pytest.fixture
def at(engine: Engine) -> AtTheDesk:
    """A desk; each test runs on both kinds of database."""
    return AtTheDesk(engine)


def _minds(at: AtTheDesk) -> list[str]:
    """Do what is due, and name it."""
    with reading(at.engine) as connection:
        due = minding.due(connection, at.desk, at.now)
    for task, conversation_id in due:
        at.do(task, at.desk, conversation_id)
    return [task.__name__ for task, _ in due]


def test_a_late_answer_is_told_once_however_long_it_takes(at: AtTheDesk) -> None:
    waiting = at.waits()
    did = []
    for _ in range(20):
        at.minutes_pass(24 * 60)
        did += _minds(at)
    assert did == ["own_up"]
    at.do(at.desk.claim, waiting, ANNA)
    at.says(waiting, ANNA, "I'm sorry for the wait.")
    assert at.found(waiting).answer_due_at is None


def test_who_came_in_is_not_greeted_before_their_message_is_answered(at: AtTheDesk) -> None:
    conversation_id = at.starts()
    with writing(at.engine) as connection:
        messages.accept(connection, locked(connection, conversation_id), "m", text="a person please", now=at.now)
        ownership.hand_over(connection, conversation_id, at.now, "asked", {})
    assert _minds(at) == []
    with writing(at.engine) as connection:
        waiting = messages.next_unsettled(connection, conversation_id)
        assert waiting is not None
        messages.settle(connection, waiting.id, messages.QUEUED, at.now)
    assert _minds(at) == ["greet_newcomer"]
    assert at.last_told(conversation_id) == "You're next in line."


def test_a_night_is_not_told_as_a_wait(at: AtTheDesk) -> None:
    at.minutes_pass(12 * 60)  # ten in the evening
    for _ in range(6):
        at.waits()
    at.minutes_pass(11 * 60 + 30)
    with reading(at.engine) as connection:
        overnight = [each.conversation_id for each in desk.waiting(connection)]
    for each in overnight:
        at.do(at.desk.claim, each, MEI)
    newcomer = at.waits()
    with reading(at.engine) as connection:
        assert at.desk.queue.told(connection, at.found(newcomer), at.now)["wait"] is None


def test_what_was_promised_is_told_again_and_not_moved(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.minutes_pass(5 * 60)
    with reading(at.engine) as connection:
        assert at.desk.queue.answer(connection, at.found(waiting), at.now).name == "term_answer_promised"


def test_a_colleagues_note_does_not_keep_a_silent_agent_in_place(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.writes(waiting, "Hello?")
    at.do(at.desk.claim, waiting, ANNA)
    at.minutes_pass(14)
    at.do(at.desk.note, waiting, MEI, "Anna is at lunch")
    at.minutes_pass(2)
    assert _minds(at) == ["release_idle"]


def test_nobody_is_asked_how_help_was_that_they_did_not_get(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.close, waiting, ANNA, work.NO_ANSWER)
    assert [choice for message in at.told(waiting) for choice in message.choices] == []


def test_typing_and_writing_at_once_hold_up_nobody(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)

    def types(number: int) -> None:
        at.do(at.desk.types, waiting, ANNA)
        if number % 2:
            at.says(waiting, ANNA, f"line {number}", f"key-{number}")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(types, range(24)))
    assert len([m for m in at.told(waiting) if m.sender == "agent"]) == 12


def test_what_was_asked_before_a_person_had_it_is_known_to_be_old(at: AtTheDesk) -> None:
    waiting = at.waits()
    asked_at = at.now
    at.minutes_pass(1)
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.close, waiting, ANNA, work.SOLVED)
    with reading(at.engine) as connection:
        assert ownership.had_person_since(connection, waiting, asked_at)
        assert not ownership.had_person_since(connection, waiting, at.now + timedelta(seconds=1))
        assert not ownership.had_person_since(connection, waiting, None)
