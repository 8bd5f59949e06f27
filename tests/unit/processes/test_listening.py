"""A message is read by a model's archive alone as the running assistant would read it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from doorstep.nlu.intents import IntentClassifier, train_model
from doorstep.nlu.scoring import NEVER
from doorstep.processes.listening import listen
from doorstep.processes.understanding import NotScored
from tests.unit.processes.small_model import COMPONENT, EXAMPLES, a_model, a_project

CLOSER = {"want": ["I want my money back", "refund please"], "status": ["where is my refund", "when is my refund here"]}
MOODS = {"angry": ["you thieves", "this is a scandal you thieves"], "calm": ["hello", "good morning, please"]}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three intents, two sub-intents of one of them, two moods."""
    folder = tmp_path_factory.mktemp("model")
    archive = folder / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        for name, examples in {"intents": EXAMPLES, "refund": CLOSER, "mood": MOODS}.items():
            texts = [(text, label) for label, those in examples.items() for text in those]
            config = IntentClassifier.get_default_config() | {"sentence_vector": NEVER}
            file = folder / f"{name}.npz"
            train_model([text for text, _ in texts], [label for _, label in texts], config).save(file)
            made.add(file, COMPONENT.replace("intents.npz", file.name))
    return archive


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return a_project(tmp_path)


def test_a_wish_is_read_with_what_is_said_more_closely_and_its_mood(model: Path, root: Path) -> None:
    found = listen(model, root, "where is my refund, you thieves")
    assert (found.intent, found.wishes, found.mood) == ("refund", ("refund/status",), "angry")


def test_what_is_no_wish_states_none(model: Path, root: Path) -> None:
    found = listen(model, root, "hello there")
    assert (found.intent, found.wishes) == ("greet", ())


def test_what_is_not_clear_enough_is_refused_with_the_likeliest(model: Path, tmp_path: Path) -> None:
    found = listen(model, a_project(tmp_path, "threshold: 0.999"), "the lamp, money, hello")
    assert (found.intent, found.wishes) == ("nlu_fallback", ())
    assert found.likeliest in EXAMPLES


def test_a_language_that_is_not_spoken_is_named_and_not_read(model: Path, root: Path) -> None:
    found = listen(model, root, "Buongiorno, dove si trova il mio pacco per favore")
    assert (found.foreign, found.wishes) == ("it", ())


@pytest.mark.parametrize("text", ["", '/refund{"a": 1}'])
def test_what_has_no_words_or_looks_like_a_command_is_refused(model: Path, root: Path, text: str) -> None:
    assert listen(model, root, text).intent == "nlu_fallback"


def test_a_model_of_another_kind_is_refused(tmp_path: Path, root: Path) -> None:
    (tmp_path / "broken.tar.gz").write_bytes(b"nothing")
    with pytest.raises(NotScored, match="cannot be read"):
        listen(tmp_path / "broken.tar.gz", root, "refund")
    with pytest.raises(NotScored, match="no intent classifier"):
        listen(a_model(tmp_path, inside="components/other/others.npz"), root, "refund")
