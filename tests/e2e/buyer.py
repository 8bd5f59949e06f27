"""A buyer who writes by the chat API and reads what comes back until nothing is pending any more."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from tests.contract.chat_client import check_answer

PATIENCE = 90  # seconds; the machine may be busy


@dataclass(frozen=True)
class Told:
    """One message to the buyer. Its narrow spaces are made plain, so that texts can be compared."""

    sender: str
    text: str
    choices: dict[str, str]  # label: token
    card: dict[str, Any] | None
    at: datetime


@dataclass
class Buyer:
    """One buyer in one conversation."""

    http: httpx.Client
    token: str
    conversation_id: str
    last: int = 0
    typed: list[str] = field(default_factory=list)
    heard: list[Told] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """What proves the session."""
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str) -> list[Told]:
        """Write a message and wait for all that is told in answer."""
        self.send(text=text)
        return self.listen()

    def choose(self, label: str) -> list[Told]:
        """Pick a choice that was shown, the latest of that label."""
        tokens = [told.choices[label] for told in self.heard if label in told.choices]
        assert tokens, f"{label!r} was not offered; the latest choices: {self.labels()}"
        self.send(choice=tokens[-1])
        return self.listen()

    def open(self, number: str, email: str, wish: str = "I have not received my order") -> list[Told]:
        """Ask about an order and prove that it is this buyer's; gives what is told then."""
        self.say(f"{wish} {number}")
        return self.say(email)

    def send(self, **body: Any) -> str:
        """Have a message accepted without waiting for its answer; gives its id."""
        message_id = uuid4().hex
        self.typed.append(body.get("text", ""))
        response = self.post({"id": message_id, **body})
        assert response.status_code == 202, response.text
        return message_id

    def post(self, body: Any) -> httpx.Response:
        """Send a body as it is; the answer must be one that the API's document describes."""
        response = self.http.post("/api/chat/messages", json=body, headers=self.headers)
        check_answer(response)
        return response

    def listen(self, seconds: float = PATIENCE) -> list[Told]:
        """What is told from here on, until no message of this buyer waits for its outcome."""
        deadline = time.monotonic() + seconds
        told: list[Told] = []
        while True:
            page = self.page(wait=20)
            told += [_told(one) for one in page["messages"] if one["from"] != "buyer"]
            self.last = page["last"]
            if not page["pending"] and not page["messages"]:
                break
            if not page["pending"] and page["messages"] and not self.page()["messages"]:
                break
            assert time.monotonic() < deadline, f"still no outcome after {seconds:.0f} s; told so far: {told}"
        self.heard += told
        return told

    def page(self, wait: int = 0) -> dict[str, Any]:
        """One answer of GET messages, after the last message read."""
        response = self.http.get("/api/chat/messages", params={"after": self.last, "wait": wait}, headers=self.headers)
        check_answer(response)
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        return page

    def labels(self) -> list[str]:
        """The labels of the choices shown with the latest message."""
        return list(self.heard[-1].choices) if self.heard else []


def text_of(told: list[Told]) -> str:
    """All that was told as one text."""
    return "\n".join(one.text for one in told)


def _told(message: dict[str, Any]) -> Told:
    choices = {plain(choice["label"]): choice["token"] for choice in message["choices"]}
    at = datetime.fromisoformat(message["at"])
    return Told(message["from"], plain(message["text"]), choices, message["card"], at)


def plain(text: str) -> str:
    """A text with ordinary spaces: Babel writes narrow ones before "PM" and inside amounts."""
    return text.replace("\u202f", " ").replace("\xa0", " ")
