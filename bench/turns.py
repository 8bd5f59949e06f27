"""What a turn costs, through the chat API: CPU of each process and the buyer's waiting time."""

from __future__ import annotations

import statistics
import time

from bench.processes import ALL
from bench.system import RunningSystem
from bench.writers import Writer

ORDER, EMAIL = "1003", "hannah.weber@example.com"


def measure_turns(system: RunningSystem, turns: int) -> dict[str, dict[str, float]]:
    """CPU and waiting time of three kinds of turns, spread over conversations of ten turns each."""
    kinds = {
        "turn without action": "hello",
        "turn with one action": "yes",
        "where is my order (two actions)": "where is my order?",
    }
    return {name: _measure(system, turns, text) for name, text in kinds.items()}


def _measure(system: RunningSystem, turns: int, text: str) -> dict[str, float]:
    buyers = [_known_buyer(system) for _ in range(max(1, turns // 10))]
    for buyer in buyers:
        buyer.say(text)  # not counted
    before, waits = system.cpu(), []
    for _ in range(turns // len(buyers)):
        for buyer in buyers:
            began = time.perf_counter()
            buyer.say(text)
            waits.append((time.perf_counter() - began) * 1000)
    after = system.cpu()
    cpu = {f"{name}: CPU, ms": round((after[name] - before[name]) * 1000 / len(waits), 1) for name in after}
    cpu = {name: used for name, used in cpu.items() if not name.startswith(("up", "supervisor", ALL))}
    for buyer in buyers:
        buyer.close()
    quantiles = statistics.quantiles(waits, n=20)
    all_cpu = {"all: CPU, ms": round(sum(cpu.values()), 1)}
    return cpu | all_cpu | {"waiting p50, ms": round(statistics.median(waits)), "waiting p95, ms": round(quantiles[18])}


def _known_buyer(system: RunningSystem) -> Writer:
    buyer = system.writer()
    buyer.say(f"where is order {ORDER}, {EMAIL}")
    return buyer
