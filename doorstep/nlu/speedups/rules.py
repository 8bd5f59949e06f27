"""Finding the rule that says what comes next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_stock_states = RulePolicy._prediction_states


def latest_states(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """The latest states of a conversation, as many as the longest rule has. Rasa rebuilds all since the session began.

    A rule looks back no further than its own length, so older states cannot matter. Where a slot influences the
    conversation its value at each state would be needed, and Rasa's own way is taken.
    """
    if self.featurizer.max_history is not None or any(slot.influence_conversation for slot in tracker.slots.values()):
        return _stock_states(self, tracker, domain, use_text_for_last_user_input, rule_only_data)
    states = _states(tracker.applied_events(), domain, _longest_rule(self))
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def _states(events: list[Event], domain: Domain, most: int) -> list[State]:
    """The last `most` states: what was said, done and active before each action, and now."""
    begin = _begin_of_last_actions(events, most)
    earlier = events[:begin]
    view = SimpleNamespace(
        latest_message=_last(earlier, UserUttered),
        latest_action=(action.as_sub_state() if (action := _last(earlier, ActionExecuted)) else None),
        active_loop=_loop(_last(earlier, ActiveLoop)),
        slots={},
    )
    states = []
    for event in events[begin:]:
        if isinstance(event, ActionExecuted):
            states.append(domain.get_active_state(view))
            view.latest_action = event.as_sub_state()
        elif isinstance(event, UserUttered):
            view.latest_message = event
        elif isinstance(event, ActiveLoop):
            view.active_loop = _loop(event)
    states.append(domain.get_active_state(view))
    return states[-most:]


def _begin_of_last_actions(events: list[Event], most: int) -> int:
    for place in range(len(events) - 1, -1, -1):
        if isinstance(events[place], ActionExecuted):
            most -= 1
            if most == 0:
                return place
    return 0


def _last(events: list[Event], kind: type[Event]) -> Any:
    return next((event for event in reversed(events) if isinstance(event, kind)), None)


def _loop(event: ActiveLoop | None) -> SimpleNamespace | None:
    return SimpleNamespace(name=event.name) if event is not None and event.name is not None else None


def _longest_rule(policy: RulePolicy) -> int:
    longest: int | None = policy.__dict__.get("_longest_rule")
    if longest is None:
        keys = [key for table in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup[table]]
        longest = policy.__dict__["_longest_rule"] = max((len(_backwards(key)) for key in keys), default=1)
    return longest


@lru_cache(maxsize=4096)
def _backwards(rule_key: str) -> list[State]:
    return list(reversed(json.loads(rule_key)))


def possible_keys(self: RulePolicy, lookup: Mapping[str, str], states: list[State]) -> set[str]:
    """The rules that fit the states. Rasa turns every rule around for every state; this does it once a rule."""
    latest_first = states[::-1]
    return {key for key in lookup if _fits(self, _backwards(key), latest_first)}


def _fits(policy: RulePolicy, rule: list[State], latest_first: list[State]) -> bool:
    """Rasa's `_is_rule_applicable` for all turns."""
    for rule_state, state in zip(rule, latest_first, strict=False):
        if not (rule_state.get(PREVIOUS_ACTION) and state.get(PREVIOUS_ACTION)):
            # Only the first state of a conversation has no action before it.
            if rule_state.get(PREVIOUS_ACTION) or state.get(PREVIOUS_ACTION):
                return False
        elif not policy._does_rule_match_state(rule_state, state):
            return False
    return True
