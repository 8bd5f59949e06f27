"""Wishes that a person settles are answered with what is known; those the parcel settles, by the parcel."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from doorstep.delivery.overview import settle_wish
from doorstep.offers import PASS_ON
from doorstep.parcels import Parcel
from doorstep.replies.values import Reply
from doorstep.settings import ROOT
from tests.builders import a_parcel, a_product, a_scan, days_ago
from tests.telling import a_delivered_parcel, a_situation, labels, told, told_by


def _wishes() -> list[str]:
    rules = YAML(typ="safe").load((ROOT / "data/rules/order_form.yml").read_text())["rules"]
    asked: list[dict[str, str]] = rules[0]["steps"][0]["or"]
    return [step["intent"] for step in asked if step["intent"] not in ("inform", "track_order", "not_received")]


@pytest.mark.parametrize("wish", _wishes())
@pytest.mark.parametrize("parcel", [a_parcel(), a_delivered_parcel(), a_parcel(status="returning")])
def test_every_wish_of_the_rules_has_its_words(wish: str, parcel: Parcel) -> None:
    settled = settle_wish(a_situation(parcel), wish)
    assert "order 1001" in told(settled).replace("Order", "order")


def test_a_wish_for_a_person_tells_what_is_known_and_asks_whether_to_pass_it_on() -> None:
    settled = settle_wish(a_situation(), "return_item")
    text = told(settled)
    assert "order 1001 (Headphones, $24.50)" in text
    assert "• Parcel RB123456785CN: left the country of origin" in text
    assert "within 24 hours" in text
    assert text.endswith("Shall I pass it on?")
    assert labels(settled) == ["Talk to a person"]
    assert [(offer.kind, offer.options) for offer in settled.offers] == [(PASS_ON, ("yes", "no"))]
    assert settled.handover is None


@pytest.mark.parametrize("status", ["", "label_created", "unknown"])
def test_a_parcel_of_any_status_has_its_line(status: str) -> None:
    scans = (a_scan(status=status),) if status else ()
    assert "• Parcel RB123456785CN: " in told(settle_wish(a_situation(a_parcel(scans=scans)), "refund"))


def test_an_unregistered_parcel_and_one_not_sent_have_their_line() -> None:
    unregistered = a_situation(a_parcel(tracking_number=""))
    assert "• Parcel without a tracking number: " in told(settle_wish(unregistered, "refund"))
    unsent: Any = a_situation(a_parcel(shipped_at=None, scans=()))
    assert told_by(Reply("term_not_shipped_yet")) in told(settle_wish(unsent, "refund"))
    assert "no scan yet" not in told(settle_wish(unsent, "refund"))


@pytest.mark.parametrize(
    ("wish", "parcel", "said"),
    [
        ("returned_to_sender", a_parcel(status="returning"), "is on its way back"),
        ("delivery_time", a_parcel(), "should be with you by"),
        ("confirm_receipt", a_parcel(), "should be with you by"),
    ],
)
def test_a_wish_that_the_parcel_settles_is_answered_by_it(wish: str, parcel: Parcel, said: str) -> None:
    assert said in told(settle_wish(a_situation(parcel), wish))


def test_a_wish_about_what_has_not_happened_is_for_a_person() -> None:
    assert "Shall I pass it on?" in told(settle_wish(a_situation(), "returned_to_sender"))


def test_a_payment_problem_of_an_unpaid_order_is_settled_and_of_a_paid_one_not() -> None:
    unpaid = a_situation(a_parcel(shipped_at=None, scans=()), paid_at=None, reserved_until=days_ago(-2))
    assert "No payment has reached us" in told(settle_wish(unpaid, "payment_problem"))
    assert "Shall I pass it on?" in told(settle_wish(a_situation(), "payment_problem"))


def test_a_question_about_stock_is_settled_for_what_has_not_left() -> None:
    products = {"HP-200-BK": a_product(in_stock=False)}
    waiting = a_situation(a_parcel(shipped_at=None, scans=()), products=products)
    assert 'Headphones" from order 1001 sold out' in told(settle_wish(waiting, "stock"))
