"""How a message ends depends on who owns the conversation before Rasa is asked and after."""

from __future__ import annotations

import pytest

from doorstep.front.outcomes import RESUME_PAYLOAD, TECHNICAL, Answer, after_asking, before_asking
from doorstep.replies.values import Hours
from doorstep.storage.messages import Outgoing

REPLIES = (Outgoing("assistant", "Here it is."),)


@pytest.mark.parametrize("owner", ["assistant", "closed"])
def test_the_assistants_messages_are_asked_about(owner: str) -> None:
    assert before_asking(owner, "hello", False, 24) is None


@pytest.mark.parametrize("owner", ["assistant", "queue", "agent", "closed"])
def test_what_was_asked_about_before_a_crash_is_asked_about_again(owner: str) -> None:
    assert before_asking(owner, "hello", True, 24) is None


def test_in_the_queue_the_buyer_hears_who_will_answer_and_when() -> None:
    ending = before_asking("queue", "hello", False, 24)
    assert ending is not None
    assert ending.notice is not None
    assert (ending.outcome, ending.notice.name) == ("queued", "notice_passed_on")
    assert ending.notice.values == {"answer_within_hours": Hours(24)}
    assert [choice.intent for choice in ending.notice.choices] == ["resume_assistant"]


def test_with_a_person_there_is_silence() -> None:
    ending = before_asking("agent", "hello", False, 24)
    assert ending is not None
    assert (ending.outcome, ending.notice, ending.replies, ending.owner) == ("queued", None, (), "")


@pytest.mark.parametrize(("owner", "new_owner"), [("queue", "assistant"), ("assistant", "assistant"), ("agent", "")])
def test_going_on_with_the_assistant_works_unless_a_person_has_it(owner: str, new_owner: str) -> None:
    ending = before_asking(owner, RESUME_PAYLOAD, False, 24)
    assert ending is not None
    assert ending.owner == new_owner


@pytest.mark.parametrize(("owner", "outcome"), [("assistant", "answered"), ("queue", "queued")])
def test_replies_are_told(owner: str, outcome: str) -> None:
    ending = after_asking(owner, Answer(REPLIES), 24)
    assert (ending.outcome, ending.replies, ending.owner) == (outcome, REPLIES, "")


@pytest.mark.parametrize("answer", [Answer(REPLIES), Answer(trouble="slow")])
def test_a_person_who_came_in_between_is_not_talked_over(answer: Answer) -> None:
    ending = after_asking("agent", answer, 24)
    assert (ending.outcome, ending.replies, ending.notice, ending.owner) == ("queued", (), None, "")


def test_trouble_ends_in_an_apology_and_a_person() -> None:
    ending = after_asking("assistant", Answer(trouble="slow"), 24)
    assert ending.notice is not None
    assert (ending.outcome, ending.notice.name) == ("apologised", "apology_technical")
    assert (ending.owner, ending.reason) == ("queue", TECHNICAL)


def test_trouble_after_a_hand_over_ends_in_the_notice_of_the_queue() -> None:
    ending = after_asking("queue", Answer(trouble="empty"), 24)
    assert ending.notice is not None
    assert (ending.outcome, ending.notice.name, ending.owner) == ("queued", "notice_passed_on", "")


def test_a_photo_without_words_is_kept_and_asked_about_without_troubling_rasa() -> None:
    ending = before_asking("assistant", "", False, 24)

    assert ending is not None
    assert ending.outcome == "answered"
    assert ending.notice is not None
    assert ending.notice.name == "notice_photo_received"


@pytest.mark.parametrize("answer", [Answer(REPLIES), Answer(trouble="slow")])
def test_what_a_person_has_read_and_given_back_meanwhile_is_not_answered_again(answer: Answer) -> None:
    ending = after_asking("assistant", answer, 24, had_person=True)
    assert (ending.outcome, ending.replies, ending.notice, ending.owner) == ("queued", (), None, "")


@pytest.mark.parametrize(("said", "owner"), [(("utter_thank",), ""), (("utter_help",), "assistant"), ((), "assistant")])
def test_thanks_leave_a_closed_conversation_closed_and_a_wish_opens_it(said: tuple[str, ...], owner: str) -> None:
    ending = after_asking("closed", Answer(REPLIES, said=said), 24)
    assert (ending.outcome, ending.replies, ending.owner) == ("answered", REPLIES, owner)
