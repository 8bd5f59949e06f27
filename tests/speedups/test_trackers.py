"""The tracker's speed-ups give what Rasa's own functions give, whatever happened in the conversation."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from doorstep.nlu.speedups.trackers import applied_events, copy_tracker, resolve_by_type
from tests.speedups.events import EVENTS, state_of, tracker_of


@given(EVENTS)
def test_a_copy_is_the_tracker_that_a_replay_would_make(events: list[Event]) -> None:
    tracker = tracker_of(events)
    tracker.model_id, tracker.assistant_id = "model", "doorstep"
    assert state_of(copy_tracker(tracker)) == state_of(tracker.copy())


@given(EVENTS, EVENTS)
def test_what_happens_to_a_copy_does_not_happen_to_the_tracker(events: list[Event], later: list[Event]) -> None:
    tracker = tracker_of(events)
    applied_events(tracker)
    before = copy.deepcopy((state_of(tracker), tracker.applied_events()))
    twin = copy_tracker(tracker)
    for event in [*later, SlotSet("wish", "refund"), UserUttered("more")]:
        twin.update(event)
    assert applied_events(twin) == DialogueStateTracker.applied_events(twin)
    assert (state_of(tracker), applied_events(tracker)) == before


@given(EVENTS, st.lists(st.integers(0, 40), max_size=6))
def test_the_events_that_count_are_the_same_however_often_one_asks(events: list[Event], asked_at: list[int]) -> None:
    tracker = tracker_of([])
    for place, event in enumerate(events):
        tracker.update(event)
        if place in asked_at:
            assert applied_events(tracker) == tracker.applied_events()
    found, expected = applied_events(tracker), tracker.applied_events()
    assert found == expected
    assert [id(event) for event in found] == [id(event) for event in expected]


def test_changing_the_list_of_events_that_count_changes_no_later_answer() -> None:
    tracker = tracker_of([UserUttered("hello")])
    applied_events(tracker).clear()
    assert applied_events(tracker) == [UserUttered("hello")]


@pytest.mark.parametrize("name", sorted({found.type_name for found in all_subclasses(Event)}))
def test_every_event_is_found_by_its_name(name: str) -> None:
    assert resolve_by_type(name) is Event.resolve_by_type(name)


def test_an_unknown_event_is_what_it_is_to_rasa() -> None:
    assert resolve_by_type("topic") is None
    assert resolve_by_type("unheard_of", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="Unknown event name 'unheard_of'"):
        resolve_by_type("unheard_of")


def test_an_event_made_later_is_found() -> None:
    resolve_by_type("user")

    class Late(UserUttered):
        type_name = "late"

    assert resolve_by_type("late") is Late
