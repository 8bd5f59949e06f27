"""Which dispute a case is to a marketplace, and by when it has to be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from doorstep import cases
from doorstep.cases import Case, CaseStep
from doorstep.commands.disputes import DEFINITION, show
from doorstep.delivery.tracking import settle_tracking
from doorstep.disputes import answer_by, can_be_opened_until, dispute_type, with_missing_parcels
from doorstep.offers import PROBLEM, SIGNER
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.storage.cases import Cases
from doorstep.storage.engine import writing
from tests.builders import NOW, a_parcel, an_order, days_ago
from tests.storage.shop import Shop
from tests.telling import a_delivered_parcel, a_late_parcel, a_policy, a_situation

LOST = a_parcel(status="lost")


def a_case(kind: str = cases.NOT_RECEIVED, problem: str = "", **changes: Any) -> Case:
    return replace(Case("N-1-1", kind, "1", facts={"problem": problem}, opened_at=NOW), **changes)


@pytest.mark.parametrize(
    ("kind", "problem", "dispute"),
    [
        (cases.GOODS, "not_working", "defective"),
        (cases.GOODS, "damaged", "defective"),
        (cases.GOODS, "wrong_item", "wrong"),
        (cases.GOODS, "missing_parts", "missing"),
        (cases.GOODS, "disappointed", "not_as_described"),
        (cases.GOODS, "", "not_as_described"),
        (cases.GOODS, "use", ""),
        (cases.RETURN, "damaged", "defective"),
        (cases.RETURN, "", ""),
        (cases.EXCHANGE, "", ""),
        (cases.NOT_RECEIVED, "", "not_received"),
        (cases.NOT_RECEIVED, "late", "late"),
        (cases.NOT_RECEIVED, "returned", "returned"),
        (cases.CUSTOMS, "refuse", "customs"),
        (cases.ADDRESS, "", ""),
        (cases.CANCEL, "", ""),
    ],
)
def test_each_case_has_its_type_of_dispute(kind: str, problem: str, dispute: str) -> None:
    assert dispute_type(a_case(kind, problem)) == dispute


@pytest.mark.parametrize(("marketplace", "days"), [("aliexpress", 5), ("eBay", 3), ("amazon", 3), ("own", 7), ("x", 7)])
def test_a_marketplace_leaves_its_own_days_for_an_answer(marketplace: str, days: int) -> None:
    assert answer_by(NOW, marketplace, a_policy()) == NOW + timedelta(days=days)


def test_a_shop_that_names_one_marketplace_only_still_has_days_for_the_others() -> None:
    policy = a_policy(disputes={"answer_days": {"ebay": 2}})
    assert answer_by(NOW, "elsewhere", policy) == NOW + timedelta(days=7)


def test_a_dispute_can_be_opened_so_long_after_delivery() -> None:
    order = an_order(parcels=(a_delivered_parcel(days_ago(4)),), marketplace="aliexpress")
    assert can_be_opened_until(order, a_case(), a_policy()) == days_ago(4) + timedelta(days=15)


def test_without_delivery_it_is_counted_from_the_last_day_of_the_usual_time() -> None:
    order = an_order(parcels=(a_late_parcel(),), marketplace="ebay")
    assert can_be_opened_until(order, a_case(), a_policy()).date().isoformat() == "2025-07-06"  # 30 days after 6 June


def test_without_a_parcel_it_is_counted_from_the_order() -> None:
    order = an_order(parcels=())
    assert can_be_opened_until(order, a_case(), a_policy()) == order.placed_at + timedelta(days=120)


# -- when a missing parcel becomes a case ----------------------------------------------------


def opened(situation: Situation, wish: str = "not_received") -> list[tuple[str, str, str]]:
    steps = with_missing_parcels(situation, settle_tracking(situation), wish).cases
    return [(step.subject, step.state, step.facts["problem"]) for step in steps]


def test_only_the_parcel_that_is_missing_becomes_a_case() -> None:
    fine = a_parcel(id=2, tracking_number="RB2")
    assert opened(a_situation(LOST, fine)) == [("1", cases.ASKING, "not_received")]


@pytest.mark.parametrize("wish", ["track_order", "delivery_time", "stock", "cancel_order"])
def test_other_wishes_open_none(wish: str) -> None:
    assert opened(a_situation(LOST), wish) == []


def test_a_settlement_with_a_case_of_its_own_is_left_alone() -> None:
    step = CaseStep(cases.CUSTOMS, "1")
    settled = replace(settle_tracking(a_situation(LOST)), cases=(step,))
    assert with_missing_parcels(a_situation(LOST), settled, "customs").cases == (step,)


def test_a_hand_over_about_one_parcel_is_a_case_of_that_parcel() -> None:
    other = a_late_parcel(id=2, tracking_number="RB2")
    handed = Settlement((), handover=Handover("above_limit", {"parcel": "RB2"}))
    steps = with_missing_parcels(a_situation(LOST, other), handed, "not_received").cases
    assert [(step.subject, step.state) for step in steps] == [("2", cases.PERSON)]


def test_an_unknown_signer_is_a_case_and_a_question_about_goods_is_none() -> None:
    situation = a_situation(a_delivered_parcel())
    handed = Settlement((), handover=Handover("signed_by_stranger", {"signer": "M. Lopes"}))
    assert [step.state for step in with_missing_parcels(situation, handed, kind=SIGNER).cases] == [cases.PERSON]
    assert with_missing_parcels(situation, handed, kind=PROBLEM).cases == ()


# -- the report --------------------------------------------------------------------------------


def put(shop: Shop, number: str, step: CaseStep, at: datetime, **order: Any) -> None:
    order_id = shop.sells(an_order(number=number, **order))
    with writing(shop.engine) as connection:
        Cases(connection).step("c", order_id, number, step, at)


def shown(shop: Shop, days: int = 90) -> str:
    out = StringIO()
    show(shop.engine, a_policy(), Console(file=out, width=140), days, NOW)
    return out.getvalue()


def row_of(report: str, *cells: str) -> bool:
    """Whether a line of the report has just these cells."""
    lines = [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in report.splitlines()]
    return list(cells) in lines


@pytest.fixture
def shop(sqlite_engine: Any) -> Shop:
    return Shop(sqlite_engine, a_policy())


def test_the_report_tells_types_deadlines_and_the_rate(shop: Shop) -> None:
    put(shop, "1", CaseStep(cases.GOODS, "HP", cases.ASKING, {"problem": "damaged"}), days_ago(1), marketplace="ebay")
    put(shop, "2", CaseStep(cases.GOODS, "HP", cases.CLOSED, {"problem": "damaged"}), days_ago(9), marketplace="ebay")
    put(shop, "3", CaseStep(cases.ADDRESS, "", cases.ASKING), days_ago(1), marketplace="ebay")
    shop.sells(an_order(number="4", marketplace="aliexpress"))
    report = shown(shop)
    assert row_of(report, "defective", "damaged", "2", "1")
    assert row_of(report, "(no dispute)", "address", "1", "1")
    assert row_of(report, "G-1-1", "1", "ebay", "defective", "asking", "2025-06-20 12:00", "2")
    assert row_of(report, "ebay", "2", "3", "66.7 %")
    assert row_of(report, "aliexpress", "0", "1", "0.0 %")
    assert DEFINITION in report


def test_a_deadline_that_has_passed_says_so_and_stands_on_top(shop: Shop) -> None:
    put(shop, "1", CaseStep(cases.CUSTOMS, "1", cases.PERSON), days_ago(1))
    put(shop, "2", CaseStep(cases.CUSTOMS, "1", cases.PERSON), days_ago(100), marketplace="ebay")
    report = shown(shop)
    assert row_of(report, "D-2-1", "2", "ebay", "customs", "person", "2025-03-13 12:00", "over")
    assert report.index("D-2-1") < report.index("D-1-1")


def test_a_parcel_that_was_found_does_not_count(shop: Shop) -> None:
    put(shop, "1", CaseStep(cases.NOT_RECEIVED, "1", cases.CLOSED, {"found": "yes"}), days_ago(1))
    assert row_of(shown(shop), "own", "0", "1", "0.0 %")


def test_what_is_older_than_asked_for_does_not_count(shop: Shop) -> None:
    put(shop, "1", CaseStep(cases.CUSTOMS, "1", cases.CLOSED), days_ago(8), placed_at=days_ago(10))
    assert row_of(shown(shop), "own", "1", "1", "100.0 %")
    assert "own" not in shown(shop, days=7)
