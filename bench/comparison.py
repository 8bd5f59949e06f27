"""Doorstep and two stock Rasa projects, measured in turn, round after round, so that noise hits all alike."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.answers import Tally
from bench.canary import ask_for_own_orders
from bench.errors import CannotMeasure
from bench.figures import FLOOR, OURS, Comparison, Figures
from bench.growing import WITH, WITHOUT, measure_growth
from bench.installation import environment_megabytes, installed_megabytes
from bench.load import measure_load
from bench.processes import System
from bench.stock.environment import ensure_environment
from bench.stock.project import KINDS, Trained, trained_project
from bench.stock.system import StockSystem
from bench.system import RunningSystem
from bench.training import train_once
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT

TURNS = {1: 40, 8: 12, 32: 6}  # of each writer, by how many write at once
CANARY = 32


def compare(scratch: Path, rounds: int, conversations: int, retrain: bool) -> Comparison:
    """Build what is missing in `scratch` and measure everything. Raises CannotMeasure.

    `conversations` go on in lockstep where CPU per turn is measured.
    """
    try:
        scratch.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotMeasure(f"--scratch {scratch} cannot be made: {error.strerror}.") from error
    rasa = ensure_environment(scratch)
    projects = {f"stock {kind}": trained_project(kind, scratch, rasa, retrain) for kind in KINDS}
    result = Comparison()
    _measure_once(result, rasa, projects)
    for number in range(1, rounds + 1):
        result.add(FLOOR, json.loads(_python("-W", "ignore", "-m", "bench.floor")))
        for name in (OURS, *projects):
            began = time.perf_counter()
            with tempfile.TemporaryDirectory(dir=scratch) as place:
                folder = Path(place)
                system = RunningSystem(folder) if name == OURS else StockSystem(rasa, projects[name], folder)
                result.add(name, _measure_round(system, result, conversations))
            print(f"round {number} of {rounds}: {name} took {time.perf_counter() - began:.0f} s", flush=True)
    return result


def _measure_once(result: Comparison, rasa: Path, projects: dict[str, Trained]) -> None:
    """Training and installation, which need no rounds."""
    print("Training Doorstep …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        result.add(OURS, {f"training: {name}": value for name, value in train_once(Path(folder)).items()})
    _python("-m", "doorstep.cli", "train")  # so that the first start is a start and not a training
    result.add(OURS, {"installation, MB": installed_megabytes()["to run"]})
    stock = environment_megabytes(rasa.parent.parent)
    for name, project in projects.items():
        result.add(name, {f"training: {figure}": value for figure, value in project.figures.items()})
        result.add(name, {"installation, MB": stock})
        if project.kept:
            result.notes.append(f"The training of {name} was measured at {project.at}; --retrain measures it again.")


def _measure_round(starting: System, result: Comparison, conversations: int) -> Figures:
    with starting as system:
        figures = {f"start to first answer: {name}": value for name, value in system.started.items()}
        figures |= {f"memory after the start: {name}, MB": value for name, value in system.memory().items()}
        tally = Tally()
        figures |= measure_growth(system, conversations, tally)
        for writers, turns in TURNS.items():
            figures |= measure_load(system, writers, turns, tally)
        figures |= {f"memory after the turns: {name}, MB": value for name, value in system.memory().items()}
        figures |= {"answers: wrong": tally.wrong, "answers: missing": tally.missing}
        if isinstance(system, RunningSystem):
            own = ask_for_own_orders(system, CANARY)
            figures |= {"answers about one's own order: wrong": own.wrong}
            figures |= {"answers about one's own order: missing": own.missing}
            tally.examples += own.examples
        if tally.examples:
            result.notes += [*tally.examples, *system.troubles()]
    for kind in (WITHOUT, WITH):
        floor = result.measured[FLOOR][f"{kind}: CPU, ms"][-1]
        for turn in ("5th", "50th"):
            figures[f"{kind}, {turn}: rasa CPU / floor"] = figures[f"{kind}, {turn}: rasa CPU, ms"] / floor
    return figures


def _python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=child_environment(), check=False, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise CannotMeasure(f"{' '.join(arguments)} failed: {said[-1]}")
    return done.stdout
