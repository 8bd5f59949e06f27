"""A model is trained when its sources changed, and a failed training harms nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstep.processes import training
from doorstep.processes.errors import CannotStart


class Trainer:
    """Stands for Rasa: writes a model whose content is its number, or fails."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = False

    def __call__(self, root: Path, out: Path, log: Path, tell: training.Tell) -> int:
        self.runs += 1
        log.write_text(
            "starting\n\x1b[91mInvalidConfigException: no such component\x1b[0m\n" if self.fails else "fine\n"
        )
        (out / "model.tar.gz").write_text(f"model {self.runs}")
        tell("IntentClassifier")
        return 1 if self.fails else 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in ("config.yml", "domain.yml", "data/nlu/en/track_order.yml", "doorstep/nlu/intents.py"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\n")
    return root


@pytest.fixture
def trainer() -> Trainer:
    return Trainer()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_model_is_trained_once_while_nothing_changes(project: Path, models: Path, trainer: Trainer) -> None:
    first = training.ensure_model(project, models, trainer=trainer)
    second = training.ensure_model(project, models, trainer=trainer)

    assert (first, trainer.runs) == (second, 1)
    assert first.read_text() == "model 1"


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu/en/track_order.yml", "doorstep/nlu/intents.py"])
def test_change_of_any_source_trains_again(project: Path, models: Path, trainer: Trainer, name: str) -> None:
    old = training.ensure_model(project, models, trainer=trainer)
    (project / name).write_text("changed\n")

    assert training.ensure_model(project, models, trainer=trainer) != old


def test_new_file_among_the_data_trains_again(project: Path, models: Path, trainer: Trainer) -> None:
    old = training.ensure_model(project, models, trainer=trainer)
    (project / "data/nlu/en/refund.yml").write_text("new\n")

    assert training.ensure_model(project, models, trainer=trainer) != old


def test_compiled_python_does_not_count_as_a_change(project: Path) -> None:
    before = training.fingerprint(project)
    (project / "doorstep/nlu/__pycache__").mkdir()
    (project / "doorstep/nlu/__pycache__/intents.cpython-310.pyc").write_bytes(b"x")

    assert training.fingerprint(project) == before


def test_force_trains_although_nothing_changed(project: Path, models: Path, trainer: Trainer) -> None:
    training.ensure_model(project, models, trainer=trainer)
    model = training.ensure_model(project, models, trainer=trainer, force=True)

    assert model.read_text() == "model 2"


def test_model_changed_by_somebody_else_is_not_used(project: Path, models: Path, trainer: Trainer) -> None:
    training.ensure_model(project, models, trainer=trainer).write_text("planted")

    assert training.ensure_model(project, models, trainer=trainer).read_text() == "model 2"


def test_failed_training_says_why_and_leaves_the_old_model_and_nothing_half_made(
    project: Path, models: Path, trainer: Trainer
) -> None:
    old = training.ensure_model(project, models, trainer=trainer)
    before = files_in(models)
    (project / "config.yml").write_text("broken\n")
    trainer.fails = True

    with pytest.raises(CannotStart, match=r"^Training failed: InvalidConfigException: no such component\n"):
        training.ensure_model(project, models, trainer=trainer)
    assert old.read_text() == "model 1"
    assert files_in(models) == before


def test_place_that_cannot_be_written_is_named(project: Path, tmp_path: Path, trainer: Trainer) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotStart, match=r"A model cannot be written to .*/file/models: Not a directory\."):
        training.ensure_model(project, tmp_path / "file" / "models", trainer=trainer)


def test_missing_source_is_named(project: Path, models: Path, trainer: Trainer) -> None:
    (project / "domain.yml").unlink()

    with pytest.raises(CannotStart, match=r"domain\.yml is missing"):
        training.ensure_model(project, models, trainer=trainer)


def test_progress_names_the_component_in_training(project: Path, models: Path, trainer: Trainer) -> None:
    told: list[str] = []
    training.ensure_model(project, models, trainer=trainer, tell=told.append)

    assert told[0] == "Training the assistant: IntentClassifier"


def test_old_models_are_removed_but_for_the_latest(project: Path, models: Path, trainer: Trainer) -> None:
    for number in range(training.KEPT + 2):
        (project / "config.yml").write_text(f"{number}\n")
        newest = training.ensure_model(project, models, trainer=trainer)

    kept = list(models.glob("*.tar.gz"))
    assert len(kept) == training.KEPT
    assert newest in kept
    assert len(list(models.glob("*.json"))) == training.KEPT
