"""A late or lost parcel is waited for at most once, then made good within the policy, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from doorstep import offers, promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import AFTER_WAIT, NOW
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from tests.builders import a_parcel, a_scan, days_ago
from tests.telling import (
    a_late_parcel,
    a_parcel_in_brazil,
    a_policy,
    a_situation,
    asked_again,
    labels,
    later,
    offered,
    promised,
    told,
    told_by,
)

ABOVE_LIMIT = {"total": Decimal("100.01")}
NO_REMEDIES = a_policy(remedies={"resend": False, "refund": False})
NEXT_WEEK = days_ago(-9)
WISHED_REFUND = told_by(Reply("term_chosen_refund"))
FOR_THE_VALUE = told_by(Reply("term_person_settles_value", {"amount": Money(Decimal("100.01"), "USD")}))


# -- late (A5, A6) -------------------------------------------------------------------------


def test_a_late_parcel_is_told_how_late_and_asks_once_for_the_grace_period() -> None:
    settled = settle_tracking(a_situation(a_late_parcel(), policy=a_policy(waits={"grace_days": 5})))
    text = told(settled)
    assert "sorry" in text.splitlines()[0]
    assert "by Fri, Jun 6, 2025" in text
    assert "12 days late" in text
    assert "until Mon, Jun 23, 2025?" in text
    assert promised(settled) == [(promises.GRACE, "2025-06-23")]
    assert offered(settled) == [(AFTER_WAIT, ("resend", "refund", "wait"))]


def test_the_promised_day_stays_when_the_buyer_asks_again_before_it() -> None:
    situation = a_situation(a_late_parcel())
    first = settle_tracking(situation)
    again = asked_again(situation, first, days=1)
    assert "until Fri, Jun 20, 2025?" in told(first)
    assert "until Fri, Jun 20, 2025?" in told(again)
    assert again.promises == first.promises


def test_the_promised_day_itself_still_belongs_to_the_wait() -> None:
    situation = a_situation(a_late_parcel())
    first = settle_tracking(situation)
    last_second = replace(later(situation, first), now=first.promises[0].due_at)
    assert settle_tracking(last_second).offers[0].kind == AFTER_WAIT


def test_after_the_grace_period_nobody_is_asked_to_wait_again() -> None:
    situation = a_situation(a_late_parcel())
    first = settle_tracking(situation)
    then = asked_again(situation, first, days=3)
    text = told(then)
    assert then.replies[0].name == "utter_parcel_wait_is_over"
    assert " until " in told(first)
    assert " until " not in text
    assert "($24.50)" in text
    assert labels(then) == ["Send it again", "Refund $24.50", "Talk to a person"]
    assert offered(then) == [(NOW, ("resend", "refund"))]
    assert then.promises == ()


@pytest.mark.parametrize(("wish", "said"), [("resend", "new parcel"), ("refund", "$24.50 back")])
def test_what_the_buyer_chose_for_the_promised_day_is_done_after_it(wish: str, said: str) -> None:
    situation = a_situation(a_late_parcel())
    first = settle_tracking(situation)
    wished = replace(first, promises=(replace(first.promises[0], remedy=wish),))
    then = asked_again(situation, wished, days=2.5)
    assert said in told(then)
    assert "by Wed, Jun 25, 2025" in told(then)
    assert promised(then) == [(wish, "2025-06-25")]
    assert then.offers == ()


def test_the_wish_for_the_promised_day_is_told_back() -> None:
    situation = a_situation(a_late_parcel())
    first = settle_tracking(situation)
    wished = replace(first, promises=(replace(first.promises[0], remedy="refund"),))
    assert WISHED_REFUND not in told(first)
    assert WISHED_REFUND in told(asked_again(situation, wished))


def test_above_the_limit_a_late_parcel_is_waited_for_without_an_offer() -> None:
    settled = settle_tracking(a_situation(a_late_parcel(), **ABOVE_LIMIT))
    assert told_by(Reply("term_person_decides_then")) in told(settled)
    assert (settled.offers, labels(settled)) == ((), ["Talk to a person"])


def test_above_the_limit_a_person_decides_after_the_wait() -> None:
    situation = a_situation(a_late_parcel(), **ABOVE_LIMIT)
    then = asked_again(situation, settle_tracking(situation), days=3)
    assert FOR_THE_VALUE in told(then)
    assert (then.offers, labels(then)) == ((), [])
    assert then.handover == Handover("above_limit", {"parcel": "RB123456785CN", "value": "100.01 USD"})


def test_a_wish_that_is_above_the_limit_by_now_goes_to_a_person() -> None:
    situation = a_situation(a_late_parcel(), **ABOVE_LIMIT)
    first = settle_tracking(situation)
    wished = replace(first, promises=(replace(first.promises[0], remedy="refund"),))
    assert WISHED_REFUND not in told(asked_again(situation, wished))
    then = asked_again(situation, wished, days=3)
    assert then.promises == ()
    assert then.handover is not None


# -- lost, damaged, stuck (A8) -------------------------------------------------------------


@pytest.mark.parametrize(
    ("parcel", "said"),
    [
        (a_parcel(status="lost"), "reports parcel RB123456785CN (order 1001) as lost"),
        (a_parcel(status="damaged"), "parcel RB123456785CN (order 1001) was damaged on the way"),
        (a_parcel(status="destroyed"), "parcel RB123456785CN (order 1001) was damaged on the way"),
        (a_parcel(status="expired"), "There has been no news of parcel RB123456785CN (order 1001, China Post)"),
        (a_parcel(at=days_ago(10)), "since this scan: Sun, Jun 8, 2025"),
        (a_parcel(status="lost", tracking_number=""), "reports the unregistered parcel (order 1001) as lost"),
    ],
)
def test_a_lost_parcel_is_traced_by_a_date_and_made_good_at_once(parcel: Parcel, said: str) -> None:
    settled = settle_tracking(a_situation(parcel))
    text = told(settled)
    assert said in text
    (line,) = (line for line in text.splitlines() if "Fri, Jun 20, 2025" in line)
    assert "the carrier" in line
    assert labels(settled) == ["Send it again", "Refund $24.50", "Talk to a person"]
    assert promised(settled) == [(promises.TRACE, "2025-06-20")]


def test_the_day_of_the_trace_stays_when_the_buyer_asks_again() -> None:
    situation = a_situation(a_parcel(status="lost"))
    first = settle_tracking(situation)
    again = asked_again(situation, first, days=1)
    assert "Fri, Jun 20, 2025" in told(again)
    assert again.promises == first.promises


def test_a_lost_parcel_above_the_limit_goes_to_a_person() -> None:
    settled = settle_tracking(a_situation(a_parcel(status="lost"), **ABOVE_LIMIT))
    assert settled.offers == ()
    assert settled.handover == Handover("above_limit", {"parcel": "RB123456785CN", "value": "100.01 USD"})
    assert "$100.01" in FOR_THE_VALUE
    assert FOR_THE_VALUE in told(settled)


def test_a_policy_without_remedies_does_not_blame_the_value() -> None:
    settled = settle_tracking(a_situation(a_parcel(status="lost"), policy=NO_REMEDIES))
    assert settled.handover is not None
    assert settled.handover.reason == "not_in_policy"
    assert "value" in FOR_THE_VALUE
    assert "value" not in told(settled)
    assert "$" not in told(settled)
    assert told_by(Reply("term_person_settles")) in told(settled)


def test_only_what_the_policy_switches_on_is_offered() -> None:
    settled = settle_tracking(a_situation(a_parcel(status="lost"), policy=a_policy(remedies={"refund": False})))
    assert labels(settled) == ["Send it again", "Talk to a person"]
    refund = told_by(Reply("term_remedy_refund"))
    assert refund in told(settle_tracking(a_situation(a_parcel(status="lost"))))
    assert refund not in told(settled)
    assert "$" not in "".join(labels(settled))


ONLY_RESEND = a_policy(remedies={"refund": False})
ONLY_REFUND = a_policy(remedies={"resend": False})
CHOICE = ("as you prefer", "What would you like us to do?")  # what is said where there are several ways


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (ONLY_RESEND, "We can send it again free of charge. If"),
        (ONLY_REFUND, "We can give you your money back in full ($24.50). If"),
    ],
)
@pytest.mark.parametrize(
    "parcel",
    [
        a_parcel(status="lost"),
        a_parcel(status="damaged"),
        a_parcel(at=days_ago(10)),
        a_parcel(scans=(a_scan(status="returned", reason="refused"),)),
    ],
)
def test_a_single_way_out_is_told_as_one_and_not_as_a_choice(policy: ShopPolicy, said: str, parcel: Parcel) -> None:
    text = told(settle_tracking(a_situation(parcel, policy=policy)))
    assert said in text
    assert [words for words in CHOICE if words in text] == []


@pytest.mark.parametrize("parcel", [a_late_parcel(), a_parcel_in_brazil()])
def test_a_single_way_out_for_the_promised_day_is_not_a_matter_of_preference(parcel: Parcel) -> None:
    situation = a_situation(parcel, policy=ONLY_RESEND)
    first = settle_tracking(situation)
    assert "end of that day, we'll send it again free of charge, if you wish." in told(first)
    then = asked_again(situation, first, days=3)
    assert "We can send it again free of charge. If" in told(then)
    assert [words for words in CHOICE if words in told(first) + told(then)] == []
    assert offered(then) == [(NOW, ("resend",))]


# -- granted before ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (promises.RESEND, "a new parcel for order 1001"),
        (promises.REFUND, "the money for order 1001"),
    ],
)
def test_a_remedy_granted_before_is_told_again_and_not_offered_twice(kind: str, said: str) -> None:
    promise = Promise(kind, "1", days_ago(-2))
    settled = settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,)))
    assert said in told(settled)
    assert "by Fri, Jun 20, 2025" in told(settled)
    assert (settled.offers, settled.promises, labels(settled)) == ((), (), ["Talk to a person"])


def test_a_remedy_of_another_parcel_is_not_this_ones() -> None:
    promise = Promise(promises.REFUND, "7", days_ago(-2))
    assert settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,))).offers != ()


def test_a_cancelled_order_that_was_sent_all_the_same_is_told_as_cancelled() -> None:
    promise = Promise(promises.CANCEL, "", days_ago(-2))
    settled = settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,)))
    text = told(settled)
    assert "order 1001 is cancelled" in text
    assert "money back by Fri, Jun 20, 2025" in text


def test_a_promised_remedy_past_its_date_goes_to_a_person() -> None:
    promise = Promise(promises.REFUND, "1", days_ago(2))
    settled = settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,)))
    assert "back by Mon, Jun 16, 2025" in told(settled)
    note = {"promised": "refund", "by": "2025-06-16", "subject": "1"}
    assert settled.handover == Handover("promise_overdue", note)


def test_a_promise_known_to_be_kept_is_not_overdue() -> None:
    promise = Promise(promises.REFUND, "1", days_ago(2), state="kept")
    assert settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,))).handover is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (promises.RESEND, "new parcel for order 1001 has already been sent"),
        (promises.REFUND, "already sent the money for order 1001 back"),
        (promises.CANCEL, "cancelled order 1001 and already sent your money back"),
        (promises.SWAP, "other product for order 1001 has already been sent"),
    ],
)
@pytest.mark.parametrize("due_at", [days_ago(2), days_ago(-2)])
def test_what_our_records_say_was_done_is_not_promised_any_more(kind: str, said: str, due_at: datetime) -> None:
    promise = Promise(kind, "1", due_at, state="kept")
    text = told(settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,))))
    assert said in text
    assert "will leave by" not in text
    assert [day for day in ("Jun 16", "Jun 20") if day in text] == []


def test_a_new_parcel_that_left_after_it_may_be_the_promised_one_and_is_named() -> None:
    promise = Promise(promises.RESEND, "1", days_ago(2))
    parcels = (a_parcel(status="lost", skus=("HP-200-BK",)), a_parcel(id=2, tracking_number="RB2", skus=("HP-200-BK",)))
    settled = settle_tracking(a_situation(*parcels, promises=(promise,)))
    assert settled.handover is None
    assert "On Tue, Jun 10, 2025, we sent parcel RB2." in told(settled)
    assert "will leave by" not in told(settled)


def test_a_cancelled_promise_stands_in_the_way_of_nothing() -> None:
    promise = Promise(promises.REFUND, "1", days_ago(-2), state="cancelled")
    assert settle_tracking(a_situation(a_parcel(status="lost"), promises=(promise,))).offers[0].kind == offers.NOW
