"""What buyers write leads to the right steps: Rasa's own story tests, on the trained model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from doorstep.processes.surroundings import child_environment
from doorstep.processes.training import ensure_model
from doorstep.settings import ROOT

HERE = Path(__file__).parent
STORIES = [story["story"] for file in HERE.glob("test_*.yml") for story in YAML(typ="safe").load(file)["stories"]]


@pytest.mark.processes
def test_every_conversation_takes_the_steps_it_should(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "rasa", "test", "core", "--stories", str(HERE), "--model", str(ensure_model()),
        "--out", str(tmp_path), "--fail-on-prediction-errors",
        "--e2e",  # without it Rasa takes the intents as given and never reads what the buyer wrote
    ]  # fmt: skip
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout.partition("WrongPredictionException")[2] or run.stderr[-3000:]
    counted = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert (counted["correct"], counted["total"]) == (len(STORIES), len(STORIES))
