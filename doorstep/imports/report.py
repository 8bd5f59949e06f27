"""What an import came to: how much was kept, and every mistake with its line and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Path = tuple[Any, ...]  # names and indexes that lead into an order, such as ("ship_to", "country")


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1; `where` is the place in the file, `reason` says what to mend."""

    line: int
    where: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where}: {self.reason}"


@dataclass
class Counts:
    """How many orders and products of a file were kept."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    products: int = 0

    def __str__(self) -> str:
        return f"orders: {self.new} new, {self.changed} changed, {self.unchanged} unchanged; products: {self.products}"


@dataclass
class ImportReport:
    """The outcome of one import; `problems` is empty when everything was kept."""

    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)


class FileRefusedError(Exception):
    """The file as a whole cannot be used; nothing of it was kept."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Entry:
    """One order or product as read, not checked yet. `place` names a path inside it: its line and its name."""

    kind: Literal["order", "product"]
    value: Any
    place: Callable[[Path], tuple[int, str]]
    problems: tuple[Problem, ...] = ()

    def problem(self, path: Path, reason: str) -> Problem:
        """The mistake `reason` at `path` of this entry."""
        line, where = self.place(path)
        return Problem(line, where, reason)


@dataclass(frozen=True)
class Document:
    """A file as read: whose orders they are (empty: not said), what is in it, and mistakes outside any order."""

    shop: str
    entries: Callable[[], Any]
    problems: tuple[Problem, ...] = ()
