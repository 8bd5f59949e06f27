"""Shared by all actions: one call into the rules in a thread, and its settlement said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from doorstep.bootstrap import assistant
from doorstep.replies.values import Reply, to_json

Result = TypeVar("Result")


async def ask(method: Callable[..., Result], *arguments: object) -> Result:
    """Run a blocking call into the rules in a thread, so that it holds up no other buyer."""
    return await asyncio.get_running_loop().run_in_executor(None, method, *arguments)


def say(dispatcher: CollectingDispatcher, replies: tuple[Reply, ...]) -> None:
    """Hand replies to the reply generator, in order."""
    for reply in replies:
        dispatcher.utter_message(response=reply.name, reply=to_json(reply))


def entity_values(tracker: Tracker, name: str) -> tuple[str, ...]:
    """The values of an entity in the latest message, in order, each once."""
    return tuple(dict.fromkeys(str(value) for value in tracker.get_latest_entity_values(name)))


__all__ = ["ask", "assistant", "entity_values", "say"]
