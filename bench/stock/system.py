"""Runs a stock project as Rasa's documentation says: `rasa run` and `rasa run actions`, side by side."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from types import TracebackType

import psutil

from bench.errors import CannotMeasure
from bench.processes import ALL, System, free_ports, lines_with
from bench.stock.environment import stock_environment_variables
from bench.stock.files.actions import SAID
from bench.stock.project import Trained, responses
from bench.wire import Refused
from bench.writers import RestWriter

_LOOK_EVERY = 0.3  # seconds, as `doorstep up` does
_LONGEST_START = 180.0  # seconds
# The default is to send the whole domain with every action call: `selective_domain` is not set.
_ENDPOINTS = """action_endpoint:
  url: http://127.0.0.1:{port}/webhook
tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


class StockSystem(System):
    """The two processes of a trained stock project, with SQLite in a folder of its own."""

    kind = "rest"

    def __init__(self, rasa: Path, project: Trained, folder: Path) -> None:
        self._folder, self._project = folder, project
        self.port, self._actions_port = free_ports(2)
        folder.mkdir(parents=True, exist_ok=True)
        endpoints = folder / "endpoints.yml"
        endpoints.write_text(_ENDPOINTS.format(port=self._actions_port, database=folder / "rasa.db"))
        self._commands = {
            "rasa": [str(rasa), "run", "--interface", "127.0.0.1", "--port", str(self.port), "--model",
                     str(project.model), "--endpoints", str(endpoints), "--credentials", "credentials.yml"],
            "actions": [str(rasa), "run", "actions", "--actions", "actions", "--port", str(self._actions_port)],
        }  # fmt: skip
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.expected = {"hello": responses()["utter_greet"], "yes": [SAID]}
        self.started = {}

    def __enter__(self) -> StockSystem:
        began = time.perf_counter()
        for name, command in self._commands.items():
            with (self._folder / f"{name}.log").open("wb") as log:
                self._running[name] = subprocess.Popen(
                    command, cwd=self._project.folder, env=stock_environment_variables(),
                    stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                )  # fmt: skip
        try:
            while not self._answers():
                self._look_whether_they_live(time.perf_counter() - began)
                time.sleep(_LOOK_EVERY)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.started = {"wall, s": time.perf_counter() - began, "CPU, s": self.cpu()[ALL]}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def roots(self) -> list[psutil.Process]:
        """Rasa and the actions."""
        return list(self.processes().values())

    def processes(self) -> dict[str, psutil.Process]:
        """The processes by what they are."""
        return {name: psutil.Process(process.pid) for name, process in self._running.items()}

    def troubles(self) -> list[str]:
        """The errors in the logs of both processes."""
        return [line for name in self._running for line in lines_with((" ERROR ",), self._folder / f"{name}.log")]

    def _answers(self) -> bool:
        writer = RestWriter(self.port)  # a new conversation each time, so that a half-answered one is left behind
        try:
            return [message["text"] for message in writer.say("yes")] == [SAID]
        except Refused:
            return False
        finally:
            writer.close()

    def _look_whether_they_live(self, seconds: float) -> None:
        for name, process in self._running.items():
            if process.poll() is not None or seconds > _LONGEST_START:
                lines = (self._folder / f"{name}.log").read_text(errors="replace").strip().splitlines()
                trouble = "ended while starting" if process.poll() is not None else "did not answer in time"
                raise CannotMeasure(
                    f"Stock {self._project.kind}: {name} {trouble}: {lines[-1] if lines else 'it said nothing'}"
                )
