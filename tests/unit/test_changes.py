"""What a buyer is told, and what is noted, when an order has come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from doorstep import cases
from doorstep.cases import Case
from doorstep.changes.wishes import settle_receipt
from tests.builders import NOW, a_line, a_parcel, days_ago
from tests.telling import (
    a_delivered_parcel,
    a_situation,
    labels,
    told,
)

CASE = a_line(sku="CASE", title="Case", quantity=2, unit_price=Decimal("5.25"))
PARTLY: dict[str, Any] = {"lines": (a_line(), CASE), "total": Decimal("35.00")}


# -- received -------------------------------------------------------------------------------


def test_a_receipt_is_noted_with_thanks_a_check_and_honest_feedback() -> None:
    settled = settle_receipt(a_situation(a_delivered_parcel()))
    text = told(settled)
    assert settled.change is not None
    assert settled.change.confirmed_at == NOW
    assert "check that everything is there" in text
    assert "an honest one" in text
    assert "star" not in text
    assert labels(settled) == ["Something isn't right", "Talk to a person"]


def test_a_receipt_is_noted_once() -> None:
    settled = settle_receipt(a_situation(a_delivered_parcel(), confirmed_at=days_ago(1)))
    assert "already noted as received" in told(settled)
    assert settled.change is None


def test_a_parcel_that_was_missing_and_turned_up_closes_its_case() -> None:
    missing = Case("N-1001-1", cases.NOT_RECEIVED, "1", cases.PERSON)
    settled = settle_receipt(a_situation(a_delivered_parcel(), cases=(missing,)))
    assert [(step.kind, step.subject, step.state) for step in settled.cases] == [
        (cases.NOT_RECEIVED, "1", cases.CLOSED)
    ]


def test_a_receipt_of_what_is_still_on_its_way_is_taken_for_a_question() -> None:
    settled = settle_receipt(a_situation())
    assert "should be with you by" in told(settled)
    assert settled.change is None


def test_a_receipt_of_one_of_two_parcels_is_not_that_of_the_order() -> None:
    other = a_parcel(id=2, tracking_number="RB200000005CN", skus=("CASE",))
    settled = settle_receipt(a_situation(replace(a_delivered_parcel(), skus=("HP-200-BK",)), other, **PARTLY))
    assert "comes in several parts" in told(settled)
    assert "RB200000005CN" in told(settled)
    assert settled.change is None
