"""How long training the model takes from nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT


def train_once(folder: Path) -> dict[str, float]:
    """Train into `folder` without Rasa's cache; CPU and wall seconds of the whole command, and the model's size."""
    env = child_environment() | {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    command = [sys.executable, "-m", "rasa", "train", "--force", "--fixed-model-name", "bench", "--out", str(folder)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "CPU, s": round(cpu, 1),
        "wall, s": round(time.perf_counter() - began, 1),
        "model, MB": round((folder / "bench.tar.gz").stat().st_size / 1e6, 2),
    }
