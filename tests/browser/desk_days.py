"""Days of a shop for the desk's pictures: real talks and real agents' work, under a clock that is set forward."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy.engine import Engine

from doorstep import demo
from tests.contract import desk_client
from tests.contract.desk_client import Browser
from tests.e2e.buyer import Buyer
from tests.e2e.typed import TYPED
from tests.e2e.week import set_clock

_SEED = 6
# Demo orders, in which language, with what: those of `doorstep demo --queue` stay as they are.
_ABOUT = (
    ("1002", "fr", "not_received"), ("1003", "de", "not_received"), ("1005", "en", "not_received"),
    ("1006", "es", "not_received"), ("1008", "fr", "person"), ("1009", "ru", "not_received"),
    ("1010", "en", "stop"), ("1013", "de", "not_received"), ("1014", "en", "not_received"),
    ("1015", "en", "goods"), ("1016", "fr", "return"), ("1017", "en", "not_received"),
    ("1018", "es", "person"), ("1001", "pt", "not_received"), ("8153627480015926", "zh", "person"),
    ("112-4455667-8899001", "en", "person"),
)  # fmt: skip
_ASKS_FOR_PERSON = 0.25  # of all talks
_NOT_UNDERSTOOD = ("xqzt vvkp lmnr", "brzk plok snif")
_ANSWER = "Hello, I have read everything you wrote, and I am asking the carrier right now."
_RATINGS = ("👍", "👍", "👍", "👎", "", "")  # how a choice begins; some rate nothing


@dataclass
class Days:
    """A running system with its clock, and its two agents, signed in."""

    url: str
    http: httpx.Client
    engine: Engine
    clock: Path
    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(_SEED))
    agents: list[Browser] = field(default_factory=list)

    def passes(self, **time: float) -> None:
        """Set the clock forward, for all processes."""
        self.now += timedelta(**time)
        set_clock(self.clock, self.now)

    def day(self, talks: int, helped: float = 1.0) -> None:
        """A working day: buyers write one after the other; of those who wait for a person, this share is helped."""
        for number, language, scenario in self.dice.sample(_ABOUT, talks):
            self.passes(minutes=self.dice.randint(2, 14))
            buyer = self._talk(language, self._lines(number, language, scenario))
            if buyer.page()["owner"] == "queue" and self.dice.random() < helped:
                self._help(buyer)
        self._help(self._talk("en", _NOT_UNDERSTOOD))

    def agent(self, name: str, role: str) -> None:
        """Somebody new at the desk."""
        desk_client.add_agent(self.engine, name, role=role)
        browser = desk_client.browser(self.http)
        browser.http.headers["X-Login"] = name.lower()
        self.agents.append(browser)

    def _lines(self, number: str, language: str, scenario: str) -> tuple[str, ...]:
        email = next(one["email"] for one in demo.listing() if one["number"] == number)
        first, *rest = TYPED[scenario][language]
        asks = TYPED["person"][language][1:2] if self.dice.random() < _ASKS_FOR_PERSON else ()
        return (first, number, email, *rest[: self.dice.randint(0, len(rest))], *asks)

    def _talk(self, language: str, lines: tuple[str, ...]) -> Buyer:
        session = self.http.post("/api/chat/sessions", json={"language": language}).json()
        buyer = Buyer(self.http, session["session_token"], session["conversation_id"])
        for line in lines:
            self.passes(seconds=self.dice.randint(20, 70))
            buyer.say(line)
        return buyer

    def _help(self, buyer: Buyer) -> None:
        """An agent answers, sooner or later, and closes or hands back; some buyers say how it was."""
        self.passes(minutes=self.dice.choice((3, 6, 9, 14, 22, 35, 70)))
        agent, here = self.dice.choice(self.agents), f"/desk/conversations/{buyer.conversation_id}"
        agent.http.cookies.clear()
        agent.sign_in(agent.http.headers["X-Login"])
        agent.post(f"{here}/claim")
        self.passes(minutes=self.dice.randint(1, 4))
        agent.send(f"{here}/say", text=_ANSWER, key="a" * 24)
        self.passes(minutes=self.dice.randint(5, 40))
        if self.dice.random() < 0.25:
            agent.post(f"{here}/hand-back")
            return
        agent.post(f"{here}/close", reason="solved")
        begins = self.dice.choice(_RATINGS)
        told = buyer.listen()
        label = next((label for one in told for label in one.choices if begins and label.startswith(begins)), "")
        if label:
            self.passes(seconds=30)
            buyer.choose(label)
