"""Many writers at once, each waiting for its answer before it writes again. Runs in a process of its own.

Half of the messages need an action, half do not, at every moment. Conversations are opened and greeted before the
clock starts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.answers import Tally
from bench.errors import CannotMeasure
from bench.processes import ALL, System
from bench.wire import Refused
from bench.writers import WRITERS, Exchange, Writer
from doorstep.settings import ROOT

_MIXED = ("hello", "yes")


def measure_load(system: System, writers: int, turns: int, tally: Tally) -> dict[str, float]:
    """`writers` conversations of `turns` turns each: turns per second, and CPU ms a turn of system and generator.

    Answers are counted in `tally`. Raises CannotMeasure when the generator fails.
    """
    task = {"kind": system.kind, "port": system.port, "writers": writers, "turns": turns, "expected": system.expected}
    with subprocess.Popen(
        [sys.executable, "-m", "bench.load"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as generator:  # fmt: skip
        _hear(generator, json.dumps(task))  # all are connected and greeted
        before = system.cpu()[ALL]
        _hear(generator, "begin")  # all turns are taken
        used = system.cpu()[ALL] - before
        result = json.loads(_hear(generator, "check"))
    tally.add(result["answers"])
    total, name = writers * turns, f"{writers} writer{'s' * (writers > 1)}"
    return {
        f"{name}: turns/s": total / result["seconds"],
        f"{name}: CPU, ms/turn": used * 1000 / total,
        f"{name}: generator CPU, ms/turn": result["cpu"] * 1000 / total,
        f"{name}: generator, % of a core": result["cpu"] * 100 / result["seconds"],
    }


def _hear(generator: subprocess.Popen[str], told: str) -> str:
    """What the generator answers to a line."""
    assert generator.stdin
    assert generator.stdout
    assert generator.stderr
    try:
        print(told, file=generator.stdin, flush=True)
    except BrokenPipeError:
        told = ""
    heard = generator.stdout.readline() if told else ""
    if not heard:
        said = generator.stderr.read().strip().splitlines() or ["it gave no reason"]
        raise CannotMeasure(f"The load generator failed: {said[-1]}")
    return heard


class _Writing(threading.Thread):
    """One writer: an untimed greeting, then the turns. `said` has what was answered, `troubles` what was not."""

    def __init__(self, number: int, writer: Writer, turns: int, moment: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self._asking = ["hello", *(_MIXED[(number + turn) % 2] for turn in range(turns))]
        self.said: list[Exchange] = []
        self.troubles: list[str] = []
        self._writer, self._moment = writer, moment

    def run(self) -> None:
        for position, text in enumerate(self._asking):
            if position == 1:
                self._moment.wait()  # greeted
                self._moment.wait()  # the clock starts
            try:
                self.said.append((text, self._writer.say(text)))
            except Refused as error:
                self.troubles.append(str(error))


def _run(kind: str, port: int, writers: int, turns: int, expected: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    moment = threading.Barrier(writers + 1)
    opened = [WRITERS[kind](port) for _ in range(writers)]
    threads = [_Writing(number, writer, turns, moment) for number, writer in enumerate(opened)]
    for thread in threads:
        thread.start()
    moment.wait()
    _tell("ready")
    moment.wait()
    began, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    _tell("done")
    tally = Tally()
    for thread, writer in zip(threads, opened, strict=True):
        for text, answer in writer.recall() or thread.said:
            tally.count(text, answer, expected[text])
        for trouble in thread.troubles:
            tally.miss(trouble)
        writer.close()
    return {"seconds": seconds, "cpu": cpu, "answers": asdict(tally)}


def _tell(what: str) -> None:
    """Say how far it is, and wait to be told to go on."""
    print(what, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    print(json.dumps(_run(**json.loads(sys.stdin.readline()))))
