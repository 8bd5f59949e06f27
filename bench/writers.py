"""Buyers who write: through Doorstep's chat API as the widget does, or through stock Rasa's `rest` channel."""

from __future__ import annotations

import json
from typing import Any, Protocol
from uuid import uuid4

from bench.wire import Wire

Message = dict[str, Any]
Exchange = tuple[str, list[Message]]


class Writer(Protocol):
    """One conversation."""

    def say(self, text: str) -> list[Message]:
        """Send a message and wait for its answer: messages with `text` and perhaps a `card`, usually one."""

    def recall(self) -> list[Exchange] | None:
        """Each message so far and all that was answered to it, however late; None where nobody can tell."""

    def close(self) -> None:
        """Hang up."""


class DoorstepWriter:
    """As widget/connection.js and widget/outbox.js: messages are posted, answers come on the event stream."""

    def __init__(self, port: int) -> None:
        self._calls, self._listening = Wire(port), Wire(port)
        session = self._calls.call("POST", "/api/chat/sessions", {"language": "en"})
        self._calls.token = self._listening.token = session["session_token"]
        self._events = self._listening.stream("/api/chat/events", "Last-Event-ID: 0\r\n")
        next(self._events)  # the owner; from here on the stream is open

    def say(self, text: str) -> list[Message]:
        """Send a message and wait for its answer. Raises Refused when none comes."""
        accepted = self._calls.call("POST", "/api/chat/messages", {"id": str(uuid4()), "text": text})
        for event in self._events:
            if event["event"] == "message":
                message: Message = json.loads(event["data"])
                if message["from"] != "buyer" and message["seq"] > accepted["seq"]:
                    return [message]
        raise AssertionError("the stream raises before it ends")

    def recall(self) -> list[Exchange]:
        """Each message and the answers to it, read from the conversation."""
        exchanges: list[Exchange] = []
        last = 0
        while (page := self._calls.call("GET", f"/api/chat/messages?after={last}"))["messages"]:
            for message in page["messages"]:
                if message["from"] == "buyer":
                    exchanges.append((message["text"], []))
                else:
                    exchanges[-1][1].append(message)
            last = page["last"]
        return exchanges

    def close(self) -> None:
        """Close the page."""
        self._calls.close()
        self._listening.close()


class RestWriter:
    """Stock Rasa's `rest` channel: the answer to the call is the answer to the message."""

    def __init__(self, port: int) -> None:
        self._wire = Wire(port)
        self._sender = str(uuid4())

    def say(self, text: str) -> list[Message]:
        """Send a message and give what is answered. Raises Refused when the call fails."""
        answered: list[Message] = self._wire.call(
            "POST", "/webhooks/rest/webhook", {"sender": self._sender, "message": text}
        )
        return answered

    def recall(self) -> None:
        """Nothing comes late on this channel."""

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


WRITERS: dict[str, type[DoorstepWriter] | type[RestWriter]] = {"doorstep": DoorstepWriter, "rest": RestWriter}
