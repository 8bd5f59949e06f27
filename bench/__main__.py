"""`make bench`: starts Doorstep as a shop would and measures it through the chat API.

With --against-stock: beside two stock Rasa projects on the same intents (`make bench-stock`). Prints a table and writes
bench/results/<time>.json. Times of day are noisy on shared machines: CPU time per process (from the kernel's
accounting), medians and ratios within one run are the figures to trust.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import psutil

from bench.comparison import compare
from bench.errors import CannotMeasure
from bench.installation import installed_megabytes
from bench.report import keep, show, show_comparison
from bench.system import RunningSystem
from bench.training import train_once
from bench.turns import measure_turns
from bench.wire import Refused


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=_count, default=60, help="turns measured of each kind, alone (default 60)")
    parser.add_argument("--against-stock", action="store_true", help="measure beside stock Rasa (2.6 GB of disk)")
    parser.add_argument("--rounds", type=_count, default=5, help="rounds against stock (default 5)")
    parser.add_argument("--conversations", type=_count, default=8, help="in lockstep, against stock (default 8)")
    parser.add_argument("--retrain", action="store_true", help="train the stock projects and measure it again")
    parser.add_argument("--scratch", type=Path, default=_cache(), help="where stock Rasa is kept (default %(default)s)")
    arguments = parser.parse_args()
    try:
        if arguments.against_stock:
            against_stock(arguments)
        else:
            alone(arguments.turns)
    except (CannotMeasure, Refused) as error:
        sys.exit(str(error))
    except psutil.NoSuchProcess as error:
        sys.exit(f"A process ended while it was measured: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def against_stock(arguments: argparse.Namespace) -> None:
    """Doorstep beside stock Rasa."""
    comparison = compare(
        arguments.scratch.resolve(), arguments.rounds, arguments.conversations, retrain=arguments.retrain
    )
    show_comparison(comparison, arguments.rounds)
    keep({"rounds": arguments.rounds, "measured": comparison.measured, "notes": comparison.notes})


def alone(turns: int) -> None:
    """Doorstep by itself."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures["training"] = train_once(Path(folder))
        with RunningSystem(Path(folder)) as system:
            figures["start"] = {"to first answer, s": round(system.started["wall, s"], 1)}
            figures["memory, MB"] = system.memory()
            figures |= measure_turns(system, turns)
            figures["memory after the turns, MB"] = system.memory()
    figures["installation, MB"] = installed_megabytes()
    show(figures)
    keep({"figures": figures})


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text!r}")
    return int(text)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doorstep-bench"


if __name__ == "__main__":
    main()
