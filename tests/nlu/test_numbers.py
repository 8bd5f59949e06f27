"""Every case of the numbers_*.yml files, in the function and with its place in the message."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

import pytest
from ruamel.yaml import YAML

from doorstep.nlu.numbers import find_numbers
from tests.nlu.conftest import HERE

KINDS = {"order_number", "tracking_number", "email", "date", "amount"}
FILES = {path.stem.removeprefix("numbers_"): path for path in sorted(HERE.glob("numbers_*.yml"))}
CASES: dict[str, list[dict[str, Any]]] = {name: YAML(typ="safe").load(path) for name, path in FILES.items()}
EVERY_CASE = [(name, case) for name, cases in CASES.items() for case in cases]


def wanted(case: dict[str, Any]) -> list[tuple[str, str]]:
    return [next(iter(find.items())) for find in case["find"]]


def seen(text: str) -> str:
    """A stretch of a message as a person reads it: NFKC, without characters that have no width."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")


@pytest.mark.parametrize("language", ["en", "zh", "es", "pt", "fr", "de", "ru"])
def test_a_language_has_enough_cases_of_each_kind(language: str) -> None:
    kinds = Counter(kind for name, case in EVERY_CASE if name.startswith(language) for kind, _ in wanted(case))
    assert set(kinds) == KINDS
    assert sum(not case["find"] for name, case in EVERY_CASE if name.startswith(language)) >= 10
    assert sum(name.startswith(language) for name, _ in EVERY_CASE) >= 60


def test_no_case_is_there_twice() -> None:
    assert [text for text, count in Counter(case["text"] for _, case in EVERY_CASE).items() if count > 1] == []


@pytest.mark.parametrize(
    "case", [case for _, case in EVERY_CASE], ids=[f"{name}: {case['text'] or 'empty'}" for name, case in EVERY_CASE]
)
def test_numbers_of_a_message(case: dict[str, Any]) -> None:
    found = find_numbers(case["text"])
    assert [(find.kind, find.value) for find in found] == wanted(case)
    assert [seen(case["text"][find.start : find.end]) for find in found] == [value for _, value in wanted(case)]
