"""Asks Rasa about one message over its channel of ours, and tells the kinds of trouble apart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from doorstep.front.outcomes import Answer
from doorstep.front.turns import Question
from doorstep.languages import foreign_language_of, nearest_spoken
from doorstep.storage.messages import Choice, Outgoing

TURN_PATH, HEALTH_PATH = "/webhooks/doorstep/turn", "/webhooks/doorstep/health"
_HEALTH_LIMIT = aiohttp.ClientTimeout(total=2.0)
_REFUSED = {400, 401, 403, 413, 422}  # the same call would be refused again
# A timeout of aiohttp's kind is one of connecting: no other is set but that of the whole call.
_BROKEN_OFF = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


@dataclass(frozen=True)
class Patience:
    """How long Rasa may take, in seconds: to connect, for one call, and for all tries of one message."""

    connect: float = 1.0
    call: float = 10.0
    tries: float = 25.0


class RasaTrouble(Exception):
    """Rasa gave no replies. `again` says whether another try may help."""

    def __init__(self, kind: str, *, again: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.again = again


class RasaClient:
    """Rasa's channel; connections are kept open. `key` is what the channel expects as Bearer."""

    def __init__(self, base_url: str, key: str, patience: Patience) -> None:
        self._patience = patience
        # It asks no proxy of the environment: one meant for the outside must not see what buyers write.
        self._http = aiohttp.ClientSession(
            base_url, headers={"Authorization": f"Bearer {key}"}, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def turn(self, question: Question, seconds: float, *, again: bool) -> Answer:
        """The answer to one message, with one reply at least. Raises RasaTrouble after at most `seconds`.

        `again` tells the channel that it may have answered this message before, and should look.
        """
        limit = aiohttp.ClientTimeout(total=min(seconds, self._patience.call), connect=self._patience.connect)
        try:
            async with self._http.post(TURN_PATH, json=_body(question, again), timeout=limit) as response:
                status, answer = response.status, await response.read()
        except _BROKEN_OFF as error:
            raise RasaTrouble("unreachable", again=True) from error
        except asyncio.TimeoutError as error:
            raise RasaTrouble("slow", again=False) from error
        except aiohttp.ClientError as error:
            raise RasaTrouble("malformed", again=True) from error
        if status != 200:
            raise RasaTrouble(f"status_{status}", again=status not in _REFUSED)
        return _answer(answer)

    async def is_ready(self) -> bool:
        """Whether the channel says that it can answer."""
        try:
            async with self._http.get(HEALTH_PATH, timeout=_HEALTH_LIMIT) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _body(question: Question, again: bool) -> dict[str, Any]:
    conversation = question.conversation
    foreign = None if question.incoming.choice else foreign_language_of(question.incoming.text)
    return {
        "conversation_id": conversation.id,
        "message_id": str(question.incoming.id),
        "text": question.payload,
        "again": again,
        "metadata": {
            "language": nearest_spoken(foreign or conversation.language),
            "foreign_language": foreign or "",
            "address": conversation.address,
            "shop": conversation.shop,
            "attachments": len(question.incoming.attachments),
            "handed_back": conversation.handed_back_at is not None,
        },
    }


def _answer(answer: bytes) -> Answer:
    try:
        told = json.loads(answer)["replies"]
        replies = tuple(_reply(each) for each in told)
        names = tuple(each["name"] for each in told if isinstance(each.get("name"), str) and each["name"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RasaTrouble("malformed", again=True) from error
    said = tuple(reply for reply in replies if reply.text.strip() or reply.card or reply.choices)
    if not said:
        # Rasa swallows a failing action and answers with nothing.
        raise RasaTrouble("empty", again=True)
    return Answer(said, said=names)


def _reply(data: Any) -> Outgoing:
    card = data.get("card") if isinstance(data, Mapping) else None
    if (
        not isinstance(data, Mapping)
        or not isinstance(data["text"], str)
        or not isinstance(card, (Mapping, type(None)))
    ):
        raise TypeError("not a reply")
    choices = tuple(Choice(_text(each["label"]), _text(each["payload"])) for each in data.get("choices") or ())
    return Outgoing("assistant", _text(data["text"]), choices, card)


def _text(value: Any) -> str:
    """A string as every database can keep it."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()
