"""The clauses of a message, and what is made of them."""

from __future__ import annotations

import pytest

from doorstep.nlu.clauses import Plainly, clauses, understand
from doorstep.nlu.scoring import Reading

PLAINLY = Plainly(clause=0.3, hint=0.02, whole=0.3, unsure=0.3, sure=0.7)
WISHES = ("not_received", "stock", "confirm_receipt")


def a_reading(confidence: float, **shares: float) -> Reading:
    """A reading whose likeliest intent is the one with the largest share."""
    order = sorted(shares, key=lambda name: -shares[name])
    top = shares[order[0]]
    return Reading([(name, confidence * shares[name] / top) for name in order], shares)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("is it in stock? and my parcel has not arrived", ["is it in stock", "my parcel has not arrived"]),
        ("mi pedido no ha llegado y quiero cancelar", ["mi pedido no ha llegado", "quiero cancelar"]),
        ("包裹没收到，给我转人工", ["包裹没收到", "给我转人工"]),
        ("заказ не пришёл и я хочу деньги", ["заказ не пришёл", "я хочу деньги"]),
        ("where is my order where is my order", []),
        ("ok", []),
    ],
)
def test_a_message_is_cut_between_its_clauses_and_never_at_a_negation(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def test_of_many_clauses_the_first_and_the_last_are_read() -> None:
    found = clauses(". ".join(f"this is sentence {name}" for name in "abcdefghijklmnop"))
    assert found[0].endswith("a")
    assert found[-1].endswith("p")
    assert len(found) == 8


def test_a_clause_states_a_second_wish_only_if_the_message_does_not_speak_against_it() -> None:
    text = "the parcel never came. is it in stock"
    whole = a_reading(0.9, not_received=0.8, stock=0.1, confirm_receipt=0.001)
    readings = {text: whole, "the parcel never came": a_reading(0.9, confirm_receipt=0.9, stock=0.0, not_received=0.5)}
    readings["is it in stock"] = a_reading(0.9, stock=0.9, not_received=0.0, confirm_receipt=0.0)
    assert understand(text, readings.__getitem__, WISHES, PLAINLY).wishes == ["not_received", "stock"]


def test_a_clear_clause_speaks_for_a_story_that_says_nothing_clear() -> None:
    text = "it was my birthday and all. the parcel never came"
    shares = {"not_received": 0.1, "stock": 0.05, "confirm_receipt": 0.05}
    readings = {text: a_reading(0.2, **shares), "it was my birthday": a_reading(0.1, **shares)}
    readings["the parcel never came"] = a_reading(0.9, not_received=0.9, stock=0.0, confirm_receipt=0.0)
    found = understand(text, readings.__getitem__, WISHES, PLAINLY)
    assert (found.reading.intent, found.reading.confidence) == ("not_received", 0.9)


def test_clauses_are_not_read_where_they_can_tell_nothing() -> None:
    text = "the parcel never came. i am angry"
    whole = a_reading(0.9, not_received=0.9, stock=0.001, confirm_receipt=0.001)
    assert understand(text, {text: whole}.__getitem__, WISHES, PLAINLY).wishes == ["not_received"]
