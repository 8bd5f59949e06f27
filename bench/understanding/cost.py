"""What understanding costs: training, and reading a message with and without the sentence vector."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
from rich.table import Table

from bench.understanding import model
from bench.understanding.held_out import Row
from doorstep.nlu.scoring import Scorer


def train(pairs: Sequence[tuple[str, str]]) -> tuple[Scorer, dict[str, str]]:
    """Train the classifier; with the CPU seconds that took."""
    began = time.process_time()
    scorer = model.train(pairs)
    return scorer, {"training the classifier, CPU s": f"{time.process_time() - began:.0f} ({len(pairs)} phrases)"}


def table(scorer: Scorer, figures: dict[str, str], read: dict[str, list[Row]]) -> Table:
    """The figures, with CPU ms of reading every held-out phrase again in each way."""
    table = Table("what", "value", title="Cost")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "intents.npz"
        scorer.save(file)
        figures |= {"the classifier's file, MB": f"{file.stat().st_size / 1e6:.1f}"}
    texts = {language: [taken.text for _, taken in rows] for language, rows in read.items()}
    encode, sure_above = scorer.encode, scorer.sure_above
    for name, (its_encode, its_sure) in {
        "as configured": (encode, sure_above),
        "vector always": (encode, 1.0),
        "vector never": (None, 1.0),
    }.items():
        scorer.encode, scorer.sure_above = its_encode, its_sure
        for whose in ("en", "other languages"):
            these = [text for language in texts if (language == "en") == (whose == "en") for text in texts[language]]
            taken = [model.take(scorer, text) for text in these]
            median, high = np.percentile([each.cpu * 1000 for each in taken], (50, 95))
            what = f"reading a message, {name}, {whose}, CPU ms"
            figures |= {what: f"median {median:.2f}, 95 of 100 below {high:.1f}"}
        right = [each.is_right(meant) for each, meant in _again(scorer, read["en"])]
        figures |= {f"right in English, {name}": f"{np.mean(right):.3f}"}
    scorer.encode, scorer.sure_above = encode, sure_above
    figures |= {"memory of this process, MB": f"{psutil.Process(os.getpid()).memory_info().rss / 1e6:.0f}"}
    for name, value in figures.items():
        table.add_row(name, value)
    return table


def _again(scorer: Scorer, rows: Sequence[Row]) -> list[tuple[model.Taken, str]]:
    return [(model.take(scorer, taken.text), meant) for meant, taken in rows if "+" not in meant]
