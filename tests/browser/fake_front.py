"""A small front that serves the real widget and demo page, and a chat that misbehaves on command.

Pages come under the strict Content-Security-Policy, so that a browser test says exactly what the server did
and what a strict page allows.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.browser.fake_chat import FakeChat
from tests.browser.fake_conversation import Json

ROOT = Path(__file__).resolve().parents[2]
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; frame-ancestors 'self'"
)


class FakeFront(FakeChat):
    """Starts and stops a server on one port, as often as a test likes; what was said outlives a stop."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Json] | None = None
        self.port = _free_port()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=self.port, log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        started = threading.Event()

        def run() -> None:
            async def serve() -> None:
                self._loop = asyncio.get_running_loop()
                self._loop.call_soon(started.set)
                await server.serve()

            asyncio.run(serve())

        self._server, self._thread = server, threading.Thread(target=run, daemon=True)
        self._thread.start()
        started.wait(10)
        _wait_until_open(self.port)

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self.drop_streams()
        self._thread.join(15)
        self._server = None

    def _app(self) -> Starlette:
        routes = [
            *self.chat_routes(),
            Route("/demo", self._page(ROOT / "doorstep/front/demo.html")),
            Route("/demo/orders.json", self._demo_orders),
            Route("/shop", self._shop),
            Route("/elsewhere", self._elsewhere),
            Mount("/widget", StaticFiles(directory=ROOT / "widget")),
        ]
        cors = Middleware(
            CORSMiddleware,
            allow_origin_regex="http://localhost:.*",
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
        )
        return Starlette(routes=routes, middleware=[cors])

    def _page(self, file: Path) -> Callable[[Request], Any]:
        async def page(_request: Request) -> Response:
            return FileResponse(file, headers={"Content-Security-Policy": CSP})

        return page

    async def _shop(self, request: Request) -> Response:
        attributes = request.url.query.replace("&", " ") or "lang=en"
        html = (
            "<!doctype html><html lang=en><meta charset=utf-8><title>A shop</title>"
            "<meta name=viewport content='width=device-width, initial-scale=1'>"
            "<script type=module src=/widget/doorstep-chat.js></script><h1>A shop</h1>"
            f"<button id=before>Buy</button><doorstep-chat {attributes}></doorstep-chat></html>"
        )
        return Response(html, media_type="text/html", headers={"Content-Security-Policy": CSP})

    async def _elsewhere(self, _request: Request) -> Response:
        """A shop of another origin (open it by the name localhost), with a policy that allows only our host."""
        html = (
            "<!doctype html><html lang=en><meta charset=utf-8><title>Another site</title>"
            f"<script type=module src={self.url}/widget/doorstep-chat.js></script>"
            "<doorstep-chat open></doorstep-chat></html>"
        )
        policy = f"default-src 'none'; script-src {self.url}; connect-src {self.url}; img-src 'self' blob:"
        return Response(html, media_type="text/html", headers={"Content-Security-Policy": policy})

    async def _demo_orders(self, _request: Request) -> Response:
        return JSONResponse(self.orders) if self.orders is not None else Response(status_code=404)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.05).close()
            return
        except OSError:
            threading.Event().wait(0.02)
    raise RuntimeError("the fake front did not start")
