"""Answers what the buyer wants to have settled about the order that is proven."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, asking, assistant, say
from actions.order_form import WISHES, order_was_opened


class ActionAnswerWish(Action):
    """Answers the wishes that were kept, or the one in the slot; a buyer who said none is told where the order is."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer_wish"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say what the rules settle for each wish."""
        if not order_was_opened(tracker):
            return []  # the front asks again, which is better than an answer about an order named before
        wishes = tracker.get_slot(WISHES) or [tracker.get_slot("wish") or "track_order"]
        settled = await ask(assistant().settle_all, tracker.sender_id, tuple(wishes))
        say(dispatcher, settled.replies)
        return [SlotSet(WISHES, None), *asking(settled)]
