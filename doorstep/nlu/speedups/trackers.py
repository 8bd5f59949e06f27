"""Reading, copying and going through the events of a conversation."""

from __future__ import annotations

import copy
import dataclasses
from collections import deque
from functools import cache
from itertools import islice

from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

_stock_resolve = Event.resolve_by_type
_stock_copy = DialogueStateTracker.copy
_stock_applied_events = DialogueStateTracker.applied_events


@cache
def _event_types() -> dict[str, type[Event]]:
    types: dict[str, type[Event]] = {}
    for found in all_subclasses(Event):
        types.setdefault(found.type_name, found)
    return types


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event by its name, looked up. Rasa walks all subclasses for each event it reads."""
    return _event_types().get(type_name) or _stock_resolve(type_name, default)


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state. Rasa makes one for each action by replaying every event since the session began."""
    changed = next((event for event in reversed(self.events) if isinstance(event, _SETTING_FOLLOWUP)), None)
    if changed is None or not isinstance(changed, _SIMPLE_FOLLOWUP) or self._max_event_history is not None:
        return _stock_copy(self)
    twin = copy.copy(self)
    twin.events = deque(self.events)
    twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
    twin.active_loop = dataclasses.replace(self.active_loop) if self.active_loop else None
    twin.followup_action = changed.action_name if isinstance(changed, FollowupAction) else None
    # a replay knows nothing of these
    twin.sender_source = twin.model_id = twin.assistant_id = None
    applied: _Applied | None = self.__dict__.get("_applied")
    if applied is not None:
        twin.__dict__["_applied"] = dataclasses.replace(applied, events=list(applied.events))
    return twin


_SIMPLE_FOLLOWUP = (FollowupAction, ActionExecuted, UserUttered)
_SETTING_FOLLOWUP = (*_SIMPLE_FOLLOWUP, Restarted, SessionStarted, ActionReverted, UserUtteranceReverted)


@dataclasses.dataclass
class _Applied:
    """The applied events of the first `count` events of a tracker, the last of which is `last`."""

    events: list[Event]
    loops: frozenset[str]
    count: int = 0
    last: Event | None = None


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """The events that count, reverted ones left out. Rasa goes through all each time; this goes on from last time.

    The list is a fold over the events that depends on nothing but the names of all loops ever active, so it starts
    anew when a loop is new.
    """
    if self._max_event_history is not None:
        return _stock_applied_events(self)
    done: _Applied | None = self.__dict__.get("_applied")
    if done is None or done.count > len(self.events) or (done.count and self.events[done.count - 1] is not done.last):
        done = _Applied([], frozenset())
    new = list(islice(self.events, done.count, None))
    loops = done.loops | {event.name for event in new if isinstance(event, ActiveLoop) and event.name}
    if loops != done.loops:
        done, new = _Applied([], loops), list(self.events)
    for event in new:
        _apply(self, event, done)
    done.count, done.last = len(self.events), new[-1] if new else done.last
    self.__dict__["_applied"] = done
    return done.events.copy()


def _apply(tracker: DialogueStateTracker, event: Event, done: _Applied) -> None:
    """One step of Rasa's `applied_events`."""
    if isinstance(event, (Restarted, SessionStarted)):
        done.events.clear()
    elif isinstance(event, ActionReverted):
        tracker._undo_till_previous(ActionExecuted, done.events)
    elif isinstance(event, UserUtteranceReverted):
        tracker._undo_till_previous(UserUttered, done.events)
        tracker._undo_till_previous(ActionExecuted, done.events)
    elif (
        isinstance(event, ActionExecuted)
        and event.action_name in done.loops
        and not tracker._first_loop_execution_or_unhappy_path(event.action_name, done.events)
    ):
        tracker._undo_till_previous_loop_execution(event.action_name, done.events)
    else:
        done.events.append(event)
