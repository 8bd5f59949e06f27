"""Agents of the desk for the tests: who there is, and browsers that are signed in and send what a page's forms send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from doorstep.people.agents import AGENT, Agent
from doorstep.people.passwords import Passwords
from doorstep.storage import agents
from doorstep.storage.engine import writing

PASSWORD = "six words nobody says twice"
PAGE = {"Accept": "text/html,application/xhtml+xml"}
DATA = {"Accept": "application/json"}
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def add_agent(engine: Engine, name: str = "Anna", **changes: Any) -> Agent:
    """Somebody who may sign in with PASSWORD; the login is the name in lower case. `changes` are fields of Agent."""
    values: dict[str, Any] = {
        "id": 0, "shop": "", "login": name.lower(), "name": name, "role": AGENT, "team": "", "language": "en",
    }  # fmt: skip
    with writing(engine) as connection:
        return agents.add(
            connection, Agent(**{**values, **changes}), QUICK.hashed(PASSWORD), datetime.now(timezone.utc)
        )


@dataclass
class Browser:
    """A browser at the desk. It follows no redirect, so that a test sees where it is sent."""

    http: httpx.Client
    secrets: dict[str, str] = field(default_factory=dict)  # of each session there was

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page, or a part of one."""
        return self.http.get(path, headers={**PAGE, **headers})

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as a page without scripts does, with the secret of this session; `csrf=` sends another."""
        return self.http.post(path, data={"csrf": fields.get("csrf") or self.csrf, **fields}, headers=PAGE)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send the same as a script does: the secret in a header, the answer as data."""
        headers = {**DATA, "X-CSRF-Token": self.csrf, "Content-Type": "application/x-www-form-urlencoded"}
        return self.http.post(path, content=urlencode(fields), headers=headers)

    @property
    def csrf(self) -> str:
        """The secret of this session, as its pages hold it; read once."""
        token = self.http.cookies.get("doorstep_desk") or ""
        if token not in self.secrets:
            self.secrets[token] = hidden(self.http.get("/desk/queue", headers=PAGE).text, "csrf")
        return self.secrets[token]

    def follow(self, response: httpx.Response) -> httpx.Response:
        """The page that an answer sends the browser to."""
        assert response.status_code == 303, response.text
        return self.get(response.headers["location"])

    def sign_in(self, login: str, password: str = PASSWORD, to: str = "") -> httpx.Response:
        """Fill in and send the sign-in form."""
        form = self.get(f"/desk/sign-in?next={to}" if to else "/desk/sign-in").text
        fields = {name: hidden(form, name) for name in ("csrf", "next")}
        return self.http.post("/desk/sign-in", data={**fields, "login": login, "password": password}, headers=PAGE)

    @contextmanager
    def events(self, path: str, **headers: str) -> Iterator[Iterator[tuple[str, Any]]]:
        """The events of a stream as they come: name and data. It fails when none comes for 20 seconds."""
        asked = {"Accept": "text/event-stream", **headers}
        with self.http.stream("GET", path, headers=asked, timeout=20) as response:
            assert response.status_code == 200
            yield _events(response)


def browser(http: httpx.Client) -> Browser:
    """A browser of its own, on the same front."""
    closing = httpx.Limits(max_keepalive_connections=0)  # nobody has to close it
    return Browser(httpx.Client(base_url=http.base_url, timeout=30, trust_env=False, limits=closing))


def signed_in(http: httpx.Client, engine: Engine, agent: Agent) -> Browser:
    """A browser in which an agent is signed in already, without the time that comparing a password takes."""
    made = browser(http)
    with writing(engine) as connection:
        token = agents.open_session(connection, agent.id, datetime.now(timezone.utc))
    made.http.cookies.set("doorstep_desk", token)
    return made


def hidden(page: str, name: str) -> str:
    """The value of a hidden field on a page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def _events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            yield name, json.loads(line[5:])
