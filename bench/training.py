"""How long training a model takes from nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.errors import CannotMeasure
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT


def train_once(folder: Path) -> dict[str, float]:
    """Train Doorstep into `folder` without Rasa's cache; see `train` for the figures."""
    env = child_environment() | {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    return train([sys.executable, "-m", "rasa"], ROOT, folder / "bench.tar.gz", env)


def train(rasa: list[str], project: Path, model: Path, env: dict[str, str]) -> dict[str, float]:
    """`rasa train --force` of a project into `model`: CPU and wall seconds of the whole command, and the model's MB.

    Raises CannotMeasure when Rasa does.
    """
    name = model.name.removesuffix(".tar.gz")
    command = [*rasa, "train", "--force", "--fixed-model-name", name, "--out", str(model.parent)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=project, env=env, check=False, capture_output=True, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or not model.is_file():
        said = (done.stderr + done.stdout).strip().splitlines() or ["it gave no reason"]
        raise CannotMeasure(f"Training the project in {project} failed: {said[-1]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "CPU, s": round(cpu, 1),
        "wall, s": round(wall, 1),
        "model, MB": round(model.stat().st_size / 1e6, 2),
    }
