"""The one custom action of the stock projects: it says a text, which costs less than any of ours."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

SAID = "All right. What else can I do for you?"


class ActionAffirm(Action):
    """Answers a yes."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_affirm"

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,  # noqa: ARG002 - Rasa names the arguments
        domain: dict[str, Any],  # noqa: ARG002
    ) -> list[dict[str, Any]]:
        """Say one text."""
        dispatcher.utter_message(text=SAID)
        return []
