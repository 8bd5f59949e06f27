"""Runs the whole of Doorstep on free ports and tells what each process costs."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psutil

from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT

_PROCESSES = {"supervisord": "supervisor", "rasa_server": "rasa", "processes.front": "front", "actions": "actions"}
# The limits that keep strangers from flooding a shop would measure only themselves.
_LIMITS = "messages: {per_minute: 10000, burst: 1000, conversations_per_address_per_hour: 100000}\n"


class RunningSystem:
    """`doorstep up --demo` in a folder of its own; ends what it started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port, rasa_port, actions_port = _free_ports(3)
        policy = folder / "policy.yml"
        policy.write_text(_LIMITS)
        self._env = child_environment() | {
            "DOORSTEP_DATA_DIR": str(folder / "data"),
            "DOORSTEP_PORT": str(self.port),
            "DOORSTEP_RASA_PORT": str(rasa_port),
            "DOORSTEP_ACTIONS_PORT": str(actions_port),
            "DOORSTEP_POLICY_FILE": str(policy),
        }
        self.seconds_to_ready = 0.0

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
                self.seconds_to_ready = time.perf_counter() - began
                return self
        raise SystemExit("Doorstep did not start:\n" + "".join(lines))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._up.send_signal(signal.SIGINT)
        self._up.wait(30)

    def processes(self) -> dict[str, psutil.Process]:
        """The processes by what they are."""
        found = {}
        for process in psutil.Process(self._up.pid).children(recursive=True):
            line = " ".join(process.cmdline())
            for mark, name in _PROCESSES.items():
                if mark in line and name not in found:
                    found[name] = process
                    break
        return found

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each process and of all."""
        sizes = {name: process.memory_info().rss / 1e6 for name, process in self.processes().items()}
        sizes["up"] = psutil.Process(self._up.pid).memory_info().rss / 1e6
        return {name: round(size) for name, size in sizes.items()} | {"all": round(sum(sizes.values()))}

    def cpu(self) -> dict[str, float]:
        """CPU seconds each process has used so far."""
        return {name: sum(process.cpu_times()[:2]) for name, process in self.processes().items()}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
