"""A number of the shop's own is recognised however odd it looks, and nobody learns from that which numbers exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from doorstep.access import CONTACT_PROOF, ORDER_NUMBER, Asked, Step, numbers_like
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from tests.builders import NOW, an_order
from tests.unit.access_chat import OF_ANA, OF_BOB, Chat, is_open, start_chat, texts

ASK_NUMBER = Asked(ORDER_NUMBER)


@pytest.fixture
def chat(connection: Connection) -> Chat:
    for number in ("A7/x-9", "7731", "771"):
        Orders(connection).save("default", an_order(number=number))
    return start_chat(connection)


def opened(chat: Chat, step: Step) -> int | None:
    """The order that Ana's address opens after a step, if one does."""
    assert step.ask == CONTACT_PROOF
    return chat.order() if is_open(chat.hears(OF_ANA, asked=Asked(step.ask, step.number))) else None


def order_id(connection: Connection, number: str) -> int:
    return Orders(connection).save("default", an_order(number=number))


def order_of_bob(chat: Chat) -> int:
    return Identities(chat.connection).contacts_of("default", ["2001"])["2001"].order_id


def doing(chat: Chat, text: str, asked: Asked = Asked(), is_answer: bool = True) -> tuple[list[str], Step]:  # noqa: B008
    seen: list[str] = []

    def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(chat.connection, "before_cursor_execute", remember)
    step = chat.hears(text, asked=asked, is_answer=is_answer)
    sa.event.remove(chat.connection, "before_cursor_execute", remember)
    return seen, step


# -- recognised ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("A7/x-9", "A7/x-9"),
        ("I believe it should be a7/X-9, sorry", "A7/x-9"),
        ("мой 7731", "7731"),
        ("it's 771", "771"),
        ("the mail that I got from you says 7731", "7731"),
        ("my phone is 13812345678 and the order must be 7731", "7731"),
        ("по-моему, это был заказ с номером ７７３１", "7731"),
    ],
)
def test_an_answer_with_an_odd_number_of_the_shop_opens_its_order(
    chat: Chat, connection: Connection, text: str, number: str
) -> None:
    assert opened(chat, chat.hears(text, asked=ASK_NUMBER)) == order_id(connection, number)


@pytest.mark.parametrize("numbers", [("7731", "88213"), ("88213", "7731"), ("1", "22222", "333333", "7731")])
def test_of_several_numbers_the_one_that_the_shop_has_is_opened(
    chat: Chat, connection: Connection, numbers: tuple[str, ...]
) -> None:
    assert opened(chat, chat.hears("these", *numbers)) == order_id(connection, "7731")


def test_two_numbers_are_asked_about_as_they_were_written(chat: Chat) -> None:
    assert chat.hears("88213 or 7731", "88213", "7731").number == "88213 / 7731"


def test_a_new_wish_with_an_odd_number_of_the_proven_buyer_is_about_that_order(
    chat: Chat, connection: Connection
) -> None:
    chat.proves(OF_ANA)
    later = replace(chat, now=NOW + timedelta(minutes=1))
    assert is_open(later.hears("and where did A7/x-9 get to?", is_answer=False))
    assert chat.order() == order_id(connection, "A7/x-9")


@pytest.mark.parametrize(
    "text",
    [
        "I bought it in 2024 and have no number",
        "it was on 12/03/2024, for $1299 or so",
        "12.5 and 50% and 24:00, no idea",
        "my email is ana1984@example.com",
        "I ordered 2 things 30 days ago",
    ],
)
def test_dates_prices_and_addresses_are_no_numbers(text: str) -> None:
    assert numbers_like(text) == ()


def test_a_message_full_of_numbers_gives_four_and_codes_before_bare_digits() -> None:
    assert numbers_like("10001 10002 10003 A7/x-9 10004 10005") == ("A7/x-9", "10001", "10002", "10003")


# -- no hint -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["I think {}, or was it B8/x-1?", "hm {} 88213 and thanks a lot", "it's {}"])
def test_an_odd_number_does_and_says_the_same_whether_the_order_exists_or_not(
    chat: Chat, connection: Connection, text: str
) -> None:
    known = doing(chat, text.format("A7/x-9"), asked=ASK_NUMBER)
    unknown = doing(start_chat(connection), text.format("C7/x-9"), asked=ASK_NUMBER)
    assert known[0] == unknown[0]
    assert known[1].number == unknown[1].number.replace("C7/x-9", "A7/x-9")
    assert replace(known[1], number="") == replace(unknown[1], number="")
    assert texts(known[1]) == texts(unknown[1])


@pytest.mark.parametrize("email", ["eve@example.com", OF_BOB])
def test_a_wrong_proof_of_two_numbers_does_and_says_the_same_whether_they_exist_or_not(
    chat: Chat, connection: Connection, email: str
) -> None:
    known = doing(chat, email, asked=Asked(CONTACT_PROOF, "7731 / A7/x-9"))
    unknown = doing(start_chat(connection), email, asked=Asked(CONTACT_PROOF, "8842 / C7/x-9"))
    assert known == unknown


@pytest.mark.parametrize("other", ["7731", "8842"])
def test_the_proof_of_ones_own_order_tells_nothing_of_a_number_named_beside_it(
    chat: Chat, connection: Connection, other: str
) -> None:
    """Bob names his order and one of Ana's, or one that nobody has."""
    step = chat.hears("it is one of these", other, "2001")
    assert is_open(chat.hears(OF_BOB, asked=Asked(CONTACT_PROOF, step.number)))
    assert chat.order() == order_of_bob(chat)


@pytest.mark.parametrize("proven", [True, False])
def test_a_new_wish_with_an_odd_number_of_somebody_else_does_the_same_as_with_one_that_nobody_has(
    connection: Connection, proven: bool
) -> None:
    order_id(connection, "A7/x-9")
    done = []
    for number in ("A7/x-9", "C7/x-9"):
        bob = start_chat(connection)
        if proven:
            bob.proves(OF_BOB, "2001")
        done.append(doing(bob, f"and where did {number} get to?", is_answer=False))
    assert done[0] == done[1]


def test_a_failed_proof_of_several_numbers_is_one_try_of_the_conversation_and_one_at_each_order(chat: Chat) -> None:
    store = Identities(chat.connection)
    assert chat.hears("eve@example.com", asked=Asked(CONTACT_PROOF, "7731 / A7/x-9")).handover is None
    assert store.failed_tries(chat.id, "", ["order:7731"], NOW) == (1, 0, 1)
    assert store.failed_tries(chat.id, "", ["order:A7X9"], NOW) == (1, 0, 1)
