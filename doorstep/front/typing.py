"""The call that says that the buyer is typing, for the person who waits or will come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from doorstep.desk.work import TYPING_FOR
from doorstep.front.parts import front_of
from doorstep.storage import conversations, desk


async def post_typing(request: Request) -> Response:
    """POST /api/chat/typing: counts for a few seconds, and only while people have the conversation."""
    front = front_of(request)
    conversation_id = front.session(request).conversation_id
    if await front.database.read(_with_people, conversation_id):
        await front.database.write(_note, conversation_id, front.now())
    return Response(status_code=204)


def _with_people(connection: Connection, conversation_id: str) -> bool:
    state = conversations.state(connection, conversation_id)
    return state is not None and state.owner in (conversations.QUEUE, conversations.AGENT)


def _note(connection: Connection, conversation_id: str, now: datetime) -> None:
    desk.is_typing(connection, conversation_id, desk.BUYER, now + TYPING_FOR)
