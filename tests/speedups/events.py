"""Random conversations as Rasa's events, whether or not they make sense."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import CategoricalSlot, Slot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

ACTIONS = ("action_listen", "action_answer_wish", "order_form", "other_form", "utter_greet")
INTENTS = ("greet", "track_order", "inform", "nlu_fallback")


def slots() -> list[Slot]:
    """Fresh slots, none of which influences the conversation."""
    return [
        TextSlot("order_number", [], influence_conversation=False),
        TextSlot("requested_slot", [], influence_conversation=False),
        CategoricalSlot("wish", [], values=["track_order", "refund"], influence_conversation=False),
    ]


def _user(intent: str) -> UserUttered:
    return UserUttered(f"text of {intent}", {"name": intent, "confidence": 0.9}, [], message_id=intent)


EVENT: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(ACTIONS).map(ActionExecuted),
    st.sampled_from(INTENTS).map(_user),
    st.sampled_from(["order_form", "other_form", None]).map(ActiveLoop),
    st.sampled_from(ACTIONS).map(ActionExecutionRejected),
    st.sampled_from(["track_order", "refund", None]).map(lambda value: SlotSet("wish", value)),
    st.sampled_from(["1003", None]).map(lambda value: SlotSet("order_number", value)),
    st.booleans().map(LoopInterrupted),
    st.booleans().map(DefinePrevUserUtteredFeaturization),
    st.sampled_from(ACTIONS).map(FollowupAction),
    st.builds(BotUttered, st.just("said")),
)
RARE: st.SearchStrategy[Event] = st.sampled_from(
    [ActionReverted, UserUtteranceReverted, Restarted, SessionStarted, AllSlotsReset, ConversationPaused]
).flatmap(st.builds)
EVENTS = st.lists(st.one_of(EVENT, EVENT, EVENT, RARE), max_size=40)


def tracker_of(events: list[Event]) -> DialogueStateTracker:
    """A tracker to which these events happened."""
    return DialogueStateTracker.from_events("c-1", events, slots())


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything a tracker holds that Rasa could ask for."""
    kept = {name: value for name, value in vars(tracker).items() if not name.startswith("_applied")}
    return kept | {
        "events": list(tracker.events),
        "slots": {name: (type(slot), vars(slot)) for name, slot in tracker.slots.items()},
    }
