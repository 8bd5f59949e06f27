"""What a buyer is told, and what is done, when an order is to be called off or was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, offers, promises
from doorstep.changes.cancelling import settle_answer as answer_cancelling
from doorstep.changes.wishes import settle_cancel
from doorstep.offers import NO, YES
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from tests.builders import NOW, a_line, a_parcel, a_product, days_ago
from tests.changing import after, coming_back, unsent
from tests.telling import (
    a_delivered_parcel,
    a_late_parcel,
    a_policy,
    a_situation,
    labels,
    promised,
    spaced,
    stored,
    told,
    told_by,
)

CASE = a_line(sku="CASE", title="Case", quantity=2, unit_price=Decimal("5.25"))
PARTLY: dict[str, Any] = {"lines": (a_line(), CASE), "total": Decimal("35.00")}


# -- cancelling what has not left -----------------------------------------------------------


def test_an_unsent_order_is_cancelled_only_after_a_yes() -> None:
    settled = settle_cancel(unsent())
    assert "cancel order 1001 (Headphones)" in told(settled)
    assert "send $24.50 back by Mon, Jun 23, 2025" in told(settled)
    assert labels(settled) == ["Yes, cancel and refund $24.50", "No, keep it", "Talk to a person"]
    assert (settled.change, settled.promises, settled.tasks, settled.cases) == (None, (), (), ())


def test_a_yes_cancels_promises_the_money_and_tells_the_shop() -> None:
    situation = unsent()
    settled = answer_cancelling(situation, stored(settle_cancel(situation)), YES)
    assert "We've cancelled order 1001 and will send $24.50 back by Mon, Jun 23, 2025" in told(settled)
    assert settled.change is not None
    assert settled.change.cancelled_at == NOW
    assert promised(settled) == [("cancel", "2025-06-23")]
    assert settled.promises[0].amount == Money(Decimal("24.50"), "USD")
    assert [(step.kind, step.state) for step in settled.cases] == [(cases.CANCEL, cases.AGREED)]
    (task,) = settled.tasks
    assert (task.kind, task.note["amount"], task.note["items"]) == ("cancel", "24.50 USD", "1 × HP-200-BK")


def test_a_second_yes_gives_nothing_more_and_tells_the_same_day() -> None:
    situation = unsent()
    offer = stored(settle_cancel(situation))
    first = answer_cancelling(situation, offer, YES)
    again = answer_cancelling(after(situation, first), offer, YES)
    assert "by Mon, Jun 23, 2025" in told(again)
    assert (again.promises, again.tasks, again.change, again.cases) == ((), (), None, ())


def test_a_no_keeps_the_order_and_names_the_day_it_leaves() -> None:
    planned = Promise(promises.SHIP, "", NOW + timedelta(days=1))
    situation = unsent(promises=(planned,))
    settled = answer_cancelling(situation, stored(settle_cancel(situation)), NO)
    assert "order 1001 stays as it is" in told(settled)
    assert "leave by Thu, Jun 19, 2025" in told(settled)
    assert (settled.promises, settled.change) == (situation.promises, None)


def test_cancelling_what_was_not_sent_knows_no_limit() -> None:
    situation = unsent(total=Decimal("900.00"), policy=a_policy(remedies={"limits": {"USD": 10}, "refund": False}))
    settled = answer_cancelling(situation, stored(settle_cancel(situation)), YES)
    assert settled.promises[0].amount == Money(Decimal("900.00"), "USD")
    assert settled.handover is None


def test_a_yes_to_an_order_that_left_meanwhile_cancels_nothing() -> None:
    offer = stored(settle_cancel(unsent()))
    settled = answer_cancelling(a_situation(), offer, YES)
    assert told_by(Reply("utter_offer_outdated")) in told(settled)
    assert "is on its way with China Post" in told(settled)
    assert (settled.promises, settled.change, settled.tasks) == ((), None, ())


def test_a_yes_to_an_order_of_which_a_part_left_meanwhile_asks_anew_for_the_rest() -> None:
    offer = stored(settle_cancel(unsent(**PARTLY)))
    settled = answer_cancelling(a_situation(a_parcel(skus=("HP-200-BK",)), **PARTLY), offer, YES)
    assert (settled.promises, settled.change) == ((), None)
    assert [(new.subject, new.amount) for new in settled.offers] == [("rest", Money(Decimal("10.50"), "USD"))]


def test_only_the_rest_of_a_partly_sent_order_is_cancelled_and_the_order_itself_is_not() -> None:
    situation = a_situation(a_parcel(skus=("HP-200-BK",)), **PARTLY)
    asked = settle_cancel(situation)
    assert "the part of order 1001 that hadn't been sent yet (Case)" in told(asked)
    assert told_by(Reply("term_cancel_rest_only")) in told(asked)
    settled = answer_cancelling(situation, stored(asked), YES)
    assert settled.change is None
    assert [(p.kind, p.subject, p.amount) for p in settled.promises] == [
        ("cancel", "rest", Money(Decimal("10.50"), "USD"))
    ]
    again = settle_cancel(after(situation, settled))
    assert "by Mon, Jun 23, 2025" in told(again)
    assert again.offers == ()


def test_no_more_is_paid_back_than_is_left_of_the_price() -> None:
    part = Promise(promises.PART_REFUND, "HP-200-BK", days_ago(1), amount=Money(Decimal("10.00"), "USD"))
    assert settle_cancel(unsent(promises=(part,))).offers[0].amount == Money(Decimal("14.50"), "USD")
    all_of_it = replace(part, amount=Money(Decimal("24.50"), "USD"))
    assert settle_cancel(unsent(promises=(all_of_it,))).handover == Handover(
        "given_before", {"wanted": "cancel", "items": "1 × HP-200-BK"}
    )


def test_an_unpaid_order_is_cancelled_at_once_without_money() -> None:
    settled = settle_cancel(unsent(paid_at=None))
    assert "order 1001 (Headphones) is cancelled from now on" in told(settled)
    assert settled.change is not None
    assert settled.change.cancelled_at == NOW
    assert (settled.promises, settled.offers) == ((), ())
    (task,) = settled.tasks
    assert (task.kind, "promise" in task.note) == ("cancel", False)


def test_a_cancelled_order_is_told_with_its_day_and_cancelled_no_more() -> None:
    settled = settle_cancel(unsent(cancelled_at=days_ago(3)))
    assert "was cancelled on Sun, Jun 15, 2025" in told(settled)
    assert (settled.change, settled.tasks, settled.offers) == (None, (), ())


def test_an_order_with_another_product_coming_instead_is_not_cancelled() -> None:
    swapped = Promise(promises.SWAP, "", days_ago(-2))
    settled = settle_cancel(unsent(promises=(swapped,)))
    assert "the other product for order 1001 will leave by Fri, Jun 20, 2025" in told(settled)
    assert settled.offers == ()


# -- cancelling what has left ---------------------------------------------------------------


def test_a_parcel_in_time_can_be_refused_or_sent_back_and_no_money_is_promised() -> None:
    settled = settle_cancel(a_situation())
    text = told(settled)
    assert "parcel RB123456785CN is on its way with China Post, so it can't be cancelled any more" in text
    assert "refuse it" in text
    assert "send it back within 30 days of delivery" in spaced(text)
    assert "$" not in text
    assert labels(settled) == ["I want to return or exchange it", "Talk to a person"]
    assert (settled.promises, settled.offers, settled.change) == ((), (), None)


def test_a_late_parcel_is_answered_by_what_lateness_gives() -> None:
    settled = settle_cancel(a_situation(a_late_parcel()))
    assert "can't be cancelled any more" in told(settled)
    assert [offer.kind for offer in settled.offers] == [offers.AFTER_WAIT]
    assert "sorry" not in told(settled).splitlines()[0]


def test_a_lost_parcel_is_refunded_or_sent_again_in_place_of_cancelled() -> None:
    assert [offer.kind for offer in settle_cancel(a_situation(a_parcel(status="lost"))).offers] == [offers.NOW]


def test_a_delivered_order_can_be_sent_back_until_its_day() -> None:
    settled = settle_cancel(a_situation(a_delivered_parcel()))
    assert "delivered parcel RB123456785CN on Tue, Jun 17, 2025" in told(settled)
    assert "send it back until Thu, Jul 17, 2025" in told(settled)
    assert labels(settled)[0] == "I want to return or exchange it"


def test_past_the_window_no_day_for_sending_back_is_told() -> None:
    settled = settle_cancel(a_situation(a_delivered_parcel(days_ago(50)), policy=a_policy()))
    assert "send it back until" not in told(settled)


@pytest.mark.parametrize("status", ["returning", "returned"])
def test_what_comes_back_anyway_goes_to_a_person_who_settles_the_refund(status: str) -> None:
    settled = settle_cancel(coming_back(status))
    assert "nothing you need to refuse" in told(settled)
    assert settled.handover == Handover("cancel_returning", {"wanted": "cancel", "parcel": "RB123456785CN"})


# -- why was it cancelled -------------------------------------------------------------------


def test_who_cancelled_here_is_told_so_with_the_day_of_the_money() -> None:
    situation = unsent()
    cancelled = after(situation, answer_cancelling(situation, stored(settle_cancel(situation)), YES))
    settled = settle_cancel(replace(cancelled, about="why"))
    assert "On Wed, Jun 18, 2025, order 1001 was cancelled." in told(settled)
    assert told_by(Reply("term_cancelled_by_you")) in told(settled)
    assert "send your money back by Mon, Jun 23, 2025" in told(settled)
    assert settled.handover is None


def test_an_order_that_the_shop_cancelled_is_looked_into_by_a_person_for_its_money() -> None:
    settled = settle_cancel(unsent(cancelled_at=days_ago(3), about="why"))
    assert "On Sun, Jun 15, 2025, order 1001 was cancelled." in told(settled)
    assert told_by(Reply("term_cancelled_by_shop")) in told(settled)
    assert "within 24 hours" in told(settled)
    assert settled.handover is not None
    assert settled.handover.reason == "why_cancelled"


def test_a_sold_out_product_is_named_as_what_is_known() -> None:
    products = {"HP-200-BK": a_product(in_stock=False)}
    text = told(settle_cancel(unsent(cancelled_at=days_ago(3), about="why", products=products)))
    assert '"Headphones" is sold out' in text


def test_an_order_that_was_never_paid_is_told_so_without_a_person() -> None:
    settled = settle_cancel(unsent(cancelled_at=days_ago(3), paid_at=None, about="why"))
    assert told_by(Reply("term_cancelled_unpaid")) in told(settled)
    assert settled.handover is None


def test_an_order_that_is_not_cancelled_is_told_where_it_stands() -> None:
    text = told(settle_cancel(a_situation(about="why")))
    assert "Order 1001 (Headphones) isn't cancelled" in text
    assert "is on its way with China Post" in text
