"""The page that a buyer prints and puts into a parcel with a return: plain HTML in their language, without scripts.

It shows the return and where it goes, and nothing of the buyer. The address is known from the chat alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from sqlalchemy import select
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from doorstep import cases
from doorstep.cases import Case
from doorstep.desk.telling import Words
from doorstep.front.parts import front_of
from doorstep.orders import Order
from doorstep.replies.values import Reply, Value
from doorstep.returns.links import number_in
from doorstep.returns.rules import item_of
from doorstep.storage.cases import Cases
from doorstep.storage.orders import Orders
from doorstep.storage.tables import cases as case_rows
from doorstep.storage.tables import conversations

TEMPLATE = Path(__file__).with_name("return_page.html")
STYLE = Path(__file__).with_name("return_page.css")
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_STEPS = ("term_page_step_note", "term_page_step_outside", "term_page_step_receipt")


async def get_page(request: Request) -> Response:
    """GET /returns/{token}: the page of an agreed return; 404, as a page too, for any other token."""
    front = front_of(request)
    number = number_in(request.path_params["token"], front.settings.fingerprint)
    found = await front.database.read(_find, number) if number else None
    template = Template(await asyncio.to_thread(TEMPLATE.read_text, "utf-8"))
    if found is None:
        gone = _Writer(front.words, _preferred(request)).word("term_page_gone")
        page = template.substitute(language=_preferred(request), title="404", intro=gone, body="")
        return HTMLResponse(page, 404, _HEADERS)
    case, order, language = found
    return HTMLResponse(_page(_Writer(front.words, language), template, case, order), headers=_HEADERS)


async def get_style(_request: Request) -> Response:
    """GET /returns/page.css: how the page looks on a screen and on paper."""
    if not await asyncio.to_thread(STYLE.is_file):
        raise HTTPException(404)
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


def _find(connection: Connection, number: str) -> tuple[Case, Order, str] | None:
    """An agreed return or exchange that is not closed, its order, and the language of its conversation."""
    case = Cases(connection).find(number)
    if case is None or case.kind not in (cases.RETURN, cases.EXCHANGE) or case.state not in cases.OPEN[1:]:
        return None
    row = connection.execute(
        select(case_rows.c.order_id, conversations.c.language)
        .outerjoin(conversations, conversations.c.id == case_rows.c.conversation_id)
        .where(case_rows.c.id == case.id)
    ).one()
    order = Orders(connection).get(row.order_id)
    return (case, order, row.language or "en") if order else None


def _preferred(request: Request) -> str:
    """The first language that the browser asks for; letters only, since it goes into the page."""
    code = request.headers.get("accept-language", "")[:2].lower()
    return code if code.isalpha() and code.isascii() else "en"


class _Writer:
    """Words in one language, made safe to stand in HTML."""

    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self.language = language

    def word(self, name: str, **values: Value) -> str:
        return escape(self.value(Reply(name, values)))

    def value(self, reply: Reply) -> str:
        return self._words.word(reply, self.language).text


def _page(writer: _Writer, template: Template, case: Case, order: Order) -> str:
    steps = ("term_page_step_fault" if case.facts.get("condition") is None else "term_page_step_item", *_STEPS)
    told = "".join(f"<dt>{writer.word(name)}</dt><dd>{value}</dd>\n" for name, value in _facts(writer, case, order))
    packing = "".join(f"<li>{writer.word(name)}</li>\n" for name in steps)
    return template.substitute(
        language=escape(writer.language),
        title=writer.word("term_page_title", return_number=case.number),
        intro=writer.word("term_page_intro"),
        body=f"<dl>\n{told}</dl>\n<h2>{writer.word('term_page_steps')}</h2>\n<ul>\n{packing}</ul>",
    )


def _facts(writer: _Writer, case: Case, order: Order) -> Iterator[tuple[str, str]]:
    """Each line of the page: the name of its heading, and its value as HTML."""
    address = case.facts.get("address")
    yield "term_page_number", escape(case.number)
    yield "term_page_order", escape(order.number)
    yield "term_page_item", escape(writer.value(item_of(order, case.subject)))
    if case.facts.get("wanted"):
        yield "term_page_wanted", escape(case.facts["wanted"])
    if case.facts.get("ship_by"):
        day = datetime.fromisoformat(case.facts["ship_by"]).date()  # written in the shop's time
        yield "term_page_ship_by", escape(writer.value(Reply("term_page_day", {"day": day})))
    sent_to = f"<address>{escape(address)}</address>" if address else writer.word("term_page_no_address")
    yield "term_page_address", sent_to
