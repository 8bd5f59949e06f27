"""What every request and answer passes: faults become errors without a trace, headers for browsers, and who may embed.

Pure ASGI, so that event streams and long polls are not held back.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doorstep.front.database import is_unreachable
from doorstep.front.errors import error_response, internal, unavailable

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_METHODS = "GET, POST"
_ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID"
_DEFAULT_PORTS = {"http": 80, "https": 443}
log = structlog.get_logger(__name__)


class Guard:
    """Adds the headers, and answers for a fault that nobody else answered for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            if started:
                raise
            await _answer_for(error, scope["path"])(scope, receive, send_guarded)


def _answer_for(error: Exception, path: str) -> Response:
    if is_unreachable(error):
        log.warning("front.database_away", kind=type(error).__name__)
        return unavailable()
    log.error("front.fault", area=path.split("/")[1], kind=type(error).__name__, exc_info=True)
    return internal()


class Origins:
    """Lets the shops' sites use /api and load /widget; a page of any other site is refused at /api.

    A page of our own origin and a program without an origin pass; the session token decides what they may read.
    """

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self._app = app
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin", "")
        is_ours = not origin or is_same(origin, headers.get("host", ""))
        if is_ours or not scope["path"].startswith(("/api/", "/widget/")):
            await self._app(scope, receive, send)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                if origin.lower() in self._allowed:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        await self._pick(scope, headers)(scope, receive, send_shared)

    def _pick(self, scope: Scope, headers: Headers) -> ASGIApp:
        if headers["origin"].lower() not in self._allowed:
            if scope["path"].startswith("/widget/") and scope["method"] in ("GET", "HEAD"):
                return self._app  # public, but without our word the browser does not run it there
            return error_response(403, "origin_not_allowed", "This site may not use the chat.")
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            allow = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Allow-Headers": _ALLOWED_HEADERS}
            return Response(status_code=204, headers={**allow, "Access-Control-Max-Age": "600"})
        return self._app


def is_same(origin: str, host: str) -> bool:
    """Whether a page's origin is the host it calls. The scheme may differ where a proxy ends TLS."""
    try:
        page = urlsplit(origin)
        port = page.port or _DEFAULT_PORTS.get(page.scheme)
        called = urlsplit(f"//{host}")
        return page.hostname == called.hostname and port == (called.port or _DEFAULT_PORTS.get(page.scheme))
    except ValueError:
        return False
