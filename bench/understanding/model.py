"""The classifier of config.yml, trained in this process, and what it makes of a message."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from doorstep import phrases
from doorstep.nlu.clauses import Plainly, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Scorer
from doorstep.processes.understanding import REFUSED, STRANGE
from doorstep.settings import ROOT
from doorstep.wishes import WISHES, in_order

warnings.filterwarnings("ignore")  # Rasa's own, while it is imported


def settings(component: str) -> dict[str, Any]:
    """The settings of one component in config.yml."""
    config = YAML(typ="safe").load(ROOT / "config.yml")
    return dict(next(part for part in config["pipeline"] if part["name"].endswith(component)))


def examples(*parts: str) -> list[tuple[str, str]]:
    """Text and intent of every example in a Rasa NLU file or below a folder of the repository."""
    path = ROOT.joinpath(*parts)
    return [each for file in ([path] if path.is_file() else sorted(path.rglob("*.yml"))) for each in phrases.read(file)]


def train(pairs: Sequence[tuple[str, str]], **changed: Any) -> Scorer:
    """Train on texts and intents by config.yml, with some settings `changed`."""
    from doorstep.nlu.intents import IntentClassifier, train_model

    texts, intents = zip(*pairs, strict=True)
    config = IntentClassifier.get_default_config() | settings("IntentClassifier") | changed
    return train_model(list(texts), list(intents), config)


@dataclass(frozen=True)
class Taken:
    """What a message was taken for: the intent the dialogue acts on, its confidence, all wishes, and CPU seconds."""

    text: str
    intent: str
    confidence: float
    likeliest: str
    wishes: tuple[str, ...]
    cpu: float

    def is_right(self, *meant: str) -> bool:
        """Whether this is one of the meanings; of strangers' messages a refusal is right."""
        return self.intent in meant or (STRANGE in meant and self.intent == REFUSED)


def take(scorer: Scorer, text: str, threshold: float | None = None) -> Taken:
    """Read a message as the pipeline does; below `threshold` (that of config.yml) it is refused."""
    limit = _threshold() if threshold is None else threshold
    began = time.process_time()
    read = normalise(text)
    found = understand(read, scorer.read_normalised, WISHES, _plainly())
    cpu = time.process_time() - began
    likeliest, confidence = found.reading.intent, found.reading.confidence
    intent = likeliest if confidence >= limit and read else REFUSED
    return Taken(text, intent, confidence, likeliest, in_order(found.wishes), cpu)


@cache
def _threshold() -> float:
    return float(settings("FallbackClassifier")["threshold"])


@cache
def _plainly() -> Plainly:
    return Plainly(**settings("IntentClassifier")["clauses"])
