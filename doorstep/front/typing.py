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
    if await front.database.read(_is_to_be_noted, conversation_id, front.now()):
        await front.database.write(_note, conversation_id, front.now())
    return Response(status_code=204)


def _is_to_be_noted(connection: Connection, conversation_id: str, now: datetime) -> bool:
    state = conversations.state(connection, conversation_id)
    with_people = state is not None and state.owner in (conversations.QUEUE, conversations.AGENT)
    until = desk.typing_until(connection, conversation_id, desk.BUYER) if with_people else None
    return with_people and (until is None or until < now + TYPING_FOR / 2)  # as often as it may be called, few writes


def _note(connection: Connection, conversation_id: str, now: datetime) -> None:
    if conversations.lock(connection, conversation_id):
        desk.is_typing(connection, conversation_id, desk.BUYER, now + TYPING_FOR)
