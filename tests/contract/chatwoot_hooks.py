"""How the fake Chatwoot tells what happened: each event once, with its signature, and it asks no second time."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TIMEOUT = 5.0  # seconds, as real Chatwoot's


@dataclass
class Delivery:
    """One webhook. `status` is that of the answer: 0 before it is sent, -1 if it was lost, -2 if none came in time."""

    event: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    on_failure: Callable[[], None] | None = None

    @property
    def data(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


class Hooks:
    """Sends the events to `url`, one after the other, from a thread of its own; "" sends nothing.

    Without `signs` it is an older server; `skew` is by how many seconds its clock is ahead.
    """

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self.signs = True
        self.skew = 0
        self.sent: list[Delivery] = []
        self._lose, self._times = 0, 1
        self._held: list[Delivery] | None = None
        self._queue: queue.Queue[Delivery] = queue.Queue()
        # No proxy of the environment is asked.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        threading.Thread(target=self._work, daemon=True).start()

    def put(self, event: str, data: dict[str, Any], on_failure: Callable[[], None] | None = None) -> None:
        """Tell of an event; what it says is fixed now, even if it is sent later."""
        delivery = Delivery(event, json.dumps({"event": event, **data}).encode(), on_failure=on_failure)
        if self._held is not None:
            self._held.append(delivery)
        elif self.url:
            self._queue.put(delivery)

    def settle(self) -> None:
        """Return when everything that is not held is sent."""
        self._queue.join()

    def lose(self, count: int) -> None:
        """The next `count` events never arrive."""
        self.settle()
        self._lose = count

    def repeat(self, times: int) -> None:
        """From now on each event is sent so many times."""
        self.settle()
        self._times = times

    def hold(self) -> None:
        """Keep events back until they are released."""
        self._held = [] if self._held is None else self._held

    def release(self, *, reverse: bool = False) -> None:
        """Send what was kept back, the last first if `reverse`, and keep nothing back any more."""
        held, self._held = self._held or [], None
        for delivery in reversed(held) if reverse else held:
            self._queue.put(delivery)
        self.settle()

    def replay(self, number: int) -> int:
        """Send delivery `number` of `sent` again, with its old timestamp and signature; says the answer's status."""
        old = self.sent[number]
        again = Delivery(old.event, old.body, dict(old.headers))
        self._post(again)
        return again.status

    def _work(self) -> None:
        while True:
            delivery = self._queue.get()
            try:
                self._deliver(delivery)
            finally:
                self._queue.task_done()

    def _deliver(self, delivery: Delivery) -> None:
        if self._lose:
            self._lose -= 1
            delivery.status = -1
            self.sent.append(delivery)
            return
        for _ in range(self._times):
            copy = Delivery(delivery.event, delivery.body, self._headers(delivery.body))
            self._post(copy)
            if not 200 <= copy.status < 300 and delivery.on_failure is not None:
                delivery.on_failure()

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.signs:
            stamp = str(int(time.time()) + self.skew)
            digest = hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers["X-Chatwoot-Delivery"] = str(uuid.uuid4())
            headers["X-Chatwoot-Timestamp"] = stamp
            headers["X-Chatwoot-Signature"] = f"sha256={digest}"
        return headers

    def _post(self, delivery: Delivery) -> None:
        self.sent.append(delivery)
        request = urllib.request.Request(self.url, delivery.body, delivery.headers, method="POST")
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                delivery.status = answer.status
        except urllib.error.HTTPError as error:
            delivery.status = error.code
        except OSError:
            delivery.status = -2
