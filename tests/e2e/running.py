"""Starts a real `doorstep up` on free ports with a data directory of its own, and watches what becomes of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from doorstep.settings import ROOT

READY_SECONDS = 240  # with a training before it
STOP_SECONDS = 40
VARIABLES = ("DOORSTEP_PORT", "DOORSTEP_RASA_PORT", "DOORSTEP_ACTIONS_PORT")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition; fails the test, naming `what`, after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


class Doorstep:
    """One `doorstep up`. `environment` is set over the test's own; ports and data directory are chosen here."""

    def __init__(self, folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.data_dir = folder / "var"
        ports = free_ports(3)
        self.url = f"http://127.0.0.1:{ports[0]}"
        ours = {name: str(port) for name, port in zip(VARIABLES, ports, strict=True)}
        ours["DOORSTEP_DATA_DIR"] = str(self.data_dir)
        self.environment = {**os.environ, **ours, **(environment or {})}
        self._out, self._err = folder / "out", folder / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "doorstep.cli", "up", *arguments],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            )  # fmt: skip

    @property
    def said(self) -> str:
        """Standard output so far."""
        return self._out.read_text()

    @property
    def complained(self) -> str:
        """Standard error so far."""
        return self._err.read_text()

    def wait_until_ready(self) -> None:
        """Wait for the line that says so; fails the test when it ends instead."""

        def ready() -> bool:
            assert self.process.poll() is None, self.complained
            return "Doorstep is ready" in self.said

        until(ready, READY_SECONDS, f"ready; it said {self.said!r}")

    def answers(self) -> bool:
        """Whether the front says that every part works."""
        try:
            return httpx.get(f"{self.url}/health/ready", trust_env=False, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def pid_of(self, module: str) -> int:
        """The process that runs `python -m <module>`, 0 while there is none."""
        for process in self.left():
            if module in process.info["cmdline"]:
                return int(process.pid)
        return 0

    def left(self) -> list[psutil.Process]:
        """Every process alive that was started with this data directory."""
        mine = []
        for process in psutil.process_iter(["environ", "cmdline", "status"]):
            alive = process.info["status"] != psutil.STATUS_ZOMBIE
            if alive and (process.info["environ"] or {}).get("DOORSTEP_DATA_DIR") == str(self.data_dir):
                mine.append(process)
        return mine

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal and wait for the end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def doorstep(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Doorstep]:
    """A `doorstep up` for the length of the block; nothing of it is left after."""
    started = Doorstep(folder, *arguments, environment=environment)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.send_signal(signal.SIGTERM)
            try:
                started.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                started.process.kill()
                started.process.wait()
        for process in started.left():
            process.kill()
