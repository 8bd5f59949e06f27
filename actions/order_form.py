"""Finds the order and lets the buyer prove that it is theirs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, assistant, entity_values, hear_mood, keep_for_review, say, wishes_in
from doorstep import offers
from doorstep.access import CONTACT_PROOF, ORDER_NUMBER, Asked, Heard, Step
from doorstep.replies.values import Reply
from doorstep.wishes import PERSON

WISHES = "wishes"  # the slot of all that the message which began the form stated

# Messages with a rule of their own inside the form too: the form steps back for them and resumes afterwards.
INTERRUPTIONS = (
    "human_agent",
    "complaint_escalation",
    "choose_option",
    "stop_messages",
    "resume_messages",
    "greet",
    "goodbye",
    "thank",
)
# Messages that answer the form's question even when nothing was found in them; any other intent is a wish.
ANSWERS = ("inform", "affirm", "deny", "out_of_scope", "nlu_fallback")


class ValidateOrderForm(Action):
    """Takes each answer inside the order form; the form ends when the order is proven or a person takes over."""

    def name(self) -> str:
        """Rasa's name of the form's validation."""
        return "validate_order_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take what was said a step further and ask for what is missing."""
        intent = tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""
        asked = _asked(tracker)
        if asked.what and intent in INTERRUPTIONS:
            return []
        await _notice(tracker, intent)
        metadata = tracker.latest_message.get("metadata") or {}
        heard = _heard(tracker, intent)
        shop, address = metadata.get("shop") or "default", metadata.get("address") or ""
        step = await ask(assistant().open_order, tracker.sender_id, shop, address, heard, asked)
        wishes = tracker.get_slot(WISHES) if heard.is_answer else wishes_in(tracker.latest_message)
        if step.ask and PERSON in (wishes or ()):  # who asks for a person is not asked for a number first
            settled = await ask(assistant().hand_over, tracker.sender_id, "asked", wishes)
            step = Step(replies=settled.replies, handover=settled.handover)
        say(dispatcher, _CANNOT_READ if step.unclear and metadata.get("foreign_language") else step.replies)
        return _events(step, wishes)


async def _notice(tracker: Tracker, intent: str) -> None:
    """Keep what the message tells beside its answer: its mood, and a wish chosen after one that was not understood."""
    if intent not in ANSWERS:
        await keep_for_review(assistant(), tracker)
    await hear_mood(assistant(), tracker)


_CANNOT_READ = (Reply("utter_language_not_spoken", {}, (offers.PERSON,)),)


def _heard(tracker: Tracker, intent: str) -> Heard:
    text = tracker.latest_message.get("text") or ""
    return Heard(text, entity_values(tracker, "order_number"), intent in ANSWERS)


def _asked(tracker: Tracker) -> Asked:
    if tracker.active_loop.get("name") != "order_form":
        return Asked()
    unclear = int(tracker.get_slot("unclear_answers") or 0)
    return Asked(tracker.get_slot("requested_slot") or "", tracker.get_slot(ORDER_NUMBER) or "", unclear)


def _events(step: Step, wishes: Sequence[str] | None) -> list[dict[str, Any]]:
    """The form's slots after a step; nothing of a proven order stays in them."""
    slots = [
        SlotSet(WISHES, list(wishes) if wishes and not step.handover else None),
        SlotSet(ORDER_NUMBER, step.number or None),
        SlotSet(CONTACT_PROOF, None),
        SlotSet("unclear_answers", float(step.unclear)),
        SlotSet("requested_slot", step.ask or None),
    ]
    return [*slots, *end_here()] if step.handover else slots


def order_was_opened(tracker: Tracker) -> bool:
    """Whether the form took the latest message; Rasa goes on after a form whose validation failed to answer."""
    since = itertools.takewhile(lambda event: event["event"] != "user", reversed(tracker.events))
    return any(event["event"] == "slot" and event["name"] == "unclear_answers" for event in since)


def end_here() -> list[dict[str, Any]]:
    """Events that end a form and the turn: a person has the conversation now."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
