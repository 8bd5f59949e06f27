"""What is left for people to do is found in the database, in the order it has to be done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Engine

from doorstep.promises import Promise
from doorstep.storage import conversations, todo
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from doorstep.storage.ownership import Move, move
from tests.builders import NOW, an_order
from tests.telling import a_policy


def _conversation(engine: Engine) -> str:
    with writing(engine) as connection:
        started = conversations.start(
            connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
        )
    return started.id


def test_conversations_wait_for_a_person_in_the_order_they_were_handed_over(engine: Engine) -> None:
    first, second, untouched = (_conversation(engine) for _ in range(3))
    with writing(engine) as connection:
        move(connection, second, Move(conversations.QUEUE, "angry"), NOW + timedelta(hours=1))
        move(connection, first, Move(conversations.QUEUE, "asked"), NOW)

    with reading(engine) as connection:
        waiting = todo.waiting_for_person(connection, a_policy(), NOW + timedelta(hours=2))

    assert [(w.conversation_id, w.reason) for w in waiting] == [(first, "asked"), (second, "angry")]
    assert untouched not in {w.conversation_id for w in waiting}


def test_open_promises_come_by_their_date_and_kept_ones_not_at_all(engine: Engine) -> None:
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order(number="1004"))
        made = Commitments(connection)
        made.promise("c", order_id, Promise("grace", "1", NOW + timedelta(days=2), remedy="refund"), NOW)
        made.promise("c", order_id, Promise("ship", "", NOW + timedelta(days=1)), NOW)
        made.promise("c", order_id, Promise("notice", "1", NOW, state="kept"), NOW)

    with reading(engine) as connection:
        promises = todo.open_promises(connection)

    assert [(p.kind, p.remedy, p.order_number) for p in promises] == [("ship", "", "1004"), ("grace", "refund", "1004")]
