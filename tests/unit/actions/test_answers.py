"""The other actions: one question to the rules each, and their settlement said."""

from __future__ import annotations

import pytest
from rasa_sdk import Action

from actions.human_agent import NOT_UNDERSTOOD, ActionDefaultFallback, ActionHandOver
from actions.options import ActionAffirm, ActionChooseOption, ActionDeny
from actions.wishes import ActionAnswerWish
from doorstep.offers import PERSON
from doorstep.replies.values import Reply
from doorstep.settlement import Settlement
from tests.unit.actions.conftest import FakeAssistant, Run
from tests.unit.actions.telling import CONVERSATION, a_message, a_slot

FORM_TOOK_IT = (a_slot("unclear_answers", 0.0),)
A_PERSON = (PERSON.label, PERSON.intent)
SETTLED = Settlement((Reply("utter_first", {"order_number": "{name} 0["}), Reply("utter_second")))


def test_a_wish_is_settled_and_said_in_order_with_its_values(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ActionAnswerWish(), a_message(), after=FORM_TOOK_IT, wish="refund")
    assert assistant.asked == [("settle_all", CONVERSATION, ("refund",))]
    assert (done.replies, done.slots) == (list(SETTLED.replies), {"wishes": None})


def test_all_kept_wishes_are_settled_and_then_forgotten(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    done = run(ActionAnswerWish(), a_message(), after=FORM_TOOK_IT, wish="stock", wishes=["not_received", "stock"])
    assert assistant.asked == [("settle_all", CONVERSATION, ("not_received", "stock"))]
    assert (done.names, done.slots) == (["utter_first", "utter_second"], {"wishes": None})


def test_a_buyer_who_said_no_wish_is_told_where_the_order_is(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionAnswerWish(), a_message("1002", "inform"), after=FORM_TOOK_IT)
    assert assistant.asked == [("settle_all", CONVERSATION, ("track_order",))]


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


def test_who_wants_nothing_of_what_is_offered_is_shown_the_way_to_a_person(run: Run) -> None:
    assert [tuple(reply.choices) for reply in run(ActionDeny(), a_message("no", "deny")).replies] == [(PERSON,)]


@pytest.mark.parametrize(("intent", "reason"), [("human_agent", "asked"), ("complaint_escalation", "angry")])
def test_a_person_is_brought_in_for_the_reason_given(
    run: Run, assistant: FakeAssistant, intent: str, reason: str
) -> None:
    assistant.settlement = SETTLED
    done = run(ActionHandOver(), a_message("a human please", intent))
    assert assistant.asked == [("hand_over", CONVERSATION, reason, (intent,))]
    assert done.names == ["utter_first", "utter_second"]
    assert done.ends_here


def test_a_person_hears_what_else_the_message_asked_for(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionHandOver(), a_message("a human, it is broken", "human_agent", wishes=("human_agent", "defective")))
    assert assistant.asked == [("hand_over", CONVERSATION, "asked", ("defective", "human_agent"))]


def test_what_is_not_understood_once_offers_the_two_likeliest_wishes(run: Run, assistant: FakeAssistant) -> None:
    ranked = ("nlu_fallback", "greet", "human_agent", "stock", "complaint_escalation", "refund", "track_order")
    message = a_message("xqzt", "nlu_fallback", "2", ranked=ranked)
    done = run(ActionDefaultFallback(), message, before=(a_message(message_id="1"),))
    assert done.names == ["utter_did_you_mean"]
    choices = [(choice.label, choice.intent) for choice in done.replies[0].choices]
    assert choices == [("choice_wish_stock", "stock"), ("choice_wish_refund", "refund"), A_PERSON]
    assert (done.events, assistant.asked) == ([], [])


@pytest.mark.parametrize("ranked", [("nlu_fallback",), ("nlu_fallback", "greet", "affirm", "human_agent")])
def test_what_is_like_no_wish_is_asked_for_in_other_words(run: Run, ranked: tuple[str, ...]) -> None:
    done = run(ActionDefaultFallback(), a_message("xqzt", "nlu_fallback", ranked=ranked))
    assert done.names == ["utter_not_understood"]
    assert [(choice.label, choice.intent) for choice in done.replies[0].choices] == [A_PERSON]


def test_what_is_none_of_the_shops_business_is_said_to_be_so(run: Run) -> None:
    message = a_message("tell me a joke", "out_of_scope", ranked=("out_of_scope", "stock", "refund"))
    done = run(ActionDefaultFallback(), message)
    assert done.names == ["utter_not_our_business"]
    assert [(choice.label, choice.intent) for choice in done.replies[0].choices] == [A_PERSON]


def test_a_language_that_is_not_spoken_is_said_to_be_so_without_a_guess(run: Run) -> None:
    message = a_message("il mio pacco non arriva", "nlu_fallback", ranked=("nlu_fallback", "stock"))
    message["metadata"]["foreign_language"] = "it"
    done = run(ActionDefaultFallback(), message)
    assert done.names == ["utter_language_not_spoken"]
    assert [(choice.label, choice.intent) for choice in done.replies[0].choices] == [A_PERSON]


@pytest.mark.parametrize("second", NOT_UNDERSTOOD)
@pytest.mark.parametrize("first", NOT_UNDERSTOOD)
def test_the_second_time_in_a_row_a_person_takes_over(
    run: Run, assistant: FakeAssistant, first: str, second: str
) -> None:
    assistant.settlement = SETTLED
    done = run(ActionDefaultFallback(), a_message("xqzt", second, "2"), before=(a_message("abc", first, "1"),))
    assert assistant.asked == [("hand_over", CONVERSATION, "not_understood", ())]
    assert done.ends_here


def test_what_was_understood_between_begins_the_count_again(run: Run, assistant: FakeAssistant) -> None:
    before = (a_message("abc", "nlu_fallback", "1"), a_message(message_id="2"))
    done = run(ActionDefaultFallback(), a_message("xqzt", "nlu_fallback", "3"), before=before)
    assert (done.names, assistant.asked) == (["utter_not_understood"], [])


def test_one_message_asked_about_twice_counts_once(run: Run, assistant: FakeAssistant) -> None:
    again = a_message("xqzt", "nlu_fallback", "7")
    done = run(ActionDefaultFallback(), again, before=(again, again))
    assert done.names == ["utter_not_understood"]
    assert assistant.asked == []


def test_what_is_not_understood_is_kept_for_review(run: Run, assistant: FakeAssistant) -> None:
    run(ActionDefaultFallback(), a_message("hm", "nlu_fallback"))
    assert assistant.kept == [(CONVERSATION, "hm")]


def test_a_person_chosen_after_it_was_not_understood_is_noted_with_it(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionHandOver(), a_message("/human_agent", "human_agent", "2"), before=(a_message("hm", "nlu_fallback"),))
    assert assistant.kept == [(CONVERSATION, "/human_agent")]


def test_a_person_asked_for_in_words_leaves_nothing_to_review(run: Run, assistant: FakeAssistant) -> None:
    assistant.settlement = SETTLED
    run(ActionHandOver(), a_message("a human please", "human_agent"))
    assert assistant.kept == []
