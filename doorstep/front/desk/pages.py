"""What every page of the desk is made with: templates, words, who is signed in, forms, and what was just done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from doorstep.front.desk import cookies, flash, signing_in
from doorstep.front.desk.flash import Flash
from doorstep.front.desk.times import Times
from doorstep.front.desk.wording import LANGUAGES, desk_language, t
from doorstep.front.parts import front_of
from doorstep.people.agents import Agent
from doorstep.policy.rules import TEAMS
from doorstep.replies.formats import locale_of
from doorstep.replies.values import Reply, Value

TEMPLATES = Path(__file__).with_name("templates")


class Problem(Exception):
    """Something cannot be done: told as a page or, to a script, as JSON, in words by `problem_<key>`.

    What was written into the form's field `text` is kept on the page.
    """

    def __init__(self, status: int, key: str, **values: str) -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key
        self.values = values


# -- who, and what they send ---------------------------------------------------------------


async def agent_of(request: Request, *, active: bool = True) -> Agent:
    """The agent who sends this request; asked of the database once. Raises SignedOut.

    With `active=False` for what a page asks for by itself, which does not keep a session alive.
    """
    if known_agent(request) is None:
        request.state.desk_agent = await signing_in.agent_of(request, active=active)
    agent: Agent = request.state.desk_agent
    return agent


def known_agent(request: Request) -> Agent | None:
    """The agent whom `agent_of` found for this request, if it was asked."""
    agent: Agent | None = getattr(request.state, "desk_agent", None)
    return agent


async def acting(request: Request) -> tuple[Agent, Mapping[str, str]]:
    """The agent who sends a form, and its fields, once it is sure that the form is ours.

    Raises SignedOut, Forged, and ApiError for what is no form.
    """
    agent = await agent_of(request)
    form = await posted(request)
    cookies.check_csrf(request, form)
    return agent, form


async def posted(request: Request) -> Mapping[str, str]:
    """The fields of the form that was sent; it may be forged. Raises ApiError."""
    if not hasattr(request.state, "desk_form"):
        request.state.desk_form = await cookies.read_form(request)
    form: Mapping[str, str] = request.state.desk_form
    return form


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page, and not a script or a stream for data."""
    return "text/html" in request.headers.get("accept", "")


def language_of(request: Request, agent: Agent | None) -> str:
    """The language of the desk's words: the agent's, before signing in the browser's."""
    return desk_language(agent.language if agent else request.headers.get("accept-language", ""))


# -- pages ---------------------------------------------------------------------------------


def render(request: Request, agent: Agent | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page, which tells what was done just before.

    Templates know `t(key, …)`, `word(reply's name, …)`, `times`, `agent`, `csrf`, `language`, `told`, `here`, and
    `language_name(code)`.
    """
    told = flash.take_flash(request)
    response = HTMLResponse(_text(request, agent, template, {"told": told, **values}), status)
    flash.drop_flash(request, response)
    return response


def fragment(request: Request, agent: Agent, template: str, **values: Any) -> HTMLResponse:
    """A part of a page, for a script to put in; it knows what `render` knows, but for `told`."""
    return HTMLResponse(_text(request, agent, template, values))


def go(request: Request, path: str, key: str = "", *, is_bad: bool = False, **values: str) -> Response:
    """Send the browser to a page of the desk, which tells the text by this key."""
    response = RedirectResponse(path, 303)
    if key:
        flash.set_flash(request, response, Flash(key, values, is_bad))
    return response


def times_of(request: Request, agent: Agent | None) -> Times:
    """Times as this agent reads them, on the shop's clock."""
    front = front_of(request)
    shop = agent.shop if agent else ""
    zone = ZoneInfo(front.rules.policy.for_(shop, "").shop.timezone)
    return Times(language_of(request, agent), zone, front.now())


def _text(request: Request, agent: Agent | None, template: str, values: Mapping[str, Any]) -> str:
    front = front_of(request)
    language = language_of(request, agent)

    worded: dict[str, str] = {}  # a list says the same of many rows, and each wording looks at the files of the words

    def word(name: str, **those: Value) -> str:
        if those:
            return front.words.word(Reply(name, those), language).text
        if name not in worded:
            worded[name] = front.words.word(Reply(name), language).text
        return worded[name]

    known = {
        "agent": agent,
        "csrf": cookies.csrf_of(front.settings, cookies.token_of(request)) if agent else "",
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "language": language,
        "languages": LANGUAGES,
        "language_name": partial(_language_name, language),
        "t": partial(t, language),
        "team_name": partial(_team_name, language, word),
        "times": times_of(request, agent),
        "word": word,
    }
    return _templates().get_template(template).render({**known, **values})


def _language_name(language: str, code: str) -> str:
    return locale_of(language).languages.get(code, code) or code


def _team_name(language: str, word: Callable[[str], str], team: str) -> str:
    """A team as it is called: ours in words, the shop's own by the name it gave them."""
    if not team:
        return t(language, "team_all")
    return word(f"term_team_{team}") if team in TEAMS else team


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
