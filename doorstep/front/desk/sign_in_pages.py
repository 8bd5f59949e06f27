"""The pages for signing in and out, and the language of the desk."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from doorstep.front.desk import cookies, pages, signing_in
from doorstep.front.desk.cookies import Forged
from doorstep.front.desk.signing_in import Refused, SignedOut
from doorstep.front.desk.wording import LANGUAGES
from doorstep.front.parts import front_of
from doorstep.people.agents import HOW_TO_ADD
from doorstep.storage import agents


async def get_sign_in(request: Request) -> Response:
    """GET /desk/sign-in: the form; or on to `next` for somebody who is signed in."""
    to = cookies.safe_next(request.query_params.get("next", ""))
    try:
        await pages.agent_of(request)
    except SignedOut:
        return await _form(request, to)
    return RedirectResponse(to, 303)


async def post_sign_in(request: Request) -> Response:
    """POST /desk/sign-in: begins a session and goes on to `next`, or shows the form again with what is wrong."""
    form = await pages.posted(request)
    to = cookies.safe_next(form.get("next", ""))
    try:
        cookies.check_sign_in_csrf(request, form)
    except Forged:
        return await _form(request, to, form, "sign_in_again", 403)
    outcome = await signing_in.sign_in(request, form.get("login", ""), form.get("password", ""))
    if isinstance(outcome, Refused):
        if outcome.until is None:
            return await _form(request, to, form, "sign_in_wrong", 403)
        until = pages.times_of(request, None).clock(outcome.until)
        return await _form(request, to, form, "sign_in_locked", 429, until=until)
    response = RedirectResponse(to, 303)
    cookies.set_session(response, front_of(request).settings, outcome.token)
    return response


async def post_sign_out(request: Request) -> Response:
    """POST /desk/sign-out: ends the session."""
    await pages.acting(request)
    await signing_in.sign_out(request)
    response = pages.go(request, cookies.SIGN_IN, "sign_in_out")
    cookies.drop_session(response, front_of(request).settings)
    return response


async def post_language(request: Request) -> Response:
    """POST /desk/language: the desk speaks another language to this agent from now on."""
    agent, form = await pages.acting(request)
    language = form.get("language", "")
    if language not in LANGUAGES:
        raise pages.Problem(422, "not_read")
    await front_of(request).database.write(agents.set_language, agent.id, language)
    return RedirectResponse(cookies.safe_next(form.get("next", "")), 303)


async def get_session(request: Request) -> Response:
    """GET /desk/session: 204 while the session lasts, else 401; a stream that ended asks why."""
    await signing_in.agent_of(request, active=False)
    return Response(status_code=204)


async def _form(
    request: Request,
    to: str,
    form: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
    **values: str,
) -> Response:
    front = front_of(request)
    value = cookies.form_value(request)
    shown = {
        "next": "" if to == cookies.HOME else to,
        "login": (form or {}).get("login", ""),
        "problem": problem,
        "values": values,
        "csrf": cookies.csrf_of(front.settings, value),
        "how_to_add": "" if await front.database.read(agents.can_anybody_sign_in) else HOW_TO_ADD,
    }
    response = pages.render(request, None, "sign_in.html", status, **shown)
    cookies.set_form_value(response, front.settings, value)
    return response
