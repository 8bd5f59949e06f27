"""Changes of an order as buyers ask for them: called off, sent to another address, received."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import select

from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations, shop_tasks
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import assert_told, business_days_after, day, due_day, label, shop_day, total_of
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop
from tests.e2e.talk import PERSON, granted

pytestmark = pytest.mark.processes

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NEW = "22 Whiteladies Road\nBristol\nBS8 2LG"
CANCEL, ADDRESS, RECEIVED = "I want to cancel my order", "I need to change the delivery address of order", "I received"


def _opened(shop: Shop, number: str, wish: str) -> tuple[Buyer, Any]:
    buyer = shop.buyer()
    return buyer, buyer.open(number, email_of(number), wish)


def _tasks(shop: Shop, number: str) -> list[Any]:
    mine = shop_tasks.c.order_id == shop.order(number).id
    with reading(shop.engine) as connection:
        return list(connection.execute(select(shop_tasks).where(mine).order_by(shop_tasks.c.id)))


def _case_states(shop: Shop, number: str) -> list[tuple[str, str]]:
    with reading(shop.engine) as connection:
        return [(case.kind, case.state) for case in Cases(connection).of_order(shop.order(number).id)]


def _handover(shop: Shop, buyer: Buyer) -> tuple[str, Any]:
    mine = conversations.c.id == buyer.conversation_id
    with reading(shop.engine) as connection:
        row = connection.execute(select(conversations).where(mine)).one()
    return row.handover_reason, row.handover_note


def _photo_without_words(buyer: Buyer) -> list[Told]:
    files = {"file": ("label.png", PIXEL, "image/png")}
    uploaded = buyer.http.post("/api/chat/uploads", files=files, headers=buyer.headers)
    buyer.send(attachments=[uploaded.json()["id"]])
    return buyer.listen()


# -- called off ------------------------------------------------------------------------------


def test_unsent_order_is_cancelled_after_one_question(shop: Shop) -> None:
    order = shop.order("7280")
    buyer, told = _opened(shop, "7280", CANCEL)
    assert_told(told, "7280", total_of(order))
    assert buyer.labels() == [
        label("choice_cancelling_yes", amount=order.value), label("choice_cancelling_no"), PERSON,
    ]  # fmt: skip
    assert (order.cancelled_at, shop.promises("7280")) == (None, [])

    told = buyer.say("yes please")
    promise = shop.promises("7280")[-1]
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.remedies.refund_within_days)
    assert (promise.kind, due_day(shop.policy, promise)) == ("cancel", by)
    assert_told(told, "7280", total_of(order), day(by))
    assert shop.order("7280").cancelled_at is not None
    assert [task.kind for task in _tasks(shop, "7280")] == ["cancel"]

    _, told = _opened(shop, "7280", "cancel my order")
    assert_told(told, "7280", day(by))
    _, told = _opened(shop, "7280", "why did you cancel my order?")
    assert_told(told, "7280", day(by))
    assert granted(shop, "7280") == ["cancel"]


def test_buyer_who_says_no_keeps_the_order(shop: Shop) -> None:
    buyer, _ = _opened(shop, "7289", CANCEL)
    assert_told(buyer.choose(label("choice_cancelling_no")), "7289")
    assert (shop.order("7289").cancelled_at, granted(shop, "7289")) == (None, [])


def test_unpaid_order_is_cancelled_at_once(shop: Shop) -> None:
    _, told = _opened(shop, "7282", CANCEL)
    assert_told(told, "7282")
    assert shop.order("7282").cancelled_at is not None
    assert (granted(shop, "7282"), [task.kind for task in _tasks(shop, "7282")]) == ([], ["cancel"])


def test_order_on_its_way_is_not_cancelled_but_can_be_refused_or_sent_back(shop: Shop) -> None:
    order = shop.order("7286")
    buyer, told = _opened(shop, "7286", CANCEL)
    assert_told(told, "7286", order.parcels[0].tracking_number, "Yanwen", f"{shop.policy.returns.window_days} days")
    assert buyer.labels() == [label("choice_wish_return_item"), PERSON]
    assert (shop.order("7286").cancelled_at, granted(shop, "7286")) == (None, [])


# -- another address -------------------------------------------------------------------------


def test_address_of_an_unsent_order_is_asked_for_read_back_and_changed(shop: Shop) -> None:
    before = shop.order("7281").ship_to
    buyer, told = _opened(shop, "7281", ADDRESS)
    assert_told(told, "7281", before.city)
    assert before.line1 not in text_of(told)

    told = buyer.say("22 Whiteladies Road")
    assert_told(told, "7281", label("term_address_city"), label("term_address_postcode"))
    told = buyer.say(NEW)
    assert_told(told, "7281", "22 Whiteladies Road", "BS8 2LG Bristol", "United Kingdom", before.name)
    assert shop.order("7281").ship_to == before
    told = buyer.choose(label("choice_address_yes"))
    assert_told(told, "7281", "22 Whiteladies Road", "BS8 2LG Bristol")

    after = shop.order("7281").ship_to
    assert (after.line1, after.city, after.postcode, after.country) == (
        "22 Whiteladies Road",
        "Bristol",
        "BS8 2LG",
        "GB",
    )
    assert [task.kind for task in _tasks(shop, "7281")] == ["change_address"]
    assert _case_states(shop, "7281") == [("address", "agreed")]
    assert shop.owner(buyer) == "assistant"


def test_waiting_for_an_address_outlives_thanks_a_photo_a_stop_a_question_back_and_a_no(shop: Shop) -> None:
    buyer, _ = _opened(shop, "7288", ADDRESS)
    assert text_of(buyer.say("thank you"))
    assert text_of(_photo_without_words(buyer)) == label("notice_photo_received")
    assert text_of(buyer.say("please do not send me any more notifications"))
    told = buyer.say("which address do you have?")
    assert_told(told, "7288", "Bristol")
    told = buyer.say(NEW)
    assert_told(told, "22 Whiteladies Road")
    told = buyer.say("no")  # to "is it right?"
    assert_told(told, "7288")
    buyer.say("24 Whiteladies Road, Bristol, BS8 2LG")
    buyer.say("yes")
    assert shop.order("7288").ship_to.line1 == "24 Whiteladies Road"


def test_buyer_who_leaves_it_is_not_asked_on(shop: Shop) -> None:
    before = shop.order("7290").ship_to
    buyer, _ = _opened(shop, "7290", ADDRESS)
    assert text_of(buyer.say("never mind")) == label("utter_details_left")
    told = buyer.say("where is my order?")  # no answer to a question any more
    assert_told(told, "7290")
    assert shop.order("7290").ship_to == before


def test_another_wish_in_the_middle_is_answered_and_the_waiting_ends(shop: Shop) -> None:
    buyer, _ = _opened(shop, "7290", ADDRESS)
    told = buyer.say("actually, I want to cancel my order")
    assert_told(told, "7290", total_of(shop.order("7290")))
    assert buyer.choose(label("choice_cancelling_no"))
    assert (shop.order("7290").cancelled_at, granted(shop, "7290")) == (None, [])


def test_another_order_named_in_the_middle_has_to_be_proven(shop: Shop) -> None:
    buyer, _ = _opened(shop, "7292", ADDRESS)
    told = buyer.say("where is my order 7287?")
    assert shop.order("7287").parcels[0].tracking_number not in text_of(told)
    assert_told(buyer.say(email_of("7287")), "7287", shop.order("7287").parcels[0].tracking_number)


def test_what_is_no_address_three_times_goes_to_a_person(shop: Shop) -> None:
    buyer, _ = _opened(shop, "7291", ADDRESS)
    for _ in range(2):
        assert_told(buyer.say("Bristol"), "7291")
    assert shop.owner(buyer) == "assistant"
    assert_told(buyer.say("Bristol"), "7291")
    assert (shop.owner(buyer), _handover(shop, buyer)[0]) == ("queue", "address_not_read")


def test_address_of_a_parcel_on_its_way_is_for_a_person_to_ask_the_carrier(shop: Shop) -> None:
    before = shop.order("7287").ship_to
    buyer, told = _opened(shop, "7287", ADDRESS)
    assert_told(told, "7287", "Yanwen", shop.order("7287").parcels[0].tracking_number)
    assert_told(buyer.say("Musterstraße 5, 10115 Berlin"), "Musterstraße 5", "10115 Berlin")
    assert_told(buyer.say("yes, that's right"), "7287", "Yanwen")

    reason, note = _handover(shop, buyer)
    assert (shop.owner(buyer), reason) == ("queue", "address_shipped")
    assert "Musterstraße 5, 10115 Berlin" in note["address"]
    assert shop.order("7287").ship_to == before
    assert [task.kind for task in _tasks(shop, "7287")] == ["ask_carrier_for_address"]


@pytest.mark.parametrize(
    ("number", "promised", "task"), [("7283", [], "resend_when_back"), ("7284", ["resend"], "resend")]
)
def test_parcel_with_a_wrong_address_is_sent_again_once_it_is_in(
    shop: Shop, number: str, promised: list[str], task: str
) -> None:
    buyer, told = _opened(shop, number, "I have not received my order")
    told = buyer.choose(label("choice_correct_address"))
    assert_told(told, number)
    told = buyer.say("ul. Rubinshteyna 15, kv. 8, Sankt-Peterburg, 191002")
    assert_told(told, "ul. Rubinshteyna 15", "kv. 8", "191002 Sankt-Peterburg", "Russia")
    assert_told(buyer.say("yes"), number, "ul. Rubinshteyna 15")

    assert granted(shop, number) == promised
    assert [each.kind for each in _tasks(shop, number)] == [task]
    assert shop.order(number).ship_to.line2 == "kv. 8"
    assert ("address", "agreed") in _case_states(shop, number)


# -- received --------------------------------------------------------------------------------


def test_received_order_is_noted_once_with_thanks(shop: Shop) -> None:
    buyer, told = _opened(shop, "7285", "My package arrived today, thank you. Order")
    assert_told(told, "7285", "check that everything", "honest")
    noted = shop.order("7285").confirmed_at
    assert noted is not None
    assert buyer.labels() == [label("choice_something_wrong"), PERSON]

    _, told = _opened(shop, "7285", "My package arrived today, thank you. Order")
    assert_told(told, "7285")
    assert shop.order("7285").confirmed_at == noted
