"""Takes what was asked for in free words: a new address, the size wanted instead, what the buyer had expected."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, asking, assistant, entity_values, hear_mood, say, wishes_in
from actions.order_form import ANSWERS, INTERRUPTIONS, end_here
from doorstep.changes.addresses import may_be_address
from doorstep.replies.values import Reply
from doorstep.settlement import Settlement

DETAILS, DETAILS_FOR = "details", "details_for"  # the form's one slot, and the one that says what for
SURE = 0.7  # confidence from which a message is a new wish and no answer
FEW_WORDS = 4  # up to so many a "no" says no more than that, and a number only names an order
FEW_LETTERS = 30  # the same where words are not set apart
LEFT = Settlement((Reply("utter_details_left"),))


class ValidateDetailsForm(Action):
    """Takes the answer inside the details form; another wish, stated clearly, is settled instead."""

    def name(self) -> str:
        """Rasa's name of the form's validation."""
        return "validate_details_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Settle what was told, or the new wish, and end the form unless something is asked for again."""
        if tracker.get_slot("requested_slot") != DETAILS or _intent(tracker) in INTERRUPTIONS:
            return []  # Rasa calls this at the form's begin too, and when it comes back after an interruption
        await hear_mood(assistant(), tracker)
        if _names_another_order(tracker):
            return leave_for("order_form")
        settled = await _settled(tracker)
        say(dispatcher, settled.replies)
        if asking(settled):
            return [SlotSet(DETAILS_FOR, settled.asks), SlotSet("requested_slot", DETAILS)]
        return [SlotSet(DETAILS_FOR, None), *end_here()]


def leave_for(following: str) -> list[dict[str, Any]]:
    """Events that end a form, whichever it is, and go on with an action or another form in the same turn."""
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet(DETAILS_FOR, None),
        FollowupAction(following),
    ]


def _intent(tracker: Tracker) -> str:
    return tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""


def _text(tracker: Tracker) -> str:
    return (tracker.latest_message.get("text") or "").strip()


async def _settled(tracker: Tracker) -> Settlement:
    asked = tracker.get_slot(DETAILS_FOR) or ""
    if _intent(tracker) == "deny" and _is_short(_text(tracker)):
        return LEFT
    if _is_new_wish(tracker):
        return await ask(assistant().settle_all, tracker.sender_id, wishes_in(tracker.latest_message))
    return await ask(assistant().take_details, tracker.sender_id, asked, _text(tracker))


def _names_another_order(tracker: Tracker) -> bool:
    """Whether the message is about an order it names: the order form must find it and have it proven first."""
    if not entity_values(tracker, "order_number") or _is_address(tracker):
        return False
    only_a_number = _intent(tracker) == "inform" and _is_short(_text(tracker)) and "\n" not in _text(tracker)
    return only_a_number or _is_new_wish(tracker)


# What is asked for, and the wish that its answer may sound like: "my address is wrong, it is …".
_SOUNDS_LIKE = {
    "new_address": "change_address",
    "expected": "quality_complaint",
    "missing_part": "defective",
    "goods_item": "defective",
    "wanted_instead": "return_item",
    "return_tracking": "return_item",
}


def _is_new_wish(tracker: Tracker) -> bool:
    """Whether the message clearly wants something else than to answer what was asked."""
    message = tracker.latest_message
    sure = ((message.get("intent") or {}).get("confidence") or 0.0) >= SURE
    wishes = {wish.partition("/")[0] for wish in wishes_in(message)}
    if not wishes or not sure or _intent(tracker) in ANSWERS or _is_address(tracker):
        return False
    asked = tracker.get_slot(DETAILS_FOR) or ""
    return _SOUNDS_LIKE.get(asked.partition("/")[0]) not in wishes


def _is_address(tracker: Tracker) -> bool:
    """Whether an address was asked for and the message looks like one, whatever the classifier makes of it."""
    return (tracker.get_slot(DETAILS_FOR) or "").startswith("new_address/") and may_be_address(_text(tracker))


def _is_short(text: str) -> bool:
    return len(text.split()) <= FEW_WORDS and len(text) <= FEW_LETTERS
