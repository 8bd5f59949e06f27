"""Tells when Doorstep is really ready: a buyer's question went through every process and was answered."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict

import httpx

from doorstep.processes.errors import CannotStart
from doorstep.processes.supervisor import Supervisor
from doorstep.settings import Settings

LIMIT_SECONDS = 120.0
POLL_SECONDS = 0.3
STARTS_ALLOWED = 2  # a process that was started more often than this is not going to come up by itself
QUESTION = "where is my parcel"


class Probe:
    """Asks one question the way a buyer's browser does; `answered` may be called until it is true."""

    def __init__(self, base: str, key: str) -> None:
        self._http = httpx.Client(base_url=base, trust_env=False, timeout=10.0, headers={"X-Doorstep-Probe": key})
        self._session = ""
        self._asked = ""

    def answered(self) -> bool:
        """Go as far as the processes let us; whether the assistant's reply has arrived."""
        try:
            if not self._session and self._http.get("/health/ready").status_code != httpx.codes.OK:
                return False
            return self._ask()
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def _ask(self) -> bool:
        if not self._session:
            opened = self._http.post("/api/chat/sessions", json={"shop": "default", "language": "en"})
            opened.raise_for_status()
            self._session = str(opened.json()["session_token"])
        us = {"Authorization": f"Bearer {self._session}"}
        if not self._asked:
            message = {"id": uuid.uuid4().hex, "text": QUESTION}
            self._http.post("/api/chat/messages", json=message, headers=us).raise_for_status()
            self._asked = message["id"]
        heard = self._http.get("/api/chat/messages", params={"after": 0, "wait": 5}, headers=us)
        heard.raise_for_status()
        return any(one["from"] == "assistant" for one in heard.json()["messages"])

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def address(settings: Settings) -> str:
    """Where the front answers on this machine, whatever it is bound to."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def wait_until_ready(settings: Settings, supervisor: Supervisor, limit: float = LIMIT_SECONDS) -> None:
    """Return when a question was answered. Raises CannotStart, naming the process at fault, when it is not.

    `limit` is in seconds.
    """
    probe = Probe(address(settings), settings.key("probe"))
    started: defaultdict[str, set[int]] = defaultdict(set)
    deadline = time.monotonic() + limit
    try:
        while not probe.answered():
            if supervisor.ended:
                raise CannotStart(_tale(supervisor, "supervisord", "ended"))
            for state in supervisor.states():
                started[state.name].add(state.pid)
                if len(started[state.name] - {0}) > STARTS_ALLOWED:
                    raise CannotStart(_tale(supervisor, state.name, "ends again and again"))
            if time.monotonic() > deadline:
                raise CannotStart(_tale(supervisor, _silent_one(settings), f"did not answer within {limit:.0f} s"))
            time.sleep(POLL_SECONDS)
    finally:
        probe.close()


def _silent_one(settings: Settings) -> str:
    """The process the front says is down, or the front; when all work, Rasa, whose answer did not come."""
    try:
        said = httpx.get(f"{address(settings)}/health/ready", trust_env=False, timeout=5.0).json()["parts"]
    except (httpx.HTTPError, ValueError, KeyError):
        return "front"
    down = [name for name in ("actions", "rasa") if said.get(name) != "ok"]
    return down[0] if down else "rasa" if set(said.values()) == {"ok"} else "front"


def _tale(supervisor: Supervisor, name: str, what: str) -> str:
    lines = supervisor.last_lines(name) or supervisor.last_lines(name, suffix="out")
    told = "\n".join(f"  {line}" for line in lines)
    return f"The process {name} {what}. The end of its log:\n{told}" if told else f"The process {name} {what}."
