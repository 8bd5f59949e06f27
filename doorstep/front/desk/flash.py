"""What a page tells of what was done just before it was loaded: kept in a short-lived, signed cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from doorstep.front.parts import front_of
from doorstep.settings import Settings

_COOKIE, _SECONDS = "doorstep_desk_flash", 120


@dataclass(frozen=True)
class Flash:
    """A text by its key and values; `is_bad` when something could not be done."""

    key: str
    values: dict[str, str]
    is_bad: bool = False


def set_flash(request: Request, response: Response, flash: Flash) -> None:
    """Have the next page tell something."""
    settings = front_of(request).settings
    kept = _signer(settings).dumps([flash.key, flash.values, flash.is_bad])
    response.set_cookie(
        _COOKIE,
        kept if isinstance(kept, str) else kept.decode(),
        max_age=_SECONDS,
        path="/desk",
        secure=settings.public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


def take_flash(request: Request) -> Flash | None:
    """What this page has to tell, if anything; `drop_flash` its cookie then."""
    kept = request.cookies.get(_COOKIE, "")
    try:
        told: Any = _signer(front_of(request).settings).loads(kept, max_age=_SECONDS) if kept else None
    except BadData:
        return None
    return None if told is None else Flash(*told)


def drop_flash(request: Request, response: Response) -> None:
    """Tell it once only."""
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, path="/desk")


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.key("desk-flash"))
