"""Who in the queue is answered first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from doorstep.people.waiting import Waiting, in_order
from tests.builders import NOW, days_ago

TIERS = ("gold", "silver", "regular")
HOUR = 1 / 24


def waits(name: str, **changes: Any) -> Waiting:
    return replace(Waiting(name, days_ago(HOUR), "asked", tier="regular"), **changes)


def order_of(*waiting: Waiting) -> list[str]:
    return [each.conversation_id for each in in_order(waiting, TIERS, NOW)]


def test_the_tier_comes_before_the_mood_and_the_wait() -> None:
    assert order_of(
        waits("regular", mood="angry", since=days_ago(9)), waits("silver", tier="silver"), waits("gold", tier="gold")
    ) == ["gold", "silver", "regular"]


def test_within_a_tier_an_angry_buyer_is_answered_before_an_upset_and_a_calm_one() -> None:
    assert order_of(waits("calm", since=days_ago(9)), waits("upset", mood="upset"), waits("angry", mood="angry")) == [
        "angry",
        "upset",
        "calm",
    ]


def test_then_the_longest_wait_by_full_hours_and_then_the_nearest_deadline() -> None:
    assert order_of(
        waits("no deadline", since=days_ago(1.7 * HOUR)),
        waits("far", since=days_ago(1.6 * HOUR), deadline=days_ago(-9)),
        waits("near", since=days_ago(1.1 * HOUR), deadline=days_ago(-1)),
        waits("longest", since=days_ago(3 * HOUR)),
    ) == ["longest", "near", "far", "no deadline"]


def test_otherwise_who_came_first() -> None:
    assert order_of(waits("second", since=days_ago(1.1 * HOUR)), waits("first", since=days_ago(1.2 * HOUR))) == [
        "first",
        "second",
    ]


def test_who_proved_no_order_comes_with_the_last_tier() -> None:
    assert order_of(waits("gold", tier="gold"), waits("nobody", tier="", since=days_ago(9)), waits("regular")) == [
        "gold",
        "nobody",
        "regular",
    ]


@given(st.lists(st.builds(Waiting, st.uuids().map(str), st.just(NOW), st.just("asked"))))
def test_nobody_is_lost_and_nobody_comes_twice(waiting: list[Waiting]) -> None:
    assert sorted(order_of(*waiting)) == sorted(each.conversation_id for each in waiting)
