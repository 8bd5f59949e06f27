"""What a message wants: several wishes at once, what is not understood, and texts that are hard to read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.shop import Shop
from tests.e2e.talk import EMAILS, PERSON
from tests.e2e.words import asks, is_told, wish_label

pytestmark = pytest.mark.processes

NUMBER, EMAIL = "1003", EMAILS["1003"]
NONSENSE = ("xqzt vvkp lmnr", "vlim drast okku", "brzk plok snif")

WHERE_AND_STOCK = "Where is my parcel? Is it still in stock?"
WHERE_AND_ADDRESS = "Where is my parcel? And I need to change my address."
BROKEN_AND_PERSON = "My headphones arrived broken. Let me talk to a human."
MISSING_AND_THREAT = "My parcel has not arrived. I will call my lawyer and open a dispute."


def known(shop: Shop) -> Buyer:
    """A buyer who has proven an order and has been told where it is."""
    buyer = shop.buyer()
    buyer.open(NUMBER, EMAIL, "where is my order")
    return buyer


def proven(buyer: Buyer) -> list[Told]:
    """What is told once a buyer who was asked for the number has given it, and the e-mail address."""
    told = buyer.say(NUMBER)
    assert asks(told, "contact_proof"), text_of(told)
    return buyer.say(EMAIL)


def handed_over(shop: Shop, buyer: Buyer) -> tuple[str, dict[str, Any]]:
    """For which reason a person has the conversation, and the note they see."""
    mine = conversations.c.id == buyer.conversation_id
    with reading(shop.engine) as connection:
        row = connection.execute(select(conversations).where(mine)).one()
    assert row.owner == "queue"
    return row.handover_reason, row.handover_note


def other_wish(told: list[Told], wish: str) -> int:
    """The place of the message that takes up another wish, in the buyer's words; 0 is where none is."""
    places = [place for place, one in enumerate(told) if is_told([one], "utter_other_wish")]
    assert [wish_label(wish) in told[place].text for place in places] == [True], text_of(told)
    return places[0]


# -- several wishes in one message -----------------------------------------------------------


@pytest.mark.parametrize(("said", "other"), [(WHERE_AND_STOCK, "stock"), (WHERE_AND_ADDRESS, "change_address")])
def test_two_wishes_are_kept_through_the_form_and_answered_in_one_turn(shop: Shop, said: str, other: str) -> None:
    buyer = shop.buyer()
    assert asks(buyer.say(said), "order_number")
    told = proven(buyer)

    place = other_wish(told, other)
    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(told[:place])
    assert NUMBER in text_of(told[place + 1 :])


def test_two_wishes_about_a_known_order_are_answered_at_once(shop: Shop) -> None:
    buyer = known(shop)
    told = buyer.say(WHERE_AND_STOCK)

    place = other_wish(told, "stock")
    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(told[:place])
    assert text_of(told[place + 1 :])


def test_wishes_once_answered_are_not_answered_again(shop: Shop) -> None:
    buyer = known(shop)
    buyer.say(WHERE_AND_STOCK)
    told = buyer.say("where is my order")

    assert not is_told(told, "utter_other_wish")


def test_small_talk_inside_the_form_does_not_lose_the_wishes(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(WHERE_AND_STOCK)
    buyer.say("hello")

    other_wish(proven(buyer), "stock")


def test_wish_said_inside_the_form_takes_the_place_of_those_before(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(WHERE_AND_STOCK)
    buyer.say("I want to cancel my order")
    told = proven(buyer)

    assert not is_told(told, "utter_other_wish")


def test_number_in_the_message_of_two_wishes_is_taken(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.say(f"Where is my parcel {NUMBER}? Is it still in stock?")
    assert asks(told, "contact_proof"), text_of(told)

    other_wish(buyer.say(EMAIL), "stock")


def test_money_back_for_a_missing_parcel_is_one_wish(shop: Shop) -> None:
    buyer = known(shop)
    told = buyer.say("I have not received it. I want my money back.")

    assert not is_told(told, "utter_other_wish")


def test_person_asked_for_beside_a_wish_comes_before_the_order_number(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.say(BROKEN_AND_PERSON)

    assert is_told(told, "utter_handover_asked"), text_of(told)
    assert not asks(told, "order_number")
    assert handed_over(shop, buyer) == ("asked", {"wishes": "defective"})


def test_person_asked_for_beside_a_wish_about_a_known_order_takes_over_after_the_answer(shop: Shop) -> None:
    buyer = known(shop)
    told = buyer.say("Where is my parcel? Let me talk to a human.")

    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(told)
    assert is_told(told, "utter_handover_asked"), text_of(told)
    assert handed_over(shop, buyer)[0] == "asked"


def test_threat_beside_a_wish_is_handed_over_once_the_wish_is_settled(shop: Shop) -> None:
    buyer = known(shop)
    told = buyer.say(MISSING_AND_THREAT)

    assert shop.order(NUMBER).parcels[0].tracking_number in text_of(told)
    assert is_told(told, "utter_handover_angry"), text_of(told)
    reason, note = handed_over(shop, buyer)
    assert (reason, note["wishes"].split(", ")[0]) == ("angry", "not_received")


def test_threat_beside_a_wish_waits_for_the_proof(shop: Shop) -> None:
    buyer = shop.buyer()
    assert asks(buyer.say(MISSING_AND_THREAT), "order_number")
    told = proven(buyer)

    assert is_told(told, "utter_handover_angry"), text_of(told)
    assert handed_over(shop, buyer)[0] == "angry"


def test_missing_parcel_is_not_taken_for_one_that_has_arrived(shop: Shop) -> None:
    buyer = known(shop)
    told = buyer.say("Is it still in stock? And my parcel has not arrived.")

    assert wish_label("confirm_receipt") not in text_of(told)
    texts = [one.text for one in told]
    assert len(texts) == len(set(texts))


# -- what is not understood ----------------------------------------------------------------


def test_what_is_not_understood_offers_two_wishes_in_the_buyers_words(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.say(NONSENSE[0])

    assert is_told(told, "utter_did_you_mean"), text_of(told)
    assert len(buyer.labels()) == 3
    assert buyer.labels()[-1] == PERSON
    assert shop.owner(buyer) == "assistant"


def test_wish_chosen_goes_on_as_if_it_had_been_written(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(NONSENSE[0])
    assert asks(buyer.choose(buyer.labels()[0]), "order_number")

    assert NUMBER in text_of(proven(buyer))


def test_wish_chosen_by_its_number_or_its_words_is_taken(shop: Shop) -> None:
    for pick in (0, 1):
        buyer = shop.buyer()
        buyer.say(NONSENSE[0])
        assert asks(buyer.say(buyer.labels()[pick] if pick else "1"), "order_number")


def test_wish_chosen_about_a_known_order_is_answered(shop: Shop) -> None:
    buyer = known(shop)
    buyer.say(NONSENSE[0])
    told = buyer.choose(buyer.labels()[0])

    assert text_of(told)
    assert not asks(told, "order_number")


def test_person_chosen_takes_over(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(NONSENSE[0])
    told = buyer.choose(PERSON)

    assert is_told(told, "utter_handover_asked")
    assert handed_over(shop, buyer)[0] == "asked"


@pytest.mark.parametrize("second", [NONSENSE[0], NONSENSE[1], "tell me a joke"])
def test_second_time_in_a_row_a_person_takes_over(shop: Shop, second: str) -> None:
    buyer = shop.buyer()
    first = buyer.say(NONSENSE[0])
    told = buyer.say(second)

    assert is_told(told, "utter_handover_not_understood"), text_of(told)
    assert handed_over(shop, buyer)[0] == "not_understood"
    assert text_of(told) != text_of(first)


def test_never_the_same_sentence_twice_where_something_was_understood_between(shop: Shop) -> None:
    buyer = shop.buyer()
    questions = []
    for nonsense in NONSENSE:
        questions += buyer.say(nonsense)
        buyer.say("thank you")

    assert [is_told([one], "utter_did_you_mean") for one in questions] == [True] * 3
    assert len({one.text for one in questions}) == 3
    assert shop.owner(buyer) == "assistant"


@pytest.mark.parametrize("said", ["tell me a joke", "what is the weather tomorrow"])
def test_what_is_none_of_our_business_is_said_to_be_so(shop: Shop, said: str) -> None:
    buyer = shop.buyer()
    told = buyer.say(said)

    assert is_told(told, "utter_not_our_business"), text_of(told)
    assert buyer.labels() == [PERSON]
    assert shop.owner(buyer) == "assistant"
