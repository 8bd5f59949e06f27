"""What becomes of a promise on its date, and what the buyer reads then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, offers, promises
from doorstep.cases import Case
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.settlement import Situation
from doorstep.unasked.keeping import BROKEN, CANCELLED, KEPT, OPEN, Kept, Task, keep
from tests.builders import NOW, a_parcel, days_ago
from tests.telling import (
    a_delivered_parcel,
    a_late_parcel,
    a_policy,
    a_situation,
    labels,
    offered,
    promised,
    spaced,
    told,
)

YESTERDAY = NOW - timedelta(hours=20)
PAID_BACK = Money(Decimal("24.50"), "USD")


def _due(kind: str, subject: str = "1", **changes: Any) -> Promise:
    return Promise(kind, subject, YESTERDAY, **changes)


def _kept(situation: Situation, promise: Promise, *tasks: Task, **given: Any) -> Kept:
    others = situation.promises
    return keep(replace(situation, promises=(*others, promise)), promise, tasks, **given)


def _text(kept: Kept) -> str:
    assert kept.said is not None
    return spaced(told(kept.said))


# -- the wait is over (GRACE) ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "words"),
    [("refund", "we'll send $24.50 back by Mon, Jun 23, 2025"), ("resend", "by Mon, Jun 23, 2025")],
)
def test_what_the_buyer_chose_for_the_day_is_given_without_asking_again(chosen: str, words: str) -> None:
    kept = _kept(a_situation(a_late_parcel()), _due(promises.GRACE, remedy=chosen))
    assert kept.state == KEPT
    assert "As promised" in _text(kept)
    assert words in _text(kept)
    assert kept.said is not None
    assert promised(kept.said) == [(chosen, "2025-06-23")]
    assert [promise.amount for promise in kept.said.promises] == [PAID_BACK]
    assert [(task.kind, task.note["by"], task.note["amount"]) for task in kept.said.tasks] == [
        (chosen, "2025-06-23", "24.50 USD")
    ]


def test_without_a_choice_the_ways_out_are_offered_now() -> None:
    kept = _kept(a_situation(a_late_parcel()), _due(promises.GRACE))
    assert kept.state == KEPT
    assert kept.said is not None
    assert offered(kept.said) == [(offers.NOW, ("resend", "refund"))]
    assert labels(kept.said) == ["Send it again", "Refund $24.50", "Talk to a person"]
    assert (kept.said.promises, kept.said.tasks) == ((), ())


def test_above_the_limit_a_person_takes_over_and_nothing_is_given() -> None:
    poor = a_policy(remedies={"limits": {"USD": 1}})
    kept = _kept(a_situation(a_late_parcel(), policy=poor), _due(promises.GRACE, remedy="refund"))
    assert kept.said is not None
    assert kept.said.promises == ()
    assert kept.said.handover is not None
    assert kept.said.handover.reason == "above_limit"


@pytest.mark.parametrize("kind", [promises.GRACE, promises.NOTICE])
def test_a_parcel_that_came_meanwhile_keeps_the_promise_and_nothing_is_given(kind: str) -> None:
    kept = _kept(a_situation(a_delivered_parcel()), _due(kind, remedy="refund"))
    assert kept.state == KEPT
    assert "was delivered on" in _text(kept)
    assert kept.said is not None
    assert (kept.said.promises, kept.said.offers) == ((), ())


def test_a_delivery_that_the_buyer_was_told_of_is_not_told_again() -> None:
    told_before = {("delivered", "1")}
    assert _kept(a_situation(a_delivered_parcel()), _due(promises.GRACE), told=told_before) == Kept(KEPT)
    confirmed = a_situation(a_delivered_parcel(), confirmed_at=NOW)
    assert _kept(confirmed, _due(promises.GRACE)) == Kept(KEPT)


def test_nothing_is_given_twice_when_it_was_granted_meanwhile_or_the_order_is_called_off() -> None:
    granted = a_situation(a_late_parcel(), promises=(Promise(promises.REFUND, "1", NOW + timedelta(days=2)),))
    assert _kept(granted, _due(promises.GRACE, remedy="resend")) == Kept(CANCELLED)
    assert _kept(a_situation(a_late_parcel(), cancelled_at=NOW), _due(promises.GRACE, remedy="refund")) == Kept(
        CANCELLED
    )
    assert _kept(a_situation(a_late_parcel()), _due(promises.GRACE, "77")) == Kept(CANCELLED)


# -- looking again, leaving, tracing -------------------------------------------------------------


def test_a_parcel_that_is_late_on_the_day_to_look_again_gets_patience_asked_with_a_promise() -> None:
    kept = _kept(a_situation(a_late_parcel()), _due(promises.NOTICE))
    assert kept.state == KEPT
    assert kept.said is not None
    assert promised(kept.said) == [(promises.GRACE, "2025-06-20")]
    assert "12 days late" in _text(kept)


def test_who_was_asked_for_patience_until_a_later_day_is_not_told_before_it() -> None:
    grace = Promise(promises.GRACE, "1", NOW + timedelta(days=1))
    assert _kept(a_situation(a_late_parcel(), promises=(grace,)), _due(promises.NOTICE)) == Kept(CANCELLED)


def test_an_order_that_has_left_keeps_the_promise_of_its_day() -> None:
    assert _kept(a_situation(a_parcel()), _due(promises.SHIP, "")) == Kept(KEPT)


def test_an_order_that_has_not_left_may_be_called_off_with_an_apology() -> None:
    situation = a_situation(paid_at=days_ago(10))
    situation = replace(situation, order=replace(situation.order, parcels=()))
    kept = _kept(situation, _due(promises.SHIP, ""))
    assert kept.state == BROKEN
    assert kept.said is not None
    assert offered(kept.said) == [(offers.UNSHIPPED, ("wait", "cancel"))]
    assert "sorry" in _text(kept)
    assert _kept(replace(situation, order=replace(situation.order, cancelled_at=NOW)), _due(promises.SHIP, "")) == Kept(
        CANCELLED
    )


def test_a_buyer_who_missed_a_delivered_parcel_is_asked_whether_it_turned_up() -> None:
    kept = _kept(a_situation(a_delivered_parcel()), _due(promises.TRACE))
    assert kept.state == OPEN  # "I don't have it" then finds the carrier not asked, and brings a person
    assert "Has it turned up by now?" in _text(kept)
    assert kept.said is not None
    assert labels(kept.said) == ["I have it, thank you", "I don't have it"]


def test_a_trace_that_nobody_asked_for_brings_a_person() -> None:
    kept = _kept(a_situation(a_parcel(status="lost")), _due(promises.TRACE))
    assert kept.state == BROKEN
    assert kept.said is not None
    assert kept.said.handover is not None
    assert kept.said.handover.reason == "promise_overdue"
    assert "Jun 18, 2025" in _text(kept)  # 16 hours UTC yesterday is today where the shop is


@pytest.mark.parametrize("change", [{"confirmed_at": NOW}, {"cancelled_at": NOW}])
def test_a_trace_is_not_needed_any_more_once_the_buyer_has_the_parcel_or_gave_up_the_order(change: Any) -> None:
    assert _kept(a_situation(a_delivered_parcel(), **change), _due(promises.TRACE)) == Kept(CANCELLED)


# -- what the shop had to do ---------------------------------------------------------------------

CARRIED_OUT = {
    promises.RESEND: ("resend", "A new parcel for order 1001 has already been sent."),
    promises.REFUND: ("refund", "We've already sent the money for order 1001 back to you."),
    promises.SWAP: ("send_exchange", "The other product for order 1001 has already been sent."),
    promises.CANCEL: ("cancel", "already sent your money back"),
    promises.PART_REFUND: ("part_refund", "We've sent you $24.50 for order 1001."),
    promises.DUTY_SHARE: ("pay_duty_share", "We've sent you $24.50 for order 1001."),
    promises.PAPERS: ("customs_papers", "The papers that customs want for order 1001 have been sent."),
    promises.RETURN_REFUND: ("refund_return", "We've sent you $24.50 for order 1001."),
}


@pytest.mark.parametrize("kind", CARRIED_OUT)
def test_what_the_shop_marked_as_done_is_kept_and_told(kind: str) -> None:
    task, words = CARRIED_OUT[kind]
    kept = _kept(a_situation(), _due(kind, amount=PAID_BACK), Task(task, {}, done_at=days_ago(2)))
    assert kept.state == KEPT
    assert words in _text(kept)
    assert kept.said is not None
    assert kept.said.handover is None


@pytest.mark.parametrize("kind", CARRIED_OUT)
def test_what_nobody_marked_as_done_is_broken_and_a_person_looks_after_it(kind: str) -> None:
    task, _ = CARRIED_OUT[kind]
    for tasks in ((), (Task(task, {}),), (Task("something_else", {}, done_at=NOW),)):
        kept = _kept(a_situation(), _due(kind, amount=PAID_BACK), *tasks)
        assert kept.state == BROKEN
        assert "sorry" in _text(kept)
        assert kept.said is not None
        assert kept.said.handover is not None
        assert kept.said.handover.reason == "promise_overdue"
        assert kept.said.handover.note["promised"] == kind


def test_a_task_for_another_parcel_or_case_keeps_no_promise() -> None:
    other = Case("G-1001-1", cases.GOODS, "2")
    situation = a_situation(cases=(other,))
    for note in ({"subject": "2"}, {"case": "G-1001-1"}):
        assert _kept(situation, _due(promises.REFUND), Task("refund", note, done_at=NOW)).state == BROKEN
    assert _kept(situation, _due(promises.REFUND), Task("refund", {"subject": "1"}, done_at=NOW)).state == KEPT


@pytest.mark.parametrize("kind", [promises.RESEND, promises.SWAP])
def test_a_parcel_that_was_sent_since_keeps_the_promise_to_send(kind: str) -> None:
    newer = a_parcel(id=2, tracking_number="RB2CN", shipped_at=days_ago(1), scans=())
    kept = _kept(a_situation(a_late_parcel(), newer), _due(kind))
    assert kept.state == KEPT
    assert "parcel RB2CN" in _text(kept)
    assert _kept(a_situation(a_late_parcel(), newer), _due(kind), told={("shipped", "2")}) == Kept(KEPT)
    unsent = replace(newer, shipped_at=None)
    assert _kept(a_situation(a_late_parcel(), unsent), _due(kind)).state == BROKEN


def test_an_agreed_case_ends_with_the_last_thing_that_was_promised_in_it() -> None:
    case = Case("G-1001-1", cases.GOODS, "1", cases.AGREED)
    done = Task("refund", {}, done_at=NOW)
    kept = _kept(a_situation(cases=(case,)), _due(promises.REFUND), done)
    assert kept.said is not None
    assert [(step.kind, step.subject, step.state) for step in kept.said.cases] == [(cases.GOODS, "1", cases.CLOSED)]
    more = a_situation(cases=(case,), promises=(Promise(promises.PAPERS, "1", NOW + timedelta(days=2)),))
    kept = _kept(more, _due(promises.REFUND), done)
    assert kept.said is not None
    assert kept.said.cases == ()


# -- a return that was not sent --------------------------------------------------------------------


def test_a_return_that_was_not_sent_is_closed_kindly_and_can_be_taken_up_again() -> None:
    case = Case("R-1001-1", cases.RETURN, "1", cases.AGREED)
    kept = _kept(a_situation(cases=(case,)), _due(promises.RETURN))
    assert kept.state == CANCELLED
    assert "I've closed the return for now" in _text(kept)
    assert kept.said is not None
    assert [(step.kind, step.state) for step in kept.said.cases] == [(cases.RETURN, cases.CLOSED)]
    assert labels(kept.said) == ["About my return", "Talk to a person"]


def test_a_return_that_is_under_way_stays_open() -> None:
    case = Case("R-1001-1", cases.RETURN, "1", cases.AGREED, {"sent_at": "2025-06-10T00:00:00+00:00"})
    assert _kept(a_situation(cases=(case,)), _due(promises.RETURN)) == Kept(KEPT)
    assert _kept(a_situation(), _due(promises.RETURN)) == Kept(CANCELLED)
