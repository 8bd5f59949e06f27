"""Whose order is it? Nothing of an order leaves the system before its buyer has shown a second fact of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from doorstep import demo
from doorstep.storage.engine import reading
from doorstep.storage.tables import verified_orders
from tests.contract.chat_client import text_without_queue
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import label
from tests.e2e.orders import MARKETPLACE_NUMBER, email_of
from tests.e2e.secrets import Secrets, secrets_of
from tests.e2e.shop import Shop

pytestmark = pytest.mark.processes

LISTED = {order["number"]: order for order in demo.listing()}
WRONG = "somebody.else@example.com"


@pytest.fixture(scope="module")
def secrets(shop: Shop) -> Secrets:
    """What only the buyers themselves may hear."""
    return secrets_of(shop)


def proven(shop: Shop, buyer: Buyer) -> list[int]:
    """The orders that a buyer's conversation has proven."""
    mine = verified_orders.c.conversation_id == buyer.conversation_id
    with reading(shop.engine) as connection:
        return list(connection.execute(select(verified_orders.c.order_id).where(mine)).scalars())


def shown(told: list[Told], number: str) -> list[tuple[str, str, list[str], bool]]:
    """All that a buyer can see, with "N" for the order number they wrote; others changed their place in the queue."""
    told = [replace(one, text=text_without_queue(one.text).replace(number, "N")) for one in told]
    return [(one.sender, one.text, list(one.choices), one.card is None) for one in told]


def refused_dialogue(shop: Shop, number: str, proof: str) -> list[list[tuple[str, str, list[str], bool]]]:
    """Everything that somebody hears who asks for an order and gives a proof, until a person takes over."""
    buyer = shop.buyer()
    heard = []
    for text in ("where is my order?", number, proof, number, proof, number, proof, "hello?"):
        heard.append(shown(buyer.say(text), number))
    return heard


def test_wrong_email_reads_like_an_order_that_does_not_exist(shop: Shop) -> None:
    assert refused_dialogue(shop, "7131", WRONG) == refused_dialogue(shop, "9931", WRONG)


def test_wrong_postcode_reads_like_an_order_that_does_not_exist(shop: Shop) -> None:
    assert refused_dialogue(shop, "7132", "99999") == refused_dialogue(shop, "9932", "99999")


def test_thirty_guesses_end_with_a_person_and_reveal_nothing(shop: Shop, secrets: Secrets) -> None:
    buyer = shop.buyer()
    buyer.say("Where is my order 1006?")
    for guess in range(30):
        buyer.say(f"diego{guess}@example.com" if guess % 2 else f"0{6000 + guess}")
        buyer.say("1006")
    buyer.say(LISTED["1006"]["email"])

    assert shop.owner(buyer) == "queue"
    assert (proven(shop, buyer), secrets.in_answer(buyer.heard)) == ([], [])


def test_guesses_spread_over_conversations_close_the_order_to_the_chat(shop: Shop, secrets: Secrets) -> None:
    for guess in range(shop.policy.identity.tries_per_order_per_day):
        shop.buyer().open("7130", f"guess{guess}@example.com")
    buyer = shop.buyer()
    told = buyer.open("7130", email_of("7130"))

    assert (shop.owner(buyer), proven(shop, buyer), secrets.in_answer(told)) == ("queue", [], [])


def test_message_full_of_possible_postcodes_proves_nothing(shop: Shop, secrets: Secrets) -> None:
    buyer = shop.buyer()
    buyer.say("Where is my order 1003?")
    told = buyer.say("50820 50821 50822 50823 50824 50825")

    assert (proven(shop, buyer), secrets.in_answer(told)) == ([], [])


def test_phone_number_is_not_taken_for_an_order_number(shop: Shop) -> None:
    plain = shop.buyer().say("I have not received my parcel")
    told = shop.buyer().say("I have not received my parcel, please call me at +49 221 555 0103")

    assert [one.text for one in told] == [one.text for one in plain]


def test_buyer_of_one_order_hears_nothing_of_anothers(shop: Shop, secrets: Secrets) -> None:
    buyer = shop.buyer()
    buyer.open("1002", LISTED["1002"]["email"])
    told = buyer.open("1015", LISTED["1002"]["email"])

    assert secrets.in_answer(buyer.heard, own=("1002", "7103")) == []
    assert proven(shop, buyer) == [shop.order("1002").id]
    assert LISTED["1015"]["what"] not in text_of(told)


def test_proven_email_opens_another_order_of_the_same_buyer_only(shop: Shop, secrets: Secrets) -> None:
    buyer = shop.buyer()
    buyer.open("1002", LISTED["1002"]["email"])

    told = buyer.say("And where is order 7103?")
    assert shop.order("7103").parcels[0].tracking_number in text_of(told)
    told = buyer.say("And where is order 1016?")
    assert "1016" in text_of(told)
    assert secrets.in_answer(buyer.heard, own=("1002", "7103")) == []
    assert set(proven(shop, buyer)) == {shop.order("1002").id, shop.order("7103").id}


def test_postcode_opens_its_order_and_no_other_of_that_buyer(shop: Shop, secrets: Secrets) -> None:
    buyer = shop.buyer()
    told = buyer.open("1002", LISTED["1002"]["postcode"])
    assert shop.order("1002").parcels[0].tracking_number in text_of(told)

    buyer.say("And where is order 7103?")
    assert secrets.in_answer(buyer.heard, own=("1002",)) == []
    assert proven(shop, buyer) == [shop.order("1002").id]


def test_number_and_email_in_one_message_need_no_second_question(shop: Shop) -> None:
    number = MARKETPLACE_NUMBER
    told = shop.buyer().say(f"Where is my order {number.replace('-', ' ')}? My e-mail is {email_of(number).upper()}")

    assert shop.order(number).parcels[0].tracking_number in text_of(told)


def test_proof_holds_in_its_own_conversation_only(shop: Shop, secrets: Secrets) -> None:
    shop.buyer().open("1002", LISTED["1002"]["email"])
    told = shop.buyer().say("Where is my order 1002?")

    assert secrets.in_answer(told) == []


def test_email_is_never_repeated(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.open("1003", WRONG)
    buyer.open("1003", LISTED["1003"]["email"])

    assert "@" not in text_of(buyer.heard).replace("name@example.com", "")
    assert label("choice_talk_to_person") in buyer.labels()
