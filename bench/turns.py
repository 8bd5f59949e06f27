"""What a turn costs, through the chat API: CPU of each process and the buyer's waiting time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from uuid import uuid4

import httpx

from bench.system import RunningSystem

ORDER, EMAIL = "1003", "hannah.weber@example.com"


class Buyer:
    """One conversation. `say` waits for the answer."""

    def __init__(self, system: RunningSystem) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{system.port}", timeout=40, trust_env=False)
        session = self._http.post("/api/chat/sessions", json={}).raise_for_status().json()
        self._http.headers["Authorization"] = f"Bearer {session['session_token']}"
        self._last = 0

    def say(self, text: str) -> str:
        """Send a message and give the last line answered."""
        self._http.post("/api/chat/messages", json={"id": str(uuid4()), "text": text}).raise_for_status()
        answered = ""
        while True:
            query = {"after": self._last, "wait": 25}
            news = self._http.get("/api/chat/messages", params=query).raise_for_status().json()
            self._last = max(self._last, news["last"])
            answered = next((m["text"] for m in reversed(news["messages"]) if m["from"] != "buyer"), answered)
            if not news["pending"]:
                return answered


def measure_turns(system: RunningSystem, turns: int) -> dict[str, dict[str, float]]:
    """CPU and waiting time of three kinds of turns, spread over conversations of ten turns each."""
    kinds: dict[str, Callable[[Buyer], str]] = {
        "turn without action": lambda buyer: buyer.say("hello"),
        "turn with one action": lambda buyer: buyer.say("yes"),
        "where is my order (two actions)": lambda buyer: buyer.say("where is my order?"),
    }
    return {name: _measure(system, turns, turn) for name, turn in kinds.items()}


def _measure(system: RunningSystem, turns: int, turn: Callable[[Buyer], str]) -> dict[str, float]:
    buyers = [_known_buyer(system) for _ in range(max(1, turns // 10))]
    for buyer in buyers:
        turn(buyer)  # not counted
    before, waits = system.cpu(), []
    for _ in range(turns // len(buyers)):
        for buyer in buyers:
            began = time.perf_counter()
            if not turn(buyer):
                raise SystemExit("a turn was not answered")
            waits.append((time.perf_counter() - began) * 1000)
    after = system.cpu()
    cpu = {f"{name}: CPU, ms": round((after[name] - before[name]) * 1000 / len(waits), 1) for name in after}
    cpu.pop("supervisor: CPU, ms", None)
    quantiles = statistics.quantiles(waits, n=20)
    all_cpu = {"all: CPU, ms": round(sum(cpu.values()), 1)}
    return cpu | all_cpu | {"waiting p50, ms": round(statistics.median(waits)), "waiting p95, ms": round(quantiles[18])}


def _known_buyer(system: RunningSystem) -> Buyer:
    buyer = Buyer(system)
    buyer.say(f"where is order {ORDER}, {EMAIL}")
    return buyer
