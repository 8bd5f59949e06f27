"""What a message says more closely than its wish, and its mood: held-out phrases of tests/nlu/closely_*.yml."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

from rich.table import Table

from bench.understanding.model import settings
from doorstep import phrases
from doorstep.languages import SPOKEN
from doorstep.nlu.normal import normalise
from doorstep.settings import ROOT

MOOD = "mood"
_NOTHING = "nothing said"


def table(console_misses: list[str]) -> Table:
    """One line for each wish with sub-intents, and one for the mood; what was missed is added to the list."""
    from doorstep.nlu.subintents import SubintentClassifier, train_models

    config = SubintentClassifier.get_default_config() | settings("SubintentClassifier")
    began = time.process_time()
    scorers = train_models(_learnt(), config)
    trained = time.process_time() - began
    held = {language: _held_out(language) for language in SPOKEN}
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    for language, rows in held.items():
        for text, group, meant in rows:
            taken = scorers[group].label(normalise(text), float(config["threshold"]))
            right[group][language].append(taken == meant)
            if taken != meant:
                wrong[group][f"{meant} as {taken or _NOTHING}"] += 1
                console_misses.append(f"{language}: {group}/{meant} -> {taken or _NOTHING}: {text}")
    shown = Table(
        "of", "phrases", "right", *SPOKEN, "missed", title=f"Said more closely (trained in {trained:.0f} s CPU)"
    )
    for group, by_language in sorted(right.items()):
        every = [each for rows in by_language.values() for each in rows]
        shares = [_share(by_language[language]) for language in SPOKEN]
        missed = ", ".join(f"{what} {count}" for what, count in wrong[group].most_common(3))
        shown.add_row(group, str(len(every)), _share(every), *shares, missed)
    return shown


def _learnt() -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for text, intent, kind, label in phrases.read_labelled(file):
            texts, labels = found[MOOD if kind == MOOD else intent]
            texts.append(text)
            labels.append(label)
    return dict(found)


def _held_out(language: str) -> list[tuple[str, str, str]]:
    rows = phrases.read_labelled(ROOT / "tests" / "nlu" / f"closely_{language}.yml")
    return [(text, MOOD if kind == MOOD else intent, label) for text, intent, kind, label in rows]


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.2f}" if right else ""
