""" "I have not received it" for what is held, going back, not sent or not found, and the way to a person and back."""

from __future__ import annotations

import pytest

from doorstep import demo
from tests.e2e.buyer import text_of
from tests.e2e.facts import (
    assert_told,
    business_days_after,
    day,
    due_day,
    expected_by,
    label,
    moment,
    money,
    scan_line,
    shop_day,
    total_of,
)
from tests.e2e.shop import Shop
from tests.e2e.talk import EMAILS, PERSON, asked, granted, only_promise

pytestmark = pytest.mark.processes


# -- A9, A10, A11: held, waiting, going back ---------------------------------------------------


def test_customs_are_told_with_amount_and_last_day(shop: Shop) -> None:
    parcel = shop.order("1007").parcels[0]
    scan = parcel.scans[-1]
    assert scan.act_by is not None
    _, told = asked(shop, "1007")

    due = money(scan.amount_due, scan.amount_currency)
    assert_told(told, "1007", parcel.tracking_number, due, scan.location, day(scan.at), "YunExpress")
    assert day(scan.act_by.astimezone(scan.at.tzinfo)) in text_of(told)


def test_waiting_parcel_is_told_with_place_and_last_day(shop: Shop) -> None:
    parcel = shop.order("1008").parcels[0]
    scan = parcel.scans[-1]
    assert scan.act_by is not None
    buyer, told = asked(shop, "1008")

    last_day = day(scan.act_by.astimezone(scan.at.tzinfo))
    assert_told(told, "1008", parcel.tracking_number, scan.location, label("term_reason_nobody_home"), last_day)
    assert PERSON in buyer.labels()


def test_failed_delivery_is_told_with_day_place_and_reason(shop: Shop) -> None:
    parcel = shop.order("1018").parcels[0]
    scan = parcel.scans[-1]
    buyer, told = asked(shop, "1018")

    facts = (scan.location, day(scan.at), label("term_reason_nobody_home"), "YunExpress")
    assert_told(told, "1018", parcel.tracking_number, *facts)
    assert PERSON in buyer.labels()


def test_parcel_going_back_for_its_address_asks_for_the_right_one(shop: Shop) -> None:
    order = shop.order("1009")
    buyer, told = asked(shop, "1009")

    parcel = order.parcels[0]
    assert_told(told, "1009", parcel.tracking_number, label("term_reason_bad_address"), scan_line(parcel.scans[-1]))
    assert (label("choice_correct_address") in buyer.labels(), granted(shop, "1009")) == (True, [])

    told = buyer.choose(label("choice_correct_address"))
    assert_told(told, "1009", "street and house number, city, postcode")
    assert (shop.owner(buyer), granted(shop, "1009")) == ("assistant", [])


def test_parcel_refused_and_back_is_settled_now(shop: Shop) -> None:
    order = shop.order("7109")
    buyer, told = asked(shop, "7109")

    facts = (order.parcels[0].tracking_number, label("term_reason_refused"), total_of(order))
    assert label("choice_now_refund", amount=order.value) in buyer.labels()
    assert_told(told, "7109", *facts)


# -- A12, A13, A14: not sent yet ---------------------------------------------------------------


def test_order_in_stock_is_told_when_it_ships(shop: Shop) -> None:
    order = shop.order("1010")
    _, told = asked(shop, "1010")

    assert order.paid_at is not None
    ships = business_days_after(shop_day(shop.policy, order.paid_at), shop.policy.handling_days)
    assert_told(told, "1010", order.lines[0].title, day(shop_day(shop.policy, order.placed_at)), day(ships))
    assert due_day(shop.policy, only_promise(shop, "1010", "ship")) == ships


def test_order_past_its_handling_time_can_be_cancelled_once(shop: Shop) -> None:
    order = shop.order("7110")
    buyer, told = asked(shop, "7110")
    cancel = label("choice_unshipped_cancel", amount=order.value)
    assert_told(told, "7110", total_of(order))
    assert cancel in buyer.labels()

    buyer.choose(cancel)
    buyer.choose(cancel)
    assert granted(shop, "7110") == ["cancel"]


def test_sold_out_order_is_told_restock_day_and_what_is_similar(shop: Shop) -> None:
    order = shop.order("1011")
    products = {product["sku"]: product for product in demo.orders(order.placed_at)["products"]}
    buyer, told = asked(shop, "1011")

    similar = [products[sku] for sku in products["KETTLE-06"]["similar"]]
    links = [fact for one in similar for fact in (one["title"], one["url"])]
    assert_told(told, "1011", order.lines[0].title, total_of(order), *links)
    cheaper = label("choice_unshipped_swap", title=products["CUP-HEAT"]["title"])
    assert cheaper in buyer.labels()
    assert label("choice_unshipped_swap", title=products["KETTLE-08"]["title"]) not in buyer.labels()
    assert label("choice_unshipped_cancel", amount=order.value) in buyer.labels()

    told = buyer.choose(cheaper)
    assert_told(told, "1011", products["CUP-HEAT"]["title"])
    assert granted(shop, "1011") == ["swap"]


def test_unpaid_order_is_told_how_to_pay_and_until_when(shop: Shop) -> None:
    order = shop.order("1012")
    buyer, told = asked(shop, "1012")

    assert order.reserved_until is not None
    reserved = day(shop_day(shop.policy, order.reserved_until))
    assert_told(told, "1012", total_of(order), order.pay_url, reserved)
    assert (PERSON in buyer.labels(), shop.promises("1012")) == (True, [])


# -- A15, several parcels, and the way to a person -----------------------------------------------


def test_unknown_order_is_asked_for_again_and_then_goes_to_a_person(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.open("9915", "somebody@example.com")
    assert_told(told, "112-4455667-8899001")
    assert shop.owner(buyer) == "assistant"

    for number in ("9916", "9917"):
        buyer.say(number)
        told = buyer.say("somebody@example.com")
    assert_told(told, str(shop.policy.answer_within_hours))
    assert shop.owner(buyer) == "queue"


def test_each_of_several_parcels_is_told(shop: Shop) -> None:
    order = shop.order("1013")
    delivered, moving = order.parcels
    buyer, told = asked(shop, "1013")

    handed_over = delivered.scans[-1]
    signer = handed_over.signed_by.split()[0]  # the buyer's own family name need not be shown
    assert_told(told, "1013", delivered.tracking_number, moment(handed_over.at), signer)
    assert_told(told, moving.tracking_number, day(expected_by(shop.policy, order, moving)))
    assert {promise.subject for promise in shop.promises("1013")} == {str(delivered.id), str(moving.id)}
    assert [one.choices for one in told[:-1]] == [{}] * (len(told) - 1)
    assert buyer.labels() == [PERSON]


def test_handed_over_buyer_can_go_on_with_the_assistant(shop: Shop) -> None:
    buyer = shop.buyer()
    told = buyer.say("I want to talk to a human please")
    assert str(shop.policy.answer_within_hours) in text_of(told)
    assert shop.owner(buyer) == "queue"

    told = buyer.say("hello, is somebody there?")
    stay = label("choice_stay_assistant")
    assert [(one.sender, list(one.choices)) for one in told] == [("notice", [stay])]
    assert shop.owner(buyer) == "queue"

    buyer.choose(stay)
    assert shop.owner(buyer) == "assistant"
    assert_told(buyer.open("1003", EMAILS["1003"]), "1003")
