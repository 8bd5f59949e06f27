"""The details form's validation: what it takes for the answer, what interrupts it, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answering import asking
from actions.details_form import SURE, ValidateDetailsForm
from actions.options import ActionChooseOption
from actions.order_form import INTERRUPTIONS
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Settlement
from tests.unit.actions.conftest import Done, FakeAssistant, Run
from tests.unit.actions.telling import CONVERSATION, a_message

ASKED = "new_address/7/"
ADDRESS = "22 Whiteladies Road\nBristol\nBS8 2LG"
FORM: dict[str, Any] = {"form": "details_form", "requested_slot": "details", "details_for": ASKED}
SETTLED = Settlement((Reply("utter_first"),))
AGAIN = Settlement((Reply("utter_again"),), asks="new_address/7/1")
TAKEN = ("take_details", CONVERSATION, ASKED)


def _sure(text: str, intent: str, confidence: float = 0.95, **more: Any) -> dict[str, Any]:
    message = a_message(text, intent, **more)
    message["intent"]["confidence"] = confidence
    return message


def _has_ended(done: Done) -> bool:
    return done.ends_here and done.slots["requested_slot"] is None and done.slots["details_for"] is None


def test_what_is_told_is_taken_and_ends_the_form(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ValidateDetailsForm(), _sure(ADDRESS, "nlu_fallback"), **FORM)
    assert assistant.asked == [(*TAKEN, ADDRESS)]
    assert done.names == ["utter_first"]
    assert _has_ended(done)


def test_what_is_asked_again_is_waited_for_again(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = AGAIN
    done = run(ValidateDetailsForm(), _sure("Bristol", "inform"), **FORM)
    assert done.names == ["utter_again"]
    assert done.slots == {"details_for": "new_address/7/1", "requested_slot": "details"}
    assert not done.ends_here


def test_nothing_is_waited_for_once_a_person_takes_over(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = Settlement(AGAIN.replies, handover=Handover("address_not_read"), asks=AGAIN.asks)
    assert _has_ended(run(ValidateDetailsForm(), _sure("Bristol", "inform"), **FORM))


@pytest.mark.parametrize("intent", INTERRUPTIONS)
def test_an_interruption_is_left_to_its_own_rule_and_the_form_goes_on(
    run: Run, assistant: FakeAssistant, intent: str
) -> None:
    done = run(ValidateDetailsForm(), _sure("thanks", intent), **FORM)
    assert (done.events, done.replies, assistant.asked) == ([], [], [])


def test_the_message_that_began_the_form_is_no_answer_to_it(run: Run, assistant: FakeAssistant) -> None:
    done = run(ValidateDetailsForm(), _sure("change my address", "change_address"), details_for=ASKED)
    assert (done.events, done.replies, assistant.asked) == ([], [], [])


def test_another_wish_is_settled_in_place_of_the_answer(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ValidateDetailsForm(), _sure("cancel it then", "cancel_order"), **FORM)
    assert assistant.asked == [("settle_all", CONVERSATION, ("cancel_order",))]
    assert _has_ended(done)


def test_another_wish_that_asks_something_itself_is_waited_for_instead(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = Settlement((Reply("utter_first"),), asks="expected/7/HP")
    done = run(ValidateDetailsForm(), _sure("the quality is poor", "quality_complaint"), **FORM)
    assert (done.slots["details_for"], done.slots["requested_slot"]) == ("expected/7/HP", "details")


@pytest.mark.parametrize(
    "message",
    [
        _sure("my address is wrong, it is 22 Whiteladies Road", "change_address"),
        _sure("it was sent to the wrong house", "returned_to_sender", SURE - 0.1),
        _sure("which address do you have?", "change_address"),
        _sure("yes", "affirm"),
        _sure("I like trains", "out_of_scope"),
        _sure(ADDRESS, "track_order"),
        _sure("Musterstr. 5, 10115 Berlin", "stock", order_number="10115"),
        _sure("No, it is 22 Whiteladies Road, Bristol, BS8 2LG", "deny"),
        _sure("10115", "stock", 0.3),
    ],
)
def test_what_only_sounds_like_something_else_is_taken_for_the_answer(
    run: Run, assistant: FakeAssistant, message: dict[str, Any]
) -> None:
    assistant.settlement = AGAIN
    run(ValidateDetailsForm(), message, **FORM)
    assert assistant.asked == [(*TAKEN, message["text"])]


@pytest.mark.parametrize("text", ["no", "never mind", "nah thanks, leave it", "算了"])
def test_who_says_no_is_not_asked_on(run: Run, assistant: FakeAssistant, text: str) -> None:
    done = run(ValidateDetailsForm(), _sure(text, "deny"), **FORM)
    assert (done.names, assistant.asked) == (["utter_details_left"], [])
    assert _has_ended(done)


@pytest.mark.parametrize(
    "message",
    [
        _sure("where is my order 1003", "track_order", order_number="1003"),
        _sure("order 1003", "inform", order_number="1003"),
    ],
)
def test_another_order_is_left_to_the_order_form_which_has_it_proven(
    run: Run, assistant: FakeAssistant, message: dict[str, Any]
) -> None:
    done = run(ValidateDetailsForm(), message, **FORM)
    assert (done.names, assistant.asked) == ([], [])
    assert done.slots == {"requested_slot": None, "details_for": None}
    assert [event["name"] for event in done.events if event["event"] in ("active_loop", "followup")] == [
        None,
        "order_form",
    ]


# -- how it begins -------------------------------------------------------------------------


def test_an_answer_that_asks_begins_the_form_and_one_with_a_person_does_not() -> None:
    assert [event["event"] for event in asking(AGAIN)] == ["slot", "followup"]
    assert asking(SETTLED) == []
    assert asking(Settlement((), handover=Handover("x"), asks=ASKED)) == []


def test_a_choice_that_asks_inside_another_form_ends_that_one_first(run: Run, assistant: FakeAssistant) -> None:
    # Rasa would refuse the new form for want of an answer to what the other one asked.
    assistant.settlement = AGAIN
    message = a_message("/…", "choose_option", offer="address/7/", option="no")
    done = run(ActionChooseOption(), message, form="order_form", requested_slot="contact_proof")
    kinds = [(event["event"], event.get("name")) for event in done.events]
    assert kinds == [
        ("active_loop", None),
        ("slot", "requested_slot"),
        ("slot", "details_for"),
        ("followup", "details_form"),
    ]


def test_a_choice_that_settles_it_ends_the_waiting(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    message = a_message("/…", "choose_option", offer="now/7/1", option="refund")
    assert run(ActionChooseOption(), message, **FORM).ends_here
    assert not run(ActionChooseOption(), message, form="order_form").ends_here
