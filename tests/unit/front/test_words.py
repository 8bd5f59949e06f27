"""The front's own words exist, say who answers and by when, and are not repeated word for word."""

from __future__ import annotations

import pytest

from doorstep.front.outcomes import Answer, after_asking, before_asking
from doorstep.replies.catalogue import Catalogue, Worded
from doorstep.replies.values import Reply
from doorstep.settings import ROOT

WORDS = Catalogue(ROOT / "replies")


def _apology(said: list[str]) -> Worded:
    notice = after_asking("assistant", Answer(trouble="slow"), 24).notice
    assert notice is not None
    return WORDS.word(notice, "en", said)


def _in_queue(said: list[str]) -> Worded:
    ending = before_asking("queue", "hello", False, 24)
    assert ending is not None
    assert ending.notice is not None
    return WORDS.word(ending.notice, "en", said)


@pytest.mark.parametrize("worded", [_apology([]), _in_queue([])], ids=["apology", "queue"])
def test_the_first_notice_says_by_when_a_person_answers_and_how_to_go_on(worded: Worded) -> None:
    assert "within 24 hours" in worded.text
    (choice,) = worded.choices
    assert choice.payload == "/resume_assistant"
    assert "assistant" in choice.label


@pytest.mark.parametrize("word", [_apology, _in_queue])
def test_the_second_notice_is_worded_otherwise(word: object) -> None:
    assert callable(word)
    first = word([]).text
    assert word([first]).text not in ("", first)


def test_coming_back_is_told() -> None:
    assert WORDS.word(Reply("notice_back_with_assistant"), "en").text
