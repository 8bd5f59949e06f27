"""Makes the environment of stock Rasa, TensorFlow and all, from the pinned requirements.txt beside this file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bench.errors import CannotMeasure
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
UV = ROOT / ".boot/bin/uv"
# A stock shop has none of our settings, so what TensorFlow does with threads is its own default.
_OURS = ("OMP_NUM_THREADS", "VIRTUAL_ENV", "PYTHONPATH")


def pinned() -> str:
    """The pinned packages, without comments."""
    return re.sub(r"#.*\n", "", REQUIREMENTS.read_text())


def stock_environment_variables() -> dict[str, str]:
    """What the processes of stock Rasa are started with; telemetry is off, which spares them calls outside."""
    return {name: value for name, value in child_environment().items() if name not in _OURS}


def ensure_environment(scratch: Path) -> Path:
    """The `rasa` command of an environment in `scratch`, made unless it is there. Raises CannotMeasure.

    It takes 2.6 GB, and PyPI unless uv has the packages already.
    """
    environment, made_from = scratch / "environment", scratch / "environment/made-from.txt"
    if made_from.is_file() and made_from.read_text() == pinned():
        return environment / "bin/rasa"
    if not UV.is_file():
        raise CannotMeasure("The stock environment is made with .boot/bin/uv, which is not there: run `make setup`.")
    print(f"Installing stock Rasa into {environment} (2.6 GB) …", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    _uv(scratch, "venv", "--python", sys.executable, str(environment))
    python = str(environment / "bin/python")
    _uv(scratch, "pip", "install", "--python", python, "--compile-bytecode", "-r", str(REQUIREMENTS))
    made_from.write_text(pinned())
    return environment / "bin/rasa"


def _uv(folder: Path, *arguments: str) -> None:
    # Outside this project: its overrides would keep TensorFlow's own parts away.
    command = [str(UV), *arguments, "--quiet", "--no-config"]
    env = stock_environment_variables()
    done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or "uv gave no reason").splitlines()
        raise CannotMeasure(
            f"The stock environment could not be made (it needs PyPI and 2.6 GB of disk): {said[-1].strip()}"
        )
