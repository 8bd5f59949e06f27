"""The leads' figures: what came in and how well it was handled, as a page and as CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from doorstep.figures.charts import svg
from doorstep.figures.count import figures_of
from doorstep.figures.csv import to_csv
from doorstep.figures.figure import COUNTRY, DAY, LANGUAGE, WAYS, Figure, shown
from doorstep.front.desk import pages
from doorstep.front.desk.wording import figure_words
from doorstep.front.parts import front_of
from doorstep.people.agents import Agent
from doorstep.replies.formats import locale_of
from doorstep.storage.figures import gather

PERIODS = (7, 30, 90)  # days up to today
USUAL = 30
MOST_DAYS = 366


@dataclass(frozen=True)
class Asked:
    """What is asked for: the days from `first` to `last`, in the shop's time zone, broken down `by` something.

    `days` is the length of a period up to today, 0 for one of two days given; `is_wrong` when those were not days.
    """

    first: date
    last: date
    by: str
    days: int = 0
    is_wrong: bool = False

    def query(self, **changes: str) -> str:
        """The address of the same figures, with changes."""
        period = {"days": str(self.days)} if self.days else {"from": str(self.first), "to": str(self.last)}
        return urlencode({**period, "by": self.by, **changes})


async def get_figures(request: Request) -> Response:
    """GET /desk/figures: for leads; `?days=` or `?from=&to=` is the period, `?by=` how the figures are broken down."""
    agent = await _lead(request)
    zone = pages.times_of(request, agent).zone
    asked = _asked(request, zone)
    figures = await _figures(request, agent, asked, zone)
    language = pages.language_of(request, agent)
    words = figure_words(language)
    named = [_with_names(figure, language) for figure in figures]
    return pages.render(
        request,
        agent,
        "figures.html",
        asked=asked,
        zone=zone.key,
        periods=PERIODS,
        ways=WAYS,
        most_days=MOST_DAYS,
        figures=named,
        pictures={figure.key: svg(figure, words) for figure in named},
        words=words,
        shown=lambda value, unit: shown(value, unit, words),
    )


async def get_csv(request: Request) -> Response:
    """GET /desk/figures.csv?figure=KEY: the table of one figure, for leads; 404 for one that there is not."""
    agent = await _lead(request)
    zone = pages.times_of(request, agent).zone
    asked = _asked(request, zone)
    figures = await _figures(request, agent, asked, zone)
    figure = next((each for each in figures if each.key == request.query_params.get("figure")), None)
    if figure is None:
        raise HTTPException(404)
    text = to_csv(figure, figure_words(pages.language_of(request, agent)))
    name = f"{figure.key}-by-{figure.by}-{asked.first}-{asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


async def _lead(request: Request) -> Agent:
    agent = await pages.agent_of(request)
    if not agent.is_lead:
        raise HTTPException(403)
    return agent


def _asked(request: Request, zone: ZoneInfo) -> Asked:
    asked = request.query_params
    today = front_of(request).now().astimezone(zone).date()
    by = asked.get("by", DAY) if asked.get("by") in WAYS else DAY
    if asked.get("from") or asked.get("to"):
        try:
            first, last = date.fromisoformat(asked.get("from", "")), date.fromisoformat(asked.get("to", ""))
        except ValueError:
            return _up_to(today, USUAL, by, is_wrong=True)
        # A day next to the first or last that there is has no midnight in every time zone.
        fits = first <= last and (last - first).days < MOST_DAYS and 1970 <= first.year <= last.year <= 9000
        return Asked(first, last, by) if fits else _up_to(today, USUAL, by, is_wrong=True)
    days = next((each for each in PERIODS if str(each) == asked.get("days")), USUAL)
    return _up_to(today, days, by)


def _up_to(today: date, days: int, by: str, *, is_wrong: bool = False) -> Asked:
    return Asked(today - timedelta(days=days - 1), today, by, days, is_wrong)


async def _figures(request: Request, agent: Agent, asked: Asked, zone: ZoneInfo) -> Sequence[Figure]:
    front = front_of(request)
    since = datetime.combine(asked.first, time(0), zone)
    until = datetime.combine(asked.last + timedelta(days=1), time(0), zone)
    facts = await front.database.read(gather, agent.shop, since, until, zone, front.now())
    words = figure_words(pages.language_of(request, agent))
    return await asyncio.to_thread(figures_of, facts, asked.by, words)


def _with_names(figure: Figure, language: str) -> Figure:
    """The figure with languages and countries by their names instead of their codes."""
    locale = locale_of(language)
    names = {LANGUAGE: locale.languages, COUNTRY: locale.territories}.get(figure.by)
    if names is None:
        return figure
    return replace(figure, rows=tuple(replace(row, key=names.get(row.key) or row.key) for row in figure.rows))
