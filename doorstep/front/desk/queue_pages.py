"""The list of conversations: who waits, with whom the others are, and what ended today. It is live."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy.engine import Connection
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from doorstep.desk.work import REASONS
from doorstep.front.database import is_unreachable
from doorstep.front.desk import pages, signing_in
from doorstep.front.desk.signing_in import SignedOut
from doorstep.front.parts import front_of
from doorstep.people.agents import Agent
from doorstep.people.handovers import reason_of
from doorstep.people.waiting import in_order
from doorstep.storage import desk, desk_pages
from doorstep.storage.desk_pages import Row

EVERY_TEAM = "all"
MOST_SHOWN = 100  # of those who wait
LISTS = "desk"  # no conversation has this id: by it the hub wakes the lists
LOOK_EVERY = 2.0  # seconds between two looks of a stream that nobody wakes
SESSION_EVERY = 10  # looks after which a stream asks whether its agent is still signed in
SOON = timedelta(hours=24)  # a marketplace's deadline is near
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Listed:
    """What the list shows. `team` is the team whose queue it is, "" for every team's; `waiting` are the first of it.

    `count` is how many wait there, `by_team` how many in each team's queue and, by "", in all. `buyers` are the names
    that are known, by conversation.
    """

    team: str
    waiting: list[Row]
    count: int
    by_team: Mapping[str, int]
    mine: list[Row]
    others: list[Row]
    ended: list[Row]
    buyers: Mapping[str, str]

    @cached_property
    def many_shops(self) -> bool:
        """Whether it has to be told whose a conversation is."""
        return len({row.shop for row in (*self.waiting, *self.mine, *self.others, *self.ended)}) > 1


async def get_queue(request: Request) -> Response:
    """GET /desk/queue: the page; `?team=` is the team whose queue it shows, "all" for every team's."""
    agent = await pages.agent_of(request)
    return pages.render(request, agent, "queue.html", **await _values(request, agent))


async def get_rows(request: Request) -> Response:
    """GET /desk/queue/rows: the same lists alone, for the page's script."""
    agent = await pages.agent_of(request, active=False)
    return pages.fragment(request, agent, "_queue_rows.html", **await _values(request, agent))


async def _values(request: Request, agent: Agent) -> dict[str, Any]:
    front, now = front_of(request), front_of(request).now()
    policy = front.rules.policy.for_(agent.shop, "")
    here = now.astimezone(pages.times_of(request, agent).zone)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    team = _team(request, agent, tuple(policy.teams))
    tiers = tuple(policy.customers.tiers)
    listed = await front.database.read(_listed, agent, team, tiers, now, midnight)
    return {
        "listed": listed,
        "teams": list(policy.teams),
        "every_team": EVERY_TEAM,
        "best_tier": tiers[0],
        "reasons": REASONS,
        "means": lambda reason: reason_of(reason).means,
        "now": now,
        "soon": now + SOON,
    }


def _team(request: Request, agent: Agent, known: tuple[str, ...]) -> str:
    asked = request.query_params.get("team", "")
    if asked == EVERY_TEAM:
        return ""
    return asked if asked in known else agent.team


def _listed(  # noqa: PLR0917 - for whom, of what, as of when
    connection: Connection, agent: Agent, team: str, tiers: tuple[str, ...], now: datetime, midnight: datetime
) -> Listed:
    everybody = in_order(desk.waiting(connection, agent.shop), tiers, now)
    ours = [each.conversation_id for each in everybody if team in ("", each.team)]
    waiting = desk_pages.waiting_rows(connection, ours[:MOST_SHOWN])
    held = desk_pages.held_rows(connection, agent.shop)
    ended = desk_pages.ended_rows(connection, agent.shop, midnight)
    return Listed(
        team,
        waiting,
        len(ours),
        {"": len(everybody), **Counter(each.team for each in everybody)},
        [row for row in held if row.agent_id == agent.id],
        [row for row in held if row.agent_id != agent.id],
        ended,
        desk_pages.buyers(connection, [row.id for row in (*waiting, *held, *ended)]),
    )


# -- live ----------------------------------------------------------------------------------


async def get_events(request: Request) -> Response:
    """GET /desk/events: `changed`, with how many wait and how many are with this agent, at first and when it differs.

    The stream ends with the agent's session.
    """
    agent = await signing_in.agent_of(request, active=False)
    return EventSourceResponse(_stream(request, agent), ping=15, send_timeout=30, sep="\n")


async def _stream(request: Request, agent: Agent) -> AsyncIterator[ServerSentEvent]:
    front, known, looks = front_of(request), None, 0
    with front.hub.listening(LISTS, is_buyers=False) as listener:
        while not front.hub.closing:
            try:
                if looks and looks % SESSION_EVERY == 0:
                    await signing_in.agent_of(request, active=False)
                mark = await front.database.read(desk.mark, agent.shop)
                if mark != known:
                    known = mark
                    counts = await front.database.read(desk_pages.counts, agent.shop, agent.id)
                    yield ServerSentEvent(json.dumps(counts), event="changed", sep="\n")
            except SignedOut:
                return
            except Exception as error:
                if not is_unreachable(error):
                    log.error("desk.events_failed", kind=type(error).__name__, exc_info=True)
                return  # the page connects again
            looks += 1
            await listener.wait(LOOK_EVERY)
