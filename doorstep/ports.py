"""What the rules need from outside: the time."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock; or, for tests and demos, the time that a file holds (ISO 8601, read again at each call)."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def now(self) -> datetime:
        """The present moment, aware, in UTC. Raises ValueError when the file holds no time with its offset."""
        if self._file is None:
            return datetime.now(timezone.utc)
        told = datetime.fromisoformat(self._file.read_text(encoding="utf-8").strip().replace("Z", "+00:00"))
        if told.tzinfo is None:
            raise ValueError(f"{self._file}: a time without offset from UTC")
        return told.astimezone(timezone.utc)
