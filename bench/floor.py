"""The floor: what a turn cannot do without, in a plain script.

A request over loopback, the message classified with our model's weights, a reply looked up and filled in, six events in
SQLite in one transaction; for an action one more request. Both ends of a request are counted.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.growing import WITH, WITHOUT
from bench.understanding.model import examples, train

_REPLIES = {"greet": "Hello {name}! What can I do for {shop}'s customer?", "affirm": "All right, {name}. What else?"}
_EVENTS = ("action", "session_started", "action", "user", "action", "bot")
_INSERT = "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES (?,?,?,?,?,?)"


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"events":[],"responses":[{"text":"All right."}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def measure_floor(turns: int = 200) -> dict[str, float]:
    """CPU ms of a turn without and with one action, medians of five passes of `turns` each."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    scorer = train(examples("data", "nlu"))
    with tempfile.TemporaryDirectory() as folder:
        turn = _Turn(server.server_address[1], Path(folder) / "floor.db", lambda text: scorer.read(text).intent)
        passes = sorted((_cpu(turn, "hello", 1, turns), _cpu(turn, "yes", 2, turns)) for _ in range(5))
    server.shutdown()
    without, with_action = (sorted(column)[2] for column in zip(*passes, strict=True))
    return {f"{WITHOUT}: CPU, ms": without, f"{WITH}: CPU, ms": with_action}


class _Turn:
    """One turn after the other, with everything kept open that can be."""

    def __init__(self, port: int, database: Path, classify: Callable[[str], str]) -> None:
        self._http = HTTPConnection("127.0.0.1", port)
        self._database = sqlite3.connect(database)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, timestamp REAL, "
            "intent_name TEXT, action_name TEXT, data TEXT)"
        )
        self._database.execute("CREATE INDEX ix_events_sender_id ON events (sender_id)")
        self._classify = classify

    def take(self, text: str, requests: int) -> str:
        """Do what cannot be left out."""
        for _ in range(requests):
            self._http.request("POST", "/", json.dumps({"sender": "one", "message": text}))
            json.loads(self._http.getresponse().read())
        intent = self._classify(text)
        reply = _REPLIES[intent].format(name="Ana", shop="our shop")
        data = json.dumps({"event": "bot", "text": reply, "metadata": {"intent": intent}})
        rows = [("one", event, time.time(), intent, "action_listen", data) for event in _EVENTS]
        with self._database:
            self._database.executemany(_INSERT, rows)
        return reply


def _cpu(turn: _Turn, text: str, requests: int, turns: int) -> float:
    before = time.process_time()
    for _ in range(turns):
        turn.take(text, requests)
    return (time.process_time() - before) * 1000 / turns


if __name__ == "__main__":
    json.dump(measure_floor(), sys.stdout)
