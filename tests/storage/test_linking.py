"""Links to a desk that is not ours: whose pass it is, and when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from doorstep.desk import linking
from doorstep.desk.linking import Lost, Periods
from doorstep.storage.engine import writing
from tests.storage.linked import DESK, ME, OTHER, Linked, handed_over


@pytest.fixture
def at(engine: Engine) -> Linked:
    """A desk; each test runs on both kinds of database."""
    return Linked(engine)


def test_a_conversation_that_comes_into_the_queue_is_linked_and_due_at_once(at: Linked) -> None:
    waits, other = at.waits(), at.starts()
    with writing(at.engine) as connection:
        assert linking.is_any_new(connection, DESK)
        linking.take_in(connection, DESK, at.now)
        linking.take_in(connection, DESK, at.now)
        assert not linking.is_any_new(connection, DESK)
    assert at.due() == [waits]
    assert not at.claimed(other)


def test_one_front_at_a_time_works_a_link(at: Linked) -> None:
    waits = at.waits()
    at.link(waits)
    assert not at.claimed(waits, OTHER)
    assert at.due() == []
    with pytest.raises(Lost), writing(at.engine) as connection:
        linking.told(connection, waits, OTHER, 1, 1)


def test_the_link_of_a_front_that_died_is_worked_by_another_when_its_lease_has_run_out(at: Linked) -> None:
    waits = at.waits()
    at.link(waits)
    at.minutes_pass(2)
    assert at.due() == [waits]
    assert at.claimed(waits, OTHER)
    with pytest.raises(Lost):
        at.finish(waits)


def test_the_next_start_of_a_front_frees_what_it_left_behind(at: Linked) -> None:
    waits = at.waits()
    at.link(waits)
    with writing(at.engine) as connection:
        assert linking.release_left_behind(connection, "front/", at.now) == 1
    assert at.due() == [waits]


def test_a_link_is_due_by_time_by_a_nudge_and_by_what_is_to_be_told(at: Linked) -> None:
    waits = handed_over(at)
    at.finish(waits)
    assert at.due() == []
    at.minutes_pass(0.3)
    assert at.due() == [waits]
    assert at.claimed(waits)
    at.finish(waits)
    at.writes(waits, "Hello?")
    assert at.due() == [waits]
    assert at.claimed(waits)
    at.tell(waits)
    at.finish(waits)
    assert at.due() == []
    with writing(at.engine) as connection:
        assert linking.nudge(connection, DESK, ["101", "102"], at.now)
        assert not linking.nudge(connection, "chatwoot:2", ["101"], at.now)
    assert at.due() == [waits]


def test_a_nudge_during_a_pass_is_not_lost(at: Linked) -> None:
    waits = handed_over(at)
    with writing(at.engine) as connection:
        linking.nudge(connection, DESK, ["101"], at.now)
    at.finish(waits)
    assert at.due() == [waits]


def test_a_conversation_that_was_not_polled_any_more_is_due_when_it_comes_into_the_queue_again(at: Linked) -> None:
    waits = handed_over(at)
    at.goes_back(waits)
    at.tell(waits)
    at.finish(waits, None)
    at.minutes_pass(5000)
    assert at.due() == []
    at.is_handed_over(waits)
    assert at.due() == [waits]


def test_failures_wait_longer_each_time_and_obey_the_other_desk(at: Linked) -> None:
    periods = Periods()
    waits = [(periods.next_try(count, None, at.now) - at.now).total_seconds() for count in (1, 2, 3, 20)]
    assert waits == [2, 4, 8, 300]
    assert periods.next_try(1, 77, at.now) - at.now == timedelta(seconds=77)
    failing = at.waits()
    at.link(failing)
    with writing(at.engine) as connection:
        linking.fail(connection, failing, ME, at.now + timedelta(seconds=60))
        assert linking.count_failing(connection) == 1
    assert at.due() == []  # although there is something to tell
    at.minutes_pass(1)
    assert at.due() == [failing]


def test_people_are_polled_often_then_seldom_and_after_a_day_not_at_all(at: Linked) -> None:
    found = at.found(handed_over(at))
    later = [replace(found, owner="closed", owner_since=at.now - timedelta(hours=hours)) for hours in (1, 25)]
    periods = Periods()
    looks = [periods.next_look(each, at.now) for each in (found, *later)]
    assert looks == [at.now + timedelta(seconds=15), at.now + timedelta(seconds=60), None]
