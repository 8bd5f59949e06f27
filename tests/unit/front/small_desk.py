"""A desk of a few small routes, and browsers that sign in there: what the tests of signing in share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from doorstep.front import errors
from doorstep.front.database import Database
from doorstep.front.desk import cookies, signing_in
from doorstep.front.desk.cookies import Forged
from doorstep.front.desk.signing_in import SignedOut
from doorstep.people.passwords import Passwords
from doorstep.settings import Settings
from tests.builders import NOW

GOOD, LOGIN = "six words nobody says twice", "anna@shop.example"
HTTP, HTTPS = "http://desk.example", "https://desk.example"
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class SmallFront:
    """What of a front is needed to sign in, with a clock that the test moves."""

    settings: Settings
    database: Database
    at: datetime = NOW
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        routes = [
            Route("/desk/sign-in", _form, methods=["GET"]),
            Route("/desk/sign-in", _sign_in, methods=["POST"]),
            Route("/desk/sign-out", _sign_out, methods=["POST"]),
            Route("/desk", _who),
            Route("/desk/stream", _who_waits),
            Route("/desk/change", _change, methods=["POST"]),
        ]
        handlers = {
            SignedOut: signing_in.tell_signed_out,
            Forged: _tell_forged,
            errors.ApiError: errors.tell_refusal,
        }
        self.app = Starlette(routes=routes, exception_handlers=handlers)
        self.app.state.front = self

    def now(self) -> datetime:
        return self.at

    def browser(self, base: str = HTTP, address: str = "192.0.2.1") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, client=(address, 1000))
        return httpx.AsyncClient(transport=transport, base_url=base, headers={"Accept": "text/html"})


def _tell_forged(_request: Request, _error: Exception) -> Response:
    return errors.error_response(403, "forged", "This form does not come from the desk.")


async def _form(request: Request) -> Response:
    settings, value = request.app.state.front.settings, cookies.form_value(request)
    response = JSONResponse({"csrf": cookies.csrf_of(settings, value)})
    cookies.set_form_value(response, settings, value)
    return response


async def _sign_in(request: Request) -> Response:
    form = await cookies.read_form(request)
    cookies.check_sign_in_csrf(request, form)
    outcome = await signing_in.sign_in(request, form["login"], form["password"])
    if isinstance(outcome, signing_in.Refused):
        return JSONResponse({"reason": outcome.reason, "until": outcome.until and outcome.until.isoformat()}, 403)
    response = RedirectResponse(cookies.safe_next(form.get("next", "")), 303)
    cookies.set_session(response, request.app.state.front.settings, outcome.token)
    return response


async def _sign_out(request: Request) -> Response:
    cookies.check_csrf(request, await cookies.read_form(request))
    await signing_in.sign_out(request)
    response = RedirectResponse(cookies.SIGN_IN, 303)
    cookies.drop_session(response, request.app.state.front.settings)
    return response


async def _who(request: Request) -> Response:
    agent = await signing_in.agent_of(request)
    csrf = cookies.csrf_of(request.app.state.front.settings, cookies.token_of(request))
    return JSONResponse({"name": agent.name, "csrf": csrf})


async def _who_waits(request: Request) -> Response:
    return JSONResponse({"name": (await signing_in.agent_of(request, active=False)).name})


async def _change(request: Request) -> Response:
    agent = await signing_in.agent_of(request)
    cookies.check_csrf(request, await cookies.read_form(request) if "content-type" in request.headers else None)
    return JSONResponse({"changed_by": agent.name})


def settings(folder: Path, public_url: str = HTTP) -> Settings:
    return Settings("", "127.0.0.1", 1, 1, 1, "a secret of the tests", folder, folder, public_url=public_url)


def run(steps: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run the steps of a test on a loop of their own."""
    asyncio.run(asyncio.wait_for(steps(), 60))


async def sign_in(browser: httpx.AsyncClient, password: str = GOOD, login: str = LOGIN, to: str = "") -> httpx.Response:
    form = (await browser.get("/desk/sign-in")).json()
    return await browser.post("/desk/sign-in", data={**form, "login": login, "password": password, "next": to})
