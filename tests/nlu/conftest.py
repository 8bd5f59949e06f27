"""The classifier, trained once on the repository's data, for every test of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from doorstep import phrases
from doorstep.nlu.clauses import Plainly, Understood, understand
from doorstep.nlu.intents import IntentClassifier, train_model
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Scorer
from doorstep.processes.understanding import REFUSED
from doorstep.settings import ROOT
from doorstep.wishes import WISHES, in_order
from tests.consistency.reading import yaml

HERE = Path(__file__).parent


def examples(path: Path) -> list[tuple[str, str]]:
    """Text and intent of every example in a Rasa NLU file or folder."""
    files = [path] if path.is_file() else sorted(path.rglob("*.yml"))
    return [phrase for file in files for phrase in phrases.read(file)]


def configured(component: str) -> dict[str, object]:
    """The settings of a component in config.yml."""
    pipeline = yaml(ROOT / "config.yml")["pipeline"]
    return next(part for part in pipeline if part["name"].endswith(component))


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    texts, intents = zip(*examples(ROOT / "data" / "nlu"), strict=True)
    config = IntentClassifier.get_default_config() | configured("IntentClassifier")
    return train_model(list(texts), list(intents), config)


@pytest.fixture(scope="session")
def understood(scorer: Scorer) -> Callable[[str], Understood]:
    """What the classifier makes of a message."""
    plainly = Plainly(**configured("IntentClassifier")["clauses"])  # type: ignore[arg-type]
    return lambda text: understand(normalise(text), scorer.read_normalised, WISHES, plainly)


@pytest.fixture(scope="session")
def taken_for(understood: Callable[[str], Understood]) -> Callable[[str], str]:
    """The intent that the dialogue acts on, as FallbackClassifier decides it."""
    threshold = float(str(configured("FallbackClassifier")["threshold"]))

    def take(text: str) -> str:
        reading = understood(text).reading
        return reading.intent if reading.confidence >= threshold else REFUSED

    return take


@pytest.fixture(scope="session")
def wishes_in(understood: Callable[[str], Understood]) -> Callable[[str], tuple[str, ...]]:
    """All wishes that a message is found to state."""
    return lambda text: in_order(understood(text).wishes)
