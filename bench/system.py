"""Runs the whole of Doorstep on free ports, as a shop would."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psutil

from bench.errors import CannotMeasure
from bench.processes import ALL, System, free_ports, lines_with
from doorstep.processes.surroundings import child_environment
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT

_PROCESSES = {"supervisord": "supervisor", "rasa_server": "rasa", "processes.front": "front", "actions": "actions"}
# The limits that keep strangers from flooding a shop would measure only themselves.
_LIMITS = "messages: {per_minute: 10000, burst: 1000, conversations_per_address_per_hour: 100000}\n"


class RunningSystem(System):
    """`doorstep up --demo` in a folder of its own; ends what it started."""

    kind = "doorstep"

    def __init__(self, folder: Path) -> None:
        self.port, rasa_port, actions_port = free_ports(3)
        self._logs = folder / "data/logs"
        folder.mkdir(parents=True, exist_ok=True)
        policy = folder / "policy.yml"
        policy.write_text(_LIMITS)
        self._env = child_environment() | {
            "DOORSTEP_DATA_DIR": str(folder / "data"),
            "DOORSTEP_PORT": str(self.port),
            "DOORSTEP_RASA_PORT": str(rasa_port),
            "DOORSTEP_ACTIONS_PORT": str(actions_port),
            "DOORSTEP_POLICY_FILE": str(policy),
        }
        words = Catalogue(ROOT / "replies")
        said = {"hello": "utter_greet", "yes": "utter_what_else"}
        self.expected = {text: words.variants(reply, "en") for text, reply in said.items()}
        self.started = {}

    def __enter__(self) -> RunningSystem:
        began = time.perf_counter()
        self._up = subprocess.Popen(
            [sys.executable, "-m", "doorstep.cli", "up", "--demo"],
            cwd=ROOT, env=self._env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self._up.stdout
        lines = []
        for line in self._up.stdout:
            lines.append(line)
            if line.startswith("Doorstep is ready"):
                self.started = {"wall, s": time.perf_counter() - began, "CPU, s": self.cpu()[ALL]}
                return self
        raise CannotMeasure("Doorstep did not start: " + "".join(lines[-1:]).strip())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._up.send_signal(signal.SIGINT)
        self._up.wait(30)

    def roots(self) -> list[psutil.Process]:
        """`doorstep up`."""
        return [psutil.Process(self._up.pid)]

    def processes(self) -> dict[str, psutil.Process]:
        """The processes by what they are."""
        up = psutil.Process(self._up.pid)
        found = {"up": up}
        for process in up.children(recursive=True):
            line = " ".join(process.cmdline())
            for mark, name in _PROCESSES.items():
                if mark in line and name not in found:
                    found[name] = process
                    break
        return found

    def troubles(self) -> list[str]:
        """The warnings and errors in the logs of the three processes."""
        marks = ('"level": "warning"', '"level": "error"')
        return [line for log in sorted(self._logs.glob("*.log")) for line in lines_with(marks, log)]
