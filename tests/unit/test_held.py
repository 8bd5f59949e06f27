"""What a buyer is told about a parcel that waits for somebody or comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import NOW as AT_ONCE
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.replies.values import Reply, Value
from doorstep.settlement import Handover
from tests.builders import BRAZIL, a_parcel, a_scan, days_ago
from tests.telling import a_policy, a_situation, labels, told, told_by

LATE_EVENING = datetime(2025, 6, 27, 23, 30, tzinfo=BRAZIL)  # already the 28th in UTC, as the database keeps it


def _words(name: str, **values: Value) -> str:
    """A phrase as the replies put it now."""
    return told_by(Reply(name, values))


def _held(status: str, **changes: Any) -> Parcel:
    scan = a_scan(at=days_ago(2).astimezone(BRAZIL), status=status, location="Curitiba", country="BR", description="")
    return a_parcel(scans=(a_scan(), replace(scan, **changes)))


# -- waiting for somebody -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("parcel", "said"),
    [
        (_held("ready_for_pickup"), "Please take an ID with you."),
        (_held("delivery_failed"), "Please call China Post to arrange a new delivery"),
    ],
)
def test_a_tracking_number_is_named_only_for_a_parcel_that_has_one(parcel: Parcel, said: str) -> None:
    assert "the tracking number RB123456785CN" in told(settle_tracking(a_situation(parcel)))
    text = told(settle_tracking(a_situation(replace(parcel, tracking_number=""))))
    assert said in text
    assert "the tracking number" not in text


def test_the_last_day_is_the_one_of_the_place_where_the_parcel_is() -> None:
    kept = LATE_EVENING.astimezone(timezone.utc)
    assert "Fri, Jun 27, 2025" in told(settle_tracking(a_situation(_held("ready_for_pickup", act_by=kept))))


# -- pick-up and failed deliveries (A10) ---------------------------------------------------


def test_a_parcel_to_pick_up_is_told_with_reason_place_and_last_day() -> None:
    parcel = _held("ready_for_pickup", reason="nobody_home", location="Post office 7", act_by=days_ago(-6))
    text = told(settle_tracking(a_situation(parcel)))
    assert "pick up parcel RB123456785CN" in text
    assert "order 1001" in text
    assert f"Reason: {_words('term_reason_nobody_home')}." in text
    assert "Where: Post office 7." in text
    assert "Until: Tue, Jun 24, 2025." in text


def test_a_pick_up_without_place_or_last_day_invents_neither() -> None:
    text = told(settle_tracking(a_situation(_held("ready_for_pickup", location=""))))
    assert "pick up parcel RB123456785CN" in text
    assert "Where:" not in text
    assert "Until:" not in text


def test_a_failed_delivery_is_told_with_day_reason_and_where_it_is_kept() -> None:
    parcel = _held("delivery_failed", reason="nobody_home", act_by=days_ago(-6))
    settled = settle_tracking(a_situation(parcel))
    text = told(settled)
    assert "China Post tried to deliver parcel RB123456785CN" in text
    assert "order 1001 on Mon, Jun 16, 2025" in text
    assert f"Reason: {_words('term_reason_nobody_home')}." in text
    assert "until Tue, Jun 24, 2025" in text
    assert labels(settled) == ["Talk to a person"]


def test_a_wrong_address_can_be_put_right() -> None:
    settled = settle_tracking(a_situation(_held("delivery_failed", reason="bad_address")))
    assert labels(settled) == [_words("choice_correct_address"), _words("choice_talk_to_person")]


@pytest.mark.parametrize("status", ["ready_for_pickup", "delivery_failed"])
def test_a_last_day_that_passed_is_told_as_passed(status: str) -> None:
    text = told(settle_tracking(a_situation(_held(status, act_by=days_ago(1)))))
    (line,) = (line for line in text.splitlines() if "Jun 17, 2025" in line)
    assert line.startswith("It was to be kept until Tue, Jun 17, 2025")
    assert "call China Post first" in line


# -- going back (A11) ----------------------------------------------------------------------


def test_a_parcel_going_back_for_its_address_is_sent_again_to_the_right_one() -> None:
    settled = settle_tracking(a_situation(_held("returning", reason="bad_address")))
    text = told(settled)
    progress, reason = _words("term_progress_returning"), _words("term_reason_bad_address")
    assert f"parcel RB123456785CN {progress} ({reason})" in text
    assert "Rua Augusta …, São Paulo, 0130…, Brazil" in text
    assert _words("term_when_back_resend") in text
    assert labels(settled) == [_words("choice_correct_address"), _words("choice_talk_to_person")]


@pytest.mark.parametrize(
    "changes", [{"policy": a_policy(remedies={"resend": False})}, {"total": Decimal(500)}, {"currency": "CHF"}]
)
def test_nothing_is_promised_for_a_wrong_address_that_the_policy_does_not_allow(changes: dict[str, Any]) -> None:
    text = told(settle_tracking(a_situation(_held("returning", reason="bad_address"), **changes)))
    assert "free of charge" not in text
    assert _words("term_when_back_resend") not in text
    assert _words("term_then_person") in text


@pytest.mark.parametrize("status", ["returned", "cancelled"])
@pytest.mark.parametrize(("days", "span"), [(1, "1 business day"), (4, "4 business days")])
def test_what_is_back_or_called_off_is_sent_again_within_days_of_the_right_address(
    status: str, days: int, span: str
) -> None:
    policy = a_policy(remedies={"resend_within_days": days})
    text = told(settle_tracking(a_situation(_held(status, reason="bad_address"), policy=policy)))
    assert _words(f"term_progress_{status}") in text
    assert "As soon as the address is confirmed" in text
    assert f"It will leave within {span}." in text
    assert _words("term_when_back_resend") not in text


def test_a_shop_that_sends_on_the_same_day_is_not_told_to_send_within_no_days() -> None:
    policy = a_policy(remedies={"resend_within_days": 0})
    text = told(settle_tracking(a_situation(_held("returned", reason="bad_address"), policy=policy)))
    assert _words("term_then_resend") in text
    assert "business day" not in text


def test_a_refused_parcel_that_is_back_is_refunded_or_sent_again() -> None:
    settled = settle_tracking(a_situation(_held("returned", reason="refused")))
    assert f"{_words('term_progress_returned')} ({_words('term_reason_refused')})" in told(settled)
    assert [(offer.kind, offer.options) for offer in settled.offers] == [(AT_ONCE, ("resend", "refund"))]


def test_a_refused_parcel_above_the_limit_goes_to_a_person() -> None:
    settled = settle_tracking(a_situation(_held("returned", reason="refused"), total=Decimal(500)))
    assert settled.offers == ()
    assert _words("term_person_settles_value", amount=Money(Decimal(500), "USD")) in told(settled)
    assert "$500.00" in told(settled)


def test_nothing_is_promised_for_a_refused_parcel_before_it_is_in() -> None:
    settled = settle_tracking(a_situation(_held("returning", reason="refused")))
    assert (settled.offers, settled.promises) == ((), ())
    assert settled.handover == Handover("returning", {"why": "refused"})


def test_a_parcel_going_back_for_no_named_reason_goes_to_a_person() -> None:
    settled = settle_tracking(a_situation(_held("returning")))
    text = told(settled)
    assert "Reason:" not in text
    assert "within 24 hours" in text
    assert settled.handover == Handover("returning", {"why": ""})


def test_why_it_goes_back_may_stand_in_an_earlier_scan() -> None:
    failed = a_scan(at=days_ago(4), status="delivery_failed", reason="unclaimed", country="BR")
    parcel = a_parcel(scans=(failed, a_scan(at=days_ago(2), status="returning", country="BR")))
    assert f"Reason: {_words('term_reason_unclaimed')}." in told(settle_tracking(a_situation(parcel)))


def test_a_check_at_customs_that_was_passed_is_no_reason_to_go_back() -> None:
    start = days_ago(4)
    statuses = ("customs_held", "customs_released", "returning")
    scans = tuple(a_scan(at=start + timedelta(hours=hour), status=status) for hour, status in enumerate(statuses))
    parcel = a_parcel(scans=(replace(scans[0], reason="inspection"), *scans[1:]))
    assert "Reason:" not in told(settle_tracking(a_situation(parcel)))


def test_a_cancelled_shipment_is_not_told_as_coming_back() -> None:
    text = told(settle_tracking(a_situation(_held("cancelled"))))
    assert _words("term_progress_cancelled") in text
    assert _words("term_progress_returning") not in text
