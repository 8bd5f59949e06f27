"""Hand-overs with messages that arrive at the same instant, and every process killed once in the middle.

DOORSTEP_HAND_OVERS says how many; `make hand-overs` runs 1,000.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.shop import Shop, start
from tests.faults import hand_over_ledger
from tests.faults.breaking import ACTIONS, FRONT, RASA, kill, until_whole
from tests.faults.hand_over_load import Load, Person

pytestmark = pytest.mark.processes

HAND_OVERS = int(os.environ.get("DOORSTEP_HAND_OVERS", "40"))
PASSWORD = "correct horse battery staple"
PEOPLE = ("anna@shop.example", "mei@shop.example", "li@shop.example")


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A system of this test's own, with people at its desk."""
    with ExitStack() as stack:
        started = start(stack)
        for login in PEOPLE:
            name = login.partition("@")[0].title()
            started.command("agents", "add", login, "--name", name, "--password-stdin", typed=PASSWORD)
        yield started


def test_the_assistant_never_speaks_while_a_person_has_it_and_nothing_is_lost_or_said_twice(shop: Shop) -> None:
    load = asyncio.run(_work(shop))
    until_whole(shop)

    ledger = hand_over_ledger.read(shop.engine, load.accepted, load.said)
    assert ledger.faults == {}
    assert (load.done, len(load.said)) == (HAND_OVERS, HAND_OVERS)
    assert ledger.hand_overs >= HAND_OVERS
    assert ledger.outcomes["answered"] >= HAND_OVERS  # and not everything passed on to people
    print(f"{HAND_OVERS} hand-overs, {len(load.accepted)} messages: {dict(ledger.outcomes)}")


async def _work(shop: Shop) -> Load:
    people = [await Person.signs_in(shop.process.url, login, PASSWORD) for login in PEOPLE]
    load = Load(shop.process.url)
    breaking = asyncio.create_task(_break_everything_once(shop, load))
    try:
        await load.run(HAND_OVERS, people)
        await breaking
    finally:
        breaking.cancel()
        for person in people:
            await person.http.close()
    return load


async def _break_everything_once(shop: Shop, load: Load) -> None:
    for quarter, module in enumerate((RASA, ACTIONS, FRONT), 1):
        await load.reached(quarter * HAND_OVERS // 4)
        await asyncio.to_thread(kill, shop, module)
