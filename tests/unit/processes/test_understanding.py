"""A model's F1 on held-out phrases, and where it is clearly lower than another model's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from doorstep.processes import understanding
from doorstep.processes.understanding import Heard, Loss, NotScored, Report, f1_by_intent, losses, no_longer_right
from doorstep.wishes import WISHES
from tests.unit.processes.small_model import HELD_OUT, a_model, a_project

FALLBACK, STRANGE = "nlu_fallback", "out_of_scope"


def taken(intent: str, *taken_for: str) -> list[Heard]:
    """Phrases of one intent, and what each was taken for."""
    return [Heard(f"{intent} {number}", intent, what) for number, what in enumerate(taken_for)]


def a_report(*heard: Sequence[Heard], language: str = "en") -> Report:
    return {language: [each for some in heard for each in some]}


OTHERS = [taken(intent, *[intent] * 8) for intent in WISHES if intent != "refund"]  # all of them understood


def test_f1_counts_what_was_missed_and_what_was_taken_wrongly() -> None:
    heard = [*taken("refund", "refund", "refund", "stock"), *taken("stock", "stock", "stock", "stock")]
    assert f1_by_intent(heard) == {"refund": pytest.approx(4 / 5), "stock": pytest.approx(6 / 7)}


def test_a_refusal_is_wrong_for_a_wish_and_right_for_what_is_none() -> None:
    heard = [*taken("refund", "refund", FALLBACK), *taken(STRANGE, FALLBACK, STRANGE)]
    assert f1_by_intent(heard) == {"refund": pytest.approx(2 / 3), STRANGE: pytest.approx(4 / 5)}
    assert [each.is_right for each in heard] == [True, False, True, True]


def test_an_intent_that_is_never_taken_has_no_f1_to_speak_of() -> None:
    assert f1_by_intent(taken("refund", FALLBACK)) == {"refund": 0.0}


def test_a_language_that_lost_more_than_two_hundredths_is_found() -> None:
    right = taken("greet", *["greet"] * 50)
    assert losses(a_report(right), a_report(taken("greet", *["greet"] * 48, FALLBACK, FALLBACK))) == [
        Loss("en", "", 1.0, pytest.approx(0.9796, abs=1e-4))
    ]
    assert losses(a_report(right), a_report(taken("greet", *["greet"] * 49, FALLBACK))) == []


def test_a_wish_that_lost_more_than_fifteen_hundredths_is_found_where_the_whole_did_not() -> None:
    before = a_report(taken("refund", *["refund"] * 8), *OTHERS)
    after = a_report(taken("refund", *["refund"] * 5, *[FALLBACK] * 3), *OTHERS)
    assert losses(before, after) == [Loss("en", "refund", 1.0, pytest.approx(10 / 13))]


def test_a_wish_may_lose_a_little() -> None:
    before = a_report(taken("refund", *["refund"] * 8), *OTHERS)
    after = a_report(taken("refund", *["refund"] * 6, *[FALLBACK] * 2), *OTHERS)
    assert losses(before, after) == []


def test_small_talk_may_lose_more_as_long_as_the_whole_does_not() -> None:
    before = a_report(taken("greet", *["greet"] * 8), *OTHERS)
    after = a_report(taken("greet", *["greet"] * 5, *[FALLBACK] * 3), *OTHERS)
    assert losses(before, after) == []


def test_understanding_more_is_no_loss() -> None:
    less, more = taken("refund", FALLBACK, FALLBACK), taken("refund", "refund", "refund")
    assert losses(a_report(less), a_report(more)) == []


def test_only_phrases_that_both_were_asked_count() -> None:
    before = a_report(taken("refund", "refund", "refund"))
    harder = a_report(taken("refund", "refund", "refund", FALLBACK, FALLBACK, FALLBACK))
    assert losses(before, harder) == []


def test_a_language_that_was_not_asked_before_is_not_compared() -> None:
    assert losses(a_report(taken("refund", "refund")), a_report(taken("refund", FALLBACK), language="de")) == []


def test_phrases_that_are_no_longer_right_are_named_and_the_others_are_not() -> None:
    before = a_report(taken("refund", "refund", "refund", FALLBACK), taken(STRANGE, FALLBACK))
    after = a_report(taken("refund", "refund", "stock", FALLBACK), taken(STRANGE, STRANGE))
    assert no_longer_right(before, after, ["en"]) == {"en": [Heard("refund 1", "refund", "stock")]}
    assert no_longer_right(before, after, ["de"]) == {}


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = {**a_report(taken("refund", "refund", FALLBACK)), **a_report(taken("退款", "退款"), language="zh")}
    understanding.write(report, tmp_path / "report.json")
    assert understanding.read(tmp_path / "report.json") == report


@pytest.mark.parametrize("text", ["", "[]", "{}x", '{"en": 1}', '{"en": {"phrases": [["a"]]}}'])
def test_a_report_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert understanding.read(tmp_path / "report.json") is None
    assert understanding.read(tmp_path / "missing.json") is None


def test_a_model_is_asked_as_it_is_trained_and_what_states_two_wishes_is_left_out(tmp_path: Path) -> None:
    report = understanding.score(a_model(tmp_path), a_project(tmp_path))
    assert [(each.text, each.intent) for each in report["en"]] == HELD_OUT
    assert [each.is_right for each in report["en"]] == [True] * len(HELD_OUT)


@pytest.mark.parametrize("limit", ["threshold: 1.01", "ambiguity_threshold: 1.01"])
def test_the_thresholds_of_the_configuration_decide_what_is_refused(tmp_path: Path, limit: str) -> None:
    project = a_project(tmp_path, fallback=limit)
    report = understanding.score(a_model(tmp_path), project)
    assert {each.taken_for for each in report["en"]} == {FALLBACK}


def test_a_model_of_another_kind_is_not_scored(tmp_path: Path) -> None:
    project, other = a_project(tmp_path), tmp_path / "other.tar.gz"
    other.write_text("no archive")
    with pytest.raises(NotScored, match="cannot be read"):
        understanding.score(other, project)
    with pytest.raises(NotScored, match="no intent classifier of ours"):
        understanding.score(a_model(tmp_path, inside="components/diet/checkpoint"), project)


def test_nothing_is_scored_without_held_out_phrases(tmp_path: Path) -> None:
    with pytest.raises(NotScored, match=r"no held-out phrases \(tests/nlu\)"):
        understanding.score(a_model(tmp_path), tmp_path)
