"""The calls of the chat API that start a conversation, take a message and give messages."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from doorstep.front import limits, pages, schemas, tokens
from doorstep.front.bodies import read_json
from doorstep.front.errors import ApiError
from doorstep.front.pages import Page, page_of_incoming
from doorstep.front.parts import Front, front_of
from doorstep.front.text import MOST_CHARACTERS, TextTooLong, clean, folded
from doorstep.front.turns import Question
from doorstep.languages import language_of
from doorstep.offers import SENT
from doorstep.storage import conversations, desk, messages, uploads
from doorstep.storage.messages import Choice, Incoming

_SESSION_BODY = schemas.validator("SessionRequest")
_MESSAGE_BODY = schemas.validator("MessageRequest")
_TAG = re.compile(r"([A-Za-z]{2})(?:[-_].*)?", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,2})[.)]?")
_LARGEST_SEQ = 2**31 - 1
_CAPTION = 40  # characters; longer words beside a photo say more than that it is one


# -- sessions ------------------------------------------------------------------------------


async def start_session(request: Request) -> Response:
    """POST /api/chat/sessions."""
    front = front_of(request)
    body = await read_json(request, _SESSION_BODY)
    asked: dict[str, str] = {}
    if "language" in body:
        asked["language"] = _language(body["language"])
    if "identity_token" in body:
        asked["email_key"] = tokens.email_key(front.settings, body["identity_token"])
    conversation_id = await _renewed(request, asked)
    if conversation_id is None:
        conversation_id = await _started(request, str(body.get("shop", "default")), asked)
    token, session = front.tokens.issue(conversation_id, front.now())
    expires_at = session.expires_at.isoformat()
    return JSONResponse(
        {"session_token": token, "conversation_id": conversation_id, "expires_at": expires_at}, status_code=201
    )


async def _renewed(request: Request, asked: dict[str, str]) -> str | None:
    """The conversation of a live session that came along; None where a new one is to be started."""
    front = front_of(request)
    try:
        conversation_id = front.session(request).conversation_id
    except ApiError:
        return None
    return conversation_id if await front.database.write(_change, conversation_id, asked) else None


def _change(connection: Connection, conversation_id: str, asked: dict[str, str]) -> bool:
    if conversations.find(connection, conversation_id) is None:
        return False
    if asked:
        conversations.change(connection, conversation_id, **asked)
    return True


async def _started(request: Request, shop: str, asked: dict[str, str]) -> str:
    front = front_of(request)
    probe = request.headers.get("x-doorstep-probe", "")
    is_probe = hmac.compare_digest(probe.encode(), front.settings.key("probe").encode())
    host = request.client.host if request.client else ""
    values = {"language": "en", "email_key": "", **asked}
    values |= {"shop": shop, "channel": "probe" if is_probe else "web"}
    values["address"] = front.settings.fingerprint("address", host)
    return await front.database.write(_start, front, values)


def _start(connection: Connection, front: Front, values: dict[str, str]) -> str:
    now = front.now()
    if values["channel"] != "probe":
        limits.check_start(connection, values["address"], front.rules.messages, now)
    return conversations.start(connection, **values, now=now).id


def _language(tag: str) -> str:
    found = _TAG.fullmatch(tag.strip())
    return found.group(1).lower() if found else "en"


# -- a message comes in --------------------------------------------------------------------


async def post_message(request: Request) -> Response:
    """POST /api/chat/messages: answered once the message is stored."""
    front = front_of(request)
    conversation_id = front.session(request).conversation_id
    body = await read_json(request, _MESSAGE_BODY)
    try:
        body["text"] = clean(body.get("text", ""))
    except TextTooLong as error:
        raise ApiError(422, "text_too_long", f"Please keep a message below {MOST_CHARACTERS} characters.") from error
    taken = await front.database.write(_take, front, conversation_id, body, front.worker.has_room)
    if taken.page is not None:
        front.metrics.accepted()
    if taken.question is not None:
        front.worker.begin(taken.question)
    else:
        front.worker.nudge(conversation_id)
    if taken.page is not None:
        front.hub.tell(conversation_id, taken.page)
    return JSONResponse({"id": taken.incoming.message_id, "seq": taken.incoming.seq}, status_code=202)


@dataclass(frozen=True)
class _Taken:
    """A stored message: what is new of it, and the question where it was taken up in the same transaction."""

    incoming: Incoming
    page: Page | None = None
    question: Question | None = None


def _take(connection: Connection, front: Front, conversation_id: str, body: dict[str, Any], has_room: bool) -> _Taken:
    """Store a message, unless it is stored already. Limits count in this transaction."""
    conversation = conversations.lock(connection, conversation_id)
    if conversation is None:
        raise tokens.session_invalid()
    earlier, waits = messages.before_accepting(connection, conversation_id, body["id"])
    if earlier is not None:
        return _Taken(earlier)
    now = front.now()
    attached = uploads.find(connection, conversation_id, body.get("attachments", ()))
    choice = _choice(connection, conversation.id, conversation.owner, body, photo=bool(attached))
    if len(attached) < len(set(body.get("attachments", ()))):
        raise ApiError(422, "unknown_attachment", "A photo or video of this message was not found. Send it again.")
    if not choice and not body["text"] and not attached:
        raise ApiError(422, "empty_message", "There is no text in this message.")
    if conversation.channel != "probe":
        limits.check_message(connection, conversation_id, front.rules.messages, now)
    language = conversation.language if choice else language_of(body["text"], conversation.language)
    if language != conversation.language:
        conversations.change(connection, conversation_id, language=language)
        conversation = replace(conversation, language=language)
    payload = choice.payload if choice else body["text"]
    lease = front.worker.turns.lease_at_once(conversation, payload, waits, now) if has_room else None
    incoming = messages.accept(
        connection,
        conversation,
        body["id"],
        text=choice.label if choice and not (attached and body["text"]) else body["text"],
        choice=choice.token if choice else "",
        attachments=[upload.shown() for upload in attached],
        now=now,
        lease=lease,
    )
    if conversation.owner in (conversations.QUEUE, conversations.AGENT):
        desk.stops_typing(connection, conversation_id, desk.BUYER)
    question = Question(incoming, conversation, payload) if lease else None
    return _Taken(incoming, page_of_incoming(incoming, conversation.owner), question)


def _choice(
    connection: Connection, conversation_id: str, owner: str, body: dict[str, Any], photo: bool
) -> Choice | None:
    """The choice that was taken: by its token, by writing its label or its number, or by sending what it says."""
    if "choice" in body:
        choice = messages.find_choice(connection, conversation_id, body["choice"])
        if choice is None:
            raise ApiError(422, "unknown_choice", "This choice is not offered here.")
        return choice
    if owner == conversations.AGENT or not (body["text"] or photo):
        return None
    offered = messages.open_choices(connection, conversation_id)
    if photo and owner == conversations.ASSISTANT and len(body["text"]) <= _CAPTION:
        return _photo_choice(offered)
    return _written_choice(body["text"], offered) if body["text"] else None


def _photo_choice(offered: Sequence[Choice]) -> Choice | None:
    """The choice that says that the photos were sent, where photos are asked for."""
    sent = json.dumps({"option": SENT})[1:-1]
    return next((choice for choice in offered if sent in choice.payload), None)


def _written_choice(text: str, offered: Sequence[Choice]) -> Choice | None:
    for choice in offered:
        if folded(choice.label) == folded(text):
            return choice
    number = _NUMBER.fullmatch(text)
    if number and 1 <= int(number.group(1)) <= len(offered):
        return offered[int(number.group(1)) - 1]
    return None


# -- messages are given --------------------------------------------------------------------


async def get_messages(request: Request) -> Response:
    """GET /api/chat/messages: what came after a number, at once or when there is news."""
    front = front_of(request)
    conversation_id = front.session(request).conversation_id
    after = _whole_number(request.query_params.get("after", "0"), "after", _LARGEST_SEQ)
    wait = _whole_number(request.query_params.get("wait", "0"), "wait", schemas.LONGEST_WAIT)
    front.hub.check_room(conversation_id)
    end = asyncio.get_running_loop().time() + wait
    with front.hub.listening(conversation_id) as listener:
        page = first = await read_page(front, conversation_id, after)
        with front.metrics.listener("poll"):
            while not page.messages and page.state.pending == first.state.pending and not front.hub.closing:
                left = end - asyncio.get_running_loop().time()
                if left <= 0:
                    break
                await listener.wait(left)
                page = listener.told(after) or await read_page(front, conversation_id, after)
    await note_delivered(front, conversation_id, page)
    return JSONResponse(page.as_json())


async def read_page(front: Front, conversation_id: str, after: int) -> Page:
    """What comes after a number as things are. Raises ApiError (401) if the conversation is gone."""
    return await front.database.read(pages.read, conversation_id, after)


async def note_delivered(front: Front, conversation_id: str, page: Page) -> None:
    """Note that a person's messages of a page have reached the buyer; nothing is written for a page without any."""
    if any(message["from"] == conversations.AGENT for message in page.messages):
        await front.database.write(messages.mark_delivered, conversation_id, page.last, front.now())


def _whole_number(raw: str, name: str, largest: int) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10 and int(raw) <= largest):
        raise ApiError(422, "wrong_parameter", f"{name}: expected a whole number from 0 to {largest}.")
    return int(raw)
