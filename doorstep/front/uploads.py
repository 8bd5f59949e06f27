"""The calls of the chat API that take a photo or video and give it back to the buyer who sent it."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from doorstep.front import limits, tokens
from doorstep.front.errors import ApiError
from doorstep.front.parts import Front, front_of
from doorstep.front.receiving import Received, receive
from doorstep.front.text import clean_name
from doorstep.storage import conversations, uploads
from doorstep.storage.uploads import Upload


async def post_upload(request: Request) -> Response:
    """POST /api/chat/uploads: the file lies in the data folder under an id of ours when this is answered."""
    front = front_of(request)
    conversation_id = front.session(request).conversation_id
    await front.database.read(_check, front, conversation_id)
    upload_id = secrets.token_hex(16)
    file = upload_file(front, conversation_id, upload_id)
    try:
        await asyncio.to_thread(file.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        received = await receive(request, file)
        upload = _upload(front, conversation_id, upload_id, received)
        await front.database.write(_add, front, upload)
    except OSError as error:
        await asyncio.to_thread(file.unlink, missing_ok=True)
        raise ApiError(
            503, "unavailable", "The file could not be stored. Please send it again.", retry_after=5
        ) from error
    except BaseException:
        await asyncio.to_thread(file.unlink, missing_ok=True)
        raise
    return JSONResponse(upload.shown(), status_code=201)


async def get_upload(request: Request) -> Response:
    """GET /api/chat/uploads/{id}: only in the conversation it was sent in."""
    front = front_of(request)
    conversation_id = front.session(request).conversation_id
    found = await front.database.read(uploads.find, conversation_id, [request.path_params["id"]])
    file = upload_file(front, conversation_id, found[0].id) if found else None
    if file is None or not await asyncio.to_thread(file.is_file):
        raise ApiError(404, "not_found", "There is no such photo or video.")
    headers = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(
        file, 200, headers, found[0].media_type, filename=found[0].name, content_disposition_type="attachment"
    )


def upload_file(front: Front, conversation_id: str, upload_id: str) -> Path:
    """Where the bytes of an upload lie; both ids are made by us, nothing from outside is in the path."""
    return front.settings.data_dir / "uploads" / conversation_id / upload_id


def _check(connection: Connection, front: Front, conversation_id: str) -> None:
    if conversations.find(connection, conversation_id) is None:
        raise tokens.session_invalid()
    limits.check_upload(connection, conversation_id, front.now())


def _add(connection: Connection, front: Front, upload: Upload) -> None:
    if conversations.lock(connection, upload.conversation_id) is None:
        raise tokens.session_invalid()
    limits.check_upload(connection, upload.conversation_id, front.now())
    uploads.add(connection, upload)


def _upload(front: Front, conversation_id: str, upload_id: str, received: Received) -> Upload:
    return Upload(
        upload_id,
        conversation_id,
        clean_name(received.name, otherwise=received.media_type.replace("/", ".")),
        received.media_type,
        received.size,
        received.sha256,
        front.now(),
    )
