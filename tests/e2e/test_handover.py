"""When a person takes over: what the buyer is told, by typed words and by buttons, and what the person gets."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.orders import email_of
from tests.e2e.orders_handover import ABOVE_LIMIT, DISPUTED, FAILED_ONCE, FAILED_TWICE, ON_THE_WAY
from tests.e2e.shop import Shop
from tests.e2e.talk import PERSON, asked
from tests.e2e.words import REPLIES, asks, is_told, wish_label

pytestmark = pytest.mark.processes


def row_of(shop: Shop, buyer: Buyer) -> Any:
    mine = conversations.c.id == buyer.conversation_id
    with reading(shop.engine) as connection:
        return connection.execute(select(conversations).where(mine)).one()


def tells_when(told: list[Told]) -> bool:
    """Whether it is told by when a person answers, on the buyer's clock or as a length of time."""
    text = text_of(told)
    return "(your local time)" in text or "not counting days off" in text


# -- on request ----------------------------------------------------------------------------


def test_buyer_who_asks_for_a_person_is_told_by_when_they_answer_and_goes_on_writing(shop: Shop) -> None:
    buyer, _ = asked(shop, ON_THE_WAY)
    told = buyer.say("I want to talk to a human")

    assert is_told(told, "utter_handover_asked"), text_of(told)
    assert tells_when(told)
    assert shop.owner(buyer) == "queue"
    assert is_told(buyer.say("It is for my mother's birthday"), "notice_passed_on")


def test_buyer_who_takes_the_button_is_told_the_same(shop: Shop) -> None:
    buyer, _ = asked(shop, ON_THE_WAY)
    told = buyer.choose(PERSON)

    assert is_told(told, "utter_handover_asked"), text_of(told)
    assert tells_when(told)


def test_wish_that_nobody_answered_is_named_to_the_buyer_and_to_the_person(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.say("My lamp arrived broken. I want to speak to a human.")

    assert is_told(told, "utter_handover_asked"), text_of(told)
    assert wish_label("defective") in text_of(told)
    assert row_of(shop, buyer).handover_note["wishes"].startswith("defective")


# -- threats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("I will open a dispute", "dispute"),
        ("My lawyer will contact you", "legal"),
        ("I am going to the police", "police"),
        ("I will leave a bad review everywhere", "review"),
    ],
)
def test_each_threat_gets_its_own_words_the_facts_and_a_person(shop: Shop, typed: str, kind: str) -> None:
    buyer, _ = asked(shop, DISPUTED)
    told = buyer.say(typed)

    assert is_told(told, "utter_handover_angry"), text_of(told)
    assert any(text in text_of(told) for text in REPLIES.variants(f"utter_feel_threat_{kind}", "en"))
    assert DISPUTED in text_of(told)
    assert shop.order(DISPUTED).parcels[0].tracking_number in text_of(told)
    assert tells_when(told)
    row = row_of(shop, buyer)
    assert (row.owner, row.handover_reason, row.handover_note["threat"]) == ("queue", "angry", kind)


# -- failed deliveries ---------------------------------------------------------------------


def test_delivery_that_failed_twice_goes_to_the_logistics_team(shop: Shop) -> None:
    buyer, told = asked(shop, FAILED_TWICE)

    assert shop.order(FAILED_TWICE).parcels[0].tracking_number in text_of(told)
    assert is_told(told, "utter_handover_delivery_failed"), text_of(told)
    assert tells_when(told)
    row = row_of(shop, buyer)
    assert (row.owner, row.handover_reason) == ("queue", "delivery_failed_again")
    assert row.handover_note["failed_attempts"] == "2"


def test_delivery_that_failed_once_is_explained_and_stays_with_the_assistant(shop: Shop) -> None:
    buyer, told = asked(shop, FAILED_ONCE)

    assert shop.order(FAILED_ONCE).parcels[0].tracking_number in text_of(told)
    assert shop.owner(buyer) == "assistant"
    assert PERSON in buyer.labels()


# -- what policy forbids -------------------------------------------------------------------


def test_what_is_above_the_limit_goes_to_a_person_who_gets_the_other_wish_too(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(f"My order {ABOVE_LIMIT} has not arrived. And is the lamp in stock again?")
    told = buyer.say(email_of(ABOVE_LIMIT))

    assert shop.owner(buyer) == "queue"
    assert wish_label("stock") in text_of(told)
    row = row_of(shop, buyer)
    assert (row.handover_reason, row.handover_note["wishes"]) == ("above_limit", "not_received, stock")


# -- what is not understood ----------------------------------------------------------------


def test_buyer_who_is_not_understood_twice_is_told_by_when_a_person_answers(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say("xqzt vvkp lmnr")
    told = buyer.say("brzk plok snif")

    assert is_told(told, "utter_handover_not_understood"), text_of(told)
    assert tells_when(told)
    assert not asks(told, "order_number")


# -- what the person gets ------------------------------------------------------------------


def test_person_gets_the_brief_the_queue_and_the_risk(shop: Shop) -> None:
    order = shop.order(DISPUTED)
    buyer, _ = asked(shop, DISPUTED)
    buyer.say("This is a scam, I will open a dispute")

    brief = shop.command("brief", buyer.conversation_id)
    for fact in (order.buyer.name, DISPUTED, order.parcels[0].tracking_number, "angry or threatens", "dispute"):
        assert fact in brief
    (row,) = (
        line for line in shop.command("todo").splitlines() if f"{buyer.conversation_id} " in line and "care" in line
    )
    assert "angry" in row
    risks = shop.command("risks").splitlines()
    assert any(DISPUTED in line and "threat dispute (25)" in line for line in risks)
    assert "Customers:" in shop.command("customers")
