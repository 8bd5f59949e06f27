"""Where a turn's CPU time goes: samples a process of the running system while buyers write.

python -m bench.where                      the Rasa process, by part, for a turn without and with an action
python -m bench.where --process front      another process (front, actions)
python -m bench.where --svg FOLDER         also a flame graph of each kind of turn

py-spy reads the process from outside, 500 times a second, and counts only samples in which it was busy; it slows the
process down a little. It needs root, or `sysctl kernel.yama.ptrace_scope=0`.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.errors import CannotMeasure
from bench.system import RunningSystem

TURNS = {"without action": "hello", "with one action": "yes", "where is my order": "where is my order?"}
# A sample belongs to the first part whose pattern is found in its stack.
LOOP = {"event loop: system calls and waiting": r"(serve \(sanic/server/runners\.py|run \(uvicorn/server\.py)[^;]*$"}
PARTS = {
    "rasa": LOOP
    | {
        "find order numbers and other entities": r"nlu/entities\.py|nlu/numbers\.py",
        "tell the intent": r"nlu/(intents|scoring|normal)\.py",
        "other parts of the pipeline": r"_parse_message_with_graph",
        "word the reply": r"reply_generator\.py",
        "write the events": r"save \(doorstep/nlu/tracker_store\.py|storage/rasa_events\.py.*append",
        "look whether the tracker is current": r"retrieve \(doorstep/nlu/tracker_store\.py",
        "choose the rule": r"rule_policy\.py|speedups/rules\.py|ensemble\.py|_predict_next_with_tracker",
        "call the action": r"RemoteAction|endpoints\.py|speedups/actions\.py|aiohttp",
        "fill slots": r"actions/action\.py|actions/forms\.py",
        "keep the tracker": r"trackers\.py|shared/core/events\.py",
        "the rest of Rasa's processor": r"rasa/core/(processor|agent)\.py",
        "HTTP server": r"sanic|nlu/channel\.py",
    },
    "front": LOOP
    | {
        "ask Rasa": r"front/(asking|rasa_client)\.py|httpx|httpcore|aiohttp",
        "database": r"sqlalchemy|doorstep/storage",
        "work the inbox": r"front/(worker|turns|outcomes)\.py",
        "serve HTTP": r"uvicorn|starlette|sse_starlette|front/",
    },
    "actions": LOOP
    | {
        "database": r"sqlalchemy|doorstep/storage",
        "the rules": r"doorstep/",
        "the actions": r"actions/",
        "serve HTTP": r"sanic|rasa_sdk",
    },
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.where", description=__doc__)
    parser.add_argument("--process", choices=sorted(PARTS), default="rasa")
    parser.add_argument("--turns", type=int, default=300, help="turns sampled of each kind (default 300)")
    parser.add_argument("--svg", type=Path, help="folder for flame graphs")
    arguments = parser.parse_args()
    table = Table("part", *TURNS, title=f"CPU ms a turn in the {arguments.process} process")
    with tempfile.TemporaryDirectory() as folder, RunningSystem(Path(folder)) as system:
        columns = [_measure(system, arguments.process, text, arguments.turns, Path(folder)) for text in TURNS.values()]
        if arguments.svg:
            arguments.svg.mkdir(parents=True, exist_ok=True)
            for name, text in TURNS.items():
                picture = arguments.svg / f"{arguments.process} {name}.svg"
                _sample(system, arguments.process, text, arguments.turns, picture)
    for part in (*PARTS[arguments.process], "everything else"):
        table.add_row(part, *(f"{column[part]:.2f}" for column in columns))
    table.add_row("all", *(f"{sum(column.values()):.2f}" for column in columns))
    Console(width=110).print(table)


def _measure(system: RunningSystem, process: str, text: str, turns: int, folder: Path) -> Counter[str]:
    """CPU milliseconds of a turn by part."""
    stacks = folder / "stacks"
    per_turn = _sample(system, process, text, turns, stacks)
    parts = Counter[str]()
    for line in stacks.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        found = (part for part, pattern in PARTS[process].items() if re.search(pattern, stack))
        parts[next(found, "everything else")] += int(count)
    samples = parts.total()
    if not samples:
        raise CannotMeasure(
            "py-spy took no samples: run as root, or allow it with `sysctl kernel.yama.ptrace_scope=0`."
        )
    return Counter({part: count / samples * per_turn for part, count in parts.items()})  # type: ignore[arg-type]


def _sample(system: RunningSystem, process: str, text: str, turns: int, output: Path) -> float:
    """Sample the process while conversations of ten turns go on; the CPU ms it used a turn."""
    buyers = [system.writer() for _ in range(max(1, turns // 10))]
    for buyer in buyers:
        buyer.say("where is order 1003, hannah.weber@example.com")
    kind = "flamegraph" if output.suffix == ".svg" else "raw"
    pid = str(system.processes()[process].pid)
    py_spy = str(Path(sys.executable).with_name("py-spy"))
    command = [py_spy, "record", "--pid", pid, "--rate", "500", "--format", kind, "--output", str(output)]
    with subprocess.Popen([*command, "--duration", "600"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as spy:
        before = system.cpu()[process]
        for _ in range(10):
            for buyer in buyers:
                buyer.say(text)
        used = system.cpu()[process] - before
        spy.send_signal(signal.SIGINT)
        said = spy.communicate(timeout=60)[0].decode()
    if spy.returncode:
        raise CannotMeasure(f"py-spy: {said.strip().splitlines()[-1] if said.strip() else spy.returncode}")
    for buyer in buyers:
        buyer.close()
    return used * 1000 / (10 * len(buyers))


if __name__ == "__main__":
    main()
