"""Buyers and agents who work on the same conversations at the same instant, over HTTP, through whatever breaks.

What got no answer is sent again under the same id or key, as the widget and the desk's page do.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

AT_ONCE = 16  # conversations
PATIENCE = 120.0  # seconds for one step, a restart of everything included
_PAUSE = 0.2  # seconds
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class StillRefused(AssertionError):
    """A step was not done within PATIENCE."""


@dataclass
class Load:
    """What was sent and taken, for the ledger."""

    url: str
    accepted: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    done: int = 0
    _one_more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def reached(self, count: int) -> None:
        """Wait until that many are done."""
        async with self._one_more:
            await self._one_more.wait_for(lambda: self.done >= count)

    async def run(self, count: int, people: list[Person]) -> None:
        """Hand over that many conversations, AT_ONCE at a time."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with room:
                await self._hand_over(people[number % len(people)], people[(number + 1) % len(people)])
                async with self._one_more:
                    self.done += 1
                    self._one_more.notify_all()

        async with aiohttp.ClientSession() as http:
            self._http = http
            await asyncio.gather(*(one(number) for number in range(count)))

    async def _hand_over(self, person: Person, other: Person) -> None:
        buyer = await self._start()
        await self._write(buyer, "I want to talk to a person")
        claims = asyncio.gather(person.claim(buyer["conversation_id"]), other.claim(buyer["conversation_id"]))
        *_, won = await asyncio.gather(
            self._write(buyer, "where is my order?"), self._write(buyer, "hello, is anybody there?"), claims
        )
        assert sorted(won) == [False, True], "exactly one of the two has it"
        holder = person if won[0] else other
        key = uuid4().hex
        await asyncio.gather(holder.reply(buyer["conversation_id"], "I'm here.", key), self._write(buyer, "thank you"))
        self.said.append(key)
        await asyncio.gather(holder.hand_back(buyer["conversation_id"]), self._write(buyer, "where is my parcel?"))
        await self._write(buyer, "hello")
        await self._until_settled(buyer)

    async def _start(self) -> dict[str, str]:
        started: dict[str, str] = await self._until_ok("POST", "/api/chat/sessions", {}, {"language": "en"})
        return started

    async def _write(self, buyer: dict[str, str], text: str) -> None:
        message = {"id": uuid4().hex, "text": text}
        await self._until_ok("POST", "/api/chat/messages", _bearer(buyer), message)
        self.accepted.append(message["id"])

    async def _until_settled(self, buyer: dict[str, str]) -> None:
        end = asyncio.get_running_loop().time() + PATIENCE
        while (await self._until_ok("GET", "/api/chat/messages?wait=20", _bearer(buyer)))["pending"]:
            if asyncio.get_running_loop().time() > end:
                raise StillRefused("a message has no outcome")
            await asyncio.sleep(_PAUSE)

    async def _until_ok(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        async def attempt() -> Any:
            async with self._http.request(method, self.url + path, headers=headers, json=body) as response:
                return await response.json() if response.status < 300 else None

        return await _until_done(attempt, f"{method} {path}")


@dataclass
class Person:
    """An agent who is signed in; `cookie` is their session's."""

    url: str
    http: aiohttp.ClientSession
    csrf: str = ""

    @classmethod
    async def signs_in(cls, url: str, login: str, password: str) -> Person:
        """Sign in as a browser does."""
        http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        person = cls(url, http)
        form = {"login": login, "password": password, "csrf": await person._csrf_of("/desk/sign-in")}
        async with http.post(url + "/desk/sign-in", data=form) as response:
            assert response.status == 200, await response.text()
        person.csrf = await person._csrf_of("/desk/queue")
        return person

    async def claim(self, conversation_id: str) -> bool:
        """Try until the conversation is this person's (True) or a colleague's (False)."""

        async def attempt() -> bool | None:
            status, text = await self._post(conversation_id, "claim")
            if status < 400:
                return True
            return False if status == 409 and "taken" in text else None  # else it is not in the queue yet

        return bool(await _until_done(attempt, "a claim"))

    async def reply(self, conversation_id: str, text: str, key: str) -> None:
        """Say something, once."""
        await self._until_done(conversation_id, "say", text=text, key=key)

    async def hand_back(self, conversation_id: str) -> None:
        """Give it back; refused when it was done before, and only the answer was lost."""
        await self._until_done(conversation_id, "hand-back", or_refused=True)

    async def _until_done(self, conversation_id: str, what: str, *, or_refused: bool = False, **form: str) -> None:
        async def attempt() -> bool | None:
            status, _ = await self._post(conversation_id, what, **form)
            return True if status < 400 or (or_refused and status == 409) else None

        await _until_done(attempt, what)

    async def _post(self, conversation_id: str, what: str, **form: str) -> tuple[int, str]:
        address = f"{self.url}/desk/conversations/{conversation_id}/{what}"
        headers = {"Accept": "application/json"}
        data = {"csrf": self.csrf, **form}
        async with self.http.post(address, data=data, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text()

    async def _csrf_of(self, path: str) -> str:
        async with self.http.get(self.url + path) as response:
            found = _CSRF.search(await response.text())
        assert found, f"no form on {path}"
        return found[1]


def _bearer(buyer: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {buyer['session_token']}"}


async def _until_done(attempt: Any, what: str) -> Any:
    """Try until something other than None comes back; an unreachable server is tried again."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            done = await attempt()
        except (aiohttp.ClientError, asyncio.TimeoutError):
            done = None
        if done is not None:
            return done
        if asyncio.get_running_loop().time() > end:
            raise StillRefused(what)
        await asyncio.sleep(_PAUSE)
