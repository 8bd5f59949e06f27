"""The other actions: one question to the rules each, and their settlement said."""

from __future__ import annotations

import pytest
from rasa_sdk import Action

from actions.human_agent import NOT_UNDERSTOOD, ActionDefaultFallback, ActionHandOver
from actions.options import ActionAffirm, ActionChooseOption, ActionDeny
from actions.wishes import ActionAnswerWish
from doorstep.replies.values import Reply
from doorstep.settlement import Settlement
from tests.unit.actions.conftest import FakeAssistant, Run
from tests.unit.actions.telling import CONVERSATION, a_message, a_slot

FORM_TOOK_IT = (a_slot("unclear_answers", 0.0),)
SETTLED = Settlement((Reply("utter_first", {"order_number": "{name} 0["}), Reply("utter_second")))


def test_a_wish_is_settled_and_said_in_order_with_its_values(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ActionAnswerWish(), a_message(), after=FORM_TOOK_IT, wish="refund")
    assert assistant.asked == [("settle", CONVERSATION, "refund")]
    assert (done.replies, done.events) == (list(SETTLED.replies), [])


def test_a_buyer_who_said_no_wish_is_told_where_the_order_is(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionAnswerWish(), a_message("1002", "inform"), after=FORM_TOOK_IT)
    assert assistant.asked == [("settle", CONVERSATION, "track_order")]


def test_no_wish_is_answered_when_the_form_could_not_take_the_message(run: Run, assistant: FakeAssistant) -> None:
    # Rasa goes on to the answer when the form's validation fails; the order may be one that was named before.
    done = run(ActionAnswerWish(), a_message(), before=(a_message(),), after=(a_slot("wish", "refund"),))
    assert (done.replies, done.events, assistant.asked) == ([], [], [])


def test_a_choice_takes_the_option_of_its_offer(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ActionChooseOption(), a_message("/…", "choose_option", offer="now/2/7", option="refund"))
    assert assistant.asked == [("take_option", CONVERSATION, "now/2/7", "refund")]
    assert done.names == ["utter_first", "utter_second"]


def test_an_option_in_words_is_taken_from_the_offer_made_last(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionChooseOption(), a_message("send it again", "inform", option="resend"))
    assert assistant.asked == [("answer_offer", CONVERSATION, "resend")]


@pytest.mark.parametrize(("action", "answer"), [(ActionAffirm(), "yes"), (ActionDeny(), "no")])
def test_a_plain_yes_or_no_answers_the_offer_made_last(
    run: Run, assistant: FakeAssistant, action: Action, answer: str
) -> None:
    assistant.settlement = SETTLED
    done = run(action, a_message(answer, "affirm"))
    assert assistant.asked == [("answer_offer", CONVERSATION, answer)]
    assert done.names == ["utter_first", "utter_second"]


@pytest.mark.parametrize(
    ("action", "reply"),
    [
        (ActionChooseOption(), "utter_nothing_to_choose"),
        (ActionAffirm(), "utter_what_else"),
        (ActionDeny(), "utter_what_else"),
    ],
)
def test_an_answer_to_nothing_gets_a_kind_word(run: Run, action: Action, reply: str) -> None:
    assert run(action, a_message("yes", "affirm", option="resend")).names == [reply]


@pytest.mark.parametrize(("intent", "reason"), [("human_agent", "asked"), ("complaint_escalation", "angry")])
def test_a_person_is_brought_in_for_the_reason_given(
    run: Run, assistant: FakeAssistant, intent: str, reason: str
) -> None:
    assistant.settlement = SETTLED
    done = run(ActionHandOver(), a_message("a human please", intent))
    assert assistant.asked == [("hand_over", CONVERSATION, reason)]
    assert done.names == ["utter_first", "utter_second"]
    assert done.ends_here


def test_what_is_not_understood_once_is_asked_for_in_other_words(run: Run, assistant: FakeAssistant) -> None:
    before = (a_message(message_id="1"),)
    done = run(ActionDefaultFallback(), a_message("xqzt", "nlu_fallback", "2"), before=before)
    assert done.names == ["utter_not_understood"]
    assert [choice.intent for choice in done.replies[0].choices] == ["track_order", "human_agent"]
    assert (done.events, assistant.asked) == ([], [])


@pytest.mark.parametrize("first", NOT_UNDERSTOOD)
def test_the_second_time_in_a_row_a_person_takes_over(run: Run, assistant: FakeAssistant, first: str) -> None:
    assistant.settlement = SETTLED
    before = (a_message("abc", first, "1"),)
    done = run(ActionDefaultFallback(), a_message("xqzt", "nlu_fallback", "2"), before=before)
    assert assistant.asked == [("hand_over", CONVERSATION, "not_understood")]
    assert done.ends_here


def test_one_message_asked_about_twice_counts_once(run: Run, assistant: FakeAssistant) -> None:
    again = a_message("xqzt", "nlu_fallback", "7")
    done = run(ActionDefaultFallback(), again, before=(again, again))
    assert done.names == ["utter_not_understood"]
    assert assistant.asked == []
