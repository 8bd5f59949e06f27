"""`doorstep demo --queue`: demo buyers write to the running system until each of them waits for a person."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx
from ruamel.yaml import YAML
from sqlalchemy.engine import Engine

from doorstep import demo
from doorstep.people.handovers import reason_of
from doorstep.processes.readiness import address
from doorstep.processes.up import desk_line
from doorstep.settings import Settings
from doorstep.storage import conversations
from doorstep.storage.engine import make_engine, reading
from doorstep.storage.orders import Orders

SHOP = "default"  # that of the demo orders
PATIENCE = 90.0  # seconds for one answer
LONGEST_WAIT = 60  # seconds; who has to wait longer before the next message is told so instead
_PHOTO = "photo "

Tell = Callable[[str], None]


class DemoQueueError(Exception):
    """The buyers cannot write; the message says what to do."""


@dataclass(frozen=True)
class Talk:
    """What one demo buyer writes, in order, about which order; `what` is the matter in words."""

    what: str
    order: str
    language: str
    says: tuple[str, ...]


class Buyer:
    """One buyer in a new conversation of the chat API. Every call raises DemoQueueError when it is refused.

    `wait` takes seconds and returns after them.
    """

    def __init__(self, http: httpx.Client, language: str, wait: Callable[[float], None] = time.sleep) -> None:
        self._http, self._wait = http, wait
        self._headers: dict[str, str] = {}
        session = self._call("POST", "/api/chat/sessions", json={"shop": SHOP, "language": language})
        self.conversation_id = str(session["conversation_id"])
        self._headers = {"Authorization": f"Bearer {session['session_token']}"}

    def say(self, text: str) -> None:
        """Write a message, or send a photo ("photo NAME"), and wait until it has been answered or waits."""
        body: dict[str, Any] = {"text": text}
        if text.startswith(_PHOTO):
            file = demo.DATA / text.removeprefix(_PHOTO)
            sent = self._call("POST", "/api/chat/uploads", files={"file": (file.name, file.read_bytes())})
            body = {"attachments": [sent["id"]]}
        self._call("POST", "/api/chat/messages", json={"id": uuid4().hex, **body})
        deadline = time.monotonic() + PATIENCE
        last = 0
        while (page := self._call("GET", f"/api/chat/messages?after={last}&wait=5"))["pending"]:
            last = page["last"]
            if time.monotonic() > deadline:
                raise DemoQueueError(f"There was no answer to {text!r} for {PATIENCE:.0f} s: look into the logs.")

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """What the API answers. Where it says that this was too fast, it is done again after the time that it names."""
        while True:
            try:
                response = self._http.request(method, path, headers=self._headers, **content)
            except httpx.HTTPError as error:
                raise _not_running(self._http.base_url) from error
            if response.is_success:
                answer: dict[str, Any] = response.json()
                return answer
            seconds = int(response.headers.get("Retry-After", LONGEST_WAIT + 1))
            if response.status_code != HTTPStatus.TOO_MANY_REQUESTS or seconds > LONGEST_WAIT:
                raise DemoQueueError(_refused(response, seconds))
            self._wait(seconds)


def fill(settings: Settings, tell: Tell) -> None:
    """Have every talk of `demo_data/queue.yml` held with the running system; `tell` gets its outcome, a line each.

    Raises DemoQueueError when Doorstep does not run, an order is missing, or a message is refused.
    """
    engine = make_engine(settings.database_url)
    try:
        with httpx.Client(base_url=address(settings), trust_env=False, timeout=30.0) as http:
            check_running(http)
            check_orders(engine, talks())
            for talk in talks():
                buyer = Buyer(http, talk.language)
                for text in talk.says:
                    buyer.say(text)
                tell(outcome(engine, talk, buyer.conversation_id))
    finally:
        engine.dispose()
    tell(desk_line(settings))


def talks() -> list[Talk]:
    """What the demo buyers write."""
    listed = YAML(typ="safe", pure=True).load((demo.DATA / "queue.yml").read_text(encoding="utf-8"))
    return [Talk(one["what"], one["order"], one["language"], tuple(one["says"])) for one in listed]


def check_running(http: httpx.Client) -> None:
    """Raises DemoQueueError unless Doorstep answers there and every part of it works."""
    try:
        health = http.get("/health/ready")
        parts = health.json().get("parts", {})
    except (httpx.HTTPError, ValueError) as error:
        raise _not_running(http.base_url) from error
    if not health.is_success:
        down = ", ".join(name for name, state in parts.items() if state == "down")
        raise DemoQueueError(f"Doorstep runs at {http.base_url} but is not ready ({down}): try again in a moment.")


def check_orders(engine: Engine, wanted: Sequence[Talk]) -> None:
    """Raises DemoQueueError naming the demo orders that are not in the database."""
    numbers = [talk.order for talk in wanted]
    with reading(engine) as connection:
        found = Orders(connection).find_all(SHOP, numbers)
    missing = ", ".join(number for number in numbers if number not in found)
    if missing:
        raise DemoQueueError(
            f"These demo orders are not there: {missing}. `doorstep demo` puts them into an empty database."
        )


def outcome(engine: Engine, talk: Talk, conversation_id: str) -> str:
    """One line: who has the conversation now, why, and what it is about."""
    with reading(engine) as connection:
        found = conversations.find(connection, conversation_id)
    if found is None or found.owner == conversations.ASSISTANT:
        return f"stays with the assistant: order {talk.order} ({talk.language}), {talk.what}"
    why, team = found.handover_reason, reason_of(found.handover_reason).team
    waits = "waits" if found.owner == conversations.QUEUE else f"is with {found.agent_name or 'a person'}"
    return f"{waits}: {why}, order {talk.order} ({talk.language}), team {team}: {talk.what}"


def _not_running(base: httpx.URL) -> DemoQueueError:
    return DemoQueueError(f"Doorstep does not answer at {base}: start it with `make run` and leave it running.")


def _refused(response: httpx.Response, seconds: int) -> str:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return f"Too much was written from here lately: try again in {-(-seconds // 60)} minutes."
    return f"The chat refused {response.request.url.path} ({response.status_code}): {response.text[:300]}"
