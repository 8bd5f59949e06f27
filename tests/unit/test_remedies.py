"""What may be granted without a person: by the policy's limit for the order, and never more than was paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep.orders import Money
from doorstep.promises import REFUND, Promise
from doorstep.remedies import granted_by, offer_ends, remedies_for, value_of
from tests.builders import NOW, a_line, a_parcel, an_order, days_ago
from tests.telling import a_policy, a_situation

TWO = (a_line(unit_price=Decimal(20)), a_line(sku="B", quantity=3, unit_price=Decimal(10)))


@pytest.mark.parametrize(
    ("total", "options"),
    [("99.99", ("resend", "refund")), ("100.00", ("resend", "refund")), ("100.01", ())],
)
def test_the_limit_itself_is_still_granted_and_a_cent_more_is_not(total: str, options: tuple[str, ...]) -> None:
    situation = a_situation(total=Decimal(total))
    assert remedies_for(situation, situation.order.parcels[0]).options == options


def test_a_currency_without_limit_is_for_a_person() -> None:
    situation = a_situation(currency="CHF", total=Decimal(1))
    allowed = remedies_for(situation, situation.order.parcels[0])
    assert (allowed.options, allowed.why) == ((), "above_limit")


def test_the_limit_counts_for_the_whole_order_not_for_its_parcels() -> None:
    situation = a_situation(a_parcel(skus=("B",)), lines=TWO, total=Decimal(120))
    allowed = remedies_for(situation, situation.order.parcels[0])
    assert (allowed.options, allowed.value) == ((), Money(Decimal(120), "USD"))


@pytest.mark.parametrize(
    ("rules", "options"),
    [({"resend": False}, ("refund",)), ({"refund": False}, ("resend",)), ({"resend": False, "refund": False}, ())],
)
def test_what_the_policy_switches_off_is_not_granted(rules: dict[str, Any], options: tuple[str, ...]) -> None:
    situation = a_situation(policy=a_policy(remedies=rules))
    allowed = remedies_for(situation, situation.order.parcels[0])
    assert allowed.options == options
    assert allowed.why == ("" if options else "not_in_policy")


@pytest.mark.parametrize(
    ("skus", "total", "worth"),
    [
        ((), "50.00", "50.00"),
        (("HP-200-BK", "B"), "55.00", "55.00"),
        (("B",), "50.00", "30.00"),
        (("B",), "55.00", "30.00"),
        (("B",), "25.00", "15.00"),
        (("B",), "33.33", "19.99"),
        (("SOMETHING",), "50.00", "50.00"),
    ],
)
def test_a_parcel_is_worth_its_goods_and_its_share_of_a_discount(skus: tuple[str, ...], total: str, worth: str) -> None:
    order = an_order(lines=TWO, total=Decimal(total))
    assert value_of(order, a_parcel(skus=skus)) == Money(Decimal(worth), "USD")


def test_two_parcels_with_goods_of_their_own_are_both_made_good() -> None:
    parcels = (a_parcel(skus=("HP-200-BK",)), a_parcel(id=2, skus=("B",)))
    refunded = Promise(REFUND, "1", days_ago(-1))
    situation = a_situation(*parcels, lines=TWO, total=Decimal(50), promises=(refunded,))
    assert remedies_for(situation, parcels[1]).options == ("resend", "refund")


def test_no_more_than_was_paid_is_granted_for_parcels_whose_content_nobody_named() -> None:
    parcels = (a_parcel(), a_parcel(id=2))
    situation = a_situation(*parcels, promises=(Promise(REFUND, "1", days_ago(-1)),))
    assert remedies_for(situation, parcels[1]).options == ()
    assert remedies_for(situation, parcels[1]).why == "given_for_other_parcel"


@pytest.mark.parametrize(
    ("option", "day"),
    [("resend", "2025-06-19"), ("swap:X", "2025-06-19"), ("refund", "2025-06-25"), ("cancel", "2025-06-25")],
)
def test_a_granted_option_has_its_business_days(option: str, day: str) -> None:
    policy = a_policy(remedies={"resend_within_days": 1, "refund_within_days": 5})
    assert granted_by(option, NOW, policy).isoformat() == day


def test_an_offer_ends_after_the_days_of_the_policy() -> None:
    assert offer_ends(NOW, a_policy(remedies={"offer_valid_days": 3})) == NOW + timedelta(days=3)
