"""`make bench-nlu`: what of buyers' messages is understood, by the classifier of config.yml trained in this process.

    make bench-nlu                                  held-out phrases, numbers, cost
    make bench-nlu MESSAGES=file.jsonl              also rows {"text", "intent", "lang", "also"?} of other people
    make bench-nlu HINT3=train.csv,test.csv         also another shop's data, to judge the pipeline alone
    make bench-nlu FLAGS=--misses                   also every message that was taken wrongly
    make bench-nlu FLAGS=--choose                   how the thresholds of config.yml are chosen; nothing else

CPU times are of this process alone; a machine that others use makes them longer.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from doorstep.processes.surroundings import arithmetic

os.environ.update(arithmetic())  # as `doorstep up` starts Rasa: one turn, one core

from rich.console import Console

from bench.errors import CannotMeasure
from bench.understanding import choosing, closely, cost, held_out, others
from bench.understanding.model import examples


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="bench.understanding", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=Path, action="append", default=[])
    parser.add_argument("--hint3", help="TRAIN.csv,TEST.csv", action="append", default=[])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--choose", action="store_true")
    arguments = parser.parse_args()
    console = Console(width=170)
    try:
        if arguments.choose:
            choosing.show(console)
            return
        pairs = [_pair(files) for files in arguments.hint3]
        scorer, figures = cost.train(examples("data", "nlu"))
        read = held_out.read_all(scorer)
        console.print(held_out.by_language(read), held_out.by_intent(read), held_out.numbers())
        misses = held_out.missed(read)
        console.print(closely.table(misses))
        for file in arguments.messages:
            table, missed = others.messages(scorer, file)
            console.print(table)
            misses += missed
        for pair in pairs:
            console.print(others.hint3(*pair))
        console.print(cost.table(scorer, figures, read))
    except CannotMeasure as error:
        sys.exit(str(error))
    if arguments.misses:
        for line in misses:
            console.print(line, markup=False, highlight=False)


def _pair(files: str) -> tuple[Path, Path]:
    first, _, second = files.partition(",")
    if not first or not second:
        raise CannotMeasure(f"HINT3={files}: expected two files, train.csv,test.csv.")
    return Path(first), Path(second)


if __name__ == "__main__":
    main()
