"""The front as an ASGI app: `uvicorn --factory doorstep.front.app:create_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from doorstep import logs
from doorstep.front import chat, desk_calls, errors, events, health, parts, return_page, static, typing, uploads
from doorstep.front.desk import routes as desk
from doorstep.front.security import Guard, Origins
from doorstep.settings import Settings


def create_app(settings: Settings | None = None, front: parts.Front | None = None) -> Starlette:
    """The app; its worker starts and stops with it. Raises SettingsError, PolicyError.

    Without arguments it is built from the environment and logs as configured for a process of its own.
    """
    if settings is None and front is None:
        logs.configure("front")
    built = front or parts.build(settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await built.start()
        try:
            yield
        finally:
            await built.stop()

    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard), Middleware(Origins, allowed=built.settings.allowed_origins)],
        exception_handlers={errors.ApiError: errors.tell_refusal, HTTPException: errors.tell_http_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.front = built
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/api/chat/sessions", chat.start_session, methods=["POST"]),
        Route("/api/chat/messages", chat.get_messages, methods=["GET"]),
        Route("/api/chat/messages", chat.post_message, methods=["POST"]),
        Route("/api/chat/events", events.get_events, methods=["GET"]),
        Route("/api/chat/typing", typing.post_typing, methods=["POST"]),
        Route("/api/chat/uploads", uploads.post_upload, methods=["POST"]),
        Route("/api/chat/uploads/{id}", uploads.get_upload, methods=["GET"]),
        Route("/api/desk/chatwoot", desk_calls.post_call, methods=["POST"]),
        Route("/api/desk/chatwoot/{secret}", desk_calls.post_call, methods=["POST"]),
        Route("/health/live", health.get_live, methods=["GET"]),
        Route("/health/ready", health.get_ready, methods=["GET"]),
        Route("/metrics", health.get_metrics, methods=["GET"]),
        Route("/openapi.json", health.get_openapi, methods=["GET"]),
        Route("/demo", static.get_demo, methods=["GET"]),
        Route("/demo/orders.json", static.get_demo_orders, methods=["GET"]),
        Route("/returns/page.css", return_page.get_style, methods=["GET"]),
        Route("/returns/{token}", return_page.get_page, methods=["GET"]),
        Mount("/widget", static.widget_files()),
        *desk.routes(),
    ]
