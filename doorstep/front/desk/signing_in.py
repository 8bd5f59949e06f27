"""Signing in at the desk and out of it, and who it is that sends a request."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import structlog
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from doorstep.front.desk.cookies import SIGN_IN, drop_session, safe_next, token_of
from doorstep.front.errors import error_response
from doorstep.front.parts import Front, front_of
from doorstep.people.agents import Agent, normal_login
from doorstep.people.passwords import Passwords
from doorstep.storage import agents, sign_in_tries

WRONG, LOCKED = "wrong", "locked"
passwords = Passwords()
# Comparing takes 64 MB each: two at once, however many try.
_threads = ThreadPoolExecutor(2, "passwords")
log = structlog.get_logger(__name__)


class SignedOut(Exception):
    """Nobody is signed in who sends this request."""


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that held. `token` goes into the cookie: `cookies.set_session`."""

    agent: Agent
    token: str


@dataclass(frozen=True)
class Refused:
    """A sign-in that did not hold: WRONG, or LOCKED with the time from which it may be tried again.

    Neither says whether the login exists, and both are told of logins that do not.
    """

    reason: str
    until: datetime | None = None


# -- who it is -----------------------------------------------------------------------------


async def agent_of(request: Request, *, active: bool = True) -> Agent:
    """The agent who sends this request. Raises SignedOut.

    A stream of events asks again from time to time, with `active=False`: an open page alone does not keep a session
    from ending, and a stream of somebody who was disabled meanwhile ends.
    """
    front, token = front_of(request), token_of(request)
    now = front.now()
    found = await front.database.read(agents.find_session_seen, token, now) if token else None
    if found is None:
        raise SignedOut
    agent, is_due = found
    if active and is_due:
        await front.database.write(agents.note_seen, token, now)
    return agent


def tell_signed_out(request: Request, _error: Exception) -> Response:
    """Starlette's handler for SignedOut: to the sign-in page and back, or 401 for a script and a stream of events."""
    if "text/html" in request.headers.get("accept", ""):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        to = safe_next(asked) if request.method in ("GET", "HEAD") else ""
        response: Response = RedirectResponse(f"{SIGN_IN}?next={quote(to, safe='/')}" if to else SIGN_IN, 303)
    else:
        response = error_response(401, "signed_out", "Nobody is signed in.")
    drop_session(response, front_of(request).settings)
    return response


# -- in and out ----------------------------------------------------------------------------


async def sign_in(request: Request, login: str, password: str) -> SignedIn | Refused:
    """Begin a session of the agent whose login and password these are. The form's secret is checked before.

    What is typed is counted as a wrong try first, compared outside any transaction, and taken out again when it was
    right. A session that the browser had ends.
    """
    front = front_of(request)
    this = _this_try(front, request, normal_login(login))
    until, kept = await front.database.write(_begin, this, front.now())
    if until is not None:
        log.warning("desk.sign_in", outcome=LOCKED, until=until)
        return Refused(LOCKED, until)
    in_thread = asyncio.get_running_loop().run_in_executor
    if not await in_thread(_threads, passwords.fits, password, kept) or kept is None:
        log.warning("desk.sign_in", outcome=WRONG)
        return Refused(WRONG)
    newer = await in_thread(_threads, passwords.hashed, password) if passwords.is_outdated(kept) else kept
    signed_in = await front.database.write(_finish, this, kept, newer, front.now())
    if signed_in is None:
        return Refused(WRONG)
    log.info("desk.sign_in", outcome="signed_in", agent_id=signed_in.agent.id)
    return signed_in


async def sign_out(request: Request) -> None:
    """End the session of a request, if it has one; the cookie is for `cookies.drop_session`."""
    await front_of(request).database.write(agents.close_session, token_of(request))


@dataclass(frozen=True)
class _Try:
    """What is tried: the normal login, and the keyed hashes under which the try is counted.

    `before` is the session token that the browser has already, or "".
    """

    login: str
    key: str
    address: str
    before: str


def _this_try(front: Front, request: Request, login: str) -> _Try:
    host = request.client.host if request.client else ""
    address = front.settings.fingerprint("address", host) if host else ""
    return _Try(login, sign_in_tries.key_of(front.settings, login), address, token_of(request))


def _begin(connection: Connection, this: _Try, now: datetime) -> tuple[datetime | None, str | None]:
    until = sign_in_tries.begin(connection, this.key, this.address, now)
    return until, agents.password_hash(connection, this.login)


def _finish(connection: Connection, this: _Try, kept: str, newer: str, now: datetime) -> SignedIn | None:
    """Write that a try was right. None when the agent was disabled or got another password meanwhile."""
    agent = agents.lock_with_hash(connection, this.login, kept)
    if agent is None:
        return None
    sign_in_tries.succeeded(connection, this.key, this.address)
    if newer != kept:
        agents.keep_hash(connection, agent.id, newer)
    agents.close_session(connection, this.before)
    return SignedIn(agent, agents.open_session(connection, agent.id, now))
