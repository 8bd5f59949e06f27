"""What an agent does with a conversation: each form or script's call is one transaction, and is answered in words.

A form is answered with a page, a script with JSON. What cannot be done keeps what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from doorstep.desk import granting
from doorstep.desk.granting import Preview, Wanted
from doorstep.desk.work import GONE, Refused
from doorstep.front.desk import conversation_pages as screens
from doorstep.front.desk.pages import Problem, acting, go, language_of, render, wants_page
from doorstep.front.desk.told import Told
from doorstep.front.desk.wording import t
from doorstep.front.parts import Front, front_of
from doorstep.people.agents import Agent
from doorstep.people.granting import NotAllowed
from doorstep.storage import conversations, desk
from doorstep.storage.ownership import By

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ORDER = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")  # "1,000" could be one or a thousand, so it is neither
_NO_AMOUNT = Decimal(-1)  # cannot be granted; what can is told then
_QUEUE = "/desk/queue"
Work = Callable[[Connection, Front, By], Any]


# -- taking and giving away ----------------------------------------------------------------


async def claim(request: Request) -> Response:
    """POST …/claim: take it from the queue, or up again."""
    this = request.path_params["id"]
    return await _done(request, lambda c, front, by: front.desk.claim(c, this, by, front.now()))


async def take_over(request: Request) -> Response:
    """POST …/take-over: a lead takes it from a colleague."""
    this = request.path_params["id"]
    return await _done(request, lambda c, front, by: front.desk.take_over(c, this, by, front.now()))


async def release(request: Request) -> Response:
    """POST …/release: back into the queue."""
    this = request.path_params["id"]
    return await _done(request, lambda c, front, by: front.desk.release(c, this, by, front.now()), "done_released")


async def hand_back(request: Request) -> Response:
    """POST …/hand-back: back to the assistant."""
    this = request.path_params["id"]
    work: Work = lambda c, front, by: front.desk.hand_back(c, this, by, front.now())  # noqa: E731
    return await _done(request, work, "done_handed_back")


async def transfer(request: Request) -> Response:
    """POST …/transfer: to the queue of `team`, with `text` as a note for them where there is any."""
    this = request.path_params["id"]
    _, form = await acting(request)
    team, text = form.get("team", ""), _text(form)

    def work(connection: Connection, front: Front, by: By) -> None:
        if text.strip():
            front.desk.note(connection, this, by, text, front.now())
        front.desk.transfer(connection, this, by, team, front.now())

    return await _done(request, work, "done_transferred", form="give")


async def close(request: Request) -> Response:
    """POST …/close: the end, for a `reason`."""
    this = request.path_params["id"]
    _, form = await acting(request)
    reason = form.get("reason", "")
    work: Work = lambda c, front, by: front.desk.close(c, this, by, reason, front.now())  # noqa: E731
    return await _done(request, work, "done_closed")


# -- words ---------------------------------------------------------------------------------


async def say(request: Request) -> Response:
    """POST …/say: `text` to the buyer, once for each `key`."""
    this = request.path_params["id"]
    _, form = await acting(request)
    text, key = _text(form), _key(form.get("key", ""))
    return await _done(request, lambda c, front, by: front.desk.say(c, this, by, text, key, front.now()), form="say")


async def note(request: Request) -> Response:
    """POST …/note: `text` for colleagues alone; the same again by the same person is noted once."""
    this = request.path_params["id"]
    _, form = await acting(request)
    text = _text(form)
    return await _done(request, lambda c, front, by: _note(c, front, by, this, text), form="note")


def _note(connection: Connection, front: Front, by: By, conversation_id: str, text: str) -> None:
    conversations.lock(connection, conversation_id)
    before = desk.notes_of(connection, conversation_id)[-1:]
    if any((each.agent_name, each.text) == (by.name, text.strip()) for each in before):
        return
    front.desk.note(connection, conversation_id, by, text, front.now())


def _text(form: Mapping[str, str]) -> str:
    """What was written, as it was written, but for what no database keeps and a browser's own line ends."""
    text = form.get("text", "").replace("\r\n", "\n")
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))


async def typing(request: Request) -> Response:
    """POST …/typing: a script says that the agent types."""
    agent, _ = await acting(request)
    front, this = front_of(request), request.path_params["id"]

    def work(connection: Connection) -> None:
        front.desk.types(connection, this, screens.by(agent), front.now())

    await front.database.write(screens.on_theirs, agent, this, work)
    front.hub.wake(this)
    return Response(status_code=204)


# -- grants --------------------------------------------------------------------------------


async def preview_grant(request: Request) -> Response:
    """POST …/grant/preview: what the buyer will read, with the form that grants it."""
    agent, form = await acting(request)
    front, this, wanted = front_of(request), request.path_params["id"], _wanted(form)

    def work(connection: Connection) -> Preview:
        return granting.preview(connection, front.desk, this, screens.by(agent), wanted, front.now())

    try:
        preview = await front.database.read(screens.on_theirs, agent, this, work)
    except (Refused, NotAllowed) as error:
        return await _refused(request, agent, error, "grant")
    conversation = await front.database.read(conversations.find, this)
    language = conversation.language if conversation else ""
    shown = {"form": form, "preview": preview, "key": screens.new_key(), "here": screens.path_of(this)}
    told_of = Told(front.words, language_of(request, agent), language)
    return render(request, agent, "grant.html", **shown, told_of=told_of)


async def give_grant(request: Request) -> Response:
    """POST …/grant: granted, promised, put on the shop's list and told, once for each `key`."""
    this = request.path_params["id"]
    _, form = await acting(request)
    wanted, key = _wanted(form), _key(form.get("key", ""))
    work: Work = lambda c, front, by: granting.give(c, front.desk, this, by, wanted, key, front.now())  # noqa: E731
    return await _done(request, work, "done_granted", form="grant", stay=True)


def _wanted(form: Mapping[str, str]) -> Wanted:
    order, amount = form.get("order", ""), form.get("amount", "").strip()
    if not _ORDER.fullmatch(order):
        raise Problem(422, "not_read")
    money = Decimal(amount.replace(",", ".")) if _AMOUNT.fullmatch(amount) else _NO_AMOUNT
    return Wanted(int(order), form.get("kind", ""), form.get("subject", ""), money if amount else None)


# -- how it ends ---------------------------------------------------------------------------


async def _done(request: Request, work: Work, told: str = "", *, form: str = "", stay: bool = False) -> Response:
    """Do the work as one transaction; afterwards the queue where the conversation is given away, else its screen."""
    agent, _ = await acting(request)
    front, this = front_of(request), request.path_params["id"]

    def once(connection: Connection) -> Any:
        return work(connection, front, screens.by(agent))

    try:
        await front.database.write(screens.on_theirs, agent, this, once)
    except (Refused, NotAllowed) as error:
        return await _refused(request, agent, error, form)
    front.hub.wake(this)
    if not wants_page(request):
        return JSONResponse({"done": True, "told": t(language_of(request, agent), told) if told else ""})
    here = screens.path_of(this)
    if not told:
        return RedirectResponse(f"{here}#reply" if form == "say" else here, 303)
    return go(request, here if stay else _QUEUE, told)


async def _refused(request: Request, agent: Agent, error: Refused | NotAllowed, form: str) -> Response:
    if isinstance(error, Refused) and error.code == GONE:
        raise HTTPException(404)
    language = language_of(request, agent)
    if isinstance(error, NotAllowed):
        why = front_of(request).words.word(error.reason, language).text
        code, told = "not_granted", t(language, "problem_not_granted", why=why)
    else:
        code = f"refused_{error.code}"
        told = t(language, f"problem_{code}", who=error.who or t(language, "somebody"))
    if not wants_page(request):
        return JSONResponse({"error": {"code": code, "message": told}}, 409)
    _, fields = await acting(request)
    return await screens.show(request, agent, 409, problem=told, form=form, written=fields if form else {})


def _key(sent: str) -> str:
    return sent if _KEY.fullmatch(sent) else screens.new_key()
