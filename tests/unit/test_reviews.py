"""Which messages are kept for review, as what, and what of their text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from structlog.testing import capture_logs

from doorstep import reviews
from doorstep.reviews import LONGEST, Chosen, noticed, redacted
from doorstep.storage.reviews import Noted
from tests.builders import NOW

RANKED = [
    {"name": "nlu_fallback", "confidence": 0.3},
    {"name": "refund", "confidence": 0.27},
    {"name": "return_item", "confidence": 0.11},
]


class Now:
    def now(self) -> Any:
        return NOW


def heard(text: str, intent: str, number: str = "1", **metadata: str) -> dict[str, Any]:
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 0.3},
        "intent_ranking": RANKED if intent == "nlu_fallback" else [{"name": intent, "confidence": 0.9}],
        "message_id": number,
        "metadata": {"language": "de", "foreign_language": "", **metadata},
    }


def test_a_message_that_was_not_understood_is_kept_with_what_the_classifier_thought() -> None:
    assert noticed([heard("hm", "nlu_fallback", "7")]) == Noted(7, "de", "hm", "refund", 0.27, "return_item", "refused")


def test_a_message_about_something_else_is_kept_as_refused() -> None:
    found = noticed([heard("hm", "out_of_scope", "7")])
    assert found == Noted(7, "de", "hm", "out_of_scope", 0.9, "", "refused")


def test_a_message_in_which_nothing_was_read_is_kept_without_an_intent() -> None:
    found = noticed([{**heard("?!", "nlu_fallback"), "intent_ranking": [RANKED[0]]}])
    assert found == Noted(1, "de", "?!", "", 0.0, "", "refused")


def test_the_second_one_in_a_row_is_kept_as_handed_over() -> None:
    found = noticed([heard("hm", "nlu_fallback", "1"), heard("well", "out_of_scope", "2")])
    assert isinstance(found, Noted)
    assert (found.inbox_id, found.reason) == (2, "handed_over")


def test_a_message_that_rasa_was_asked_twice_is_not_the_second_in_a_row() -> None:
    found = noticed([heard("hm", "nlu_fallback", "1"), heard("hm", "nlu_fallback", "1")])
    assert isinstance(found, Noted)
    assert found.reason == "refused"


def test_a_message_that_was_understood_is_not_kept() -> None:
    assert noticed([heard("where is my parcel", "track_order")]) is None


@pytest.mark.parametrize("number", ["", "b4f0aa", "99999999999", "-1"])
def test_a_message_without_a_number_of_the_inbox_is_not_kept(number: str) -> None:
    assert noticed([heard("hm", "nlu_fallback", number)]) is None


def test_a_message_in_a_language_that_is_not_spoken_is_not_kept() -> None:
    assert noticed([heard("dov'è il mio pacco", "nlu_fallback", foreign_language="it")]) is None


def test_a_wish_chosen_right_after_corrects_the_message_before() -> None:
    found = noticed([heard("hm", "nlu_fallback", "7"), heard("/refund", "refund", "8")])
    assert found == Chosen(7, "refund", "corrected")


def test_a_person_chosen_right_after_makes_it_one_that_was_handed_over() -> None:
    found = noticed([heard("hm", "nlu_fallback", "7"), heard("/human_agent", "human_agent", "8")])
    assert found == Chosen(7, "human_agent", "handed_over")


@pytest.mark.parametrize(
    "messages",
    [
        [heard("/refund", "refund", "8")],
        [heard("where is it", "track_order", "7"), heard("/refund", "refund", "8")],
        [heard("hm", "nlu_fallback", "6"), heard("hello", "greet", "7"), heard("/refund", "refund", "8")],
        [heard("hm", "nlu_fallback", "7"), heard("/choose_option", "choose_option", "8")],
        [heard("hm", "nlu_fallback", "7"), heard("money back", "refund", "8")],
    ],
    ids=["first of all", "after an answer", "later", "no wish", "in words"],
)
def test_any_other_choice_corrects_nothing(messages: list[dict[str, Any]]) -> None:
    assert noticed(messages) is None


def test_addresses_and_numbers_are_taken_out() -> None:
    text = "order 61290044\nfor jo@shop.example please, token=abc123"
    assert redacted(text) == "order [number] for [e-mail] please, token=[removed]"


def test_a_long_text_is_cut_after_its_numbers_were_taken_out() -> None:
    text = "a" * (LONGEST - 4) + " 12345678"
    assert redacted(text) == "a" * (LONGEST - 4)


def test_a_bracket_of_the_buyer_does_not_cut_a_long_text() -> None:
    assert len(redacted("[ so " + "a" * LONGEST)) == LONGEST


def test_trouble_with_the_database_costs_the_buyer_nothing() -> None:
    empty: Engine = create_engine("sqlite://", future=True)
    with capture_logs() as logged:
        reviews.keep(empty, Now(), "c", [heard("hm", "nlu_fallback")])
    assert [(entry["event"], entry["log_level"]) for entry in logged] == [("review.not_kept", "warning")]
