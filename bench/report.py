"""Prints figures as tables and keeps them as JSON, beside those of other runs."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import FLOOR, OURS, Comparison
from doorstep.settings import ROOT

RESULTS = Path(__file__).parent / "results"


def show(figures: dict[str, dict[str, float]]) -> None:
    """The figures of Doorstep alone."""
    table = Table("what", "figure", "value", title=f"Doorstep on {machine()}")
    for what, values in figures.items():
        for name, value in values.items():
            table.add_row(what, name, f"{value:g}")
            what = ""  # noqa: PLW2901 - named once per group
    Console(width=100).print(table)


def show_comparison(comparison: Comparison, rounds: int) -> None:
    """Doorstep beside the stock projects: medians, and how many times ours each of theirs is."""
    stock = [name for name in comparison.measured if name not in (OURS, FLOOR)]
    title = f"Doorstep {commit()} beside stock Rasa 3.6.21 on {machine()}; medians of {rounds} rounds"
    table = Table("figure", OURS, *(head for name in stock for head in (name, "÷ ours")), title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    names = dict.fromkeys(name for system in (OURS, *stock) for name in comparison.measured[system])
    names = dict.fromkeys(name for name in names if not _SMALL.search(name))
    for name in sorted(names, key=_place):
        cells = [_number(comparison.value(OURS, name))]
        for system in stock:
            ratio = None if name.startswith("answers") or "generator" in name else comparison.ratio(system, name)
            cells += [_number(comparison.value(system, name)), _number(ratio)]
        table.add_row(name, *cells)
    console = Console(width=120)
    console.print(table)
    for name in comparison.measured[FLOOR]:
        console.print(f"The floor of a {name.replace(':', '')}: {_number(comparison.value(FLOOR, name))}")
    for note in comparison.notes:
        console.print(note)


def keep(content: dict[str, Any]) -> None:
    """Write JSON with the time, the commit and the machine."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(timezone.utc)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({"at": now.isoformat(), "commit": commit(), "machine": machine()} | content, indent=2))
    print(f"kept in {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}")


def machine() -> str:
    """The processor and how many of its cores there are."""
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def commit() -> str:
    """The commit that was measured, with + when files were changed since; empty outside git."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


_SMALL = re.compile(r": (up|supervisor)\b")  # processes that keep watch; they are part of "all"
_ORDER = ("installation", "training", "start", "memory", "turn without", "turn with", "1 w", "8 w", "32 w", "answers")


def _place(name: str) -> int:
    return next((place for place, begin in enumerate(_ORDER) if name.startswith(begin)), len(_ORDER))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
