"""What a buyer is told, offered and promised about what has not left the shop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from doorstep import promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.offers import UNSHIPPED
from doorstep.orders import Money, Product
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Settlement, Situation
from tests.builders import a_line, a_parcel, a_product, an_order, days_ago
from tests.telling import a_policy, a_situation, asked_again, labels, told, told_by

SOLD_OUT = a_product(in_stock=False)
SIMILAR = told_by(Reply("term_similar_intro"))
BACK_ON = "back in stock"
KEPT = "keeping it for you"
CASE = a_line(sku="CASE", title="Case", quantity=2, unit_price=Decimal("5.25"))


def _unsent(**changes: Any) -> Situation:
    situation = a_situation(**{"paid_at": days_ago(1), **changes})
    return replace(situation, order=replace(situation.order, parcels=()))


def _products(*products: Product) -> dict[str, Product]:
    return {product.sku: product for product in products}


def _options(settled: Settlement) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(offer.kind, offer.subject, offer.options) for offer in settled.offers]


# -- in stock (A12) ------------------------------------------------------------------------


def test_an_unsent_order_is_told_with_its_day_handling_time_and_planned_day() -> None:
    settled = settle_tracking(_unsent())
    text = told(settled)
    assert settled.replies[0].name == "utter_order_unshipped"
    (line,) = (line for line in text.splitlines() if "Order 1001 (Headphones)" in line)
    assert "Sun, Jun 8, 2025" in line
    assert "is in stock" in line
    assert "2 business days" in text
    assert "It should leave by Thu, Jun 19, 2025." in text
    assert (settled.offers, labels(settled)) == ((), ["Talk to a person"])
    assert [(promise.kind, promise.subject) for promise in settled.promises] == [(promises.SHIP, "")]


@pytest.mark.parametrize(("days", "span"), [(1, "need 1 business day to"), (5, "need 5 business days to")])
def test_the_handling_time_agrees_with_its_number(days: int, span: str) -> None:
    assert span in told(settle_tracking(_unsent(paid_at=days_ago(0), policy=a_policy(handling_days=days))))


def test_a_shop_that_sends_on_the_day_of_payment_names_no_handling_time() -> None:
    text = told(settle_tracking(_unsent(paid_at=days_ago(0), policy=a_policy(handling_days=0))))
    assert "is in stock" in text
    assert "business day" not in text


def test_no_tracking_number_is_promised_for_a_parcel_that_may_have_none() -> None:
    assert "tracking number" not in told(settle_tracking(_unsent()))


def test_the_planned_day_stays_when_the_handling_time_changes_meanwhile() -> None:
    situation = _unsent()
    slower = replace(situation, policy=a_policy(handling_days=9))
    assert "leave by Thu, Jun 19, 2025" in told(asked_again(slower, settle_tracking(situation), days=0.5))


def test_past_the_handling_time_cancelling_is_offered_with_an_apology() -> None:
    settled = settle_tracking(_unsent(paid_at=days_ago(10)))
    text = told(settled)
    assert "sorry" in text.splitlines()[0]
    assert "should have left by Tue, Jun 10, 2025" in text
    assert labels(settled) == ["I'll wait", "Cancel and refund $24.50", "Talk to a person"]
    assert _options(settled) == [(UNSHIPPED, "", ("wait", "cancel"))]


def test_a_label_without_a_parcel_in_the_carriers_hands_has_not_left() -> None:
    settled = settle_tracking(a_situation(a_parcel(shipped_at=None, status="label_created"), paid_at=days_ago(1)))
    assert settled.replies[0].name == "utter_order_unshipped"
    assert "Order 1001 (Headphones)" in told(settled)


# -- sold out (A13) ------------------------------------------------------------------------


def test_sold_out_is_told_with_the_day_it_is_back() -> None:
    settled = settle_tracking(_unsent(products=_products(replace(SOLD_OUT, restock_at=days_ago(-12)))))
    assert '"Headphones" from order 1001 sold out' in told(settled)
    assert f"{BACK_ON} on Mon, Jun 30, 2025" in told(settled)
    assert labels(settled) == ["I'll wait", "Cancel and refund $24.50", "Talk to a person"]


def test_a_day_nobody_gave_is_not_told() -> None:
    text = told(settle_tracking(_unsent(products=_products(SOLD_OUT))))
    assert "sold out" in text
    assert BACK_ON not in text
    assert SIMILAR not in text


def test_similar_items_in_stock_are_told_with_price_and_link_and_can_be_taken() -> None:
    similar = a_product(sku="HP-210", title="Headphones 210", price=Decimal("22.00"), url="https://shop.example/210")
    products = _products(replace(SOLD_OUT, similar=("HP-210",)), similar)
    settled = settle_tracking(_unsent(products=products))
    assert SIMILAR in told(settled)
    assert "• Headphones 210, $22.00: https://shop.example/210" in told(settled)
    assert 'Take "Headphones 210" instead' in labels(settled)
    assert _options(settled) == [(UNSHIPPED, "", ("wait", "swap:HP-210", "cancel"))]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"url": ""}, "• Other, $22.00"),
        ({"price": None}, "• Other: https://shop.example/hp-200"),
        ({"price": None, "url": ""}, "• Other"),
    ],
)
def test_what_is_not_known_of_a_similar_item_is_left_out(changes: dict[str, Any], line: str) -> None:
    similar = replace(a_product(sku="O", title="Other", price=Decimal(22)), **changes)
    settled = settle_tracking(_unsent(products=_products(replace(SOLD_OUT, similar=("O",)), similar)))
    assert line in told(settled).splitlines()


@pytest.mark.parametrize("changes", [{"price": Decimal("24.51")}, {"price": None}])
def test_a_dearer_item_or_one_without_price_cannot_be_taken_by_oneself(changes: dict[str, Any]) -> None:
    similar = replace(a_product(sku="O", title="Other"), **changes)
    settled = settle_tracking(_unsent(products=_products(replace(SOLD_OUT, similar=("O",)), similar)))
    assert "• Other" in told(settled)
    assert _options(settled) == [(UNSHIPPED, "", ("wait", "cancel"))]


def test_an_item_that_is_sold_out_too_or_not_known_is_not_named() -> None:
    also = a_product(sku="O", title="Other", in_stock=False)
    products = _products(replace(SOLD_OUT, similar=("O", "NOT-THERE")), also)
    assert "Other" not in told(settle_tracking(_unsent(products=products)))


def test_a_product_whose_stock_nobody_tells_is_not_sold_out() -> None:
    assert "is in stock" in told(settle_tracking(_unsent(products=_products(a_product(in_stock=None)))))


# -- unpaid (A14) --------------------------------------------------------------------------


def test_an_unpaid_order_is_told_with_amount_last_day_and_payment_link() -> None:
    changes = {"paid_at": None, "reserved_until": days_ago(-1), "pay_url": "https://shop.example/pay/1"}
    text = told(settle_tracking(_unsent(**changes)))
    assert "No payment has reached us" in text
    assert "order 1001 (Headphones, $24.50)" in text
    assert f"{KEPT} until Thu, Jun 19, 2025." in text
    assert "You can pay here: https://shop.example/pay/1" in text
    assert "don't pay again" in text


def test_without_a_link_the_buyer_is_told_how_to_pay() -> None:
    text = told(settle_tracking(_unsent(paid_at=None, reserved_until=days_ago(-1))))
    assert "You can pay in the shop" in text


def test_an_order_that_names_no_day_is_kept_for_the_days_of_the_policy() -> None:
    policy = a_policy(unpaid={"reserve_days": 5})
    text = told(settle_tracking(_unsent(paid_at=None, placed_at=days_ago(2), policy=policy)))
    assert f"{KEPT} until Sat, Jun 21, 2025." in text


def test_a_lapsed_reservation_is_told_and_not_to_be_paid_any_more() -> None:
    changes = {"paid_at": None, "reserved_until": days_ago(3), "pay_url": "https://shop.example/pay/1"}
    text = told(settle_tracking(_unsent(**changes)))
    assert "until Sun, Jun 15, 2025, so please order again" in text
    assert "https://shop.example" not in text
    assert KEPT not in text


# -- cancelled, granted before -------------------------------------------------------------


def test_a_cancelled_order_is_told_with_its_day() -> None:
    settled = settle_tracking(_unsent(cancelled_at=days_ago(3)))
    assert "Order 1001 (Headphones) was cancelled on Sun, Jun 15, 2025" in told(settled)
    assert (settled.offers, settled.promises) == ((), ())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (promises.CANCEL, "order 1001 is cancelled"),
        (promises.SWAP, "the other product for order 1001"),
    ],
)
def test_what_was_granted_before_is_told_again(kind: str, said: str) -> None:
    settled = settle_tracking(_unsent(paid_at=days_ago(10), promises=(Promise(kind, "", days_ago(-2)),)))
    assert said in told(settled)
    assert "by Fri, Jun 20, 2025" in told(settled)
    assert settled.offers == ()


def test_a_cancellation_past_its_date_goes_to_a_person() -> None:
    settled = settle_tracking(_unsent(promises=(Promise(promises.CANCEL, "", days_ago(2), "cancel"),)))
    assert "back by Mon, Jun 16, 2025" in told(settled)
    assert settled.handover == Handover("promise_overdue", {"promised": "cancel", "by": "2025-06-16", "subject": ""})


# -- a part of the order has left ----------------------------------------------------------

PARTLY = {"lines": (a_line(), CASE), "total": Decimal("35.00"), "paid_at": days_ago(10)}


def test_only_what_has_not_left_is_cancelled_and_paid_back() -> None:
    situation = a_situation(a_parcel(skus=("HP-200-BK",)), **PARTLY)
    settled = settle_tracking(situation)
    (line,) = (line for line in told(settled).splitlines() if "Order 1001 (Case)" in line)
    assert "Sun, Jun 8, 2025" in line
    assert "is in stock" in line
    assert "should have left by" in line
    assert "Part 2: Cancel and refund $10.50" in labels(settled)
    assert [(offer.subject, offer.amount) for offer in settled.offers] == [("rest", Money(Decimal("10.50"), "USD"))]


def test_a_cancelled_rest_leaves_the_parcel_alone() -> None:
    rest = Promise(promises.CANCEL, promises.REST, days_ago(-2))
    text = told(settle_tracking(a_situation(a_parcel(skus=("HP-200-BK",)), promises=(rest,), **PARTLY)))
    assert "is on its way with China Post" in text
    assert f"{told_by(Reply('term_rest_of_order', {'order_number': '1001'}))} is cancelled" in text


def test_a_whole_order_that_was_swapped_comes_in_a_parcel_like_any_other() -> None:
    swapped = Promise(promises.SWAP, "", days_ago(-2))
    assert "is on its way with China Post" in told(settle_tracking(a_situation(promises=(swapped,))))


def test_a_parcel_that_names_no_content_holds_everything() -> None:
    assert unshipped_lines(a_situation(a_parcel(), lines=(a_line(), CASE))) == ()
    assert unshipped_lines(a_situation(a_parcel(skus=("CASE",)), lines=(a_line(), CASE))) == (a_line(),)
    assert unshipped_lines(_unsent()) == an_order().lines
