"""The classifier, trained once on the repository's data, for every test of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.loading import load_data
from ruamel.yaml import YAML

from doorstep.nlu.intents import train_model
from doorstep.nlu.scoring import Scorer
from doorstep.settings import ROOT

HERE = Path(__file__).parent


def examples(path: Path) -> list[tuple[str, str]]:
    """Text and intent of every example in a Rasa NLU file or folder."""
    return [(example.get("text"), example.get("intent")) for example in load_data(str(path)).intent_examples]


def _configured(component: str) -> dict[str, float]:
    config = YAML(typ="safe").load(ROOT / "config.yml")
    return next(part for part in config["pipeline"] if part["name"].endswith(component))


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    settings = _configured("IntentClassifier")
    texts, intents = zip(*examples(ROOT / "data" / "nlu"), strict=True)
    return train_model(texts, intents, settings["strength"], int(settings["random_seed"]))


@pytest.fixture(scope="session")
def refused() -> tuple[float, float]:
    """Below this confidence, or this lead over the second intent, FallbackClassifier refuses."""
    settings = _configured("FallbackClassifier")
    return settings["threshold"], settings["ambiguity_threshold"]
