"""What docs/import.md and docs/policy.md show is what the code takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy.engine import Engine

from doorstep.imports.csv_columns import known
from doorstep.settings import ROOT
from doorstep.shop_policy import ShopPolicy
from tests.unit.imports_data import imported, stored

GUIDE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_examples_can_be_imported(sqlite_engine: Engine, tmp_path: Path, form: str) -> None:
    (example,) = re.findall(rf"```{form}\n(.*?)```", GUIDE, re.DOTALL)
    report = imported(sqlite_engine, example, tmp_path)
    assert (report.problems, len(stored(sqlite_engine).parcels)) == ([], 1)


def test_every_column_is_in_the_table_and_the_reverse() -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([a-z_0-9.]+)`", row)}
    assert named - {"line.options.colour"} == set(known())


def test_the_shipped_policy_shows_every_rule() -> None:
    shown = YAML(typ="safe").load((ROOT / "shop_policy.yml").read_text(encoding="utf-8"))
    rules = ShopPolicy().dict()
    assert list(shown) == list(rules)
    groups = [name for name, value in rules.items() if isinstance(value, dict)]
    assert [set(shown[name]) for name in groups] == [set(rules[name]) for name in groups]
