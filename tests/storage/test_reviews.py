"""Messages kept for review on both kinds of database: each once, listed newest last, forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import Engine

from doorstep.reviews import KEPT_FOR, keep
from doorstep.storage import conversations, messages, reviews, tables
from doorstep.storage.engine import reading, writing
from doorstep.storage.reviews import DISMISSED, LABELLED, OPEN, Noted, Review
from tests.builders import NOW
from tests.conversations import locked

DAY = timedelta(days=1)


class Now:
    def __init__(self, time: datetime = NOW) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


class Talk:
    """One buyer's conversation, whose messages are none of them understood."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.heard: list[dict[str, Any]] = []
        with writing(engine) as connection:
            self.id = conversations.start(
                connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
            ).id

    def says(self, text: str, intent: str = "nlu_fallback", at: datetime = NOW) -> int:
        """Say something and have it looked at; gives the message's number in the inbox."""
        with writing(self.engine) as connection:
            number = len(self.heard)
            stored = messages.accept(connection, locked(connection, self.id), str(number), text=text, now=NOW)
        ranking = [{"name": intent, "confidence": 0.3}, {"name": "refund", "confidence": 0.25}]
        self.heard.append({"text": text, "intent": ranking[0], "intent_ranking": ranking})
        self.heard[-1] |= {"message_id": str(stored.id), "metadata": {"language": "en"}}
        keep(self.engine, Now(at), self.id, self.heard)
        return stored.id


def kept(engine: Engine) -> list[Review]:
    with reading(engine) as connection:
        return reviews.newest_open(connection, 1000)


def test_a_message_is_kept_with_all_that_was_thought_of_it(engine: Engine) -> None:
    number = Talk(engine).says("my order 61290044 is odd")
    (review,) = kept(engine)
    told = Noted(number, "en", "my order [number] is odd", "refund", 0.25, "", "refused")
    assert {name: getattr(review, name) for name in vars(told)} == vars(told)
    assert (review.created_at, review.status, review.choice, review.label) == (NOW, OPEN, "", "")


def test_a_message_looked_at_twice_is_kept_once(engine: Engine) -> None:
    talk = Talk(engine)
    number = talk.says("hm")
    keep(engine, Now(), talk.id, talk.heard)
    with writing(engine) as connection:
        assert not reviews.note(connection, talk.id, Noted(number, "en", "hm", "", 0.0, "", "refused"), NOW)
    assert len(kept(engine)) == 1


def test_a_message_of_another_conversation_or_of_none_is_not_kept(engine: Engine) -> None:
    one, other = Talk(engine), Talk(engine)
    one.says("where is it", "track_order")
    heard = {**one.heard[0], "intent": {"name": "nlu_fallback"}}
    keep(engine, Now(), other.id, [heard])
    keep(engine, Now(), one.id, [{**heard, "message_id": "4711"}])
    assert kept(engine) == []


def test_a_wish_chosen_next_is_noted_with_the_message(engine: Engine) -> None:
    talk = Talk(engine)
    talk.says("hm")
    talk.says("/refund", "refund")
    assert [(review.text, review.reason, review.choice) for review in kept(engine)] == [("hm", "corrected", "refund")]


def test_a_choice_changes_nothing_about_a_message_that_was_settled(engine: Engine) -> None:
    talk = Talk(engine)
    talk.says("hm")
    (review,) = kept(engine)
    with writing(engine) as connection:
        reviews.settle(connection, review.id, DISMISSED)
    talk.says("/refund", "refund")
    with reading(engine) as connection:
        assert reviews.find(connection, review.id) == replace(review, status=DISMISSED)


def test_open_messages_are_listed_newest_last_and_only_as_many_as_asked_for(engine: Engine) -> None:
    for day, text in enumerate(["first", "second", "third"]):
        Talk(engine).says(text, at=NOW + day * DAY)
    with reading(engine) as connection:
        assert [review.text for review in reviews.newest_open(connection, 2)] == ["second", "third"]
        assert reviews.count_open(connection) == 3


@pytest.mark.parametrize("status", [LABELLED, DISMISSED])
def test_a_message_is_settled_once_and_is_off_the_list(engine: Engine, status: str) -> None:
    Talk(engine).says("hm")
    (review,) = kept(engine)
    with writing(engine) as connection:
        assert reviews.settle(connection, review.id, status, "refund")
        assert not reviews.settle(connection, review.id, OPEN)
        assert reviews.find(connection, review.id) == replace(review, status=status, label="refund")
        assert reviews.newest_open(connection, 9) == []


def test_old_messages_go_when_a_new_one_is_kept_and_labelled_ones_stay(engine: Engine) -> None:
    for text in ("old", "old and labelled"):
        Talk(engine).says(text, at=NOW - KEPT_FOR - DAY)
    Talk(engine).says("not yet old", at=NOW - KEPT_FOR + DAY)
    labelled = kept(engine)[1].id
    with writing(engine) as connection:
        reviews.settle(connection, labelled, LABELLED, "refund")
    Talk(engine).says("new")
    with reading(engine) as connection:
        assert reviews.find(connection, labelled) is not None
    assert [review.text for review in kept(engine)] == ["not yet old", "new"]


def test_one_message_pays_for_forgetting_a_few(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "FORGOTTEN_AT_ONCE", 2)
    for day in range(4):
        Talk(engine).says(f"old {day}", at=NOW - KEPT_FOR - (9 - day) * DAY)
    with writing(engine) as connection:
        assert reviews.forget(connection, NOW - KEPT_FOR) == 2
    assert [review.text for review in kept(engine)] == ["old 2", "old 3"]


def test_what_was_kept_goes_with_the_conversation(engine: Engine) -> None:
    talk = Talk(engine)
    talk.says("hm")
    with writing(engine) as connection:
        connection.execute(delete(tables.conversations).where(tables.conversations.c.id == talk.id))
    assert kept(engine) == []
