"""The ledger of the hand-over race finds each kind of fault when it is there: else its silence would mean nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from doorstep.storage import messages
from doorstep.storage.engine import writing
from doorstep.storage.messages import Outgoing
from tests.conversations import locked
from tests.faults import hand_over_ledger
from tests.storage.at_the_desk import ANNA, AtTheDesk


def _speaks(at: AtTheDesk, waiting: str, answers: int | None = None) -> None:
    with writing(at.engine) as connection:
        messages.post(connection, locked(connection, waiting), [Outgoing("assistant", "Hello!")], at.now, answers)


def _talks_over(at: AtTheDesk, waiting: str) -> None:
    at.do(at.desk.claim, waiting, ANNA)
    _speaks(at, waiting)


def _has_no_outcome(at: AtTheDesk, waiting: str) -> None:
    with writing(at.engine) as connection:
        messages.accept(connection, locked(connection, waiting), "m", text="Hello?", now=at.now)


def _answers(at: AtTheDesk, waiting: str, times: int) -> None:
    with writing(at.engine) as connection:
        taken = messages.accept(connection, locked(connection, waiting), "m", text="Hello?", now=at.now)
        messages.settle(connection, taken.id, messages.ANSWERED, at.now)
    for _ in range(times):
        at.minutes_pass(1)
        _speaks(at, waiting, taken.id)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (_talks_over, ["talked_over"]),
        (_has_no_outcome, ["unsettled"]),
        (lambda at, waiting: _answers(at, waiting, 0), ["unanswered"]),
        (lambda at, waiting: _answers(at, waiting, 2), ["twice"]),
        (lambda at, waiting: _answers(at, waiting, 1), []),
    ],
)
def test_each_fault_is_found_by_its_name(
    sqlite_engine: Engine, fault: Callable[[AtTheDesk, str], None], named: list[str]
) -> None:
    at = AtTheDesk(sqlite_engine)
    fault(at, at.waits())
    assert list(hand_over_ledger.read(sqlite_engine, [], []).faults) == named


def test_what_a_sender_knows_of_and_the_database_does_not_is_lost(sqlite_engine: Engine) -> None:
    assert hand_over_ledger.read(sqlite_engine, ["m1"], ["k1"]).faults == {"lost": ["m1", "k1"]}


def test_before_and_after_a_person_has_it_the_assistant_may_speak(sqlite_engine: Engine) -> None:
    at = AtTheDesk(sqlite_engine)
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.hand_back, waiting, ANNA)
    _speaks(at, waiting)
    assert hand_over_ledger.read(sqlite_engine, [], []).faults == {}
