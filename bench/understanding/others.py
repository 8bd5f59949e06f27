"""Messages of other people: labelled files of real buyers, and other shops' data of HINT3."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from bench.errors import CannotMeasure
from bench.understanding.model import Taken, settings, take, train
from doorstep.nlu.scoring import Scorer
from doorstep.processes.understanding import REFUSED, STRANGE

RENAMED = {"provide_order_number": "inform"}  # labels of others that we call differently
NOTHING = "NO_NODES_DETECTED"  # HINT3's label of messages that must be refused


def messages(scorer: Scorer, file: Path) -> tuple[Table, list[str]]:
    """Score rows of {"text", "intent", "lang", "also"?}; right is the intent or one of `also`. And the misses.

    Raises CannotMeasure for a file or a row that cannot be read.
    """
    rows = _rows(file)
    table = Table("language", "messages", "right", "refused", "taken for another", title=f"Messages of {file.name}")
    outcomes: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    by_intent: dict[str, list[bool]] = defaultdict(list)
    misses = []
    for row in rows:
        meant = [RENAMED.get(name, name) for name in (row["intent"], *row.get("also", ()))]
        taken = take(scorer, row["text"])
        right, refused = taken.is_right(*meant), taken.intent in (REFUSED, STRANGE)
        for name in (row.get("lang", "en"), "all"):
            outcomes[name].append((right, refused))
        by_intent[meant[0]].append(right)
        if not right:
            misses.append(f"{row.get('lang', 'en')}: {'/'.join(meant)} -> {taken.intent}: {row['text']}")
    for name, each in outcomes.items():
        right, refused = map(np.array, zip(*each, strict=True))
        wrong = np.mean(~right & ~refused)
        table.add_row(name, str(len(each)), f"{right.mean():.3f}", f"{refused.mean():.3f}", f"{wrong:.3f}")
    low = sorted((np.mean(each), name, len(each)) for name, each in by_intent.items())
    table.caption = "lowest: " + ", ".join(f"{name} {share:.2f} of {count}" for share, name, count in low[:6])
    return table, misses


def hint3(train_file: Path, test_file: Path) -> Table:
    """Train on one shop's data with our config.yml, score its test file at our threshold and at the best one."""
    learn, ask = _sentences(train_file), _sentences(test_file)
    table = Table(
        "sentence vector", "right at our threshold", "at the best", "best threshold", "likeliest, of known",
        title=f"HINT3 {test_file.stem}: {len(learn)} sentences, {len({label for _, label in learn})} intents",
    )  # fmt: skip
    ours = settings("FallbackClassifier")["threshold"]
    for when in (settings("IntentClassifier")["sentence_vector"], "always", "never"):
        scorer = train(learn, sentence_vector=when)
        taken = [(take(scorer, text, 0.0), label) for text, label in ask]
        at = {threshold / 100: _right(taken, threshold / 100) for threshold in range(0, 96)}
        best = max(at, key=lambda threshold: at[threshold])
        known = np.mean([each.likeliest == label for each, label in taken if label != NOTHING])
        at_ours = _right(taken, ours)
        table.add_row(when, f"{at_ours:.3f} at {ours}", f"{at[best]:.3f}", f"{best:.2f}", f"{known:.3f}")
    return table


def _right(taken: list[tuple[Taken, str]], threshold: float) -> float:
    answers = [(each.likeliest if each.confidence >= threshold else NOTHING, label) for each, label in taken]
    return float(np.mean([answer == label for answer, label in answers]))


def _sentences(file: Path) -> list[tuple[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            rows = [(row["sentence"], row["label"]) for row in csv.DictReader(opened)]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise CannotMeasure(f"{file}: expected a CSV with the columns sentence and label ({error}).") from error
    if not rows:
        raise CannotMeasure(f"{file}: no sentences.")
    return rows


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotMeasure(f"{file} cannot be read ({error}).") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            known = isinstance(row["text"], str) and isinstance(row["intent"], str)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise CannotMeasure(f'{file}:{number}: expected {{"text": "…", "intent": "…", "lang": "en"}}.')
        rows.append(row)
    if not rows:
        raise CannotMeasure(f"{file}: no messages.")
    return rows
