"""The screen of a conversation, its parts that a script loads again, and the buyer's photos."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from doorstep.desk import granting, queue, view
from doorstep.desk.granting import OnOrder
from doorstep.desk.leaving import Leaving, leaving
from doorstep.desk.view import Screen
from doorstep.desk.work import REASONS
from doorstep.front.desk import told
from doorstep.front.desk.pages import agent_of, fragment, language_of, render
from doorstep.front.parts import Front, front_of
from doorstep.front.uploads import upload_file
from doorstep.people.agents import Agent
from doorstep.people.canned import Canned, canned_for, text_of
from doorstep.storage import desk_view
from doorstep.storage.ownership import By

SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FILE_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Box:
    """What the reply box offers: canned replies, each with its text or "" where something is missing, and grants.

    `leaving` is what the buyer would read when the conversation is given away.
    """

    canned: tuple[tuple[Canned, str], ...] = ()
    grants: tuple[OnOrder, ...] = ()
    leaving: Leaving = field(default_factory=Leaving)


async def get_conversation(request: Request) -> Response:
    """GET /desk/conversations/{id}: the whole screen. `?canned=` puts a canned reply into the box."""
    return await show(request, await agent_of(request))


async def get_part(request: Request) -> Response:
    """GET /desk/conversations/{id}/{head|side|work}: a part of the screen as it is now."""
    agent = await agent_of(request, active=False)
    part = request.path_params["part"]
    if part not in ("head", "side", "work"):
        raise HTTPException(404)
    screen, box = await _seen(request, agent)
    return fragment(request, agent, f"_{part}.html", **_values(request, agent, screen, box))


async def show(
    request: Request, agent: Agent, status: int = 200, *, problem: str = "", form: str = "",
    written: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The screen; with a problem, what was to be done and could not, and what was written into that form's fields."""
    screen, box = await _seen(request, agent)
    values = _values(request, agent, screen, box)
    picked = request.query_params.get("canned", "")
    filled = next((words for canned, words in box.canned if canned.name == picked), "") if picked else ""
    fields = written or {}
    kept = {"problem": problem, "form": form, "written": fields, "text": fields.get("text") or filled}
    return render(request, agent, "conversation.html", status, **{**values, **kept})


async def get_upload(request: Request) -> Response:
    """GET /desk/uploads/{id}: a buyer's photo or video; anything but a picture is only given to be saved."""
    agent = await agent_of(request)
    front, upload_id = front_of(request), request.path_params["id"]
    found = await front.database.read(desk_view.upload, upload_id) if _ID.fullmatch(upload_id) else None
    if found is None or not agent.sees(found[1]):
        raise HTTPException(404)
    upload = found[0]
    file = upload_file(front, upload.conversation_id, upload.id)
    if not await asyncio.to_thread(file.is_file):
        raise HTTPException(404)
    inline = upload.media_type in SHOWN_INLINE
    disposition = "inline" if inline else "attachment"
    media_type = upload.media_type if inline else "application/octet-stream"
    return FileResponse(
        file, 200, _FILE_HEADERS, media_type, filename=upload.name, content_disposition_type=disposition
    )


# -- reading it ----------------------------------------------------------------------------


def by(agent: Agent) -> By:
    """An agent as the desk's work knows them."""
    return By(agent.name, agent.id, agent.is_lead)


def on_theirs(connection: Connection, agent: Agent, conversation_id: str, work: Callable[[Connection], Any]) -> Any:
    """Do work on a conversation of a shop that the agent sees. Raises HTTPException (404) for any other."""
    shop = desk_view.shop_of(connection, conversation_id) if _ID.fullmatch(conversation_id) else None
    if shop is None or not agent.sees(shop):
        raise HTTPException(404)
    return work(connection)


async def _seen(request: Request, agent: Agent) -> tuple[Screen, Box]:
    front, conversation_id = front_of(request), request.path_params["id"]
    whole = "all" in request.query_params

    def read(connection: Connection) -> tuple[Screen, Box] | None:
        now = front.now()
        screen = view.screen(connection, front.rules.policy, conversation_id, by(agent), now, whole=whole)
        return None if screen is None else (screen, _box(connection, front, agent, screen))

    seen = await front.database.read(on_theirs, agent, conversation_id, read)
    if seen is None:
        raise HTTPException(404)
    screen, box = seen
    return screen, box


def _box(connection: Connection, front: Front, agent: Agent, screen: Screen) -> Box:
    conversation, policy, now = screen.conversation, front.rules.policy, front.now()
    gives = view.TRANSFER in screen.can
    left = leaving(connection, front.words, conversation, _other_teams(front, screen)) if gives else Leaving()
    if view.REPLY not in screen.can:
        return Box(leaving=left)
    situation = queue.situation_talked_about(connection, policy, conversation.id, now)
    rules = situation.policy if situation else policy.for_(conversation.shop, "")
    found = canned_for(situation, agent.name, conversation.language, rules, now)
    canned = [(each, "" if each.missing else text_of(each, front.words, conversation.language)) for each in found]
    return Box(tuple(canned), granting.offered(connection, front.desk, conversation.id, by(agent), now), left)


def _other_teams(front: Front, screen: Screen) -> tuple[str, ...]:
    return tuple(team for team in front.rules.policy.teams if team != screen.conversation.team)


def _values(request: Request, agent: Agent, screen: Screen, box: Box) -> dict[str, Any]:
    front = front_of(request)
    language = language_of(request, agent)
    return {
        "here": path_of(screen.conversation.id),  # whatever was posted to, it is this page
        "screen": screen,
        "conversation": screen.conversation,
        "brief": screen.brief,
        "box": box,
        "digest": view.digest(screen.brief),
        "key": new_key,
        "told_of": told.Told(front.words, language, screen.conversation.language),
        "teams": _other_teams(front, screen),
        "reasons": REASONS,
        "problem": "",
        "form": "",
        "written": {},
        "text": "",
    }


def path_of(conversation_id: str) -> str:
    """Where the screen of a conversation is."""
    return f"/desk/conversations/{conversation_id}"


def new_key() -> str:
    """What makes a form's second sending the same as its first."""
    return secrets.token_hex(12)


def line_fragments(request: Request, agent: Agent, screen_language: str, lines: view.Lines) -> list[str]:
    """Each line of a transcript as HTML."""
    front = front_of(request)
    words = told.Told(front.words, language_of(request, agent), screen_language)
    return [
        bytes(fragment(request, agent, "_line.html", line=line, told_of=words).body).decode() for line in lines.lines
    ]
