"""The fake Chatwoot's socket: reads calls, and spoils their answers when the fake is told to."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from tests.contract.fake_chatwoot import FakeChatwoot

# Answers that say nothing of use, each with its status; the work is not done.
BAD_ANSWERS = {
    "html": (200, b"<!DOCTYPE html><html><body>Chatwoot is being upgraded</body></html>"),
    "truncated": (200, b'{"payload": [{"id": 5001, "content": "hal'),
    "nulls": (200, b'{"id": null, "payload": null, "source_id": null, "accounts": null, "status": null}'),
    "wrong": (200, b'{"id": "five", "payload": {"id": []}, "source_id": 7, "accounts": 3, "status": 1}'),
    "list": (200, b"[1, 2, 3]"),
    "huge": (200, b'{"payload": [], "id": 5, "filling": "' + b"x" * 5_000_000 + b'"}'),
}
WORDS = {
    400: b'{"error": "Bad Request"}',
    401: b'{"error": "Invalid Access Token"}',
    403: b'{"error": "Forbidden"}',
    404: b'{"error": "Resource could not be found"}',
    409: b'{"error": "What is TOKEN?"}',  # with the caller's own
    422: b'{"message": "Something is not valid", "attributes": ["content"]}',
    429: b"Retry later\n",
    500: b'{"status": 500, "error": "Internal Server Error"}',
}


class Server(ThreadingHTTPServer):
    """Listens on a free port of this machine, or again on the one it had."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, fake: FakeChatwoot) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", fake.port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that are kept open."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        fake, parts = self.server.fake, urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = _body(headers.get("content-type", ""), raw)
        call, fault = fake.take(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        if fault[:3].isdigit():
            said = WORDS.get(int(fault[:3]), b"").replace(b"TOKEN", headers.get("api_access_token", "").encode())
            self._send(int(fault[:3]), said, fault[4:])
        elif fault in BAD_ANSWERS:
            self._send(*BAD_ANSWERS[fault])
        elif fault == "hang":
            self._hang()
        elif fault == "reset before":
            self._reset()
        elif fault == "drip":
            self._drip()
        else:
            status, made = fake.answer(call)
            self._answer(fault, status, b"" if made is None else json.dumps(made).encode())

    def _answer(self, fault: str, status: int, body: bytes) -> None:
        """The work is done; what becomes of its answer?"""
        if fault == "reset after":
            self._reset()
        elif fault == "lost":
            self._hang()
        elif fault == "cut off":
            self._send(status, body, length=len(body) + 100)
            self.close_connection = True
        else:
            assert fault == "", fault
            self._send(status, body)

    def _hang(self) -> None:
        fake = self.server.fake
        fake.reached.set()
        fake.let_go.wait(60)
        self.close_connection = True

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _drip(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while not self.server.fake.let_go.wait(0.02):
                self.wfile.write(b" ")
        except OSError:
            self.server.fake.gave_up.set()

    def _send(self, status: int, body: bytes, retry: str = "", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if retry.startswith("after "):
            self.send_header("Retry-After", retry[6:])
        elif retry.startswith("to "):
            self.send_header("Location", retry[3:])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _body(content_type: str, raw: bytes) -> Any:
    """What a call sent: an object, or None if it is none."""
    if content_type.startswith("multipart/form-data"):
        return _form(content_type, raw)
    try:
        return json.loads(raw) if raw else {}
    except ValueError:
        return None


def _form(content_type: str, raw: bytes) -> dict[str, Any]:
    """A form as Rails reads it: names in brackets nest, empty brackets make a list."""
    body: dict[str, Any] = {}
    boundary = b"\r\n--" + content_type.split("boundary=")[1].strip('"').encode()
    for part in (b"\r\n" + raw).split(boundary)[1:-1]:
        head, data = part.split(b"\r\n\r\n", 1)
        name = _value(rb'[; ]name="([^"]*)"', head)
        if name.endswith("[]"):
            file = (_value(rb'filename="([^"]*)"', head), _value(rb"(?i)content-type: ([^\r\n]+)", head), data)
            body.setdefault(name[:-2], []).append(file)
        elif "[" in name:
            outer, inner = name.rstrip("]").split("[")
            body.setdefault(outer, {})[inner] = data.decode()
        else:
            body[name] = data.decode()
    return body


def _value(pattern: bytes, head: bytes) -> str:
    found = re.search(pattern, head)
    return found.group(1).decode() if found else ""
