"""The event stream of a conversation: messages, whether an answer is on its way, and who owns it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from doorstep.front import tokens
from doorstep.front.chat import note_delivered, read_page
from doorstep.front.database import is_unreachable
from doorstep.front.errors import ApiError
from doorstep.front.parts import Front, front_of
from doorstep.storage import conversations
from doorstep.storage.conversations import State

_LONGEST_LOOK = 20.0  # seconds after which the end of the session is looked at, news or not
log = structlog.get_logger(__name__)


async def get_events(request: Request) -> Response:
    """GET /api/chat/events: the stream goes on after `Last-Event-ID` and ends with the session."""
    front = front_of(request)
    session = front.session(request)
    raw = request.headers.get("last-event-id", "0") or "0"
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10):
        raise ApiError(422, "wrong_parameter", "Last-Event-ID: expected the id of an event.")
    front.hub.check_room(session.conversation_id)
    if await front.database.read(conversations.state, session.conversation_id) is None:
        raise tokens.session_invalid()  # a refusal must come before the stream begins
    stream = _stream(front, session.conversation_id, session.expires_at, int(raw))
    return EventSourceResponse(stream, ping=15, send_timeout=30, sep="\n")


async def _stream(front: Front, conversation_id: str, expires_at: datetime, after: int) -> AsyncIterator[bytes]:
    owner, typing = ("", ""), False
    with front.hub.listening(conversation_id) as listener, front.metrics.listener("events"):
        while not front.hub.closing and (left := (expires_at - front.now()).total_seconds()) > 0:
            try:
                page = listener.told(after) or await read_page(front, conversation_id, after)
            except Exception as error:
                # The client connects again and goes on where it stopped.
                if not (isinstance(error, ApiError) or is_unreachable(error)):
                    log.error("events.failed", kind=type(error).__name__, exc_info=True)
                return
            events = [_event("message", message, str(message["seq"])) for message in page.messages]
            after = page.last
            if (page.state.owner, page.state.agent) != owner:
                owner, typing = (page.state.owner, page.state.agent), False
                events.append(_event("owner", {"owner": owner[0], "name": owner[1]}))
            if _is_typing(page.state, front.now()) != typing:
                typing = not typing
                events.append(_event("typing", {"typing": typing}))
            if events:
                yield b"".join(events)  # each piece sent wakes the client and this process once
                await note_delivered(front, conversation_id, page)
            if page.last >= page.state.last_seq:
                await listener.wait(min(left, _until_typing_ends(page.state, front.now())))


def _is_typing(state: State, now: datetime) -> bool:
    if state.owner == conversations.AGENT:
        return state.typing_until is not None and state.typing_until > now
    return state.pending and state.owner in (conversations.ASSISTANT, conversations.CLOSED)


def _until_typing_ends(state: State, now: datetime) -> float:
    """Seconds until somebody's typing is over, or until the next look at the session."""
    if state.typing_until is None or state.typing_until <= now:
        return _LONGEST_LOOK
    return min(_LONGEST_LOOK, (state.typing_until - now).total_seconds() + 0.1)


def _event(name: str, data: dict[str, Any], event_id: str | None = None) -> bytes:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=event_id, sep="\n").encode()
