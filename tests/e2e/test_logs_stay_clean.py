"""The logs of a run hold nothing that a buyer wrote or is, and no key to a conversation."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from doorstep import demo
from tests.e2e.orders import MARKETPLACE_NUMBER, email_of
from tests.e2e.shop import Shop

pytestmark = pytest.mark.processes

MARKER = "my grandmother's violet umbrella stand"
SHORTEST = 12  # letters; what is shorter may stand in a log by chance


def log_files(shop: Shop) -> dict[Path, str]:
    """Every log of the running system, and what `doorstep up` printed."""
    data_dir = shop.process.data_dir
    files = [path for path in (data_dir / "logs").rglob("*") if path.is_file()]
    found = {path: path.read_text(errors="replace") for path in files}
    return found | {Path("stdout"): shop.process.said, Path("stderr"): shop.process.complained}


def leaked(shop: Shop, words: set[str]) -> list[tuple[str, str]]:
    """Which of these words stand in which log."""
    texts = {path: text.casefold() for path, text in log_files(shop).items()}
    return [(path.name, word) for path, text in texts.items() for word in words if word.casefold() in text]


def talk_about_everything(shop: Shop) -> None:
    """One conversation with a marker in every kind of message, an error among them."""
    buyer = shop.buyer()
    buyer.say(f"hello, it is about {MARKER}")
    buyer.say(f"Where is my order {MARKETPLACE_NUMBER}? It holds {MARKER}")
    buyer.say(f"someone.{MARKER.rpartition(' ')[2]}@example.com")
    buyer.say(MARKETPLACE_NUMBER)
    buyer.say(email_of(MARKETPLACE_NUMBER))
    buyer.post({"id": "a", "choice": "unknown-choice-of-a-buyer"})
    buyer.post({"id": MARKER, "text": MARKER})
    buyer.http.get(f"/{MARKER.replace(' ', '%20')}")
    buyer.say(f"I want a human because of {MARKER}")
    buyer.say(f"still {MARKER}")


def test_logs_hold_nothing_that_buyers_wrote(shop: Shop) -> None:
    talk_about_everything(shop)
    typed = {text.strip() for text in chain.from_iterable(buyer.typed for buyer in shop.buyers)}
    words = {text for text in typed if len(text) >= SHORTEST} | {MARKER, MARKER.split()[-2], MARKETPLACE_NUMBER}

    assert len(words) >= 6
    assert leaked(shop, words) == []


def test_logs_hold_no_fact_of_a_buyer(shop: Shop) -> None:
    talk_about_everything(shop)
    people = [order["buyer"] for order in demo.orders(shop.order("1002").placed_at)["orders"]]
    facts = {person[key] for person in people for key in ("email", "phone", "name")}

    assert leaked(shop, {*facts, "@example.com", email_of(MARKETPLACE_NUMBER)}) == []


def test_logs_hold_no_token(shop: Shop) -> None:
    talk_about_everything(shop)
    tokens = {buyer.token for buyer in shop.buyers}
    choices = {token for buyer in shop.buyers for told in buyer.heard for token in told.choices.values()}

    assert choices
    assert leaked(shop, tokens | choices) == []


def test_every_process_logs(shop: Shop) -> None:
    logged = {path.name for path, text in log_files(shop).items() if text}

    assert {"front.log", "rasa.log", "actions.log"} <= logged
