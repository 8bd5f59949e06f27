"""A client of the chat API for the tests: every answer it gets is checked against the OpenAPI document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker

from doorstep.front.openapi import document
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT

DOCUMENT = document()
Json = dict[str, Any]
_REPLIES = Catalogue(ROOT / "replies")
_OF_QUEUE = re.compile(
    "|".join(
        ".+?".join(re.escape(part) for part in re.split(r"\{[a-z]+\}", text))
        for name in ("term_queue_next", "term_queue_place", "term_queue_wait", "term_queue_email")
        for language in _REPLIES.languages()
        for text in _REPLIES.variants(name, language)
    )
)


def check_answer(response: httpx.Response) -> None:
    """Fail unless this answer to this call is one that the document describes."""
    operation = _operation(response.request.method, response.request.url.path)
    if operation is None:
        assert response.status_code in (403, 404, 405), response.text
        _check("Error", response.json())
        return
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{response.request.method} {response.request.url.path} gave {response.status_code}"
    for media_type, content in described["content"].items():
        if media_type == "application/json":
            assert response.headers["content-type"] == "application/json"
            _check(content["schema"]["$ref"].rsplit("/", 1)[1], response.json())
    if response.status_code in (429, 503) and "headers" in described:
        assert int(response.headers["retry-after"]) >= 1
    assert "Traceback" not in response.text


def _operation(method: str, path: str) -> Json | None:
    for template, operations in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: Json | None = operations.get(method.lower())
            return found
    return None


def _check(name: str, body: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)


@dataclass
class Buyer:
    """One buyer in one conversation."""

    http: httpx.Client
    token: str
    conversation_id: str
    last: int = 0
    numbers: Any = field(default_factory=lambda: count(1))

    @property
    def headers(self) -> dict[str, str]:
        """What proves the session."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any) -> httpx.Response:
        """Send a body to the messages, whatever it is."""
        response = self.http.post("/api/chat/messages", json=body, headers=self.headers)
        check_answer(response)
        return response

    def say(self, text: str, message_id: str = "") -> Json:
        """Write a text; it must be accepted."""
        response = self.post({"id": message_id or f"m{next(self.numbers)}", "text": text})
        assert response.status_code == 202, response.text
        accepted: Json = response.json()
        return accepted

    def take(self, token: str) -> Json:
        """Take a choice by its token; it must be accepted."""
        response = self.post({"id": f"m{next(self.numbers)}", "choice": token})
        assert response.status_code == 202, response.text
        accepted: Json = response.json()
        return accepted

    def read(self, after: int = 0, wait: int = 0) -> Json:
        """One answer of GET messages."""
        response = self.http.get(
            "/api/chat/messages", params={"after": after, "wait": wait}, headers=self.headers, timeout=40
        )
        check_answer(response)
        assert response.status_code == 200, response.text
        page: Json = response.json()
        return page

    def settled(self) -> list[Json]:
        """Every message of the conversation, once none waits for its outcome; the place in the queue is left out."""
        messages: list[Json] = []
        for _ in range(60):
            page = self.read(messages[-1]["seq"] if messages else 0, wait=2)
            messages += page["messages"]
            if not page["pending"]:
                return [m for m in messages if not (m["from"] == "notice" and is_of_queue(m["text"]))]
        raise AssertionError(f"still pending: {messages}")

    def told(self) -> list[str]:
        """The texts the buyer was told, once none of his messages waits."""
        return [message["text"] for message in self.settled() if message["from"] != "buyer"]


def is_of_queue(text: str) -> bool:
    """Whether a text tells the place in the queue, which comes with every hand-over, and nothing else."""
    return all(_OF_QUEUE.fullmatch(line) for line in text.split("\n"))


def text_without_queue(text: str) -> str:
    """A text without the lines that tell the place in the queue."""
    return "\n".join(line for line in text.split("\n") if not _OF_QUEUE.fullmatch(line))


def start(http: httpx.Client, body: Json | None = None, **headers: str) -> Buyer:
    """Start a conversation; it must succeed."""
    response = http.post("/api/chat/sessions", json=body or {}, headers=headers)
    check_answer(response)
    assert response.status_code == 201, response.text
    return Buyer(http, response.json()["session_token"], response.json()["conversation_id"])
