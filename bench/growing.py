"""What a turn costs early and late in a conversation: CPU by process.

The kernel tells CPU time in steps of 10 ms, so several conversations go on in lockstep and blocks of turns are
measured.
"""

from __future__ import annotations

from bench.answers import Tally
from bench.processes import System

WITHOUT, WITH = "turn without action", "turn with one action"
TEXTS = {WITHOUT: "hello", WITH: "yes"}
_BLOCKS = {"5th": range(4, 7), "50th": range(49, 52)}


def measure_growth(system: System, conversations: int, tally: Tally) -> dict[str, float]:
    """CPU ms of each process for a turn around the 5th and the 50th of its conversation, one message at a time.

    Answers are counted in `tally`.
    """
    figures: dict[str, float] = {}
    for kind, text in TEXTS.items():
        for turn, used in _converse(system, conversations, text, tally).items():
            figures |= {f"{kind}, {turn}: {process} CPU, ms": value for process, value in used.items()}
    return figures


def _converse(system: System, conversations: int, text: str, tally: Tally) -> dict[str, dict[str, float]]:
    writers = [system.writer() for _ in range(conversations)]
    used: dict[str, dict[str, float]] = {}
    try:
        for number in range(1, max(_BLOCKS["50th"]) + 1):
            for name, block in _BLOCKS.items():
                if number == block.start:
                    before = system.cpu()
                elif number == block.stop:
                    used[name] = _per_turn(before, system.cpu(), conversations * len(block))
            for writer in writers:
                tally.count(text, writer.say(text), system.expected[text])
        used["50th"] = _per_turn(before, system.cpu(), conversations * len(_BLOCKS["50th"]))
        return used
    finally:
        for writer in writers:
            writer.close()


def _per_turn(before: dict[str, float], after: dict[str, float], turns: int) -> dict[str, float]:
    return {name: (after[name] - before[name]) * 1000 / turns for name in after}
