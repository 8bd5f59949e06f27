"""Trains the Rasa model when what it is made from has changed.

The model's file name carries a fingerprint of its sources, and a note beside it the file's checksum: a model
is code, so only a file we made ourselves is loaded.
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
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from doorstep.processes.errors import CannotStart
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT

MODELS = ROOT / "models"
SOURCES = ("config.yml", "domain.yml", "data", "doorstep/nlu")
LIBRARIES = ("rasa", "spacy", "scikit-learn")  # a model made by another version of these may not load
KEPT = 3  # a running server may still want the model before this one when it is restarted
_STARTS = "Starting to train component '"

Tell = Callable[[str], None]
Trainer = Callable[[Path, Path, Path, Tell], int]


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
) -> Path:
    """The model for the sources as they are, trained first if there is none (or always, with `force`).

    `tell` gets lines about the progress. Raises CannotStart when training fails; models that are there stay.
    """
    for name in SOURCES:
        if not (root / name).exists():
            raise CannotStart(f"{name} is missing: the assistant cannot be trained.")
    mark = fingerprint(root)
    model = models / f"doorstep-{mark[:16]}.tar.gz"
    if not force and _is_ours(model, mark):
        return model
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models):
            if force or not _is_ours(model, mark):  # somebody else may have trained it while we waited
                with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as folder:
                    _keep(_trained(root, Path(folder), models / "train.log", tell, trainer), model, mark)
                _forget_old(models, model)
    except OSError as error:
        raise CannotStart(f"A model cannot be written to {models}: {error.strerror}.") from error
    return model


def fingerprint(root: Path = ROOT) -> str:
    """A hash over everything a model is made from: configuration, domain, data, our components, libraries (hex)."""
    made_of = hashlib.sha256()
    for library in LIBRARIES:
        made_of.update(f"{library} {metadata.version(library)}\n".encode())
    for file in _source_files(root):
        made_of.update(f"{file.relative_to(root)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return made_of.hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        found = [source] if source.is_file() else sorted(source.rglob("*"))
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _is_ours(model: Path, mark: str) -> bool:
    try:
        note = json.loads(_note(model).read_text())
        return bool(note["fingerprint"] == mark and note["sha256"] == _checksum(model))
    except (OSError, ValueError, KeyError):
        return False


def _note(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    with (models / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _trained(root: Path, folder: Path, log: Path, tell: Tell, trainer: Trainer) -> Path:
    code = trainer(root, folder, log, tell)
    made = folder / "model.tar.gz"
    if code != 0 or not made.is_file():
        raise CannotStart(f"Training failed: {_reason(log)}\nThe whole output is in {log}.")
    return made


def _keep(made: Path, model: Path, mark: str) -> None:
    note = made.with_name("note")
    note.write_text(json.dumps({"fingerprint": mark, "sha256": _checksum(made)}) + "\n")
    os.replace(made, model)
    os.replace(note, _note(model))


def _reason(log: Path) -> str:
    """The last line that says something; Rasa ends with the error's own words."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return _plain(lines[-1]) if lines else "Rasa said nothing."


def _plain(line: str) -> str:
    for code in ("\x1b[91m", "\x1b[93m", "\x1b[92m", "\x1b[0m"):
        line = line.replace(code, "")
    return line


def _forget_old(models: Path, newest: Path) -> None:
    made = sorted(models.glob("doorstep-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for model in made[KEPT:]:
        if model != newest:
            model.unlink(missing_ok=True)
            _note(model).unlink(missing_ok=True)
    for left in models.glob(".training-*"):  # of a training that was killed; we hold the lock, so none is running
        shutil.rmtree(left, ignore_errors=True)
