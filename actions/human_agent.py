"""Giving the conversation to a person: on request, in anger, or when it was not understood twice."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, assistant, say
from actions.order_form import end_here
from doorstep.offers import PERSON
from doorstep.replies.values import Choice, Reply

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")


class ActionHandOver(Action):
    """Hands the conversation to a person."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_hand_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Hand over for the reason the buyer gave, and end what was going on."""
        angry = tracker.get_intent_of_latest_message() == "complaint_escalation"
        settled = await ask(assistant().hand_over, tracker.sender_id, "angry" if angry else "asked")
        say(dispatcher, settled.replies)
        return end_here()


class ActionDefaultFallback(Action):
    """Says that it did not understand; the second time in a row a person takes over."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Ask to say it differently, or hand over."""
        if not _misunderstood_before(tracker):
            say(dispatcher, (Reply("utter_not_understood", {}, (Choice("choice_track_order", "track_order"), PERSON)),))
            return []
        settled = await ask(assistant().hand_over, tracker.sender_id, "not_understood")
        say(dispatcher, settled.replies)
        return end_here()


def _misunderstood_before(tracker: Tracker) -> bool:
    # By message: one that Rasa could not finish is asked again and stands there twice.
    heard = {event.get("message_id"): event["parse_data"] for event in tracker.events if event["event"] == "user"}
    intents = [parsed["intent"].get("name") for parsed in heard.values()]
    return len(intents) > 1 and intents[-2] in NOT_UNDERSTOOD
