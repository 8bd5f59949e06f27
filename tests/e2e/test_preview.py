"""`doorstep preview` beside the running system: it shows what the buyer is told then, and changes nothing itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from doorstep.settings import ROOT
from tests.e2e.buyer import plain, text_of
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop

pytestmark = pytest.mark.processes

WORDS = "I have not received my order"


def previewed(shop: Shop, *arguments: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "doorstep.cli", "preview", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=shop.process.environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(text: str) -> list[str]:
    """The lines that say something."""
    return [plain(line.strip()) for line in text.splitlines() if line.strip()]


def test_the_buyer_is_told_what_the_seller_was_shown(shop: Shop) -> None:
    shown = lines(previewed(shop, "7301", "--says", WORDS, "--language", "en"))
    assert "is understood as not_received" in shown[1]
    assert shop.promises("7301") == []

    told = shop.buyer().open("7301", email_of("7301"), WORDS)
    assert [line for line in lines(text_of(told)) if line not in shown] == []
    assert [label for label in told[-1].choices if f"[ {label} ]" not in shown] == []
    promised = [line.split()[1] for line in shown if line.startswith("promise ")]
    assert [promise.kind for promise in shop.promises("7301")] == promised != []


def test_a_preview_leaves_nothing_behind(shop: Shop) -> None:
    shown = previewed(shop, "7302", "--wish", "not_received")
    assert previewed(shop, "7302", "--wish", "not_received") == shown
    assert shop.promises("7302") == []


def test_words_of_any_language_are_read_and_answered_in_it(shop: Shop) -> None:
    shown = lines(previewed(shop, "7302", "--says", "Ich möchte bitte mit einem Menschen sprechen"))
    assert shown[0].endswith("in German.")
    assert any(line.startswith("person") and "takes over: asked" in line for line in shown)
