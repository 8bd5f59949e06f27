"""The order form's validation: what it hears, what it hands on, and which slots it leaves."""

from __future__ import annotations

import pytest

from actions.order_form import ANSWERS, INTERRUPTIONS, ValidateOrderForm
from doorstep.access import CONTACT_PROOF, ORDER_NUMBER, Asked, Heard, Step
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Settlement
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


def test_an_angry_message_is_remembered_as_such(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), {**a_message("where the hell is it"), "mood": "angry"})
    assert ("hear_mood", CONVERSATION, "angry") in assistant.asked


@pytest.mark.parametrize("proof", ["maya.johnson@example.com", "M20 3JH"])
def test_a_proof_alone_has_no_mood(run: Run, assistant: FakeAssistant, proof: str) -> None:
    run(ValidateOrderForm(), {**a_message(proof, "inform"), "mood": "angry"}, form="order_form")
    assert [call[0] for call in assistant.asked] == ["open_order"]


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
        ORDER_NUMBER: "1002",
        CONTACT_PROOF: None,
        "unclear_answers": 1.0,
        "requested_slot": CONTACT_PROOF,
        "wishes": ["track_order"],
    }


def test_a_proven_order_leaves_nothing_in_the_slots_and_ends_the_form(run: Run) -> None:
    done = run(ValidateOrderForm(), a_message("33000", "inform"))
    assert done.slots == {
        ORDER_NUMBER: None,
        CONTACT_PROOF: None,
        "unclear_answers": 0.0,
        "requested_slot": None,
        "wishes": None,
    }
    assert not done.ends_here


def test_a_person_taking_over_ends_the_turn_too(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(replies=(Reply("utter_identity_person"),), handover=Handover("identity_not_proven"))
    done = run(ValidateOrderForm(), a_message())
    assert done.names == ["utter_identity_person"]
    assert done.ends_here


def test_an_answer_in_a_language_that_is_not_spoken_is_said_to_be_so(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(ORDER_NUMBER, unclear=1, replies=(Reply("utter_order_number_unclear"),))
    message = a_message("il mio pacco non arriva", "nlu_fallback")
    message["metadata"]["foreign_language"] = "it"
    done = run(ValidateOrderForm(), message, form="order_form", requested_slot=ORDER_NUMBER)
    assert done.names == ["utter_language_not_spoken"]
    assert (done.slots["unclear_answers"], done.slots["requested_slot"]) == (1.0, ORDER_NUMBER)


def test_a_number_in_a_message_that_cannot_be_read_is_taken_all_the_same(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(CONTACT_PROOF, "1002")
    message = a_message("il numero è 1002", "nlu_fallback", order_number="1002")
    message["metadata"]["foreign_language"] = "it"
    done = run(ValidateOrderForm(), message, form="order_form", requested_slot=ORDER_NUMBER)
    assert (done.names, done.slots[ORDER_NUMBER]) == ([], "1002")


# -- several wishes in one message ---------------------------------------------------------


def test_all_wishes_of_a_message_are_kept_in_the_order_they_are_handled_in(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(ORDER_NUMBER)
    done = run(ValidateOrderForm(), a_message("…", "stock", wishes=("stock", "not_received")))
    assert done.slots["wishes"] == ["not_received", "stock"]


@pytest.mark.parametrize("intent", ANSWERS)
def test_an_answer_leaves_the_kept_wishes_as_they_are(run: Run, assistant: FakeAssistant, intent: str) -> None:
    assistant.step = Step(CONTACT_PROOF, "1002")
    slots = {"requested_slot": ORDER_NUMBER, "wishes": ["not_received", "stock"]}
    done = run(ValidateOrderForm(), a_message("1002", intent), form="order_form", **slots)
    assert done.slots["wishes"] == ["not_received", "stock"]


def test_a_new_wish_inside_the_form_takes_the_place_of_those_before(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(ORDER_NUMBER)
    slots = {"requested_slot": ORDER_NUMBER, "wishes": ["not_received", "stock"]}
    done = run(ValidateOrderForm(), a_message("cancel it", "cancel_order"), form="order_form", **slots)
    assert done.slots["wishes"] == ["cancel_order"]


def test_a_person_asked_for_beside_a_wish_comes_before_the_order_is_asked_for(
    run: Run, assistant: FakeAssistant
) -> None:
    assistant.step = Step(ORDER_NUMBER)
    assistant.settlement = Settlement((Reply("utter_handover_asked"),), handover=Handover("asked"))
    done = run(ValidateOrderForm(), a_message("…", "defective", wishes=("human_agent", "defective")))
    assert assistant.asked[1] == ("hand_over", CONVERSATION, "asked", ("defective", "human_agent"))
    assert (done.names, done.slots["wishes"], done.slots["requested_slot"]) == (["utter_handover_asked"], None, None)
    assert done.ends_here


def test_a_person_asked_for_beside_a_wish_waits_for_the_answer_about_a_known_order(
    run: Run, assistant: FakeAssistant
) -> None:
    done = run(ValidateOrderForm(), a_message("…", "defective", wishes=("defective", "human_agent")))
    assert [call[0] for call in assistant.asked] == ["open_order"]
    assert (done.slots["wishes"], done.ends_here) == (["defective", "human_agent"], False)


def test_a_threat_beside_a_wish_is_kept_until_the_order_is_proven(run: Run, assistant: FakeAssistant) -> None:
    assistant.step = Step(ORDER_NUMBER)
    done = run(ValidateOrderForm(), a_message("…", "not_received", wishes=("complaint_escalation", "not_received")))
    assert (done.slots["wishes"], done.ends_here) == (["not_received", "complaint_escalation"], False)


def test_a_wish_chosen_after_it_was_not_understood_is_noted_with_it(run: Run, assistant: FakeAssistant) -> None:
    run(ValidateOrderForm(), a_message("/refund", "refund", "2"), before=(a_message("hm", "nlu_fallback"),))
    assert assistant.kept == [(CONVERSATION, "/refund")]
