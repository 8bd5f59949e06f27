"""The addresses of the desk."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doorstep.front.desk import conversation_routes, faults, figures_pages, queue_pages, sign_in_pages
from doorstep.front.desk.cookies import PAGE_HEADERS
from doorstep.front.security import CONTENT_SECURITY_POLICY
from doorstep.front.static import PageFiles

STATIC = Path(__file__).with_name("static")
_HEADERS = {
    **PAGE_HEADERS,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", "frame-ancestors 'none'")
    + "; form-action 'self'",
}


class PageHeaders:
    """Adds the headers that every answer of the desk has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with)


async def get_home(_request: Request) -> Response:
    """GET /desk: the first page."""
    return RedirectResponse("/desk/queue", 303, headers=dict(_HEADERS))


def routes() -> list[BaseRoute]:
    """The desk, for the front's app."""
    inside: list[BaseRoute] = [
        Route("/sign-in", sign_in_pages.get_sign_in, methods=["GET"]),
        Route("/sign-in", sign_in_pages.post_sign_in, methods=["POST"]),
        Route("/sign-out", sign_in_pages.post_sign_out, methods=["POST"]),
        Route("/language", sign_in_pages.post_language, methods=["POST"]),
        Route("/session", sign_in_pages.get_session, methods=["GET"]),
        Route("/queue", queue_pages.get_queue, methods=["GET"]),
        Route("/queue/rows", queue_pages.get_rows, methods=["GET"]),
        Route("/events", queue_pages.get_events, methods=["GET"]),
        Route("/figures", figures_pages.get_figures, methods=["GET"]),
        Route("/figures.csv", figures_pages.get_csv, methods=["GET"]),
        *conversation_routes.routes(),
        Mount("/static", PageFiles(STATIC, (".js", ".css", ".svg"))),  # for anybody: nothing of a shop is in them
    ]
    middleware = [Middleware(PageHeaders), Middleware(ExceptionMiddleware, handlers=faults.HANDLERS)]
    return [Route("/desk", get_home, methods=["GET"]), Mount("/desk", routes=inside, middleware=middleware)]
