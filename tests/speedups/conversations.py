"""Conversations of every kind there is, put together from what the other tests' buyers write; the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rasa.shared.nlu.training_data.loading import load_data
from ruamel.yaml import YAML

from doorstep import demo
from doorstep.settings import ROOT

TURNS_EACH = 25
_SEED = 20240229
_ANSWERS = ("yes", "no", "ok", "yes please", "no thanks", "hm", "?", "send it again", "I'd rather wait", "refund it")
_CROOKED = (
    "", "   ", "😡😡😡", "/restart", "/session_start", '/choose_option{"offer": "x", "option": "y"}', "0[",
    "<script>alert(1)</script>", "x" * 2000, "١٢٣٤", "1003 1004 1005", "订单 1003 在哪里", "where is my order " * 60,
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One message. `choice` picks that one of the choices offered last instead, where there are any."""

    text: str
    choice: int | None = None


def conversations(turns: int) -> Iterator[list[Said]]:
    """Conversations of TURNS_EACH messages, together `turns` or a few more."""
    dice = random.Random(_SEED)
    for _ in range(-(-turns // TURNS_EACH)):
        orders = dice.sample(demo.listing(), 2)
        yield [_message(dice, orders) for _ in range(TURNS_EACH)]


def _message(dice: random.Random, orders: Sequence[dict[str, str]]) -> Said:
    order = dice.choice(orders)
    proof = dice.choice([order["email"], order["postcode"]])
    wish = dice.choice(phrases("en"))
    kinds = {
        wish: 20,
        f"{wish} {order['number']}": 10,
        f"order {order['number']}, {proof}": 15,
        order["number"]: 10,
        proof: 10,
        dice.choice(_ANSWERS): 12,
        dice.choice(phrases("chatter_en")): 5,
        dice.choice(numbers()): 4,
        dice.choice(_CROOKED): 4,
    }
    (text,) = dice.choices(list(kinds), list(kinds.values()))
    return Said(text, dice.randrange(4) if dice.random() < 0.15 else None)


@cache
def phrases(name: str) -> list[str]:
    """What the buyers of tests/nlu/<name>.yml write."""
    return [example.get("text") for example in load_data(str(ROOT / "tests/nlu" / f"{name}.yml")).intent_examples]


@cache
def numbers() -> list[str]:
    """Messages with numbers of every kind."""
    listed = YAML(typ="safe").load((ROOT / "tests/nlu/numbers_en.yml").read_text(encoding="utf-8"))
    return [one["text"] for one in listed]
