"""Builds what Rasa tells an action: messages as they were understood, and the conversation so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker

CONVERSATION = "conversation-1"


def a_message(
    text: str = "where is my order",
    intent: str = "track_order",
    message_id: str = "1",
    *,
    wishes: Sequence[str] = (),
    ranked: Sequence[str] = (),
    **entities: str,
) -> dict[str, Any]:
    """A buyer's message as Rasa understood it: the `wishes` it states, and what it might mean, likeliest first."""
    return {
        "text": text,
        "intent": {"name": intent},
        "intent_ranking": [{"name": name} for name in (ranked or (intent,))],
        "wishes": list(wishes),
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "message_id": message_id,
        "metadata": {"shop": "north", "address": "hashed", "language": "en"},
    }


def a_slot(name: str, value: Any = None) -> dict[str, Any]:
    """A slot being set, as an event."""
    return {"event": "slot", "name": name, "value": value}


def said(message: dict[str, Any]) -> dict[str, Any]:
    """A message as an event."""
    return {"event": "user", "text": message["text"], "message_id": message["message_id"], "parse_data": message}


def a_tracker(
    message: dict[str, Any],
    before: tuple[dict[str, Any], ...] = (),
    after: tuple[dict[str, Any], ...] = (),
    form: str = "",
    **slots: Any,
) -> Tracker:
    """A conversation: earlier messages, the latest one, and the events `after` it."""
    events = [*(said(each) for each in before), said(message), *after]
    loop = {"name": form} if form else {}
    return Tracker(CONVERSATION, slots, message, events, False, None, loop, "action_listen")
