"""`make bench`: starts Doorstep as a shop would and measures it through the chat API.

Prints a table and writes bench/results/<time>.json. Times of day are noisy on shared machines: CPU time per
process (from the kernel's accounting) and medians are the figures to trust.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.installation import installed_megabytes
from bench.system import RunningSystem
from bench.training import train_once
from bench.turns import measure_turns

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--turns", type=int, default=60, help="turns measured of each kind (default 60)")
    arguments = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures["training"] = train_once(Path(folder))
        with RunningSystem(Path(folder)) as system:
            figures["start"] = {"to first answer, s": round(system.seconds_to_ready, 1)}
            figures["memory, MB"] = system.memory()
            figures |= measure_turns(system, arguments.turns)
            figures["memory after the turns, MB"] = system.memory()
    figures["installation, MB"] = installed_megabytes()
    show(figures)
    keep(figures)


def show(figures: dict[str, dict[str, float]]) -> None:
    """The figures as a table."""
    table = Table("what", "figure", "value", title=f"Doorstep on {platform.processor() or platform.machine()}")
    for what, values in figures.items():
        for name, value in values.items():
            table.add_row(what, name, f"{value:g}")
            what = ""  # noqa: PLW2901 - named once per group
    Console(width=100).print(table)


def keep(figures: dict[str, dict[str, float]]) -> None:
    """The figures as JSON, beside those of other runs."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(timezone.utc)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({"at": now.isoformat(), "figures": figures}, indent=2) + "\n")
    print(f"kept in {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}")


if __name__ == "__main__":
    main()
