"""The least of an HTTP client: one kept-open connection to this machine, so that measuring costs little itself."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

SECONDS = 60.0  # the longest wait for an answer
_IDLE = 2.0  # seconds after which a connection is not used again; uvicorn and Sanic hang up after five


class Refused(Exception):
    """The server answered with an error, or not at all."""


class Wire:
    """Calls with JSON, one at a time; `token` is sent as Bearer. Opens itself again after a pause."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.token = ""
        self._socket: socket.socket | None = None
        self._used_at = 0.0

    def call(self, method: str, path: str, content: Any = None) -> Any:
        """What was answered. Raises Refused for any status but 2xx and when nothing comes."""
        try:
            self._send(method, path, content, "")
            answer = json.loads(self._file.read(self._head()))
            self._used_at = time.monotonic()
            return answer
        except (OSError, ValueError) as error:
            self.close()
            raise Refused(f"{method} {path}: {error or type(error).__name__}") from error

    def stream(self, path: str, headers: str = "") -> Iterator[dict[str, str]]:
        """The server-sent events of an address, their fields by name. Begins with the first `next`.

        Raises Refused when it ends, is silent for SECONDS or does not begin.
        """
        try:
            self._send("GET", path, None, "Accept: text/event-stream\r\n" + headers)
            self._head()
            waiting = ""
            while size := int(self._file.readline() or b"0", 16):
                waiting += self._file.read(size).decode().replace("\r\n", "\n")
                self._file.readline()
                *blocks, waiting = waiting.split("\n\n")  # a piece sent may hold several events
                for block in blocks:
                    if not block.startswith(":"):
                        yield dict(line.split(": ", 1) for line in block.split("\n") if line)
        except (OSError, ValueError) as error:
            raise Refused(f"GET {path}: {error or type(error).__name__}") from error
        raise Refused(f"GET {path}: the stream ended")

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._file.close()
            self._socket.close()
            self._socket = None

    def _send(self, method: str, path: str, content: Any, headers: str) -> None:
        if time.monotonic() - self._used_at > _IDLE:
            self.close()
        if not self._socket:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._file = cast(BinaryIO, self._socket.makefile("rb"))
        if self.token:
            headers += f"Authorization: Bearer {self.token}\r\n"
        body = b"" if content is None else json.dumps(content).encode()
        if body:
            headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode() + body)

    def _head(self) -> int:
        """The length of the answer's body, 0 if that comes in chunks."""
        status = self._file.readline()
        length = 0
        while (line := self._file.readline().strip().lower()) != b"":
            name, _, value = line.partition(b":")
            if name == b"content-length":
                length = int(value)
        if not status.startswith(b"HTTP/1.1 2"):
            raise OSError(status.decode(errors="replace").strip() or "the connection was closed")
        return length
