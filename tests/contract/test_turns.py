"""What a front tells its listeners of a turn is what any reader finds in the database afterwards."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from sqlalchemy.engine import Engine

from doorstep.desk.work import Desk
from doorstep.front import pages
from doorstep.front.outcomes import Answer
from doorstep.front.turns import Question, Settled, Turns
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT
from doorstep.storage import conversations, messages
from doorstep.storage.conversations import AGENT, QUEUE
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Choice, Incoming, Outgoing
from doorstep.storage.ownership import Move, move
from tests.conversations import locked

NOW = datetime(2025, 6, 18, 10, 0, 0, 123456, timezone.utc)
TURNS = Turns("front/1", Desk(ShopPolicy(), Catalogue(ROOT / "replies")))
CARD = {"type": "tracking", "parcels": [{"scans": ["ü", None, 1.5]}]}
ANSWER = Answer(
    (Outgoing("assistant", "Pick one.", (Choice("Refund", "/refund"),), CARD), Outgoing("assistant", "Take your time."))
)


def _start(engine: Engine) -> str:
    with writing(engine) as connection:
        return conversations.start(
            connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
        ).id


def _accept(engine: Engine, conversation_id: str, message_id: str = "m1") -> Incoming:
    with writing(engine) as connection:
        photo = {"id": "u1", "name": "a.jpg", "type": "image/jpeg", "size": 5}
        conversation = locked(connection, conversation_id)
        return messages.accept(connection, conversation, message_id, text="hello", now=NOW, attachments=[photo])


def _asked(engine: Engine, conversation_id: str) -> Question:
    with writing(engine) as connection:
        question = TURNS.take_up(connection, conversation_id, NOW)
    assert isinstance(question, Question)
    return question


def _settle(engine: Engine, question: Question, answer: Answer) -> Settled:
    with writing(engine) as connection:
        settled = TURNS.settle(connection, question, answer, NOW)
    assert settled is not None
    return settled


def _check_told_is_read(engine: Engine, conversation_id: str, told: pages.Page) -> None:
    with reading(engine) as connection:
        assert pages.read(connection, conversation_id, told.after) == told


def test_a_message_is_told_as_it_is_read(engine: Engine) -> None:
    conversation_id = _start(engine)
    incoming = _accept(engine, conversation_id)
    _check_told_is_read(engine, conversation_id, pages.page_of_incoming(incoming, "assistant"))


@pytest.mark.parametrize("answer", [ANSWER, Answer(trouble="slow")])
@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.parametrize("owner", ["assistant", QUEUE, AGENT])
def test_an_ending_is_told_as_it_is_read(engine: Engine, answer: Answer, others: int, owner: str) -> None:
    conversation_id = _start(engine)
    _accept(engine, conversation_id)
    question = _asked(engine, conversation_id)
    for number in range(others):
        _accept(engine, conversation_id, f"other{number}")
    with writing(engine) as connection:
        move(connection, conversation_id, Move(owner), NOW)
    settled = _settle(engine, question, answer)
    _check_told_is_read(engine, conversation_id, settled.page)
    assert settled.is_last == (not others)


def test_a_message_that_rasa_is_not_asked_about_is_told_as_it_is_read(engine: Engine) -> None:
    conversation_id = _start(engine)
    _accept(engine, conversation_id)
    with writing(engine) as connection:
        move(connection, conversation_id, Move(QUEUE), NOW)
        settled = TURNS.take_up(connection, conversation_id, NOW)
    assert isinstance(settled, Settled)
    _check_told_is_read(engine, conversation_id, settled.page)
