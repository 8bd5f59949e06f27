"""Asking the carrier is promised for a day that lies ahead; after it only what our records say is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from doorstep import offers
from doorstep.acceptance import settle_option
from doorstep.delivery.tracking import settle_tracking
from doorstep.parcels import Parcel
from doorstep.promises import TRACE, Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Settlement
from tests.builders import a_parcel, days_ago
from tests.telling import a_delivered_parcel, a_situation, asked_again, labels, stored, told, told_by

PASSED = Promise(TRACE, "1", days_ago(2))  # by the end of Mon, Jun 16, 2025
ASKED = replace(PASSED, state="kept")
DAY = "Mon, Jun 16, 2025"
HAS_BEEN_ASKED = told_by(Reply("term_trace_asked"))
LOST, STUCK = a_parcel(status="lost"), a_parcel(at=days_ago(10))


def _about(parcel: Parcel, trace: Promise, complaint: bool = True) -> Settlement:
    return settle_tracking(a_situation(parcel, promises=(trace,), complaint=complaint))


# -- lost, stuck, damaged ------------------------------------------------------------------


@pytest.mark.parametrize("parcel", [LOST, STUCK])
def test_the_day_of_a_trace_is_promised_until_it_has_passed(parcel: Parcel) -> None:
    situation = a_situation(parcel)
    first = settle_tracking(situation)
    last_second = replace(situation, promises=first.promises, now=first.promises[0].due_at)
    assert "By Fri, Jun 20, 2025, we'll ask the carrier" in told(settle_tracking(last_second))
    assert "By Fri, Jun 20, 2025, we'll ask" not in told(asked_again(situation, first, days=3))


@pytest.mark.parametrize(
    ("parcel", "planned"),
    [
        (LOST, "ask the carrier to trace it"),
        (STUCK, "ask the carrier to trace it"),
        (a_parcel(status="damaged"), "claim"),
    ],
)
def test_a_day_that_passed_is_told_as_such_with_the_ways_out_that_are_open_now(parcel: Parcel, planned: str) -> None:
    settled = _about(parcel, PASSED)
    (line,) = (line for line in told(settled).splitlines() if DAY in line)
    assert f"We said we'd {planned}" in line.replace("make a claim", "claim")
    assert "I can't see from here that this has been done." in line
    assert HAS_BEEN_ASKED not in told(settled)
    assert labels(settled) == ["Send it again", "Refund $24.50", "Talk to a person"]
    assert settled.handover is None


@pytest.mark.parametrize("state", ["broken", "cancelled"])
def test_a_trace_that_will_not_come_is_not_promised_either(state: str) -> None:
    ahead = Promise(TRACE, "1", days_ago(-2), state=state)
    assert "we'll ask the carrier" not in told(_about(LOST, ahead))


def test_only_our_records_say_that_the_carrier_was_asked() -> None:
    text = told(_about(LOST, ASKED))
    assert HAS_BEEN_ASKED in text
    assert DAY not in text
    assert told_by(Reply("term_claim_asked")) in told(_about(a_parcel(status="damaged"), ASKED))


def test_the_person_who_decides_is_told_that_the_trace_is_overdue() -> None:
    dear = a_situation(LOST, total=Decimal(500), promises=(PASSED,))
    note = {"parcel": "RB123456785CN", "value": "500 USD"}
    assert settle_tracking(dear).handover == Handover("above_limit", {**note, "trace_promised_by": "2025-06-16"})
    for trace in (ASKED, replace(PASSED, due_at=days_ago(-1))):
        assert settle_tracking(replace(dear, promises=(trace,))).handover == Handover("above_limit", note)


# -- delivered and missing -----------------------------------------------------------------


def test_a_missing_parcel_is_traced_by_the_person_who_takes_over() -> None:
    settled = _about(a_delivered_parcel(), PASSED)
    assert told_by(Reply("term_trace_case")) in told(settled)
    assert HAS_BEEN_ASKED not in told(settled)
    assert settled.handover == Handover("delivered_not_received")


@pytest.mark.parametrize("trace", [ASKED, replace(ASKED, due_at=days_ago(-1))])
def test_a_missing_parcel_that_is_being_traced_is_told_as_that(trace: Promise) -> None:
    settled = _about(a_delivered_parcel(), trace)
    assert told_by(Reply("term_trace_case_asked")) in told(settled)
    assert settled.handover == Handover("delivered_not_received")


@pytest.mark.parametrize("signer", ["", "Marcos Oliveira"])
def test_who_only_asks_is_not_told_to_wait_for_a_day_that_passed(signer: str) -> None:
    parcel = a_delivered_parcel(signed_by=signer)
    text = told(_about(parcel, PASSED, complaint=False))
    assert told_by(Reply("term_if_missing")) in text
    assert DAY not in text
    assert HAS_BEEN_ASKED in told(_about(parcel, ASKED, complaint=False))


def test_a_known_signer_is_named_without_a_day_that_passed() -> None:
    situation = a_situation(a_delivered_parcel(signed_by="Marcos Oliveira"))
    offer = stored(settle_tracking(situation))
    text = told(settle_option(replace(situation, promises=(PASSED,)), offer, offers.YES))
    assert "ask Marcos Oliveira" in text
    assert told_by(Reply("term_if_missing")) in text
    assert DAY not in text
