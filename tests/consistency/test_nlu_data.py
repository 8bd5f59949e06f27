"""What buyers say, under data/nlu and tests/nlu: nothing missing, nothing twice, nothing leaked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from doorstep.languages import SPOKEN
from doorstep.settings import ROOT
from doorstep.wishes import in_order
from tests.consistency.reading import yaml
from tests.nlu.conftest import HERE, examples

WISHES = [
    "track_order",
    "not_received",
    "customs",
    "defective",
    "quality_complaint",
    "how_to_use",
    "return_item",
    "refund",
    "cancel_order",
    "change_address",
    "returned_to_sender",
    "payment_problem",
    "delivery_time",
    "stock",
    "human_agent",
    "complaint_escalation",
    "confirm_receipt",
]
DIALOGUE_ACTS = ["inform", "greet", "goodbye", "thank", "affirm", "deny", "out_of_scope", "stop_messages"]
SUBINTENTS = {
    "customs": {"why", "refuse", "promised", "held", "papers", "before", "paid", "suspicious"},
    "defective": {"not_working", "damaged", "wrong_item", "missing_parts"},
    "return_item": {"return", "exchange", "status"},
    "refund": {"want", "status"},
    "cancel_order": {"want", "why"},
    "complaint_escalation": {"dispute", "review", "legal", "police", "anger"},
}
MOODS = {"calm", "upset", "angry"}
DATA = ROOT / "data" / "nlu"
EVERYTHING = examples(DATA)
TRAINED = {language: examples(DATA / language) for language in SPOKEN}
HELD_OUT = {language: examples(HERE / f"{language}.yml") for language in SPOKEN}
CHATTER = examples(HERE / "chatter_en.yml")


@dataclass(frozen=True)
class Labelled:
    """A phrase with its intent and what its block says of it beside that: a sub-intent or a mood."""

    text: str
    intent: str
    closely: str


def blocks(file: Path) -> list[Labelled]:
    """The phrases of a file with the metadata of their blocks."""
    found = []
    for block in yaml(file)["nlu"]:
        (closely,) = (block.get("metadata") or {"": ""}).values()
        lines = [line[1:].strip() for line in block["examples"].splitlines()]
        found += [Labelled(line, block["intent"], closely) for line in lines]
    return found


def bare(text: str) -> str:
    """A phrase without what makes two copies of it look different: case, digits, punctuation."""
    return " ".join(re.sub(r"\d+", "0", re.sub(r"[^\w\s]", "", text.casefold())).split())


@pytest.mark.parametrize("language", SPOKEN)
def test_the_intents_with_examples_are_exactly_those_agreed(language: str) -> None:
    assert {intent for _, intent in TRAINED[language]} == {*WISHES, *DIALOGUE_ACTS}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("intent", WISHES)
def test_a_wish_has_thirty_examples_in_a_file_of_its_name(intent: str, language: str) -> None:
    own = examples(DATA / language / f"{intent}.yml")
    by_mood = sum(name == intent for _, name in examples(DATA / language / "moods.yml"))
    assert {name for _, name in own} == {intent}
    assert len(own) >= 30
    assert len(own) + by_mood == sum(name == intent for _, name in TRAINED[language])


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("intent", SUBINTENTS)
def test_what_a_wish_says_more_closely_has_twenty_examples_each(intent: str, language: str) -> None:
    labels = Counter(phrase.closely for phrase in blocks(DATA / language / f"{intent}.yml"))
    assert labels.pop("", 0) > 0, "a block without metadata, for phrases that say none of it"
    assert set(labels) == SUBINTENTS[intent]
    assert [label for label, count in labels.items() if count < 20] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_a_mood_has_forty_examples_over_eight_wishes(language: str) -> None:
    phrases = blocks(DATA / language / "moods.yml")
    assert {phrase.closely for phrase in phrases} == MOODS
    for mood in MOODS:
        intents = [phrase.intent for phrase in phrases if phrase.closely == mood]
        assert (len(intents) >= 40, len(set(intents)) >= 8) == (True, True), mood


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("intent", DIALOGUE_ACTS)
def test_a_dialogue_act_has_fifteen_examples(intent: str, language: str) -> None:
    assert sum(name == intent for _, name in TRAINED[language]) >= 15


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("intent", [*WISHES, *DIALOGUE_ACTS])
def test_an_intent_has_held_out_phrases(intent: str, language: str) -> None:
    assert sum(name == intent for _, name in HELD_OUT[language]) >= 7


@pytest.mark.parametrize("language", SPOKEN)
def test_held_out_messages_with_two_wishes_name_two_that_are_not_one_flow(language: str) -> None:
    several = [name for _, name in HELD_OUT[language] if "+" in name]
    assert len(several) >= 20
    assert [name for name in several if len(in_order(name.split("+"))) != 2] == []


def test_no_example_is_given_twice() -> None:
    # In `inform` the shape of the number is the example, so its digits count.
    keys = [text.casefold() if intent == "inform" else bare(text) for text, intent in EVERYTHING]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("which", ["held-out", "chatter"])
def test_no_phrase_kept_back_is_trained_on(which: str, language: str) -> None:
    kept_back = HELD_OUT[language] if which == "held-out" else CHATTER
    trained = {bare(text) for text, intent in EVERYTHING if intent != "inform"}
    trained |= {text.casefold() for text, intent in EVERYTHING if intent == "inform"}
    leaked = [text for text, intent in kept_back if text.casefold() in trained or bare(text) in trained - {""}]
    assert leaked == []


def test_the_chatter_that_chose_the_thresholds_is_not_held_out_too() -> None:
    assert {bare(text) for text, _ in HELD_OUT["en"]} & {bare(text) for text, _ in CHATTER} == set()


def test_no_test_file_stands_where_rasa_trains() -> None:
    assert [file.name for file in (ROOT / "data").rglob("test_*")] == []
