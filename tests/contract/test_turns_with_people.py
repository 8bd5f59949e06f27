"""Turns of a conversation that people have, had, or will have: what is said, and what is better not said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.desk import work
from doorstep.front.outcomes import Answer
from doorstep.front.turns import Question, Settled, Turns
from doorstep.storage import messages, ownership, transcript
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Choice, Outgoing, Shown
from doorstep.storage.tables import ratings
from tests.conversations import locked
from tests.storage.at_the_desk import ANNA, CLOSED, AtTheDesk

ANSWER = Answer((Outgoing("assistant", "Here it is."),))


class Talk:
    """A buyer, the front that works their messages, and people."""

    def __init__(self, engine: Engine, now: datetime | None = None) -> None:
        self.at = AtTheDesk(engine, *((now,) if now else ()))
        self.turns = Turns("front/1", self.at.desk)
        self.id = self.at.starts()
        self._count = 0

    def writes(self, text: str, choice: Choice | None = None) -> Question | Settled | None:
        """Accept a message and take it up."""
        self._count += 1
        token = choice.token if choice else ""
        with writing(self.at.engine) as connection:
            conversation = locked(connection, self.id)
            key = f"message-{self._count}"
            messages.accept(connection, conversation, key, text=text, choice=token, now=self.at.now)
        return self.at.do(self.turns.take_up, self.id)

    def answered(self, question: Question | Settled | None, answer: Answer = ANSWER) -> Settled:
        assert isinstance(question, Question)
        settled = self.at.do(self.turns.settle, question, answer)
        assert settled is not None
        return settled

    def passed_on(self) -> None:
        """A technical fault: the apology, and the queue."""
        self.answered(self.writes("hello"), Answer(trouble="slow"))

    @property
    def told(self) -> list[Shown]:
        with reading(self.at.engine) as connection:
            return [m for m in transcript.shown_between(connection, self.id, 0, 999) if m.sender != "buyer"]

    def choice(self, label: str) -> Choice:
        return next(choice for choice in self.told[-1].choices if label in choice.label)


@pytest.fixture
def talk(engine: Engine) -> Talk:
    """A conversation while the shop is open; on both kinds of database."""
    return Talk(engine)


def test_who_comes_into_the_queue_hears_their_place_in_the_same_breath(talk: Talk) -> None:
    talk.passed_on()
    assert [m.sender for m in talk.told] == ["notice", "notice"]
    assert talk.told[-1].text == "You're next in line."
    assert talk.at.found(talk.id).answer_due_at is not None


def test_an_answer_of_rasas_is_dropped_when_a_person_had_the_conversation_meanwhile(talk: Talk) -> None:
    question = talk.writes("where is it?")
    talk.at.minutes_pass(1)
    with writing(talk.at.engine) as connection:
        ownership.hand_over(connection, talk.id, talk.at.now, "asked", {})
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    talk.at.do(talk.at.desk.hand_back, talk.id, ANNA)
    before = len(talk.told)

    assert talk.answered(question).outcome == "queued"
    assert len(talk.told) == before
    talk.at.minutes_pass(1)
    assert talk.answered(talk.writes("and now?")).outcome == "answered"
    assert talk.told[-1].text == "Here it is."


def test_the_first_question_after_a_hand_back_says_so_to_rasa_and_the_next_does_not(talk: Talk) -> None:
    talk.passed_on()
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    talk.at.do(talk.at.desk.hand_back, talk.id, ANNA)
    talk.at.minutes_pass(1)
    first = talk.writes("hello again")
    assert isinstance(first, Question)
    assert first.conversation.handed_back_at is not None
    talk.answered(first)
    second = talk.writes("hello once more")
    assert isinstance(second, Question)
    assert second.conversation.handed_back_at is None


def test_an_e_mail_address_written_in_the_queue_is_kept_and_shown_masked(engine: Engine) -> None:
    talk = Talk(engine, CLOSED)
    talk.passed_on()
    assert "e-mail" in talk.told[-1].text
    settled = talk.writes("it is Ana.Souza@example.com, thanks")

    assert isinstance(settled, Settled)
    assert "a•••@example.com" in talk.told[-1].text
    assert talk.at.found(talk.id).contact_email == "ana.souza@example.com"


def test_with_a_person_the_buyer_is_passed_on_in_silence(talk: Talk) -> None:
    talk.passed_on()
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    before = len(talk.told)
    settled = talk.writes("/restart please")
    assert isinstance(settled, Settled)
    assert (settled.outcome, len(talk.told)) == ("queued", before)


def test_a_closed_conversation_stays_closed_for_thanks_and_opens_for_a_wish(talk: Talk) -> None:
    talk.passed_on()
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    talk.at.do(talk.at.desk.close, talk.id, ANNA, work.SOLVED)
    talk.answered(talk.writes("thank you!"), Answer(ANSWER.replies, said=("utter_thank",)))
    assert talk.at.found(talk.id).owner == "closed"
    talk.answered(talk.writes("one more thing: where is it?"))
    assert talk.at.found(talk.id).owner == "assistant"


def test_a_closing_is_rated_in_two_clicks_once(talk: Talk) -> None:
    talk.passed_on()
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    closing = talk.at.do(talk.at.desk.close, talk.id, ANNA, work.SOLVED)
    good, bad = talk.choice("Good"), talk.choice("Not good")
    talk.writes(good.label, good)
    kind = talk.choice("kind")
    talk.writes(kind.label, kind)
    thanked = talk.told[-1].text
    talk.writes(bad.label, bad)

    assert thanked != talk.told[-1].text == "You've told us already, thank you."
    r = ratings.c
    with reading(talk.at.engine) as connection:
        kept = connection.execute(select(r.closing_id, r.score, r.why)).all()
    assert [tuple(row) for row in kept] == [(closing, "good", "kind")]
    assert talk.at.found(talk.id).owner == "closed"


def test_spam_is_closed_without_asking_how_it_was(talk: Talk) -> None:
    talk.passed_on()
    talk.at.do(talk.at.desk.claim, talk.id, ANNA)
    before = len(talk.told)
    talk.at.do(talk.at.desk.close, talk.id, ANNA, work.SPAM)
    assert len(talk.told) == before


def test_who_goes_back_to_the_assistant_leaves_the_queue(talk: Talk) -> None:
    talk.passed_on()
    talk.at.now += timedelta(minutes=1)
    stay = next(choice for m in talk.told for choice in m.choices)
    talk.writes(stay.label, stay)
    assert talk.at.found(talk.id).owner == "assistant"
    with pytest.raises(work.Refused, match=work.NOT_WAITING):
        talk.at.do(talk.at.desk.claim, talk.id, ANNA)


def test_the_hours_of_an_answer_do_not_begin_anew_with_every_message(talk: Talk) -> None:
    talk.passed_on()
    talk.writes("hello?")
    at_once = talk.told[-1].text
    talk.at.minutes_pass(5 * 60)
    other = Talk(talk.at.engine)
    other.passed_on()
    other.at.minutes_pass(5 * 60)
    other.writes("hello?")
    assert "within 24 hours" in at_once
    assert other.told[-1].text.startswith("Thank you, I've added this")
    assert "within" not in other.told[-1].text
