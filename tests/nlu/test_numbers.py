"""Every case of numbers_en.yml, in the function and with its place in the message."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from doorstep.nlu.numbers import find_numbers, fold
from tests.nlu.conftest import HERE

CASES: list[dict[str, Any]] = YAML(typ="safe").load(HERE / "numbers_en.yml")


def test_there_are_enough_cases_and_none_twice() -> None:
    assert len({case["text"] for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("case", CASES, ids=[case["text"] or "empty" for case in CASES])
def test_numbers_of_a_message(case: dict[str, Any]) -> None:
    wanted = [next(iter(find.items())) for find in case["find"]]
    found = find_numbers(case["text"])
    assert [(find.kind, find.value) for find in found] == wanted
    assert [fold(case["text"][find.start : find.end]).text for find in found] == [value for _, value in wanted]
