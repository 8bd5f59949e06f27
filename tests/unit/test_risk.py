"""The risk of a dispute: what raises the score, by how much, and that nothing lowers it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep import cases
from doorstep.cases import Case
from doorstep.people import risk
from doorstep.people.risk import MOST, Signs, score, signs_of
from doorstep.promises import Promise
from tests.builders import NOW, a_parcel, days_ago
from tests.telling import a_delivered_parcel, a_late_parcel, a_situation

signs = st.builds(
    Signs,
    days_late=st.integers(0, 400),
    mood=st.sampled_from(("calm", "upset", "angry")),
    threats=st.lists(st.sampled_from(("dispute", "review", "legal", "police", "anger")), max_size=3).map(tuple),
    contacts=st.integers(0, 20),
    overdue=st.integers(0, 5),
    days_to_deadline=st.none() | st.integers(-3, 60),
    value=st.decimals(0, 5_000, places=2),
    delivered_disputed=st.booleans(),
)


def reasons(some: Signs) -> dict[str, int]:
    return {part.reason: part.points for part in score(some).parts}


def test_an_order_with_nothing_wrong_has_no_points() -> None:
    assert score(Signs()).parts == ()
    assert score(signs_of(a_situation(), "calm", (), None)).points == 0


def test_everything_wrong_at_once_is_a_hundred() -> None:
    worst = Signs(99, "angry", ("dispute",), 9, 9, 0, Decimal(9_999), delivered_disputed=True)
    assert score(worst).points == 100 == sum(MOST.values())


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        (Signs(days_late=7), {"late": 7}),
        (Signs(days_late=90), {"late": 20}),
        (Signs(mood="upset"), {"mood": 5}),
        (Signs(mood="angry"), {"mood": 10}),
        (Signs(threats=("review", "dispute")), {"threat": 25}),
        (Signs(threats=("review",)), {"threat": 12}),
        (Signs(contacts=1), {}),
        (Signs(contacts=3), {"contacts": 6}),
        (Signs(overdue=1), {"promise_overdue": 5}),
        (Signs(days_to_deadline=10), {}),
        (Signs(days_to_deadline=2), {"deadline": 8}),
        (Signs(value=Decimal(200)), {"value": 3}),
        (Signs(delivered_disputed=True), {"delivered_disputed": 10}),
    ],
)
def test_each_sign_has_its_points_and_is_named(some: Signs, expected: dict[str, int]) -> None:
    assert reasons(some) == expected


def test_the_reason_with_most_points_is_named_first_with_its_fact() -> None:
    parts = score(Signs(days_late=3, threats=("legal",))).parts
    assert [(part.reason, part.what, part.points) for part in parts] == [("threat", "legal", 22), ("late", "3", 3)]


@given(signs, st.integers(0, 100))
def test_more_days_late_never_lower_the_score(some: Signs, more: int) -> None:
    assert score(replace(some, days_late=some.days_late + more)).points >= score(some).points


@given(st.integers(8, 200), st.integers(1, 60))
def test_an_order_that_was_sent_earlier_and_has_not_come_never_scores_less(days: int, more: int) -> None:
    points = [
        score(signs_of(a_situation(a_parcel(shipped_at=days_ago(each))), "upset", (), None)).points
        for each in (days, days + more)
    ]
    assert points[1] >= points[0]


@given(signs)
def test_the_points_of_the_reasons_add_up_to_the_score(some: Signs) -> None:
    found = score(some)
    assert found.points == sum(part.points for part in found.parts)
    assert 0 <= found.points <= 100
    assert all(0 < part.points <= MOST[part.reason] for part in found.parts)


def test_a_late_parcel_counts_its_days_and_the_deadline_it_brings() -> None:
    some = signs_of(a_situation(a_late_parcel(), marketplace="aliexpress"), "calm", (), None)
    assert (some.days_late, some.days_to_deadline) == (12, 3)  # late since 6 June, 15 days for a dispute


def test_a_dispute_that_was_threatened_has_to_be_answered_by_the_days_of_the_marketplace() -> None:
    some = signs_of(a_situation(marketplace="ebay"), "angry", ("dispute",), days_ago(1))
    assert some.days_to_deadline == 2


def test_a_deadline_that_has_passed_counts_only_while_the_goods_are_late() -> None:
    passed = replace(a_situation(a_late_parcel(), marketplace="aliexpress"), now=days_ago(-30))
    assert signs_of(passed, "calm", (), None).days_to_deadline == 0
    came = a_situation(a_delivered_parcel(days_ago(40)), marketplace="aliexpress")
    assert signs_of(came, "upset", (), None).days_to_deadline is None


def test_goods_that_came_and_are_complained_of_count() -> None:
    case = Case("N-1001-1", cases.NOT_RECEIVED, "1", opened_at=NOW)
    came = a_situation(a_delivered_parcel(), cases=(case,))
    assert signs_of(came, "calm", (), None).delivered_disputed
    assert not signs_of(replace(came, cases=(replace(case, state="closed"),)), "calm", (), None).delivered_disputed
    assert not signs_of(a_situation(cases=(case,)), "calm", (), None).delivered_disputed


def test_only_promises_of_the_shop_that_are_open_after_their_date_are_overdue() -> None:
    made = (
        Promise("refund", "1", days_ago(1)),
        Promise("refund", "2", days_ago(1), state="kept"),
        Promise("resend", "3", days_ago(-1)),
        Promise("return", "4", days_ago(1)),  # the buyer's to keep
    )
    assert risk.overdue(made, NOW) == made[:1]


def test_a_cancelled_order_is_not_late() -> None:
    assert risk.days_late(a_situation(a_late_parcel(), cancelled_at=days_ago(2))) == 0
