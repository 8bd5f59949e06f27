"""Values travel to the words as JSON and come back as they were."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from doorstep.delivery.tracking import settle_tracking
from doorstep.orders import Money
from doorstep.replies.values import AnyOf, BusinessDays, Choice, Country, Days, Hours, Reply, from_json, to_json
from tests.builders import CHINA, NOW
from tests.telling import WORDS, a_late_parcel, a_situation


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text with {braces} and 0[",
        7,
        date(2025, 6, 18),
        NOW.astimezone(CHINA),
        Money(Decimal("24.50"), "USD"),
        Country("BR"),
        Days(3),
        Hours(24),
        BusinessDays(7, 15),
        AnyOf((Reply("a"), Reply("b"))),
        ["a", ["b", None]],
        {"plain": {"nested": 1}},
        Choice("label", "intent", {"offer": "now/1/1"}, {"amount": Money(Decimal(1), "EUR")}),
        Reply("name", {"scans": [Reply("line", {"at": NOW})]}, (Choice("label", "intent"),), {"type": "tracking"}),
    ],
)
def test_every_kind_of_value_comes_back_as_it_was(value: Any) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_a_whole_answer_is_worded_the_same_after_its_journey() -> None:
    (reply,) = settle_tracking(a_situation(a_late_parcel())).replies
    assert WORDS.word(from_json(json.loads(json.dumps(to_json(reply)))), "en") == WORDS.word(reply, "en")


@pytest.mark.parametrize("value", [1.5, object(), {"nested": 0.1}, Decimal(1)])
def test_a_value_without_a_way_to_the_words_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no way to send"):
        to_json(value)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        from_json({"~": "float", "v": 1.5})
