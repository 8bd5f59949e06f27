"""Takes the calls of a desk that is not ours: each only says where there is news, and is answered at once."""

from __future__ import annotations

from datetime import datetime, timezone

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from doorstep.desk.port import NotProven
from doorstep.front.bodies import read_bytes
from doorstep.front.errors import ApiError
from doorstep.front.parts import front_of

MOST_BYTES = 1024 * 1024  # Chatwoot sends the conversation along
log = structlog.get_logger(__name__)


async def post_call(request: Request) -> Response:
    """POST /api/desk/chatwoot, and the same with the secret in the path: 401 unless it is proven who calls."""
    front = front_of(request)
    if front.link is None:
        raise ApiError(404, "not_found", "There is nothing here.")
    body = await read_bytes(request, MOST_BYTES)
    secret = request.path_params.get("secret", "")
    try:
        remote_ids = front.link.other.called(request.headers, body, secret, datetime.now(timezone.utc))
    except NotProven as error:
        log.warning("desk_link.call_refused", why=str(error))
        return JSONResponse({"error": {"code": "not_proven", "message": "It is not proven who calls."}}, 401)
    except ValueError as error:
        raise ApiError(400, "malformed_json", "The body is not JSON.") from error
    await front.link.nudge(remote_ids)
    return JSONResponse({"status": "ok"})
