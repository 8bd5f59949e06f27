"""Held-out phrases: precision, recall and F1 of each intent, refusals, several wishes, languages, numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from rich.table import Table
from ruamel.yaml import YAML

from bench.understanding.model import Taken, examples, take
from doorstep import languages
from doorstep.languages import SPOKEN, language_of
from doorstep.nlu.numbers import ORDER, TRACKING, find_numbers
from doorstep.nlu.scoring import Scorer
from doorstep.processes.understanding import REFUSED, STRANGE
from doorstep.settings import ROOT
from doorstep.wishes import WISHES, in_order

Row = tuple[str, Taken]  # what is meant, "+" between two wishes, and what it was taken for
_LONG_ENOUGH = 4  # words, or twice as many Chinese characters


def read_all(scorer: Scorer) -> dict[str, list[Row]]:
    """Every held-out phrase, by language."""
    return {
        language: [(meant, take(scorer, text)) for text, meant in examples("tests", "nlu", f"{language}.yml")]
        for language in SPOKEN
    }


def by_language(read: dict[str, list[Row]]) -> Table:
    """One line a language: what is right, macro-F1, the weakest wish, refusals, several wishes, language told."""
    table = Table(
        "language", "phrases", "right", "macro-F1", "weakest wish", "strangers refused", "wishes refused",
        "both wishes found", "false second wish", "language told",
        title="Held-out phrases (tests/nlu)",
    )  # fmt: skip
    for language, rows in read.items():
        alone = [row for row in rows if "+" not in row[0]]
        f1 = {intent: values[2] for intent, values in scores(alone).items()}
        wishes = {intent: f1[intent] for intent in f1 if intent in WISHES}
        weakest = min(wishes, key=lambda intent: wishes[intent])
        refused = [taken.intent in (REFUSED, STRANGE) for meant, taken in alone if meant in WISHES]
        strangers = [taken.intent in (REFUSED, STRANGE) for meant, taken in alone if meant == STRANGE]
        both = [set(in_order(meant.split("+"))) <= set(taken.wishes) for meant, taken in rows if "+" in meant]
        second = [len(taken.wishes) > 1 for _, taken in alone]
        told = [language_of(taken.text, "en") == language for _, taken in rows if _is_long(taken.text, language)]
        table.add_row(
            language, str(len(alone)), _share([taken.is_right(meant) for meant, taken in alone]),
            f"{np.mean(list(f1.values())):.3f}", f"{weakest} {wishes[weakest]:.2f}",
            *map(_share, (strangers, refused, both, second, told)),
        )  # fmt: skip
    return table


def by_intent(read: dict[str, list[Row]]) -> Table:
    """Precision, recall and F1 of each intent over all languages, F1 in each, and what it is taken for instead."""
    table = Table("intent", "precision", "recall", "F1", *read, "taken for", title="By intent, and F1 by language")
    alone = {language: [row for row in rows if "+" not in row[0]] for language, rows in read.items()}
    everywhere = list(chain.from_iterable(alone.values()))
    single = {language: scores(rows) for language, rows in alone.items()}
    for intent, (precision, recall, f1) in scores(everywhere).items():
        instead = Counter(taken.intent for meant, taken in everywhere if meant == intent and not taken.is_right(meant))
        most = ", ".join(f"{name} {count}" for name, count in instead.most_common(3))
        each = [f"{single[language][intent][2]:.2f}" if intent in single[language] else "" for language in read]
        table.add_row(intent, f"{precision:.2f}", f"{recall:.2f}", f"{f1:.2f}", *each, most)
    return table


def scores(rows: Sequence[Row]) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each intent that is meant; a refusal counts as out_of_scope."""
    found = {}
    for intent in sorted({meant for meant, _ in rows}):
        right = sum(meant == intent and taken.is_right(meant) for meant, taken in rows)
        meant_so = sum(meant == intent for meant, _ in rows)
        taken_so = sum(taken.is_right(intent) for _, taken in rows)
        found[intent] = (right / taken_so if taken_so else 0.0, right / meant_so, 2 * right / (meant_so + taken_so))
    return found


def numbers() -> Table:
    """Order and tracking numbers, e-mail addresses, dates and amounts in tests/nlu/numbers_*.yml."""
    table = Table("kind", "cases with it", "precision", "recall", title="Numbers (tests/nlu/numbers_*.yml)")
    cases: list[dict[str, Any]] = []
    for file in sorted((ROOT / "tests/nlu").glob("numbers_*.yml")):
        cases += YAML(typ="safe").load(file)
    wanted = [Counter(next(iter(find.items())) for find in case["find"]) for case in cases]
    found = [Counter((find.kind, find.value) for find in find_numbers(case["text"])) for case in cases]
    kinds = sorted({kind for counted in (*wanted, *found) for kind, _ in counted})
    for kind in [*kinds, f"{ORDER} and {TRACKING}"]:
        these = kind.split(" and ")
        want, get, both = (
            sum(count for counted in group for (name, _), count in counted.items() if name in these)
            for group in (wanted, found, [w & f for w, f in zip(wanted, found, strict=True)])
        )
        holding = sum(any(name in these for name, _ in counted) for counted in wanted)
        table.add_row(kind, str(holding), f"{both / get:.3f}" if get else "", f"{both / want:.3f}" if want else "")
    table.caption = f"{len(cases)} messages"
    return table


def missed(read: dict[str, list[Row]]) -> list[str]:
    """The phrases that were taken wrongly, one line each."""
    return [
        f"{language}: {meant} -> {taken.intent} ({taken.likeliest} {taken.confidence:.2f}): {taken.text}"
        for language, rows in read.items()
        for meant, taken in rows
        if "+" not in meant and not taken.is_right(meant)
    ]


def _is_long(text: str, language: str) -> bool:
    words = languages._words(unicodedata.normalize("NFKC", text))
    return sum(map(len, words)) >= 2 * _LONG_ENOUGH if language == "zh" else len(words) >= _LONG_ENOUGH


def _share(outcomes: Sequence[bool]) -> str:
    return f"{np.mean(outcomes):.3f}" if outcomes else ""
