"""The stream of the list of conversations: it tells of changes at once, of no other shop, and ends with the session."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.settings import Settings
from doorstep.storage import agents
from doorstep.storage.engine import writing
from doorstep.storage.ownership import By
from tests.contract import desk_client, fronts
from tests.contract.desk_client import Browser
from tests.contract.desk_lists import NOW, waits
from tests.storage.at_the_desk import AtTheDesk


@pytest.fixture
def at(engine: Engine) -> AtTheDesk:
    return AtTheDesk(engine, NOW)


@pytest.fixture
def http(settings: Settings) -> Iterator[httpx.Client]:
    """A front whose clock stands still, so that what is told of times can be compared."""
    with fronts.running(fronts.a_front(settings, now=lambda: NOW)) as client:
        yield client


@pytest.fixture
def anna(http: httpx.Client, engine: Engine) -> Browser:
    return desk_client.signed_in(http, engine, desk_client.add_agent(engine))


def test_the_stream_tells_how_many_wait_at_once_and_whenever_that_changes(at: AtTheDesk, anna: Browser) -> None:
    waits(at, 5)
    with anna.events("/desk/events") as events:
        assert next(events) == ("changed", {"waiting": 1, "mine": 0})
        more = waits(at, 5)
        assert next(events) == ("changed", {"waiting": 2, "mine": 0})
        at.do(at.desk.claim, more, By("Zoe", 99))
        assert next(events) == ("changed", {"waiting": 1, "mine": 0})


def test_the_stream_hears_nothing_of_other_shops(at: AtTheDesk, http: httpx.Client) -> None:
    agent = desk_client.signed_in(http, at.engine, desk_client.add_agent(at.engine, "Bea", shop="outdoor"))
    with agent.events("/desk/events") as events:
        assert next(events) == ("changed", {"waiting": 0, "mine": 0})
        waits(at, 5, shop="toys")
        waits(at, 5, shop="outdoor")
        assert next(events) == ("changed", {"waiting": 1, "mine": 0})


def test_the_stream_of_somebody_who_is_disabled_ends(
    at: AtTheDesk, anna: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorstep.front.desk.queue_pages.LOOK_EVERY", 0.05)
    with anna.events("/desk/events") as events:
        next(events)
        with writing(at.engine) as connection:
            agents.disable(connection, "anna", NOW)
        assert list(events) == []
