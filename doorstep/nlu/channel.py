"""The one way into Rasa: the front's turns, over loopback. See docs/flow.md.

A turn that was answered before (same message id) is answered again with the same replies and not worked twice.
"""

from __future__ import annotations

import gc
import hmac
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from doorstep import settings


class CollectedReplies(OutputChannel):
    """Collects the replies of one turn as the front wants them."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, as replies see it."""
        return "doorstep"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one message of Rasa's."""
        self.replies.append(as_reply(message))


def as_reply(message: dict[str, Any]) -> dict[str, Any]:
    """A message of Rasa's as `{text, choices, card, name}`; the name is that of a reply which needs no action."""
    choices = [{"label": button["title"], "payload": button["payload"]} for button in message.get("buttons") or []]
    name = message.get("utter_action") or ""
    return {"text": message.get("text") or "", "choices": choices, "card": message.get("card"), "name": name}


def replies_to(tracker: DialogueStateTracker | None, message_id: str) -> list[dict[str, Any]]:
    """What was answered to a message before; empty when it is new or got no answer."""
    replies: list[dict[str, Any]] = []
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            replies.append(as_reply(event.message()))
        elif isinstance(event, UserUttered):
            return replies[::-1] if event.message_id == message_id else []
    return []


class DoorstepInput(InputChannel):
    """POST /webhooks/doorstep/turn, for the front alone."""

    @classmethod
    def name(cls) -> str:
        """The part of the address."""
        return "doorstep"

    def __init__(self) -> None:
        self._key = settings.load().key("rasa-channel")

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: a turn, and whether turns can be taken."""
        routes = Blueprint("doorstep_channel")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            if ready:
                _leave_loaded_alone()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.token or "", self._key):
                return response.json({"error": "not for you"}, status=401)
            body = request.json
            if body.get("again", True):
                tracker = await request.app.ctx.agent.tracker_store.retrieve(body["conversation_id"])
                before = replies_to(tracker, body["message_id"])
                if before:
                    return response.json({"replies": before})
            return response.json({"replies": await _answer(body, on_new_message)})

        return routes


@cache
def _leave_loaded_alone() -> None:
    """Take what is loaded by now out of the garbage collector's rounds; a turn that met one paid for all of it.

    The model, the domain and the modules are a few hundred thousand objects that stay until the process ends.
    """
    gc.collect()
    gc.freeze()


async def _answer(
    body: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> list[dict[str, Any]]:
    collected = CollectedReplies()
    message = UserMessage(
        body["text"],
        collected,
        body["conversation_id"],
        input_channel=DoorstepInput.name(),
        message_id=body["message_id"],
        metadata=body.get("metadata") or {},
    )
    await on_new_message(message)
    return collected.replies
