"""The event stream of a conversation's screen: new lines, who types, who has it, what was delivered, a newer side.

It goes on after the last line that the page has, and ends when the conversation is gone or the agent is signed out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.engine import Connection
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from doorstep.desk import view
from doorstep.desk.view import Lines, Mark, Said
from doorstep.front.database import is_unreachable
from doorstep.front.desk import conversation_pages as screens
from doorstep.front.desk import signing_in
from doorstep.front.desk.pages import Problem, agent_of
from doorstep.front.desk.signing_in import SignedOut
from doorstep.front.parts import Front, front_of
from doorstep.people.agents import Agent
from doorstep.storage import briefs, conversations, desk_view
from doorstep.storage.conversations import Conversation
from doorstep.storage.desk_view import Pulse

LOOK_EVERY = 1.0  # seconds; what is stored by this front is told at once
SIDE_EVERY = 10.0  # seconds between looks at the side while nothing else happens
_ASK_EVERY = 10.0  # seconds between looks at whether the agent is still signed in
log = structlog.get_logger(__name__)


@dataclass
class _Seen:
    """What the page knows."""

    mark: Mark
    pulse: Pulse | None = None
    side: str = ""
    typing: bool = False
    asked_at: float = field(default=0.0)
    side_at: float = field(default=0.0)


async def get_events(request: Request) -> Response:
    """GET /desk/conversations/{id}/events: what comes after `Last-Event-ID`, or after `?after=`."""
    agent = await agent_of(request, active=False)
    front, this = front_of(request), request.path_params["id"]
    sent = request.headers.get("last-event-id") or request.query_params.get("after", "0-0-0")
    mark = Mark.read(sent)
    if mark is None:
        raise Problem(422, "not_read")
    await front.database.read(screens.on_theirs, agent, this, lambda _connection: None)
    return EventSourceResponse(_stream(request, agent, _Seen(mark)), ping=15, send_timeout=30, sep="\n")


async def _stream(request: Request, agent: Agent, seen: _Seen) -> AsyncIterator[bytes]:
    front, this = front_of(request), request.path_params["id"]
    clock = asyncio.get_running_loop().time
    seen.asked_at = clock()
    with front.hub.listening(this, is_buyers=False) as listener, front.metrics.listener("desk"):
        while not front.hub.closing:
            try:
                if clock() - seen.asked_at >= _ASK_EVERY:
                    agent = await signing_in.agent_of(request, active=False)
                    seen.asked_at = clock()
                pulse = await front.database.read(desk_view.pulse, this)
                events = [] if pulse is None else await _news(request, agent, seen, pulse)
            except SignedOut:
                return
            except Exception as error:
                # The page connects again and goes on where it stopped.
                if not is_unreachable(error):
                    log.error("desk.events_failed", kind=type(error).__name__, exc_info=True)
                return
            if pulse is None:
                return
            if events:
                yield b"".join(events)
            await listener.wait(LOOK_EVERY)


async def _news(request: Request, agent: Agent, seen: _Seen, pulse: Pulse) -> list[bytes]:
    front, this = front_of(request), request.path_params["id"]
    before, seen.pulse = seen.pulse, pulse
    events: list[bytes] = []
    typing = pulse.buyer_types_until is not None and pulse.buyer_types_until > front.now()
    if _lines_differ(before, pulse):
        found = await front.database.read(_lines, this, seen.mark)
        if found is None:
            return []
        conversation, lines = found
        events += _told(request, agent, conversation, lines)
        seen.mark = lines.mark
        events.append(_event("delivered", {"waiting": lines.waiting}))
    if before is None or (before.owner, before.agent_id, before.change) != (pulse.owner, pulse.agent_id, pulse.change):
        owner = {"owner": pulse.owner, "name": pulse.agent_name, "change": pulse.change}
        events.append(_event("owner", owner))
    if typing != seen.typing:
        seen.typing = typing
        events.append(_event("typing", {"typing": typing}))
    return events + await _side(front, this, seen, stirred=bool(events))


def _lines_differ(before: Pulse | None, pulse: Pulse) -> bool:
    if before is None:
        return True
    names = ("last_seq", "note", "change", "waiting")
    return any(getattr(before, name) != getattr(pulse, name) for name in names)


async def _side(front: Front, conversation_id: str, seen: _Seen, *, stirred: bool) -> list[bytes]:
    now = asyncio.get_running_loop().time()
    if not stirred and now - seen.side_at < SIDE_EVERY:
        return []
    seen.side_at = now
    digest = await front.database.read(_digest, front, conversation_id)
    if digest == seen.side:
        return []
    seen.side = digest
    return [_event("brief", {"digest": digest})]


def _lines(connection: Connection, conversation_id: str, mark: Mark) -> tuple[Conversation, Lines] | None:
    conversation = conversations.find(connection, conversation_id)
    if conversation is None:
        return None
    return conversation, view.lines_after(connection, conversation, mark)


def _digest(connection: Connection, front: Front, conversation_id: str) -> str:
    brief = briefs.brief(connection, front.rules.policy, conversation_id, front.now())
    return view.digest(brief) if brief else ""


def _told(request: Request, agent: Agent, conversation: Conversation, lines: Lines) -> list[bytes]:
    if not lines.lines:
        return []
    fragments = screens.line_fragments(request, agent, conversation.language, lines)
    heard = [line.shown.text for line in lines.lines if isinstance(line, Said) and line.shown.sender == "buyer"]
    return [_event("lines", {"html": "".join(fragments), "heard": heard, "mark": str(lines.mark)}, str(lines.mark))]


def _event(name: str, data: dict[str, Any], event_id: str | None = None) -> bytes:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=event_id, sep="\n").encode()
