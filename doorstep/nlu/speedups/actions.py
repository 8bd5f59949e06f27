"""Calling an action: what is sent, over which connection, and how the answer is checked."""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from functools import cache
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

TURNS_SENT = 5  # more than an action looks back: a message asked about again after a crash stands there twice

_stock_validate = RemoteAction._validate_action_result
_stock_call_format = RemoteAction._action_call_format


@cache
def _action_result_validators() -> tuple[Draft202012Validator, dict[str, Draft202012Validator]]:
    """One for the answer without what is special to a kind of event, and one for each kind."""
    schema = copy.deepcopy(RemoteAction.action_response_format_spec())
    kinds = schema["properties"]["events"]["items"].pop("oneOf")
    return Draft202012Validator(schema), {
        kind["properties"]["event"]["const"]: Draft202012Validator(kind) for kind in kinds
    }


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action's answer against schemas compiled once, and each event against that of its own kind.

    Rasa checks and compiles the schema for each answer, and tries each event against all 23 kinds, of which one must
    fit; no two kinds have the same name. Raises jsonschema.ValidationError, in Rasa's words, for a wrong answer.
    """
    answer, kinds = _action_result_validators()
    right = answer.is_valid(result) and all(
        event["event"] in kinds and kinds[event["event"]].is_valid(event) for event in result.get("events", ())
    )
    return right or _stock_validate(self, result)


def action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """What an action is called with: the whole state, but of the events only those of the latest TURNS_SENT messages.

    Rasa sends every event since the session began, so each call grows with the conversation. Actions here look back
    one message; what must be known longer is in our own tables.
    """
    short = copy.copy(tracker)
    short.events = deque(_latest_turns(tracker))
    return _stock_call_format(self, short, domain)


def _latest_turns(tracker: DialogueStateTracker) -> list[Event]:
    events: list[Event] = []
    left = TURNS_SENT
    for event in reversed(tracker.events):
        events.append(event)
        left -= isinstance(event, UserUttered)
        if not left:
            break
    return events[::-1]


class _KeptOpen:
    """Gives a session to an `async with` that must not close it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_error: object) -> None:
        """Leave the session open for the next call."""


def kept_session(self: EndpointConfig) -> _KeptOpen:
    """One HTTP session for each endpoint, whose connections stay open. Rasa makes a session for each call."""
    loop = asyncio.get_running_loop()
    kept: tuple[Any, aiohttp.ClientSession] | None = self.__dict__.get("_kept_session")
    if kept is None or kept[0] is not loop or kept[1].closed:
        auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
        session = aiohttp.ClientSession(
            headers=self.headers,
            auth=auth,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS),
        )
        kept = self.__dict__["_kept_session"] = (loop, session)
    return _KeptOpen(kept[1])


_IDLE_SECONDS = 3.0  # below the 5 s after which the action server closes: a call must not meet a closing connection
