"""docs/scenarios.md: every conversation that must be settled names the tests that go through it."""

from __future__ import annotations

import ast
import re

import pytest

from doorstep.settings import ROOT
from tests.consistency.reading import nodes, python_files

PAGE = (ROOT / "docs/scenarios.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]\S*[^|]*?) \| [^|]+ \| ([^|]*) \|$", PAGE, re.MULTILINE)
NEEDED = [*(f"A{number}" for number in range(1, 16)), *"BCDEFGHIJ"]
FOLDER = ROOT / "tests/e2e"


def _named(cell: str) -> list[str]:
    return re.findall(r"`(test_\w+\.py::test_\w+)`", cell)


def _tests() -> set[str]:
    files = [path for path in python_files("tests") if path.parent == FOLDER]
    return {f"{path.name}::{node.name}" for path in files for node in nodes(path, ast.FunctionDef)}


@pytest.mark.parametrize(("row", "cell"), ROWS, ids=[row for row, _ in ROWS])
def test_every_row_is_held_by_tests_that_exist(row: str, cell: str) -> None:
    named = _named(cell)
    assert named, f"docs/scenarios.md: {row} names no test"
    assert len(named) == cell.count("`") / 2, f"docs/scenarios.md: {row} names something that is no test"
    assert sorted(set(named) - _tests()) == [], f"docs/scenarios.md: {row} names tests that are not there"


@pytest.mark.parametrize("row", NEEDED)
def test_no_row_of_what_must_be_settled_is_left_out(row: str) -> None:
    found = [name for name, _ in ROWS if name == row or (len(row) == 1 and name.startswith(row))]
    assert found, f"docs/scenarios.md has no row {row}"
