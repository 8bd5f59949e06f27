"""Taking an option brings what was offered, by a date, and only as long as things are as they were."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from doorstep import offers, promises
from doorstep.acceptance import changed_since, is_wish, settle_option
from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import Offer
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Situation
from doorstep.windows import shop_date
from tests.builders import a_line, a_parcel, a_product, days_ago
from tests.telling import a_delivered_parcel, a_late_parcel, a_policy, a_situation, labels, later, stored, told, told_by

LOST = a_situation(a_parcel(status="lost"))
LATE = a_situation(a_late_parcel())
SIGNED = a_situation(a_delivered_parcel(signed_by="Marcos Oliveira"))
NOT_SENT = a_situation(a_parcel(shipped_at=None, scans=()))


def _offer_in(situation: Situation) -> tuple[Situation, Offer]:
    """The offer of an answer, and the situation once its promises stand."""
    settled = settle_tracking(situation)
    return later(situation, settled), stored(settled)


def _with(situation: Situation, *parcels: Parcel) -> Situation:
    return replace(situation, order=replace(situation.order, parcels=parcels))


@pytest.mark.parametrize(
    ("option", "facts"),
    [
        ("refund", ("order 1001", "$24.50 back", "by Mon, Jun 23, 2025", "way you paid")),
        ("resend", ("new parcel", "order 1001", "by Mon, Jun 23, 2025", "free of charge")),
    ],
)
def test_an_option_is_granted_by_the_day_of_the_policy(option: str, facts: tuple[str, ...]) -> None:
    situation, offer = _offer_in(LOST)
    settled = settle_option(situation, offer, option)
    text = told(settled)
    assert [fact for fact in facts if fact not in text] == []
    (promise,) = settled.promises
    assert (promise.kind, promise.subject, promise.remedy) == (option, "1", option)
    assert shop_date(promise.due_at, situation.policy).isoformat() == "2025-06-23"


def test_sending_and_paying_back_have_days_of_their_own() -> None:
    situation, offer = _offer_in(LOST)
    hasty = replace(situation, policy=a_policy(remedies={"resend_within_days": 1, "refund_within_days": 7}))
    assert "Thu, Jun 19, 2025" in told(settle_option(hasty, offer, "resend"))
    assert "Fri, Jun 27, 2025" in told(settle_option(hasty, offer, "refund"))


def test_an_option_taken_again_is_told_with_the_same_day() -> None:
    situation, offer = _offer_in(LOST)
    granted = settle_option(situation, offer, "refund")
    assert told(settle_option(later(situation, granted, days=2), offer, "refund")) == told(granted)


def test_an_option_taken_again_after_its_day_is_not_promised_for_that_day() -> None:
    situation, offer = _offer_in(LOST)
    granted = settle_option(situation, offer, "refund")
    settled = settle_option(later(situation, granted, days=6), offer, "refund")
    assert "should have been sent back by Mon, Jun 23, 2025" in told(settled)
    assert settled.handover is not None
    assert settled.promises == ()


def test_a_new_parcel_is_not_promised_with_a_tracking_number() -> None:
    situation, offer = _offer_in(LOST)
    assert "tracking number" not in told(settle_option(situation, offer, "resend"))


def test_a_wish_for_the_promised_day_is_only_noted() -> None:
    situation, offer = _offer_in(LATE)
    settled = settle_option(situation, offer, "refund")
    text = told(settled)
    assert "If order 1001" in text
    assert "end of Fri, Jun 20, 2025" in text
    assert "$24.50 back" in text
    assert settled.promises == ()
    assert is_wish(situation, offer)


@pytest.mark.parametrize(("option", "said"), [("resend", "send it again free of charge"), ("wait", "decide then")])
def test_every_wish_is_noted_with_its_day(option: str, said: str) -> None:
    situation, offer = _offer_in(LATE)
    text = told(settle_option(situation, offer, option))
    assert said in text
    assert "end of Fri, Jun 20, 2025" in text


def test_after_the_promised_day_a_wish_is_granted_at_once() -> None:
    situation, offer = _offer_in(LATE)
    after = replace(situation, now=days_ago(-3))
    assert not is_wish(after, offer)
    assert changed_since(after, offer, "refund") is None
    assert [promise.kind for promise in settle_option(after, offer, "refund").promises] == ["refund"]


def test_after_the_promised_day_a_buyer_may_still_wait() -> None:
    situation, offer = _offer_in(LATE)
    settled = settle_option(replace(situation, now=days_ago(-3)), offer, "wait")
    assert "can still decide" in told(settled)
    assert settled.promises == ()


def test_after_the_promised_day_another_wish_than_the_noted_one_can_be_taken() -> None:
    situation, offer = _offer_in(LATE)
    wished = tuple(replace(promise, remedy="refund") for promise in situation.promises)
    after = replace(situation, now=days_ago(-3), promises=wished)
    assert changed_since(after, offer, "resend") is None


# -- things have changed since -------------------------------------------------------------


def test_a_parcel_that_came_meanwhile_is_told_and_nothing_is_granted() -> None:
    situation, offer = _offer_in(LOST)
    instead = changed_since(_with(situation, a_delivered_parcel()), offer, "refund")
    assert instead is not None
    assert told(instead).startswith(told_by(Reply("utter_offer_outdated")))
    assert "delivered on Tue, Jun 17, 2025" in told(instead)
    assert [promise.kind for promise in instead.promises] == ["trace"]


def test_a_late_parcel_that_came_meanwhile_takes_no_wish_any_more() -> None:
    situation, offer = _offer_in(LATE)
    assert changed_since(_with(situation, a_delivered_parcel()), offer, "refund") is not None


def test_an_order_that_left_meanwhile_is_not_cancelled() -> None:
    situation, offer = _offer_in(NOT_SENT)
    assert changed_since(situation, offer, "cancel") is None
    assert changed_since(_with(situation, a_parcel()), offer, "cancel") is not None


def test_a_lower_limit_counts_for_offers_made_before() -> None:
    situation, offer = _offer_in(LOST)
    stricter = replace(situation, policy=a_policy(remedies={"limits": {"USD": 10}}))
    instead = changed_since(stricter, offer, "refund")
    assert instead is not None
    assert instead.handover is not None
    assert instead.handover.reason == "above_limit"


def test_an_offer_for_at_once_is_not_taken_while_the_buyer_is_asked_to_wait() -> None:
    situation, offer = _offer_in(LOST)
    assert changed_since(_with(situation, a_late_parcel()), offer, "refund") is not None


def test_one_order_is_not_paid_back_twice_for_two_parcels_that_may_hold_the_same() -> None:
    situation = a_situation(a_parcel(status="lost"), a_parcel(id=2, tracking_number="RB2", status="lost"))
    settled = settle_tracking(situation)
    first, second = stored(settled, 0), stored(settled, 1)
    after = later(situation, settle_option(situation, first, "refund"))
    instead = changed_since(after, second, "refund")
    assert instead is not None
    assert instead.handover is not None
    assert told_by(Reply("term_person_settles")) in told(instead)
    assert "$24.50" not in told(instead)


# -- what has not left ---------------------------------------------------------------------


def test_a_cancellation_is_told_with_amount_and_day() -> None:
    situation, offer = _offer_in(NOT_SENT)
    settled = settle_option(situation, offer, "cancel")
    text = told(settled)
    assert "cancelled order 1001" in text
    assert "$24.50 back by Mon, Jun 23, 2025" in text
    assert [(promise.kind, promise.subject) for promise in settled.promises] == [(promises.CANCEL, "")]


def test_only_the_rest_of_an_order_is_cancelled_once_a_part_has_left() -> None:
    lines = (a_line(), a_line(sku="CASE", unit_price=Decimal("5.50")))
    situation, offer = _offer_in(a_situation(a_parcel(skus=("HP-200-BK",)), lines=lines, total=Decimal(30)))
    settled = settle_option(situation, offer, "cancel")
    text = told(settled)
    assert f"cancelled {told_by(Reply('term_rest_of_order', {'order_number': '1001'}))}" in text
    assert "$5.50 back" in text


def test_waiting_for_an_order_leaves_it_reserved() -> None:
    situation, offer = _offer_in(NOT_SENT)
    settled = settle_option(situation, offer, "wait")
    assert "stays reserved for you" in told(settled)
    assert settled.promises == ()


def test_another_product_is_told_by_its_title_and_leaves_within_the_days_for_sending() -> None:
    products = {
        "HP-200-BK": a_product(in_stock=False, similar=("HP-210",)),
        "HP-210": a_product(sku="HP-210", title="Headphones 210", price=Decimal(20)),
    }
    policy = a_policy(remedies={"resend_within_days": 1})
    situation, offer = _offer_in(replace(NOT_SENT, products=products, policy=policy))
    settled = settle_option(situation, offer, "swap:HP-210")
    text = told(settled)
    assert '"Headphones 210" instead' in text
    assert "by Thu, Jun 19, 2025" in text
    assert [(promise.kind, promise.remedy) for promise in settled.promises] == [(promises.SWAP, "swap:HP-210")]


# -- who signed ----------------------------------------------------------------------------


def test_a_known_signer_is_named_with_the_day_of_the_trace() -> None:
    situation, offer = _offer_in(SIGNED)
    settled = settle_option(situation, offer, offers.YES)
    text = told(settled)
    assert "ask Marcos Oliveira for parcel RB123456785CN" in text
    assert "order 1001" in text
    assert "missing after Fri, Jun 20, 2025" in text
    assert labels(settled) == ["Talk to a person"]
    assert settled.handover is None


def test_a_stranger_who_signed_goes_to_a_person_with_the_name() -> None:
    situation, offer = _offer_in(SIGNED)
    settled = settle_option(situation, offer, offers.NO)
    assert "may have gone to the wrong person (Marcos Oliveira)" in told(settled)
    assert settled.handover == Handover("signed_by_stranger", {"signer": "Marcos Oliveira"})


def test_the_question_who_signed_can_be_answered_whatever_has_happened_since() -> None:
    situation, offer = _offer_in(SIGNED)
    assert changed_since(_with(situation, a_parcel()), offer, offers.NO) is None


# -- passing on ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "reply", "handover"),
    [("yes", "utter_handover_asked", Handover("asked")), ("no", "utter_not_passed_on", None)],
)
def test_passing_on_is_the_buyers_choice(option: str, reply: str, handover: Handover | None) -> None:
    offer = Offer("1", "conversation", 1, "", offers.PASS_ON, ("yes", "no"), days_ago(-1))
    settled = settle_option(a_situation(), offer, option)
    assert [told.name for told in settled.replies] == [reply]
    assert settled.handover == handover


def test_a_parcel_that_is_gone_from_the_order_raises_nothing() -> None:
    situation, offer = _offer_in(LOST)
    empty = _with(situation)
    assert changed_since(empty, offer, "refund") is not None
    promise = Promise(promises.TRACE, "1", days_ago(-1))
    assert told(settle_option(replace(empty, promises=(promise,)), replace(offer, kind=offers.SIGNER), "no"))
