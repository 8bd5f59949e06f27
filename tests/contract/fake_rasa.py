"""A stand-in for Rasa's channel: obeys the contract, remembers what it answered, and misbehaves when told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any]

BAD_ANSWERS = {
    "500": (500, b"Internal error: Traceback"),
    "401": (401, b"{}"),
    "empty": (200, b'{"replies": []}'),
    "html": (200, b"<html><body>Bad gateway</body></html>"),
    "truncated": (200, b'{"replies": [{"text": "hal'),
    "wrong": (200, b'{"replies": [{"text": 5, "choices": 7}]}'),
}


def reply(text: str, choices: list[tuple[str, str]] | None = None, card: Reply | None = None) -> Reply:
    """One reply in the form of the channel; choices are (label, payload)."""
    offered = [{"label": label, "payload": payload} for label, payload in choices or ()]
    return {"text": text, "choices": offered, "card": card}


@dataclass
class Asked:
    """One call of the front. `ended` is 0 while it is under way."""

    conversation_id: str
    message_id: str
    text: str
    again: bool
    metadata: dict[str, Any]
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0


class FakeRasa:
    """Answers "You said: …" unless `answers` has other replies for the text, or `faults` holds a fault to come.

    Faults, each for one call: reset, hang (until `let_go`) and the names of BAD_ANSWERS. `at_call` is called with each
    question before it is answered.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.port = 0
        self.asked: list[Asked] = []
        self.answers: dict[str, list[Reply]] = {}
        self.faults: list[str] = []
        self.always = ""  # a fault for every call
        self.is_ready = True
        self.at_call: Any = None
        self.reached = threading.Event()  # set when a call hangs
        self.let_go = threading.Event()
        self._given: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def texts(self) -> list[str]:
        """What was asked, in the order it came."""
        return [asked.text for asked in self.asked]

    def start(self) -> None:
        """Listen; a second start uses the same port."""
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.let_go.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, body: dict[str, Any]) -> tuple[Asked, str]:
        """Note a call and say which fault it meets."""
        with self._lock:
            asked = Asked(**body)
            self.asked.append(asked)
            return asked, self.faults.pop(0) if self.faults else self.always

    def replies_to(self, asked: Asked) -> list[Reply]:
        """The replies: the same ones when the same message is asked about again."""
        with self._lock:
            made = self.answers.get(asked.text) or [reply(f"You said: {asked.text}")]
            return self._given.setdefault(asked.message_id, made)


@contextmanager
def running(key: str) -> Iterator[FakeRasa]:
    """A fake Rasa on a free port, stopped at the end."""
    fake = FakeRasa(key)
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, fake: FakeRasa) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", fake.port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        known = self.path == "/webhooks/doorstep/health"
        self._send(200 if known and self.server.fake.is_ready else 503, b'{"status":"ok"}')

    def do_POST(self) -> None:
        fake = self.server.fake
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/webhooks/doorstep/turn" or self.headers["Authorization"] != f"Bearer {fake.key}":
            self._send(401, b"{}")
            return
        asked, fault = fake.take(json.loads(raw))
        try:
            self._answer(fake, asked, fault)
        finally:
            asked.ended = time.monotonic()

    def _answer(self, fake: FakeRasa, asked: Asked, fault: str) -> None:
        if fake.at_call is not None:
            fake.at_call(asked)
        if fault == "hang":
            fake.reached.set()
            fake.let_go.wait(60)
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif fault in BAD_ANSWERS:
            self._send(*BAD_ANSWERS[fault])
        else:
            self._send(200, json.dumps({"replies": fake.replies_to(asked)}).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
