"""The order form's validation: what it hears, what it hands on, and which slots it leaves."""

from __future__ import annotations

import pytest

from actions.order_form import INTERRUPTIONS, ValidateOrderForm
from doorstep.access import CONTACT_PROOF, ORDER_NUMBER, Asked, Heard, Step
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from tests.unit.actions.conftest import FakeAssistant, Run
from tests.unit.actions.telling import CONVERSATION, a_message


def test_a_first_wish_is_told_with_the_shop_and_address_the_front_gave(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), a_message())
    heard = Heard("where is my order", (), is_answer=False)
    assert assistant.asked == [("open_order", CONVERSATION, "north", "hashed", heard, Asked())]


def test_without_the_front_the_shop_is_the_default_one(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), {**a_message(), "metadata": None})
    assert assistant.asked[0][2:4] == ("default", "")


def test_inside_the_form_it_is_told_what_was_asked_and_how_often_in_vain(run: Run, assistant: FakeAssistant) -> None:
    slots = {"requested_slot": CONTACT_PROOF, ORDER_NUMBER: "1002", "unclear_answers": 2.0}
    run(ValidateOrderForm(), a_message("33000", "inform"), form="order_form", **slots)
    assert assistant.asked[0][4:] == (Heard("33000", (), is_answer=True), Asked(CONTACT_PROOF, "1002", 2))


def test_slots_left_by_a_form_that_ended_are_not_taken_for_a_question(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), a_message(), requested_slot=CONTACT_PROOF, **{ORDER_NUMBER: "1002"})
    assert assistant.asked[0][5] == Asked()


def test_order_numbers_found_in_the_message_are_handed_on(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), a_message("where is 1004", order_number="1004"))
    assert assistant.asked[0][4] == Heard("where is 1004", ("1004",), is_answer=False)


@pytest.mark.parametrize("intent", INTERRUPTIONS)
def test_an_interruption_is_left_to_its_own_rule(run: Run, assistant: FakeAssistant, intent: str) -> None:
    done = run(ValidateOrderForm(), a_message("hello", intent), form="order_form", requested_slot=ORDER_NUMBER)
    assert (done.events, done.replies, assistant.asked) == ([], [], [])


def test_a_message_not_understood_is_an_answer_whatever_it_was_nearest_to(run: Run, assistant: FakeAssistant) -> None:
    message = a_message("1002 thx", "nlu_fallback")
    message["intent_ranking"].append({"name": "thank"})
    run(ValidateOrderForm(), message, form="order_form", requested_slot=ORDER_NUMBER)
    assert assistant.asked[0][4] == Heard("1002 thx", (), is_answer=True)


def test_what_is_missing_is_asked_for(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(CONTACT_PROOF, "1002", 1, (Reply("utter_proof_unclear"),))
    done = run(ValidateOrderForm(), a_message())
    assert done.names == ["utter_proof_unclear"]
    assert done.slots == {
        ORDER_NUMBER: "1002", CONTACT_PROOF: None, "unclear_answers": 1.0, "requested_slot": CONTACT_PROOF
    }  # fmt: skip


def test_a_proven_order_leaves_nothing_in_the_slots_and_ends_the_form(run: Run) -> None:
    done = run(ValidateOrderForm(), a_message("33000", "inform"))
    assert done.slots == {ORDER_NUMBER: None, CONTACT_PROOF: None, "unclear_answers": 0.0, "requested_slot": None}
    assert not done.ends_here


def test_a_person_taking_over_ends_the_turn_too(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(replies=(Reply("utter_identity_person"),), handover=Handover("identity_not_proven"))
    done = run(ValidateOrderForm(), a_message())
    assert done.names == ["utter_identity_person"]
    assert done.ends_here
