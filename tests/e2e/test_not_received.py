""" "I have not received it" for what was delivered, is on its way, late, stuck or lost: facts, offers, promises."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations
from tests.e2e.buyer import text_of
from tests.e2e.facts import (
    assert_told,
    business_days_after,
    day,
    days_after,
    due_day,
    expected_by,
    label,
    moment,
    scan_line,
    shop_day,
    total_of,
)
from tests.e2e.shop import Shop
from tests.e2e.talk import PERSON, asked, granted, only_promise, remedy_labels, usual_words

pytestmark = pytest.mark.processes


# -- A1, A2: delivered -----------------------------------------------------------------------


def test_buyer_is_told_who_else_signed_and_is_asked_whether_they_know_them(shop: Shop) -> None:
    order = shop.order("1001")
    parcel, scan = order.parcels[0], order.parcels[0].scans[-1]
    buyer, told = asked(shop, "1001")

    promise = only_promise(shop, "1001", "trace")
    assert due_day(shop.policy, promise) == days_after(shop.policy, promise, shop.policy.waits.delivered_days)
    assert_told(
        told, "1001", parcel.tracking_number, scan.location, moment(scan.at), scan.signed_by,
        order.ship_to.name.split()[0], day(due_day(shop.policy, promise)),
    )  # fmt: skip
    assert buyer.labels()[:2] == [label("choice_signer_yes"), label("choice_signer_no")]

    buyer.choose(label("choice_signer_yes"))
    assert (shop.owner(buyer), granted(shop, "1001")) == ("assistant", [])
    assert_told(buyer.heard[-1:], scan.signed_by, parcel.tracking_number, day(due_day(shop.policy, promise)))


def test_parcel_signed_by_a_stranger_goes_to_a_person(shop: Shop) -> None:
    scan = shop.order("1001").parcels[0].scans[-1]
    buyer, _ = asked(shop, "1001")
    told = buyer.choose(label("choice_signer_no"))

    assert_told(told, scan.signed_by, "1001")
    assert shop.owner(buyer) == "queue"


def test_buyer_is_told_where_the_parcel_was_left(shop: Shop) -> None:
    order = shop.order("1015")
    parcel, scan = order.parcels[0], order.parcels[0].scans[-1]
    buyer, told = asked(shop, "1015")

    promise = only_promise(shop, "1015", "trace")
    facts = (scan.left_at, scan.location, moment(scan.at), day(due_day(shop.policy, promise)))
    assert_told(told, "1015", parcel.tracking_number, *facts)
    assert (buyer.labels(), shop.owner(buyer)) == ([PERSON], "assistant")


def test_delivered_parcel_still_missing_after_the_wait_goes_to_a_person(shop: Shop) -> None:
    buyer, _ = asked(shop, "7116")
    shop.let_pass("7116", "trace", datetime.now(timezone.utc))
    told = buyer.say("I still have not received my order 7116, nobody has it")

    assert_told(told, "7116", shop.order("7116").parcels[0].tracking_number)
    assert (shop.owner(buyer), granted(shop, "7116")) == ("queue", [])


def test_delivery_to_another_address_goes_to_a_person_with_that_address(shop: Shop) -> None:
    order = shop.order("1014")
    scan = order.parcels[0].scans[-1]
    assert scan.delivered_to is not None
    buyer, told = asked(shop, "1014")

    streets = [address.line1.split(" ", 1)[1] for address in (scan.delivered_to, order.ship_to)]
    assert_told(told, "1014", order.parcels[0].tracking_number, moment(scan.at), scan.signed_by, *streets)
    assert order.ship_to.line1 not in text_of(told)
    assert shop.owner(buyer) == "queue"
    with reading(shop.engine) as connection:
        mine = conversations.c.id == buyer.conversation_id
        note = connection.execute(select(conversations.c.handover_note).where(mine)).scalar_one()
    assert scan.delivered_to.line1 in str(note)


# -- A3, A4: on its way ----------------------------------------------------------------------


def test_parcel_in_time_is_told_with_its_window(shop: Shop) -> None:
    order = shop.order("1003")
    parcel = order.parcels[0]
    expected = expected_by(shop.policy, order, parcel)
    buyer, told = asked(shop, "1003")

    assert parcel.shipped_at is not None
    shipped = day(shop_day(shop.policy, parcel.shipped_at))
    facts = (usual_words(shop.policy, order), day(expected), scan_line(parcel.scans[-1]), shipped)
    assert_told(told, "1003", parcel.tracking_number, "Yanwen", "Germany", *facts)
    assert buyer.labels() == [PERSON]
    assert due_day(shop.policy, only_promise(shop, "1003", "notice")) > expected
    card = told[0].card
    assert card is not None
    assert card["parcels"][0]["tracking_number"] == parcel.tracking_number
    assert card["parcels"][0]["expected_by"] == day(expected)


def test_parcel_at_a_sorting_centre_is_told_with_its_last_three_scans(shop: Shop) -> None:
    order = shop.order("1002")
    buyer, told = asked(shop, "1002")

    promise = only_promise(shop, "1002", "grace")
    assert due_day(shop.policy, promise) == days_after(shop.policy, promise, shop.policy.waits.sorting_centre_days)
    assert_told(told, "1002", order.parcels[0].tracking_number, "France", day(due_day(shop.policy, promise)))
    lines = [line.lstrip("• ") for line in text_of(told).splitlines() if line.startswith("•")]
    assert lines == [scan_line(scan) for scan in reversed(order.parcels[0].scans[-3:])]
    assert buyer.labels() == [*remedy_labels(order, "then"), label("choice_then_wait"), PERSON]
    assert [(offer.kind, set(offer.options)) for offer in shop.offers(buyer)] == [
        ("after_wait", {"resend", "refund", "wait"})
    ]


def test_wish_for_the_day_after_the_wait_is_noted_and_not_granted_yet(shop: Shop) -> None:
    order = shop.order("7102")
    buyer, _ = asked(shop, "7102")
    told = buyer.choose(label("choice_then_refund", amount=order.value))

    promise = only_promise(shop, "7102", "grace")
    assert_told(told, "7102", total_of(order), day(due_day(shop.policy, promise)))
    assert promise.remedy == "refund"


# -- A5, A6: late ----------------------------------------------------------------------------


def test_late_parcel_is_told_how_late_it_is_and_a_date_is_promised(shop: Shop) -> None:
    order = shop.order("1004")
    parcel = order.parcels[0]
    expected = expected_by(shop.policy, order, parcel)
    buyer, told = asked(shop, "1004")

    promise = only_promise(shop, "1004", "grace")
    assert due_day(shop.policy, promise) == days_after(shop.policy, promise, shop.policy.waits.grace_days)
    late = (shop_day(shop.policy, promise.made_at) - expected).days
    facts = (usual_words(shop.policy, order), day(expected), f"{late} days late", scan_line(parcel.scans[-1]))
    assert_told(told, "1004", parcel.tracking_number, "YunExpress", *facts, day(due_day(shop.policy, promise)))
    assert buyer.labels() == [*remedy_labels(order, "then"), label("choice_then_wait"), PERSON]
    assert granted(shop, "1004") == []


@pytest.mark.parametrize(("number", "remedy", "other"), [("7104", "refund", "resend"), ("7114", "resend", "refund")])
def test_after_the_grace_the_remedy_taken_is_granted_once(shop: Shop, number: str, remedy: str, other: str) -> None:
    order = shop.order(number)
    buyer, _ = asked(shop, number)
    shop.let_pass(number, "grace", datetime.now(timezone.utc))
    told = buyer.say(f"My order {number} still has not arrived")
    assert_told(told, number, order.parcels[0].tracking_number, total_of(order))
    assert buyer.labels() == [*remedy_labels(order, "now"), PERSON]

    told = buyer.choose(label(f"choice_now_{remedy}", amount=order.value))
    promise = shop.promises(number)[-1]
    days = getattr(shop.policy.remedies, f"{remedy}_within_days")
    by = business_days_after(shop_day(shop.policy, promise.made_at), days)
    assert (promise.kind, due_day(shop.policy, promise)) == (remedy, by)
    assert_told(told, number, day(by))

    told = buyer.choose(label(f"choice_now_{remedy}", amount=order.value))
    assert_told(told, number, day(by))
    assert buyer.choose(label(f"choice_now_{other}", amount=order.value))
    assert granted(shop, number) == [remedy]

    _, told = asked(shop, number)
    assert_told(told, number, day(by))
    assert granted(shop, number) == [remedy]


def test_late_order_above_the_limit_is_settled_by_a_person(shop: Shop) -> None:
    buyer, _ = asked(shop, "7140")
    shop.let_pass("7140", "grace", datetime.now(timezone.utc))
    told = buyer.say("My order 7140 still has not arrived")

    assert_told(told, "7140", total_of(shop.order("7140")))
    assert [offer.kind for offer in shop.offers(buyer) if {"refund", "resend"} & set(offer.options)] == []
    assert (shop.owner(buyer), granted(shop, "7140")) == ("queue", [])


def test_promised_day_does_not_move_when_the_buyer_asks_again(shop: Shop) -> None:
    asked(shop, "1004")
    first = only_promise(shop, "1004", "grace")
    _, told = asked(shop, "1004")

    assert only_promise(shop, "1004", "grace").due_at == first.due_at
    assert first.due_at - first.made_at < timedelta(days=shop.policy.waits.grace_days + 1)
    assert day(due_day(shop.policy, first)) in text_of(told)


# -- A7, A8: without tracking, stuck, lost -----------------------------------------------------


def test_mail_without_tracking_number_in_time_is_told_the_days_used(shop: Shop) -> None:
    order = shop.order("1005")
    buyer, told = asked(shop, "1005")

    parcel = order.parcels[0]
    assert parcel.shipped_at is not None
    shipped = shop_day(shop.policy, parcel.shipped_at)
    used = (shop_day(shop.policy, told[0].at) - shipped).days
    facts = (day(shipped), f"{used} days", day(expected_by(shop.policy, order, parcel)))
    assert_told(told, "1005", "China Post", usual_words(shop.policy, order), *facts)
    assert buyer.labels() == [PERSON]


def test_mail_without_tracking_number_that_is_late_gets_a_promise(shop: Shop) -> None:
    order = shop.order("7105")
    buyer, told = asked(shop, "7105")

    promise = only_promise(shop, "7105", "grace")
    expected = expected_by(shop.policy, order, order.parcels[0])
    assert_told(told, "7105", "China Post", day(expected), day(due_day(shop.policy, promise)))
    assert buyer.labels() == [*remedy_labels(order, "then"), label("choice_then_wait"), PERSON]


@pytest.mark.parametrize("number", ["1006", "1017"])
def test_stuck_or_lost_parcel_is_traced_and_settled_now(shop: Shop, number: str) -> None:
    order = shop.order(number)
    parcel = order.parcels[0]
    buyer, told = asked(shop, number)

    facts = (scan_line(parcel.scans[-1]), total_of(order), "China Post")
    assert_told(told, number, parcel.tracking_number, *facts)
    assert buyer.labels() == [*remedy_labels(order, "now"), PERSON]
    only_promise(shop, number, "trace")


def test_lost_parcel_above_the_limit_goes_to_a_person_without_an_offer(shop: Shop) -> None:
    order = shop.order("7117")
    buyer, told = asked(shop, "7117")

    assert_told(told, "7117", order.parcels[0].tracking_number, total_of(order))
    assert (shop.owner(buyer), shop.offers(buyer), granted(shop, "7117")) == ("queue", [], [])
