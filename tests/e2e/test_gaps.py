"""What no other conversation of this folder goes through: other reasons, other problems, and buyers who go crooked."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from doorstep.storage import conversations
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import Move, move
from doorstep.storage.tables import offers
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import assert_told, day, expected_by, label
from tests.e2e.orders import email_of
from tests.e2e.orders_gaps import (
    ASKS_BACK,
    BROKEN,
    BUYS_OFTEN,
    DISAPPOINTED,
    EXPIRED,
    GOES_BACK,
    INSPECTED,
    NOTHING_SUITS,
    RELEASED,
    RESTRICTED,
    UNCLAIMED,
    WRONG,
)
from tests.e2e.shop import WAREHOUSE, Shop
from tests.e2e.talk import PERSON, asked, granted
from tests.e2e.words import asks, is_told

pytestmark = pytest.mark.processes

NO_PHOTO = label("choice_goods_photo_none")
RESEND, SEND_BACK = label("choice_goods_resend"), label("choice_goods_return")


def _wants(shop: Shop, number: str, wish: str) -> tuple[Buyer, list[Told]]:
    buyer = shop.buyer()
    return buyer, buyer.open(number, email_of(number), wish)


def _problem(shop: Shop, number: str) -> str:
    with reading(shop.engine) as connection:
        (case,) = (one for one in Cases(connection).of_order(shop.order(number).id) if one.kind == "goods")
    return case.facts["problem"]


# -- A, B: other reasons -------------------------------------------------------------------------


def test_parcel_not_picked_up_and_back_goes_to_a_person(shop: Shop) -> None:
    buyer, told = asked(shop, UNCLAIMED)
    assert_told(told, UNCLAIMED, shop.order(UNCLAIMED).parcels[0].tracking_number, label("term_reason_unclaimed"))
    assert (shop.owner(buyer), granted(shop, UNCLAIMED)) == ("queue", [])


@pytest.mark.parametrize(
    ("number", "reason"), [(RESTRICTED, "term_reason_restricted_goods"), (INSPECTED, "term_reason_inspection")]
)
def test_reason_for_which_customs_hold_a_parcel_is_told_without_an_amount(shop: Shop, number: str, reason: str) -> None:
    scan = shop.order(number).parcels[0].scans[-1]
    buyer, told = _wants(shop, number, "customs is holding my parcel, order")
    assert_told(told, number, label(reason), scan.location, day(scan.at), label("term_customs_warning"))
    assert "Amount due" not in text_of(told)
    assert PERSON in buyer.labels()


def test_parcel_that_customs_released_is_told_with_its_new_day(shop: Shop) -> None:
    order = shop.order(RELEASED)
    parcel = order.parcels[0]
    _, told = _wants(shop, RELEASED, "what about customs, is my parcel still held? order")
    assert_told(told, RELEASED, parcel.tracking_number, day(expected_by(shop.policy, order, parcel)))


# -- C: other problems ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "typed", "problem"),
    [
        (WRONG, "You sent me the wrong colour, I ordered another one. Order", "wrong_item"),
        (BROKEN, "The lamp doesn't work, it won't turn on. Order", "not_working"),
    ],
)
def test_wrong_and_dead_goods_are_sent_again(shop: Shop, number: str, typed: str, problem: str) -> None:
    buyer, told = _wants(shop, number, typed)
    assert_told(told, number)
    buyer.choose(NO_PHOTO)
    assert {RESEND, SEND_BACK} <= set(buyer.labels())
    buyer.choose(RESEND)
    assert (granted(shop, number), _problem(shop, number)) == (["resend"], problem)


def test_damaged_goods_go_back_at_the_shops_cost(shop: Shop) -> None:
    buyer, _ = _wants(shop, GOES_BACK, "It arrived damaged, the glass is smashed. Order")
    buyer.choose(NO_PHOTO)
    buyer.choose(SEND_BACK)
    buyer.choose(label("choice_return_it"))
    assert_told(buyer.heard[-1:], f"R-{GOES_BACK}-", WAREHOUSE, label("term_return_postage_seller"))


def test_disappointed_buyer_takes_a_discount_and_is_thanked(shop: Shop) -> None:
    buyer, _ = _wants(shop, DISAPPOINTED, "I am disappointed, the quality is really poor. Order")
    buyer.say("a warmer light")
    told = buyer.choose(label("choice_goods_discount"))
    assert is_told(told, "utter_goods_discount"), text_of(told)
    assert_told(told, DISAPPOINTED)
    assert (granted(shop, DISAPPOINTED), shop.owner(buyer)) == ([], "assistant")


# -- G: silent while a person has the conversation -------------------------------------------------


def test_assistant_is_silent_for_a_person_and_back_when_they_end_it(shop: Shop) -> None:
    buyer, _ = asked(shop, ASKS_BACK)
    for owner, answered in ((conversations.AGENT, False), (conversations.ASSISTANT, True)):
        with writing(shop.engine) as connection:
            move(connection, buyer.conversation_id, Move(owner), datetime.now(timezone.utc))
        told = buyer.say("where is my order now?")
        assert (ASKS_BACK in text_of(told)) == answered


# -- I: the place in the queue ---------------------------------------------------------------------


def test_who_buys_often_comes_first_in_the_queue(shop: Shop) -> None:
    stranger = shop.buyer()
    stranger.say("I want to talk to a human")
    buyer, _ = asked(shop, BUYS_OFTEN[0])
    buyer.say("I want to talk to a human")
    lines = shop.command("todo").splitlines()
    (first, best), (second, last) = (
        next((place, line) for place, line in enumerate(lines) if f" {one.conversation_id} " in line)
        for one in (buyer, stranger)
    )
    tiers = list(shop.policy.customers.tiers)
    assert (first < second, tiers[0] in best, tiers[-1] in last) == (True, True, False), (best, last)


# -- crooked ways ----------------------------------------------------------------------------------


def test_question_in_place_of_the_number_and_of_the_proof_is_answered_and_the_form_goes_on(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say("where is my order?")
    assert text_of(buyer.say("where do I find the order number?"))
    assert asks(buyer.say(ASKS_BACK), "contact_proof")
    assert text_of(buyer.say("why do you need that?"))
    assert shop.owner(buyer) == "assistant"
    assert_told(buyer.say(email_of(ASKS_BACK)), ASKS_BACK, shop.order(ASKS_BACK).parcels[0].tracking_number)


def test_offer_that_has_expired_gives_nothing_and_is_looked_at_anew(shop: Shop) -> None:
    buyer, _ = asked(shop, EXPIRED)
    refund = label("choice_now_refund", amount=shop.order(EXPIRED).value)
    mine = offers.c.conversation_id == buyer.conversation_id
    with writing(shop.engine) as connection:
        connection.execute(
            offers.update().where(mine).values(expires_at=datetime.now(timezone.utc) - timedelta(hours=1))
        )
    assert text_of(buyer.choose(refund)) == label("utter_offer_expired")
    assert granted(shop, EXPIRED) == []

    assert_told(buyer.say("where is my order?"), EXPIRED)
    buyer.choose(refund)
    buyer.choose(refund)
    assert granted(shop, EXPIRED) == ["refund"]


def test_who_says_no_to_everything_gets_nothing_and_a_way_to_a_person(shop: Shop) -> None:
    buyer, _ = asked(shop, NOTHING_SUITS)
    for text in ("no", "no, I don't want that either", "no"):
        assert text_of(buyer.say(text))
        assert buyer.labels() == [PERSON]
    assert (granted(shop, NOTHING_SUITS), shop.owner(buyer)) == ([], "assistant")
    buyer.choose(PERSON)
    assert shop.owner(buyer) == "queue"
