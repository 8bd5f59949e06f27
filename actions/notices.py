"""Stops the messages that nobody asked for, and takes them up again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, assistant, say


class ActionStopMessages(Action):
    """Stops them."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_stop_messages"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Note it and say so."""
        settled = await ask(assistant().mute, tracker.sender_id, True)
        say(dispatcher, settled.replies)
        return []


class ActionResumeMessages(Action):
    """Takes them up again."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_resume_messages"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Note it and say so."""
        settled = await ask(assistant().mute, tracker.sender_id, False)
        say(dispatcher, settled.replies)
        return []
