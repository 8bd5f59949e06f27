"""The way to an order: number, proof, at most a few tries, and no hint whether an order exists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from doorstep.access import CONTACT_PROOF, ORDER_NUMBER, Asked, Step
from doorstep.replies.values import Reply, to_json
from doorstep.settlement import Handover
from tests.builders import an_order
from tests.telling import told_by
from tests.unit.access_chat import ASK_PROOF, OF_ANA, Chat, is_open, start_chat, texts

# -- the number ----------------------------------------------------------------------------


def test_without_an_order_the_number_is_asked_for(chat: Chat) -> None:
    assert chat.hears("where is my parcel?", is_answer=False) == Step(ask=ORDER_NUMBER)


@pytest.mark.parametrize("number", ["1001", "#1001", "10-01", "9999"])
def test_the_number_alone_opens_nothing_and_asks_for_proof_whether_the_order_exists_or_not(
    chat: Chat, number: str
) -> None:
    assert chat.hears("here it is", number) == Step(ask=CONTACT_PROOF, number=number)
    assert chat.order() is None


def test_a_number_and_the_email_in_one_message_open_the_order(chat: Chat) -> None:
    assert is_open(chat.hears(f"order 1001, {OF_ANA}", "1001"))


def test_a_bare_number_answers_the_question_for_it(chat: Chat) -> None:
    assert chat.hears("1001", asked=Asked(ORDER_NUMBER)) == Step(ask=CONTACT_PROOF, number="1001")


def test_an_answer_without_number_is_explained_and_the_third_time_a_person_comes(chat: Chat) -> None:
    first = chat.hears("I lost it", asked=Asked(ORDER_NUMBER))
    assert (first.ask, first.unclear) == (ORDER_NUMBER, 1)
    assert "1002" in texts(first)[0]
    third = chat.hears("no idea", asked=Asked(ORDER_NUMBER, unclear=2))
    assert third.handover == Handover("not_understood")
    assert "within 24 hours" in texts(third)[0]


def test_a_new_wish_in_place_of_an_answer_asks_again_without_counting(chat: Chat) -> None:
    step = chat.hears("what about a refund", asked=Asked(ORDER_NUMBER, unclear=2), is_answer=False)
    assert step == Step(ask=ORDER_NUMBER, unclear=2)


# -- the proof -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [OF_ANA, " ANA.SOUZA@Example.COM", "01304-001", "cep 01304001"])
def test_the_email_or_the_postcode_opens_the_order(chat: Chat, text: str) -> None:
    assert is_open(chat.proves(text))
    assert chat.order() == 1


def test_a_short_proof_counts_even_when_it_sounds_like_a_wish(chat: Chat) -> None:
    assert is_open(chat.hears("postcode 01304-001", asked=ASK_PROOF, is_answer=False))


def test_a_long_new_wish_with_some_number_in_it_is_no_failed_proof(chat: Chat) -> None:
    step = chat.hears("I paid 250 for this and want my money", asked=ASK_PROOF, is_answer=False)
    assert (step.ask, step.replies) == (CONTACT_PROOF, ())


def test_an_unclear_proof_says_what_is_needed(chat: Chat) -> None:
    step = chat.proves("I don't remember")
    assert (step.ask, step.number, step.unclear) == (CONTACT_PROOF, "1001", 1)
    assert "email address" in texts(step)[0]
    assert "postcode" in texts(step)[0]


def test_a_message_full_of_postcodes_opens_nothing(chat: Chat) -> None:
    assert not is_open(chat.proves("01304-001 01304-002 01304-003 01304-004 01304-005"))
    assert chat.order() is None


# -- no hint -------------------------------------------------------------------------------


def _statements(chat: Chat, text: str, number: str) -> tuple[list[str], Step]:
    seen: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(chat.connection, "before_cursor_execute", remember)
    step = chat.hears(text, *([number] if number in text else []), asked=Asked(CONTACT_PROOF, number))
    sa.event.remove(chat.connection, "before_cursor_execute", remember)
    return seen, step


def test_a_wrong_proof_and_an_unknown_order_do_and_say_the_same(connection: Connection) -> None:
    wrong, wrong_step = _statements(start_chat(connection), "eve@example.com", "1001")
    unknown, unknown_step = _statements(start_chat(connection), "eve@example.com", "9999")
    assert wrong == unknown
    assert wrong_step == unknown_step
    assert texts(wrong_step) == [told_by(Reply("utter_order_not_found"))]


@pytest.mark.parametrize("text", ["order {}", "order {} of eve@example.com"])
def test_naming_a_number_does_and_says_the_same_whether_the_order_exists_or_not(
    connection: Connection, text: str
) -> None:
    steps = []
    for number in ("1001", "9999"):
        chat = start_chat(connection)
        seen: list[str] = []

        def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = seen) -> None:
            into.append(statement)

        sa.event.listen(connection, "before_cursor_execute", remember)
        step = chat.hears(text.format(number), number)
        sa.event.remove(connection, "before_cursor_execute", remember)
        steps.append((seen, replace(step, number=""), texts(step)))
    assert steps[0] == steps[1]


def test_naming_a_number_after_an_email_was_proven_does_the_same_whether_the_order_exists_or_not(
    connection: Connection,
) -> None:
    counts = []
    for number in ("2001", "9999"):
        chat = start_chat(connection)
        chat.proves(OF_ANA)
        seen: list[str] = []

        def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = seen) -> None:
            into.append(statement)

        sa.event.listen(connection, "before_cursor_execute", remember)
        assert chat.hears("and this one", number) == Step(ask=CONTACT_PROOF, number=number)
        sa.event.remove(connection, "before_cursor_execute", remember)
        counts.append(seen)
    assert counts[0] == counts[1]


def test_no_reply_about_an_unproven_order_holds_anything_of_it(chat: Chat) -> None:
    steps = [chat.hears("it", "1001"), *(chat.proves("wrong@example.com") for _ in range(4)), chat.proves("hm hm")]
    said = str([[to_json(reply) for reply in step.replies] for step in steps])
    order = an_order()
    secrets = (
        order.buyer.name,
        "Ana",
        OF_ANA,
        order.ship_to.city,
        "01304",
        order.lines[0].title,
        "24.50",
        "RB123456785CN",
    )
    assert [secret for secret in secrets if secret in said] == []
