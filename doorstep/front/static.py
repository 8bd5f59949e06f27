"""The pages and files the front serves: the widget's modules and the demo shop."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from doorstep.front.parts import front_of
from doorstep.orders import order_key
from doorstep.settings import ROOT
from doorstep.storage.tables import orders

WIDGET = ROOT / "widget"
DEMO_PAGE = Path(__file__).with_name("demo.html")
_SERVED = frozenset((".js", ".css", ".svg", ".png", ".webp", ".woff2"))


class PageFiles(StaticFiles):
    """The files of a folder that a page needs, by the ends of their names, and no other lying beside them."""

    def __init__(self, folder: Path, served: Collection[str]) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._served = served

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; always asked for again, so that an update shows at once. Raises HTTPException (404)."""
        if Path(path).suffix not in self._served:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def widget_files() -> PageFiles:
    """The app under /widget."""
    return PageFiles(WIDGET, _SERVED)


async def get_demo(_request: Request) -> Response:
    """GET /demo: a small shop with the chat in it."""
    if not await asyncio.to_thread(DEMO_PAGE.is_file):
        raise HTTPException(404)
    return FileResponse(DEMO_PAGE, media_type="text/html", headers={"Cache-Control": "no-cache"})


async def get_demo_orders(request: Request) -> Response:
    """GET /demo/orders.json: what to try; 404 unless all demo orders are in the database."""
    listing = await asyncio.to_thread(_listing)
    if not listing or not await front_of(request).database.read(_are_loaded, listing):
        raise HTTPException(404)
    return JSONResponse(listing)


def _listing() -> list[dict[str, Any]]:
    try:
        return list(importlib.import_module("doorstep.demo").listing())
    except ModuleNotFoundError:
        return []


def _are_loaded(connection: Connection, listing: list[dict[str, Any]]) -> bool:
    keys = {order_key(order["number"]) for order in listing}
    found = select(func.count(func.distinct(orders.c.number_key))).where(orders.c.number_key.in_(keys))
    return int(connection.execute(found).scalar_one()) == len(keys)
