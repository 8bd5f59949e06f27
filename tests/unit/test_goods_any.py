"""Whatever a buyer says, sends and takes about goods with a problem, in whatever order: nothing forbidden is given."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep import promises
from doorstep.offers import refusal_of
from doorstep.settlement import Situation
from tests.builders import NOW, a_line, a_product
from tests.telling import a_policy, told
from tests.unit.goods_talk import CASE_LINE, Talk, choices_of, two_items

WISHES = ["defective", "quality_complaint", "how_to_use"]
ABOUTS = ["", "damaged", "missing_parts", "not_working", "wrong_item"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.sampled_from(WISHES), st.sampled_from(ABOUTS)),
        st.tuples(st.just("takes"), st.integers(0, 30), st.just("")),
        *[st.tuples(st.just("takes last"), st.integers(0, 5), st.just(""))] * 6,
        st.tuples(st.just("tells"), st.sampled_from(["the case", "bigger", ""]), st.just("")),
        st.tuples(st.just("sends"), st.just("photo"), st.just("")),
        st.tuples(st.just("waits"), st.integers(1, 9), st.just("")),
    ),
    min_size=12,
    max_size=20,
)
POLICIES = st.builds(
    lambda goods, remedies: a_policy(goods={**goods, "coupons": ["CODE-1"]}, remedies=remedies),
    st.fixed_dictionaries(
        {
            "photo": st.booleans(),
            "part_refund_percent": st.sampled_from([0, 30, 90]),
            "low_values": st.sampled_from([{}, {"USD": 15}, {"USD": 100}]),
        }
    ),
    st.fixed_dictionaries(
        {
            "resend": st.sampled_from([True, True, False]),
            "refund": st.sampled_from([True, True, False]),
            "limits": st.sampled_from([{"USD": 100}, {"USD": 90}, {"USD": 10}]),
        }
    ),
)
PRICES = st.sampled_from([Decimal(price) for price in ("24.50", "9.00", "40.00", "0.01", "0.00")])


@st.composite
def situations(draw: Any) -> Situation:
    """An order of two items that came, whatever they cost and whatever the shop allows."""
    both = (a_line(unit_price=draw(PRICES)), replace(CASE_LINE, unit_price=draw(PRICES)))
    lines = both[: draw(st.integers(1, 2))]
    paid = draw(st.sampled_from([sum(line.unit_price for line in lines), Decimal("30.00")]))
    guide = {"HP-200-BK": a_product(guide=("Hold the button.", "Let go."), in_stock=draw(st.booleans()))}
    return two_items(lines=lines, total=paid, policy=draw(POLICIES), coupon=draw(st.booleans()), products=guide)


def _walk(talk: Talk, step: tuple[str, Any, str]) -> None:
    kind, what, about = step
    shown = [choice for settled in talk.heard for choice, _ in choices_of(settled) if choice.intent == "choose_option"]
    if kind == "says":
        talk.says(what, about)
    elif kind == "tells" and talk.asks:
        talk.tells(what)
    elif kind == "sends":
        talk.sends(f"p{len(talk.situation.photos)}")
    elif kind == "waits":
        talk.days_pass(what)
    elif kind.startswith("takes") and shown:
        choice = shown[-1 - what % min(6, len(shown))] if kind == "takes last" else shown[what % len(shown)]
        offer = talk.offers[choice.entities["offer"]]
        if offer.kind != "pass_on" and not refusal_of(
            offer, "conversation", choice.entities["option"], talk.situation.now
        ):
            talk.takes(choice)


@settings(max_examples=50, deadline=None)
@given(situations(), STEPS)
def test_nothing_is_given_twice_nor_beyond_the_policy_and_every_answer_has_words(
    situation: Situation, steps: list[tuple[str, Any, str]]
) -> None:
    talk = Talk(situation)
    for step in steps:
        _walk(talk, step)
    made, rules = talk.situation.promises, situation.policy.remedies
    assert promises.given(made) <= situation.order.total
    assert not made or rules.within_limit(situation.order.total, "USD")
    assert rules.resend or "resend" not in {promise.kind for promise in made}
    assert rules.refund or {promise.kind for promise in made} <= {"resend"}
    assert len({promise.subject for promise in made}) == len(made)
    assert [p for p in made if p.due_at < NOW or p.amount is None] == []
    for settled in talk.heard:
        assert told(settled)
        assert "1001" in told(settled)
