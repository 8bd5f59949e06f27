"""A rule is chosen as Rasa chooses it, from the states at the end of a conversation alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import ActionNotFoundException, Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import BooleanSlot
from rasa.shared.core.trackers import DialogueStateTracker

from doorstep.nlu.speedups.rules import latest_states, possible_keys
from tests.speedups.events import EVENTS, slots, tracker_of

pytestmark = pytest.mark.processes  # trains the model if that was not done
TABLES = (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)


@pytest.fixture(scope="module")
def policy(runner: DaskGraphRunner) -> RulePolicy:
    return next(
        node._component for node in runner._instantiated_nodes.values() if isinstance(node._component, RulePolicy)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(EVENTS)
def test_the_prediction_is_the_same(policy: RulePolicy, domain: Domain, events: list[Event]) -> None:
    tracker = tracker_of(events)
    stock = predicted(policy, tracker, domain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RulePolicy, "_prediction_states", latest_states)
        patch.setattr(RulePolicy, "_get_possible_keys", possible_keys)
        assert predicted(policy, tracker, domain) == stock


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_the_states_are_the_last_of_all(policy: RulePolicy, domain: Domain, events: list[Event]) -> None:
    tracker = tracker_of(events)
    for as_text in (True, False):
        all_states = policy._prediction_states(tracker, domain, as_text)
        states = latest_states(policy, tracker, domain, as_text)
        assert states == all_states[-len(states) :]
        for table in TABLES:
            expected = policy._get_possible_keys(policy.lookup[table], all_states)
            assert possible_keys(policy, policy.lookup[table], states) == expected


def test_all_states_are_taken_where_a_slot_has_a_say(policy: RulePolicy, domain: Domain) -> None:
    tracker = DialogueStateTracker("c-1", [*slots(), BooleanSlot("vip", [], influence_conversation=True)])
    for event in tracker_of([]).events:
        tracker.update(event)
    assert latest_states(policy, tracker, domain) == policy._prediction_states(tracker, domain)


def predicted(policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    try:
        prediction, _ = policy._predict(tracker, domain)
    except ActionNotFoundException as error:  # a form that the domain does not know was active
        return {"error": str(error)}
    return vars(prediction)
