"""Giving the conversation to a person: on request, in anger, or when it was not understood twice."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, assistant, hear_mood, keep_for_review, say, wishes_in
from actions.order_form import end_here
from doorstep.assistant import HANDED_OVER
from doorstep.offers import PERSON
from doorstep.replies.values import Choice, Reply
from doorstep.wishes import WISHES

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
OFFERED = 2  # wishes to choose from


class ActionHandOver(Action):
    """Hands the conversation to a person."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_hand_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Hand over for the reason the buyer gave, and end what was going on."""
        await keep_for_review(assistant(), tracker)
        await hear_mood(assistant(), tracker)
        angry = tracker.get_intent_of_latest_message() == "complaint_escalation"
        reason = "angry" if angry else "asked"
        settled = await ask(assistant().hand_over, tracker.sender_id, reason, wishes_in(tracker.latest_message))
        say(dispatcher, settled.replies)
        return end_here()


class ActionDefaultFallback(Action):
    """Asks which of the likeliest wishes is meant; the second time in a row a person takes over."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say what was not understood and what can be chosen, or hand over."""
        await keep_for_review(assistant(), tracker)
        if not _misunderstood_before(tracker):
            say(dispatcher, (_question(tracker.latest_message),))
            return []
        settled = await ask(assistant().hand_over, tracker.sender_id, "not_understood")
        say(dispatcher, settled.replies)
        return end_here()


def _question(message: dict[str, Any]) -> Reply:
    """What to say to a message that was not understood, or that is none of the shop's business."""
    if (message.get("metadata") or {}).get("foreign_language"):
        return Reply("utter_language_not_spoken", {}, (PERSON,))
    if message["intent"]["name"] == "out_of_scope":
        return Reply("utter_not_our_business", {}, (PERSON,))
    ranked = [intent["name"] for intent in message.get("intent_ranking") or ()]
    likeliest = [name for name in ranked if name in WISHES and name not in HANDED_OVER][:OFFERED]
    choices = tuple(Choice(f"choice_wish_{name}", name) for name in likeliest)
    return Reply("utter_did_you_mean" if choices else "utter_not_understood", {}, (*choices, PERSON))


def _misunderstood_before(tracker: Tracker) -> bool:
    if (tracker.latest_message.get("metadata") or {}).get("handed_back"):
        return False  # a person has had the conversation since
    # By message: one that Rasa could not finish is asked again and stands there twice.
    heard = {event.get("message_id"): event["parse_data"] for event in tracker.events if event["event"] == "user"}
    intents = [parsed["intent"].get("name") for parsed in heard.values()]
    return len(intents) > 1 and intents[-2] in NOT_UNDERSTOOD
