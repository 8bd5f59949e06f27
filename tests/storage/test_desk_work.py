"""What people do at the desk: one owner at any moment, a clear answer to whom it was refused, a buyer who is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.desk import minding, work
from doorstep.desk.work import Refused
from doorstep.storage import desk, messages, ownership
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import By
from doorstep.storage.tables import owner_changes
from tests.storage.at_the_desk import ANNA, CLOSED, LEAD, MEI, AtTheDesk


@pytest.fixture
def at(engine: Engine) -> AtTheDesk:
    """A desk; each test runs on both kinds of database."""
    return AtTheDesk(engine)


def test_one_of_two_who_claim_at_once_wins_and_the_other_hears_who(at: AtTheDesk) -> None:
    waiting = at.waits()
    together = Barrier(2)

    def claims(by: By) -> str:
        together.wait(10)
        try:
            at.do(at.desk.claim, waiting, by)
        except Refused as refused:
            return f"{refused.code} by {refused.who}"
        return by.name

    with ThreadPoolExecutor(2) as threads:
        heard = sorted(threads.map(claims, (ANNA, MEI)))

    winner = at.found(waiting).agent_name
    assert heard == sorted([winner, f"taken by {winner}"])
    assert [m.text for m in at.told(waiting) if winner in m.text] == [at.last_told(waiting)]


def test_what_the_assistant_has_cannot_be_taken(at: AtTheDesk) -> None:
    with pytest.raises(Refused, match=work.NOT_WAITING):
        at.do(at.desk.claim, at.starts(), ANNA)


def test_only_who_has_a_conversation_speaks_in_it_and_once_for_each_key(at: AtTheDesk) -> None:
    waiting = at.waits()
    with pytest.raises(Refused, match=work.NOT_YOURS):
        at.says(waiting, ANNA, "Hello")
    at.do(at.desk.claim, waiting, ANNA)
    with pytest.raises(Refused) as refused:
        at.says(waiting, MEI, "Hello")

    assert (refused.value.code, refused.value.who) == (work.TAKEN, "Anna")
    assert at.says(waiting, ANNA, " I'll look into it. ", "key") is not None
    assert at.says(waiting, ANNA, " I'll look into it. ", "key") is None
    assert [m.text for m in at.told(waiting) if m.sender == "agent"] == ["I'll look into it."]


@pytest.mark.parametrize(("text", "code"), [("  ", work.EMPTY), ("x" * (work.LONGEST + 1), work.TOO_LONG)])
def test_a_message_without_words_or_with_too_many_is_refused(at: AtTheDesk, text: str, code: str) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    with pytest.raises(Refused, match=code):
        at.says(waiting, ANNA, text)


def test_a_reply_to_a_closed_conversation_is_refused_until_it_is_taken_up_again(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.close, waiting, ANNA, work.SOLVED)
    with pytest.raises(Refused, match=work.IS_CLOSED):
        at.says(waiting, ANNA, "One more thing")
    at.do(at.desk.claim, waiting, ANNA)
    assert at.says(waiting, ANNA, "One more thing")


def test_a_buyer_hears_of_each_change_in_their_language(at: AtTheDesk) -> None:
    waiting = at.waits("pt")
    at.do(at.desk.claim, waiting, MEI)
    joined = at.last_told(waiting)
    at.do(at.desk.transfer, waiting, MEI, "logistics")
    moved = at.last_told(waiting)
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.hand_back, waiting, ANNA)

    assert "小美" in joined
    assert "logística" in moved
    assert "Anna" in at.last_told(waiting)
    assert at.found(waiting).owner == "assistant"
    assert all(m.sender == "notice" for m in at.told(waiting))


def test_a_team_or_a_reason_that_does_not_exist_changes_nothing(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    with pytest.raises(Refused, match=work.NO_SUCH_TEAM):
        at.do(at.desk.transfer, waiting, ANNA, "dragons")
    with pytest.raises(Refused, match=work.NO_SUCH_REASON):
        at.do(at.desk.close, waiting, ANNA, "bored")
    assert at.found(waiting).agent_name == "Anna"


def test_a_lead_takes_over_and_gives_away_what_a_colleague_has(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    with pytest.raises(Refused, match=work.NOT_YOURS):
        at.do(at.desk.take_over, waiting, MEI)
    with pytest.raises(Refused, match=work.TAKEN):
        at.do(at.desk.release, waiting, MEI)
    at.do(at.desk.release, waiting, LEAD)
    assert "Somebody else from our team" in at.last_told(waiting)
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.take_over, waiting, LEAD)
    assert at.found(waiting).agent_name == "Li"


def test_an_idle_agents_conversation_goes_back_only_while_the_buyer_waits(at: AtTheDesk) -> None:
    answered, unanswered = at.waits(), at.waits()
    for waiting in (answered, unanswered):
        at.writes(waiting, "Hello?")
        at.do(at.desk.claim, waiting, ANNA)
    at.says(answered, ANNA, "Here I am.")
    at.minutes_pass(16)
    with reading(at.engine) as connection:
        due = minding.due(connection, at.desk, at.now)
    for task, conversation_id in due:
        at.do(task, at.desk, conversation_id)

    assert (at.found(answered).owner, at.found(unanswered).owner) == ("agent", "queue")
    assert "Anna" in at.last_told(unanswered)
    with reading(at.engine) as connection:
        reasons = connection.execute(select(owner_changes.c.reason).order_by(owner_changes.c.id.desc())).scalars()
        assert next(iter(reasons)) == work.IDLE


def test_an_agent_who_types_is_not_idle(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.writes(waiting, "Hello?")
    at.do(at.desk.claim, waiting, ANNA)
    at.minutes_pass(14)
    at.do(at.desk.types, waiting, ANNA)
    at.do(at.desk.types, waiting, MEI)
    at.minutes_pass(2)
    with reading(at.engine) as connection:
        assert minding.due(connection, at.desk, at.now) == []


def test_a_buyer_is_told_their_place_and_a_wait_only_once_five_were_measured(at: AtTheDesk) -> None:
    first, second = at.waits(), at.waits()
    with reading(at.engine) as connection:
        told = [at.desk.queue.told(connection, at.found(each), at.now) for each in (first, second)]
    assert [each["wait"] for each in told] == [None, None]
    places = [each["place"] for each in told]
    assert [place.name for place in places] == ["term_queue_next", "term_queue_place"]  # type: ignore[union-attr]
    assert places[1].values["place"] == 2  # type: ignore[union-attr]

    for minutes in (1, 2, 3, 4, 22):
        served = at.waits()
        at.minutes_pass(minutes)
        at.do(at.desk.claim, served, MEI)
    with reading(at.engine) as connection:
        wait = at.desk.queue.told(connection, at.found(second), at.now)["wait"]
    assert wait.values["wait"].count == 5  # type: ignore[union-attr]  # four of five had waited no longer


def test_while_the_shop_is_closed_no_place_is_told_and_an_e_mail_address_is_asked_for(engine: Engine) -> None:
    at = AtTheDesk(engine, CLOSED)
    waiting = at.starts()
    with writing(engine) as connection:
        ownership.hand_over(connection, waiting, at.now, "asked", {})
        reply = at.desk.queue.came_in(connection, at.found(waiting), at.now)
    assert (reply.values["place"], reply.values["wait"]) == (None, None)
    assert reply.values["email"] is not None


def test_a_late_answer_is_owned_up_to_once_with_a_new_time(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.minutes_pass(25 * 60)
    for _ in range(2):
        with reading(at.engine) as connection:
            due = minding.due(connection, at.desk, at.now)
        for task, conversation_id in due:
            at.do(task, at.desk, conversation_id)
    told = [m.text for m in at.told(waiting)]
    assert len(told) == 1
    assert "haven't kept that" in told[0]


def test_an_answer_in_time_ends_the_promise_of_one(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    at.says(waiting, ANNA, "Here I am.")
    at.minutes_pass(72 * 60)
    with reading(at.engine) as connection:
        assert [task for task, _ in minding.due(connection, at.desk, at.now) if task is minding.own_up] == []


def test_a_persons_message_is_undelivered_until_the_buyers_page_had_it(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    shown = at.says(waiting, ANNA, "Here I am.")
    assert shown is not None
    with writing(at.engine) as connection:
        assert desk.notes_of(connection, waiting) == []
        assert messages.undelivered(connection, waiting) == {shown.seq}
        messages.mark_delivered(connection, waiting, shown.seq, at.now)
        assert messages.undelivered(connection, waiting) == set()


def test_every_change_of_owner_is_on_record(at: AtTheDesk) -> None:
    waiting = at.waits()
    at.do(at.desk.claim, waiting, ANNA)
    at.do(at.desk.close, waiting, ANNA, work.NO_ANSWER)
    r = owner_changes.c
    with reading(at.engine) as connection:
        rows = connection.execute(select(r.before, r.after, r.reason, r.agent_name).order_by(r.id)).all()
    assert [tuple(row) for row in rows] == [
        ("assistant", "queue", "asked", ""),
        ("queue", "agent", "", "Anna"),
        ("agent", "closed", "no_answer", "Anna"),
    ]
