"""Tries to prove an order are limited, and a proven e-mail address opens its buyer's other orders only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.engine import Connection

from doorstep.access import CONTACT_PROOF, Step
from doorstep.settlement import Handover
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_buyer, an_order
from tests.unit.access_chat import OF_ANA, OF_BOB, Chat, is_open, start_chat, texts

# -- limits --------------------------------------------------------------------------------


def test_after_the_tries_of_one_conversation_a_person_comes(chat: Chat) -> None:
    steps = [chat.proves("eve@example.com") for _ in range(3)]
    assert [step.handover is None for step in steps] == [True, True, False]
    assert steps[-1].handover == Handover("identity_not_proven")
    assert "within 24 hours" in texts(steps[-1])[0]


def test_once_the_tries_are_used_up_the_right_proof_opens_nothing_either(chat: Chat) -> None:
    for _ in range(3):
        chat.proves("eve@example.com", "9999")
    assert chat.proves(OF_ANA).handover == Handover("identity_not_proven")
    assert chat.order() is None


def test_one_address_has_its_tries_an_hour_over_all_its_conversations(connection: Connection) -> None:
    for number in range(5):
        start_chat(connection, "203.0.113.9").proves("eve@example.com", str(number))
    blocked = start_chat(connection, "203.0.113.9")
    assert blocked.proves(OF_ANA).handover is not None
    assert is_open(start_chat(connection, "198.51.100.4").proves(OF_ANA))
    after = replace(start_chat(connection, "203.0.113.9"), now=NOW + timedelta(minutes=61))
    assert is_open(after.proves(OF_ANA))


def test_an_address_nobody_knows_is_not_counted_together(connection: Connection) -> None:
    for number in range(6):
        start_chat(connection).proves("eve@example.com", str(number))
    assert is_open(start_chat(connection).proves(OF_ANA))


def test_one_order_has_its_tries_a_day_from_everywhere(connection: Connection) -> None:
    for number in range(7):
        start_chat(connection, f"address {number}").proves("eve@example.com", "10 01")
    assert start_chat(connection, "another").proves(OF_ANA).handover is not None
    assert is_open(start_chat(connection, "another").proves(OF_ANA, "1002"))
    tomorrow = replace(start_chat(connection, "another"), now=NOW + timedelta(hours=25))
    assert is_open(tomorrow.proves(OF_ANA))


# -- a second order ------------------------------------------------------------------------


def test_a_proven_email_opens_the_buyers_other_orders(chat: Chat) -> None:
    chat.proves(OF_ANA)
    assert is_open(chat.hears("and order 1002", "1002"))
    assert chat.order() == 2


def test_a_proven_email_does_not_open_another_buyers_order(chat: Chat) -> None:
    chat.proves(OF_ANA)
    assert chat.hears("and order 2001", "2001") == Step(ask=CONTACT_PROOF, number="2001")
    assert chat.order() == 1


def test_of_two_emails_only_the_one_that_proved_the_order_counts_later(chat: Chat) -> None:
    assert is_open(chat.proves(f"{OF_BOB} or {OF_ANA}"))
    assert not is_open(chat.hears("and order 2001", "2001"))
    assert is_open(chat.hears("and order 1002", "1002"))


def test_a_proven_postcode_opens_that_order_only(chat: Chat) -> None:
    chat.proves("01304-001")
    assert not is_open(chat.hears("and order 1002", "1002"))


def test_an_email_proven_in_one_conversation_counts_in_that_one(connection: Connection, chat: Chat) -> None:
    chat.proves(OF_ANA)
    assert not is_open(start_chat(connection).hears("order 1002", "1002"))


def test_a_proven_order_can_be_named_again_and_without_a_number_the_last_one_is_meant(chat: Chat) -> None:
    chat.proves(OF_ANA)
    replace(chat, now=NOW + timedelta(minutes=1)).hears("1002", "1002")
    assert chat.order() == 2
    assert is_open(replace(chat, now=NOW + timedelta(minutes=2)).hears("back to 1001", "1001"))
    assert chat.order() == 1
    assert is_open(chat.hears("so where is it?"))


def test_an_order_without_email_is_not_opened_by_a_conversation_without_one(connection: Connection) -> None:
    Orders(connection).save("default", an_order(number="3001", buyer=a_buyer(email="")))
    assert not is_open(start_chat(connection).hears("3001", "3001"))


def test_the_same_number_in_another_shop_is_another_order(connection: Connection) -> None:
    Orders(connection).save("other", an_order(number="5001"))
    assert not is_open(start_chat(connection).proves(OF_ANA, "5001"))
