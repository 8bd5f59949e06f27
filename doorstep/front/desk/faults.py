"""What the desk answers when something is wrong: a page that says what to do, or JSON for a script.

A page keeps the text that was written into the form that could not be taken.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from doorstep.front.database import is_unreachable
from doorstep.front.desk import flash, pages, signing_in
from doorstep.front.desk.cookies import SIGN_IN, Forged, drop_session, token_of
from doorstep.front.desk.flash import Flash
from doorstep.front.desk.pages import Problem, known_agent, language_of, wants_page
from doorstep.front.desk.signing_in import SignedOut
from doorstep.front.desk.wording import t
from doorstep.front.errors import ApiError, error_response
from doorstep.front.parts import front_of

Handler = Callable[[Request, Exception], Awaitable[Response]]
log = structlog.get_logger(__name__)
_KEYS = {403: "not_allowed", 404: "not_found", 405: "not_found", 413: "too_large", 503: "unavailable"}


async def tell_problem(request: Request, error: Exception) -> Response:
    """For Problem."""
    assert isinstance(error, Problem)  # noqa: S101 - handlers are registered by class
    return _told(request, error)


async def tell_signed_out(request: Request, error: Exception) -> Response:
    """For SignedOut: to the sign-in page and back; what was written is shown first, as it would be lost."""
    written = await _written(request) if wants_page(request) else ""
    if written:
        response = _told(request, Problem(401, "signed_out"), written)
        drop_session(response, front_of(request).settings)
        return response
    response = signing_in.tell_signed_out(request, error)
    if token_of(request) and response.status_code == 303:
        flash.set_flash(request, response, Flash("sign_in_over", {}, is_bad=True))
    return response


async def tell_forged(request: Request, _error: Exception) -> Response:
    """For Forged."""
    return _told(request, Problem(403, "forged"), await _written(request))


async def tell_refusal(request: Request, error: Exception) -> Response:
    """For ApiError: what the front refuses everywhere, such as a body that is too large."""
    assert isinstance(error, ApiError)  # noqa: S101 - handlers are registered by class
    if not wants_page(request):
        return error.response()
    return _told(request, Problem(error.status, _KEYS.get(error.status, "not_read")))


async def tell_http_error(request: Request, error: Exception) -> Response:
    """For Starlette's own errors: no such page, not allowed, wrong method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - handlers are registered by class
    return _told(request, Problem(error.status_code, _KEYS.get(error.status_code, "not_read")))


async def tell_fault(request: Request, error: Exception) -> Response:
    """For everything else: the database is away, or the fault is ours."""
    if is_unreachable(error):
        log.warning("desk.database_away", kind=type(error).__name__)
        return _told(request, Problem(503, "unavailable"), await _written(request))
    log.error("desk.fault", kind=type(error).__name__, exc_info=True)
    return _told(request, Problem(500, "fault"), await _written(request))


HANDLERS: Mapping[type[Exception], Handler] = {
    Problem: tell_problem,
    SignedOut: tell_signed_out,
    Forged: tell_forged,
    ApiError: tell_refusal,
    HTTPException: tell_http_error,
    Exception: tell_fault,
}


def _told(request: Request, problem: Problem, written: str | None = None) -> Response:
    agent = known_agent(request)
    language = language_of(request, agent)
    message = t(language, f"problem_{problem.key}", **problem.values)
    if not wants_page(request):
        return error_response(problem.status, problem.key, message)
    written = _text_of(getattr(request.state, "desk_form", {})) if written is None else written
    title = t(language, f"problem_title_{_title(problem.status)}")
    back = SIGN_IN if problem.status == 401 else ""
    shown = {"title": title, "message": message, "written": written, "back": back}
    return pages.render(request, agent, "error.html", problem.status, **shown)


def _title(status: int) -> str:
    return str(status) if status in (401, 403, 404, 409) else "other"


async def _written(request: Request) -> str:
    if request.method != "POST":
        return ""
    try:
        return _text_of(await pages.posted(request))
    except (ApiError, RuntimeError):  # it is no form, or was read before
        return ""


def _text_of(form: Mapping[str, str]) -> str:
    return form.get("text", "").strip()
