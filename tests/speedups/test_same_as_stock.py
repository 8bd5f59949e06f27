"""Two systems that differ in nothing but the speed-ups hear the same conversations, turn by turn.

DOORSTEP_RECORDED_TURNS says how many turns; `make same` runs 2,000.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from doorstep import settings
from doorstep.ports import SystemClock
from doorstep.storage.engine import make_engine, reading, writing
from doorstep.storage.tables import conversations as conversations_table
from doorstep.storage.tables import offers
from tests.e2e.running import Doorstep, doorstep
from tests.speedups.conversations import Said, conversations

# Links in replies begin with the one and are signed with the other.
ALIKE = {"DOORSTEP_PUBLIC_URL": "https://chat.shop.example", "DOORSTEP_SECRET": "the same for both"}
TURNS = int(os.environ.get("DOORSTEP_RECORDED_TURNS", "150"))


class Rasa:
    """The Rasa of one running system, asked over its channel as the front asks it."""

    def __init__(self, running: Doorstep) -> None:
        self._told = settings.load(running.environment)
        self._engine = make_engine(self._told.database_url)
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{self._told.rasa_port}",
            headers={"Authorization": f"Bearer {self._told.key('rasa-channel')}"},
            timeout=60,
            trust_env=False,
        )

    def begin(self, conversation_id: str) -> None:
        """Make a conversation of that id."""
        now = SystemClock().now()
        values = {"id": conversation_id, "shop": "default", "channel": "widget", "language": "en", "owner": "assistant"}
        times = dict.fromkeys(("owner_since", "created_at", "last_at"), now)
        with writing(self._engine) as connection:
            connection.execute(conversations_table.insert().values(**values, **times, address="", email_key=""))

    def say(self, conversation_id: str, number: int, message: str) -> list[dict[str, Any]]:
        """The replies to one message."""
        body = {
            "conversation_id": conversation_id, "message_id": str(number), "text": message, "again": False,
            "metadata": {"language": "en", "address": "", "shop": "default", "attachments": 0},
        }  # fmt: skip
        replies: list[dict[str, Any]] = self._http.post("/webhooks/doorstep/turn", json=body).json()["replies"]
        return replies

    def events(self, conversation_id: str) -> list[dict[str, Any]]:
        """What Rasa has kept of a conversation, without the times."""
        query = text("SELECT data FROM events WHERE sender_id = :id ORDER BY id")
        with reading(self._engine) as connection:
            kept = [json.loads(row.data) for row in connection.execute(query, {"id": conversation_id})]
        return [{name: value for name, value in event.items() if name != "timestamp"} for event in kept]

    def offers(self) -> list[tuple[Any, ...]]:
        """What was offered to whom, and what of it was taken."""
        kept = [offers.c.conversation_id, offers.c.subject, offers.c.kind, offers.c.chosen]
        with reading(self._engine) as connection:
            return sorted(tuple(row) for row in connection.execute(select(*kept)))


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rasa, Rasa]]:
    with ExitStack() as stack:
        started = []
        for switch in ("on", "off"):
            folder = tmp_path_factory.mktemp(switch)
            started.append(
                stack.enter_context(doorstep(folder, "--demo", environment={**ALIKE, "DOORSTEP_SPEEDUPS": switch}))
            )
        for one in started:
            one.wait_until_ready()
        yield Rasa(started[0]), Rasa(started[1])


@pytest.mark.processes
def test_the_same_conversations_give_the_same_replies_and_events(systems: tuple[Rasa, Rasa]) -> None:
    fast, stock = systems
    number = 0
    with ThreadPoolExecutor(2) as both:
        for index, messages in enumerate(conversations(TURNS)):
            conversation_id, offered = f"recorded-{index}", list[str]()
            for system in systems:
                system.begin(conversation_id)
            for said in messages:
                number += 1
                message = _payload(said, offered)
                asked = [both.submit(system.say, conversation_id, number, message) for system in systems]
                here, there = (one.result() for one in asked)
                assert here == there, f"turn {number}, {message!r}"
                offered = [choice["payload"] for reply in here for choice in reply["choices"]] or offered
            assert fast.events(conversation_id) == stock.events(conversation_id), conversation_id
    assert number >= TURNS
    assert fast.offers() == stock.offers()


def _payload(said: Said, offered: list[str]) -> str:
    return said.text if said.choice is None or not offered else offered[said.choice % len(offered)]
