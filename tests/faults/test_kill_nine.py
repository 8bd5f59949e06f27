"""`kill -9` in the middle of a turn: the message is answered or apologised for, once; nothing is granted twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from doorstep import demo
from tests.e2e.buyer import Buyer, text_of
from tests.e2e.facts import label, total_of
from tests.e2e.orders import email_of
from tests.e2e.running import until
from tests.e2e.shop import Shop, start
from tests.e2e.words import without_queue
from tests.faults.breaking import (
    ACTIONS,
    FRONT,
    PATIENCE,
    RASA,
    answers_to,
    kill,
    row_of,
    stopped,
    times_accepted,
    times_worked,
    until_asked,
    until_request_waits,
    until_whole,
)

pytestmark = pytest.mark.processes

EMAILS = {order["number"]: order["email"] for order in demo.listing()}


@pytest.fixture(scope="module")
def system() -> Iterator[Shop]:
    """A system of these tests' own."""
    with ExitStack() as stack:
        yield start(stack)


@pytest.fixture
def shop(system: Shop) -> Shop:
    """The system, recovered from what the test before did to it."""
    until_whole(system)
    return system


def about_to_prove(shop: Shop, number: str) -> Buyer:
    """A buyer who was asked for a proof of this order."""
    buyer = shop.buyer()
    assert number in text_of(buyer.say(f"I have not received my order {number}"))
    return buyer


def about_to_take(shop: Shop, number: str) -> Buyer:
    """A buyer to whom a refund of this order was offered."""
    buyer = shop.buyer()
    buyer.open(number, EMAILS.get(number) or email_of(number))
    assert refund(shop, number) in buyer.labels()
    return buyer


def refund(shop: Shop, number: str) -> str:
    """The label of taking the refund now."""
    return label("choice_now_refund", amount=shop.order(number).value)


def kinds(shop: Shop, number: str) -> list[str]:
    """The promises made for an order."""
    return [promise.kind for promise in shop.promises(number)]


def assert_settled_once(shop: Shop, buyer: Buyer, message_id: str, fact: str) -> None:
    """The message has one outcome and one reply: an answer that tells the fact, or an apology."""
    told = buyer.listen(PATIENCE)
    outcome = row_of(shop, buyer, message_id).outcome
    assert answers_to(shop, buyer, message_id) == [one.sender for one in told]
    told = without_queue(told)
    assert (outcome, len(told)) in (("answered", 1), ("apologised", 1)), told
    assert outcome == "apologised" or fact in text_of(told)
    assert buyer.page()["messages"] == []


@pytest.mark.parametrize(
    ("module", "port", "number"),
    [(RASA, "DOORSTEP_RASA_PORT", "1003"), (ACTIONS, "DOORSTEP_ACTIONS_PORT", "1002")],
)
def test_message_is_settled_once_when_a_process_behind_the_front_is_killed_over_it(
    shop: Shop, module: str, port: str, number: str
) -> None:
    buyer, other = about_to_prove(shop, number), shop.buyer()
    with stopped(shop, module):
        message = buyer.send(text=EMAILS[number])
        until_asked(shop, buyer, message)
        until_request_waits(shop, port)
        kill(shop, module)
    others = other.send(text="where is my order?")

    assert_settled_once(shop, buyer, message, shop.order(number).parcels[0].tracking_number)
    assert_settled_once(shop, other, others, "order")
    assert len(kinds(shop, number)) <= 1
    until_whole(shop)
    assert text_of(about_to_prove(shop, number).say(EMAILS[number])).count(number) >= 1


def test_conversations_go_on_while_rasa_is_away_and_each_message_is_settled_once(shop: Shop) -> None:
    buyers = [shop.buyer() for _ in range(4)]
    with stopped(shop, RASA):
        messages = [buyer.send(text="hello") for buyer in buyers]
        for buyer, message in zip(buyers, messages, strict=True):
            until_asked(shop, buyer, message)
        until_request_waits(shop, "DOORSTEP_RASA_PORT", count=len(buyers))
        kill(shop, RASA)

    for buyer, message in zip(buyers, messages, strict=True):
        assert_settled_once(shop, buyer, message, "")


def test_turn_that_was_worked_before_the_front_was_killed_is_told_once_and_not_worked_again(shop: Shop) -> None:
    buyer = about_to_take(shop, "1006")
    with stopped(shop, RASA):
        buyer.send(choice=buyer.heard[-1].choices[refund(shop, "1006")])
        until_request_waits(shop, "DOORSTEP_RASA_PORT")
        deaf = ExitStack()
        deaf.enter_context(stopped(shop, FRONT))
    with deaf:
        until(lambda: times_worked(shop, buyer) == times_accepted(shop, buyer), PATIENCE, "Rasa has answered")
        kill(shop, FRONT)
    until_whole(shop)

    told = buyer.listen(PATIENCE)
    assert [total_of(shop.order("1006")) in one.text for one in told] == [True]
    assert kinds(shop, "1006") == ["trace", "refund"]
    assert times_worked(shop, buyer) == times_accepted(shop, buyer)


def test_turn_that_two_fronts_asked_about_grants_once_and_is_told_once(shop: Shop) -> None:
    buyer = about_to_take(shop, "1017")
    with stopped(shop, RASA):
        buyer.send(choice=buyer.heard[-1].choices[refund(shop, "1017")])
        until_request_waits(shop, "DOORSTEP_RASA_PORT")
        kill(shop, FRONT)
        until_request_waits(shop, "DOORSTEP_RASA_PORT", count=2)

    until_whole(shop)
    told = buyer.listen(PATIENCE)
    assert [one.sender for one in without_queue(told)] in (["assistant"], ["notice"])
    assert kinds(shop, "1017") == ["trace", "refund"]


def test_message_accepted_just_before_the_front_is_killed_is_answered(shop: Shop) -> None:
    buyer = about_to_prove(shop, "1001")
    message = buyer.send(text=EMAILS["1001"])
    kill(shop, FRONT)
    until_whole(shop)

    assert_settled_once(shop, buyer, message, shop.order("1001").parcels[0].tracking_number)
    assert kinds(shop, "1001") == ["trace"]


def test_message_that_nobody_was_asked_about_when_the_front_was_killed_is_answered(shop: Shop) -> None:
    buyer = about_to_prove(shop, "1015")
    with stopped(shop, RASA):
        first = buyer.send(text="one moment please")
        until_asked(shop, buyer, first)
        second = buyer.send(text=EMAILS["1015"])
        kill(shop, FRONT)
    until_whole(shop)

    buyer.listen(PATIENCE)
    for message in (first, second):
        assert row_of(shop, buyer, message).outcome in ("answered", "apologised", "queued")
        assert len(answers_to(shop, buyer, message)) >= 1
    order = [row_of(shop, buyer, message).settled_at for message in (first, second)]
    assert order == sorted(order)


def test_refund_granted_just_before_rasa_is_killed_is_told_once_and_granted_once(shop: Shop) -> None:
    buyer = about_to_take(shop, "7106")
    with stopped(shop, ACTIONS):
        message = buyer.send(choice=buyer.heard[-1].choices[refund(shop, "7106")])
        until_request_waits(shop, "DOORSTEP_ACTIONS_PORT")
        deaf = ExitStack()
        deaf.enter_context(stopped(shop, RASA))
    with deaf:
        until(lambda: "refund" in kinds(shop, "7106"), PATIENCE, "the refund is granted")
        kill(shop, RASA)

    assert_settled_once(shop, buyer, message, total_of(shop.order("7106")))
    assert kinds(shop, "7106") == ["trace", "refund"]


def test_refund_is_granted_once_when_the_action_server_is_killed_over_it(shop: Shop) -> None:
    number = "7109"
    buyer = about_to_take(shop, number)
    with stopped(shop, ACTIONS):
        message = buyer.send(choice=buyer.heard[-1].choices[refund(shop, number)])
        until_request_waits(shop, "DOORSTEP_ACTIONS_PORT")
        kill(shop, ACTIONS)

    assert_settled_once(shop, buyer, message, total_of(shop.order(number)))
    assert kinds(shop, number).count("refund") == (row_of(shop, buyer, message).outcome == "answered")
