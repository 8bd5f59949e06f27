"""Shared by all actions: one call into the rules in a thread, and its settlement said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from doorstep import reviews
from doorstep.assistant import Assistant
from doorstep.bootstrap import assistant
from doorstep.languages import has_words
from doorstep.replies.values import Reply, to_json
from doorstep.settlement import Settlement
from doorstep.wishes import in_order, said_closely

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


def wishes_in(message: Mapping[str, Any]) -> tuple[str, ...]:
    """All wishes that a message states, as the classifiers found them, in the order of handling.

    One about which the message says more is followed by that: "customs/refuse".
    """
    intent = (message.get("intent") or {}).get("name") or ""
    stated = [*(message.get("wishes") or ()), intent]
    return in_order(said_closely(stated, message.get("subintents") or {}))


def asking(settled: Settlement) -> list[dict[str, Any]]:
    """Events that wait for what a settlement asks for in free words; none when it asks for nothing."""
    if not settled.asks or settled.handover:
        return []
    return [SlotSet("details_for", settled.asks), FollowupAction("details_form")]


async def hear_mood(rules: Assistant, tracker: Tracker) -> None:
    """Remember that the latest message sounded upset or angry. An e-mail address or a postcode alone has no mood."""
    mood = tracker.latest_message.get("mood")
    if mood in ("upset", "angry") and has_words(tracker.latest_message.get("text") or ""):
        await ask(rules.hear_mood, tracker.sender_id, mood)


async def keep_for_review(rules: Assistant, tracker: Tracker) -> None:
    """Keep what the latest message gives the shop's people to look at; most messages give nothing."""
    heard = [event["parse_data"] for event in tracker.events if event["event"] == "user"]
    if reviews.noticed(heard):
        await ask(reviews.keep, rules.engine, rules.clock, tracker.sender_id, heard)


__all__ = ["ask", "asking", "assistant", "entity_values", "hear_mood", "keep_for_review", "say", "wishes_in"]
