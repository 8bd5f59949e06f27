"""What the person who trained is told when the new model understands less."""

from __future__ import annotations

from pathlib import Path

from doorstep.processes import guard
from doorstep.processes.guard import complaint
from doorstep.processes.understanding import Heard, Report
from doorstep.wishes import WISHES
from tests.unit.processes.small_model import a_project

FALLBACK = "nlu_fallback"
INTENTS = (*WISHES, "inform", "greet", "goodbye", "thank", "affirm", "deny")


def a_report(lost: int = 5, **taken_for: str) -> Report:
    """Ten phrases of each intent in English, all understood but the last ones of the intents named."""
    rows = [(intent, number) for intent in INTENTS for number in range(10)]
    taken = [intent if number < 10 - lost else taken_for.get(intent, intent) for intent, number in rows]
    return {"en": [Heard(f"{row[0]} {row[1]}", row[0], what) for row, what in zip(rows, taken, strict=True)]}


def also_refused(text: str, report: Report) -> Report:
    """The report with one phrase more that was refused."""
    return {"en": [Heard(h.text, h.intent, FALLBACK) if h.text == text else h for h in report["en"]]}


def test_a_model_that_understands_as_much_may_be_taken() -> None:
    assert complaint(a_report(), a_report()) == ""


def test_a_complaint_says_where_how_much_which_phrases_and_what_can_be_done() -> None:
    lines = complaint(a_report(), a_report(refund=FALLBACK)).splitlines()
    assert lines[1:4] == [
        "  en, refund: 1.00 before, 0.67 now",
        "Understood before and not now:",
        "  en, refund: 'refund 5' is refused",
    ]
    assert (len(lines), lines[-1].endswith("doorstep train --force")) == (9, True)


def test_a_wish_that_takes_a_little_from_many_is_blamed_with_those_phrases() -> None:
    text = complaint(a_report(), a_report(1, stock="refund", customs="refund", greet="refund", inform="refund"))
    assert text.count(" now\n") == 1
    assert "  en, refund: 1.00 before, 0.83 now\n" in text
    assert "  en, stock: 'stock 9' is taken for refund\n" in text


def test_phrases_of_wishes_that_did_not_suffer_are_not_listed() -> None:
    text = complaint(a_report(), also_refused("stock 0", a_report(3, refund=FALLBACK)))
    assert "'refund 9' is refused" in text
    assert "'stock 0'" not in text


def test_a_language_that_lost_on_the_whole_lists_all_of_its_phrases() -> None:
    text = complaint(a_report(), also_refused("stock 0", a_report(refund=FALLBACK, customs=FALLBACK)))
    assert "  en, all intents: 1.00 before, 0.97 now\n" in text
    assert "'stock 0' is refused" in text


def test_a_refusal_is_remembered_for_the_same_sources_phrases_and_model(tmp_path: Path) -> None:
    root, in_use = a_project(tmp_path), tmp_path / "doorstep-1.tar.gz"
    guard.remember_refused(tmp_path, "mark", root, in_use, "it is worse")

    assert guard.refused_before(tmp_path, "mark", root, in_use) == "it is worse"
    assert guard.refused_before(tmp_path, "another mark", root, in_use) == ""
    assert guard.refused_before(tmp_path, "mark", root, tmp_path / "doorstep-2.tar.gz") == ""
    (root / "tests/nlu/en.yml").write_text("nlu: []\n")
    assert guard.refused_before(tmp_path, "mark", root, in_use) == ""


def test_nothing_is_remembered_where_nothing_was_refused(tmp_path: Path) -> None:
    assert guard.refused_before(tmp_path, "mark", a_project(tmp_path), None) == ""
