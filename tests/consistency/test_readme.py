"""What the README promises is there: the demo orders, the files it links to, the commands it names."""

from __future__ import annotations

import re

import pytest

from doorstep import demo
from doorstep.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("order", demo.listing(), ids=lambda order: order["number"])
def test_every_demo_order_stands_in_the_table_as_it_is(order: dict[str, str]) -> None:
    row = f"| `{order['number']}` | {order['email']} | {order['postcode']} | {order['what']} |"
    assert row in README, f"README.md: the row of this demo order should read {row}"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)", README))))
def test_every_link_leads_to_a_file(target: str) -> None:
    assert (ROOT / target).exists(), f"README.md links to {target}, which is not there"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)", README))))
def test_every_make_target_named_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"README.md names `make {target}`"
