"""What docs/import.md and docs/policy.md show is what the code takes."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML
from sqlalchemy.engine import Engine

from doorstep.imports.csv_columns import known
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.settings import ROOT
from tests.unit.imports_data import imported, stored

GUIDE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
POLICY_GUIDE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


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


def _rules() -> set[str]:
    fields = ShopPolicy.__fields__.items()
    groups = {name: list(field.default.__fields__) for name, field in fields if isinstance(field.default, BaseModel)}
    alone = {name for name, field in fields if name not in groups}
    return alone | {f"{group}.{rule}" for group, rules in groups.items() for rule in rules}


def test_every_rule_is_in_the_table_of_the_policys_guide_and_the_reverse() -> None:
    rows = re.findall(r"^\| (`[a-z_]+(?:\.[a-z_]+)?`.*?) \|.*\|.*\|$", POLICY_GUIDE, re.MULTILINE)
    named: set[str] = set()
    for row in rows:
        first, *others = re.findall(r"`([a-z_.]+)`", row)
        named |= {first, *(first.partition(".")[0] + other for other in others)}
    assert named == _rules()


def test_the_examples_of_the_policys_guide_are_good_rules(tmp_path: Path) -> None:
    examples = re.findall(r"(?:^ {4}[^\n]*\n)+", POLICY_GUIDE, re.MULTILINE)
    assert len(examples) == 6
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.yml"
        file.write_text(dedent(example), encoding="utf-8")
        assert shop_policy.load(file) != ShopPolicy() or "recency_days" in example
