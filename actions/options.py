"""Taking one of the ways that were offered: by a choice, in words, or by a plain yes or no."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask, asking, assistant, entity_values, say
from actions.order_form import end_here
from doorstep.offers import NO, PERSON, YES
from doorstep.replies.values import Reply
from doorstep.settlement import Settlement


class ActionChooseOption(Action):
    """Takes the option a choice stands for, or the one named in words."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_choose_option"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take the option and say what follows."""
        offer, option = (
            next(iter(entity_values(tracker, "offer")), ""),
            next(iter(entity_values(tracker, "option")), ""),
        )
        settled: Settlement | None
        if offer:
            settled = await ask(assistant().take_option, tracker.sender_id, offer, option)
        else:
            settled = await ask(assistant().answer_offer, tracker.sender_id, option)
        say(dispatcher, settled.replies if settled else (Reply("utter_nothing_to_choose"),))
        return _events(settled, tracker)


class ActionAffirm(Action):
    """A yes: to the offer made last, if it asks for one."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take the yes."""
        settled = await ask(assistant().answer_offer, tracker.sender_id, YES)
        say(dispatcher, settled.replies if settled else (Reply("utter_what_else"),))
        return _events(settled, tracker)


class ActionDeny(Action):
    """A no: to the offer made last, if it asks for one."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take the no."""
        settled = await ask(assistant().answer_offer, tracker.sender_id, NO)
        say(dispatcher, settled.replies if settled else (Reply("utter_what_else", {}, (PERSON,)),))
        return _events(settled, tracker)


def _events(settled: Settlement | None, tracker: Tracker) -> list[dict[str, Any]]:
    """Wait for what is asked for next; what was asked for before the choice is not waited for any more."""
    active = tracker.active_loop.get("name")
    waiting = asking(settled) if settled else []
    if waiting and active:  # a form that is begun inside another one would be refused for what that one asked
        return [ActiveLoop(None), SlotSet("requested_slot", None), *waiting]
    if settled and not waiting and active == "details_form":
        return end_here()
    return waiting
