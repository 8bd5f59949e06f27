"""What running processes cost: CPU and memory of each and of all, from the kernel's accounting."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import psutil

from bench.writers import WRITERS, Writer

Self = TypeVar("Self", bound="System")
ALL = "all"


class System(ABC):
    """A chat system that runs inside a `with` block; `started` then tells what the start took.

    `kind` names its writers (bench/writers.py), `expected` tells for each message to it which texts answer it rightly.
    """

    kind: str
    port: int
    started: dict[str, float]
    expected: dict[str, list[str]]

    @abstractmethod
    def __enter__(self: Self) -> Self:
        """Start and return when a message was really answered. Raises CannotMeasure."""

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what was started."""

    @abstractmethod
    def roots(self) -> list[psutil.Process]:
        """The processes that were started; all others are below them."""

    @abstractmethod
    def processes(self) -> dict[str, psutil.Process]:
        """The processes by what they are."""

    @abstractmethod
    def troubles(self) -> list[str]:
        """The lines of its logs that tell of trouble, the first few."""

    def writer(self) -> Writer:
        """A new conversation."""
        return WRITERS[self.kind](self.port)

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each process and of all."""
        sizes = {name: process.memory_info().rss / 1e6 for name, process in self.processes().items()}
        everything = sum(process.memory_info().rss for process in self._tree()) / 1e6
        return {name: round(size) for name, size in sizes.items()} | {ALL: round(everything)}

    def cpu(self) -> dict[str, float]:
        """CPU seconds each process has used so far, and all together, those that have ended included."""
        used = {name: sum(process.cpu_times()[:2]) for name, process in self.processes().items()}
        return used | {ALL: sum(sum(process.cpu_times()[:4]) for process in self._tree())}

    def _tree(self) -> list[psutil.Process]:
        return [each for root in self.roots() for each in (root, *root.children(recursive=True))]


def lines_with(marks: tuple[str, ...], log: Path, most: int = 5) -> list[str]:
    """The first lines of a log that hold one of these marks."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        return [f"{log.name}: {line.strip()[:300]}" for line in lines if any(mark in line for mark in marks)][:most]


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses just now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
