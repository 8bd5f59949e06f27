"""Trains the Rasa model when what it is made from has changed.

The model's file name carries a fingerprint of its sources, and a note beside it the file's checksum: a model
is code, so only a file we made ourselves is loaded. A report beside it says what it makes of the held-out phrases;
a model that understands less than the one in use does not replace it (`guard`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

from doorstep.phrases import PhrasesError
from doorstep.processes import guard, understanding
from doorstep.processes.errors import CannotStart
from doorstep.processes.guard import UnderstandsLess
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT

MODELS = ROOT / "models"
SOURCES = ("config.yml", "domain.yml", "data", "doorstep/nlu")
PHRASES = "data/nlu"  # the one source that a shop changes day by day: a model from other phrases fits the rest
LIBRARIES = ("rasa", "spacy", "scikit-learn")  # a model made by another version of these may not load
KEPT = 3  # a running server may still want the model before this one when it is restarted
_STARTS = "Starting to train component '"

Tell = Callable[[str], None]
Trainer = Callable[[Path, Path, Path, Tell], int]
Scoring = Callable[[Path, Path], understanding.Report]


def run_rasa_train(root: Path, out: Path, log: Path, tell: Tell) -> int:
    """Train the project in `root` into `out`/model.tar.gz; gives the exit code.

    What Rasa prints goes to `log`; `tell` gets the name of each component when its training begins.
    """
    command = [sys.executable, "-m", "rasa", "train", "--out", str(out), "--fixed-model-name", "model"]
    with log.open("w") as kept:
        run = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command, cwd=root, env=child_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        try:
            for line in run.stdout or ():
                kept.write(line)
                if _STARTS in line:
                    tell(line.partition(_STARTS)[2].partition("'")[0])
            return run.wait()
        finally:
            if run.poll() is None:
                run.kill()
                run.wait()


def ensure_model(
    root: Path = ROOT,
    models: Path = MODELS,
    *,
    tell: Tell = lambda _line: None,
    force: bool = False,
    trainer: Trainer = run_rasa_train,
    scoring: Scoring = understanding.score_apart,
) -> Path:
    """The model for the sources as they are, trained first if there is none (or always, with `force`).

    `tell` gets lines about the progress. Raises CannotStart when training fails, and UnderstandsLess (not with
    `force`) when the new model understands less than the one in use; models that are there stay.
    """
    for name in SOURCES:
        if not (root / name).exists():
            raise CannotStart(f"{name} is missing: the assistant cannot be trained.")
    mark = fingerprint(root)
    model = models / f"doorstep-{mark[:16]}.tar.gz"
    if not force and _is_ours(model, mark):
        with suppress(OSError):  # the newest is the one in use, for `guard` and for Rasa's own commands
            os.utime(model)
        return model
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models):
            if force or not _is_ours(model, mark):  # somebody else may have trained it while we waited
                _train(root, model, mark, force=force, tell=tell, trainer=trainer, scoring=scoring)
                _forget_old(models, model)
    except OSError as error:
        raise CannotStart(f"A model cannot be written to {models}: {error.strerror}.") from error
    return model


def model_to_start(
    root: Path = ROOT,
    models: Path = MODELS,
    *,
    tell: Tell = lambda _line: None,
    trainer: Trainer = run_rasa_train,
    scoring: Scoring = understanding.score_apart,
) -> Path:
    """As `ensure_model`, but a start does not fail because a new model understands less: the one in use is run.

    Where that does not fit the rest of the sources, as after an update, the new one is taken all the same.
    """
    try:
        return ensure_model(root, models, tell=tell, trainer=trainer, scoring=scoring)
    except UnderstandsLess as less:
        if _note_of(less.in_use).get("frame") == fingerprint(root, without=PHRASES):
            tell("The phrases changed and the assistant would understand less, so it runs as it was before.")
            tell("`doorstep train` says where.")
            return less.in_use
        tell(f"{less}\nThe one in use does not fit this version of Doorstep, so the new one is taken.")
        return ensure_model(root, models, tell=tell, force=True, trainer=trainer, scoring=scoring)


def fingerprint(root: Path = ROOT, without: str = "") -> str:
    """A hash over everything a model is made from: configuration, domain, data, our components, libraries (hex).

    `without` leaves a folder out.
    """
    made_of = hashlib.sha256()
    for library in LIBRARIES:
        made_of.update(f"{library} {metadata.version(library)}\n".encode())
    for file in _source_files(root):
        name = file.relative_to(root)
        if not (without and name.is_relative_to(without)):
            made_of.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return made_of.hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        found = [source] if source.is_file() else sorted(source.rglob("*"))
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _is_ours(model: Path, mark: str) -> bool:
    return _note_of(model).get("fingerprint") == mark


def _note_of(model: Path) -> dict[str, str]:
    """What we noted about a model of ours; nothing for any other file."""
    try:
        note = json.loads(_beside(model, "json").read_text())
        return dict(note) if note["sha256"] == _checksum(model) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _beside(model: Path, ending: str) -> Path:
    return model.with_name(f"{model.name.removesuffix('.tar.gz')}.{ending}")


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    with (models / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _train(root: Path, model: Path, mark: str, *, force: bool, tell: Tell, trainer: Trainer, scoring: Scoring) -> None:
    """Train a model and keep it as `model`. Raises UnderstandsLess where it should not replace the one in use."""
    models = model.parent
    in_use = model_in_use(models)
    if not force and in_use and (why := guard.refused_before(models, mark, root, in_use)):
        raise UnderstandsLess(why, in_use)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as folder:
        made = _trained(root, Path(folder), models / "train.log", tell, trainer)
        report = _scored(made, root, tell, scoring)
        if not force and in_use and report and (before := understanding.read(_beside(in_use, "report.json"))):
            why = guard.complaint(before, report)
            if why:
                guard.remember_refused(models, mark, root, in_use, why)
                raise UnderstandsLess(why, in_use)
        _keep(made, model, {"fingerprint": mark, "frame": fingerprint(root, without=PHRASES)}, report)


def model_in_use(models: Path = MODELS) -> Path | None:
    """The model of ours that was asked for last, whatever it was made from; None while there is none."""
    return next((model for model in _newest_first(models) if _note_of(model)), None)


def _newest_first(models: Path) -> list[Path]:
    return sorted(models.glob("doorstep-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)


def _trained(root: Path, folder: Path, log: Path, tell: Tell, trainer: Trainer) -> Path:
    code = trainer(root, folder, log, lambda component: tell(f"Training the assistant: {component}"))
    made = folder / "model.tar.gz"
    if code != 0 or not made.is_file():
        raise CannotStart(f"Training failed: {_reason(log)}\nThe whole output is in {log}.")
    return made


def _scored(made: Path, root: Path, tell: Tell, scoring: Scoring) -> understanding.Report | None:
    """What a new model makes of the held-out phrases; None, and told why, where that cannot be found out."""
    try:
        report = scoring(made, root)
    except (understanding.NotScored, PhrasesError) as error:
        tell(f"The new model is taken without a look at what it understands: {error}")
        return None
    figures = {language: understanding.macro(understanding.f1_by_intent(heard)) for language, heard in report.items()}
    told = ", ".join(f"{language} {figure:.2f}" for language, figure in figures.items())
    tell(f"Held-out phrases understood (F1, 0 to 1): {told}")
    return report


def _keep(made: Path, model: Path, note: dict[str, str], report: understanding.Report | None) -> None:
    """Put a model in its place; its note comes last, and makes it ours."""
    _beside(model, "report.json").unlink(missing_ok=True)
    if report:
        understanding.write(report, _beside(model, "report.json"))
    draft = made.with_name("note")
    draft.write_text(json.dumps({**note, "sha256": _checksum(made)}) + "\n")
    os.replace(made, model)
    os.replace(draft, _beside(model, "json"))


def _reason(log: Path) -> str:
    """The last line that says something; Rasa ends with the error's own words."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return _plain(lines[-1]) if lines else "Rasa said nothing."


def _plain(line: str) -> str:
    for code in ("\x1b[91m", "\x1b[93m", "\x1b[92m", "\x1b[0m"):
        line = line.replace(code, "")
    return line


def _forget_old(models: Path, newest: Path) -> None:
    for model in _newest_first(models)[KEPT:]:
        if model != newest:
            for file in (model, _beside(model, "json"), _beside(model, "report.json")):
                file.unlink(missing_ok=True)
    for left in models.glob(".training-*"):  # of a training that was killed; we hold the lock, so none is running
        shutil.rmtree(left, ignore_errors=True)
