"""Whether the front runs, and whether everything it needs works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import aiohttp
import structlog
from sqlalchemy import select
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from doorstep.front.openapi import document
from doorstep.front.parts import Front, front_of
from doorstep.replies.values import Reply
from doorstep.storage.tables import conversations

_LIMIT = 3.0  # seconds for one part to say that it works
_ANSWERS_WITHIN = aiohttp.ClientTimeout(total=2.0)
log = structlog.get_logger(__name__)


async def get_live(_request: Request) -> Response:
    """GET /health/live: 200 while the front runs."""
    return JSONResponse({"status": "ok"})


async def get_ready(request: Request) -> Response:
    """GET /health/ready: 200 when every part works, else 503; the body names the part."""
    front = front_of(request)
    works = {
        "database": _database_works(front),
        "rasa": front.rasa.is_ready(),
        "actions": _actions_work(front),
        "words": asyncio.to_thread(_words_work, front),
    }
    results = await asyncio.gather(*(_within_limit(name, part) for name, part in works.items()))
    states = dict(zip(works, results, strict=True))
    states["worker"] = front.worker.is_running
    ready = all(states.values())
    parts = {name: "ok" if state else "down" for name, state in states.items()}
    if front.link:  # buyers are served without it, and what they write is told later
        parts["desk"] = "away" if front.link.trouble else "ok"
    return JSONResponse({"status": "ok" if ready else "not_ready", "parts": parts}, 200 if ready else 503)


async def get_metrics(request: Request) -> Response:
    """GET /metrics."""
    front = front_of(request)
    text = await front.metrics.text(front.database)
    return Response(text, media_type="text/plain; version=0.0.4")


async def get_openapi(_request: Request) -> Response:
    """GET /openapi.json."""
    return JSONResponse(document())


async def _within_limit(name: str, part: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(part, _LIMIT)
    except Exception as error:
        log.warning("health.part_down", part=name, kind=type(error).__name__)
        return False


async def _database_works(front: Front) -> bool:
    await front.database.read(_look)
    return True


def _look(connection: Connection) -> None:
    connection.execute(select(conversations.c.id).limit(1)).all()


async def _actions_work(front: Front) -> bool:
    try:
        async with front.actions.get("/health", timeout=_ANSWERS_WITHIN) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False


def _words_work(front: Front) -> bool:
    return bool(front.words.word(Reply("notice_back_with_assistant"), "en").text)
