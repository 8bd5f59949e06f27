"""Held-out phrases against the data and the thresholds the product ships with."""

from __future__ import annotations

import pytest

from doorstep.nlu.intents import Scorer
from tests.nlu.conftest import HERE, examples

NOT_UNDERSTOOD = {"nlu_fallback", "out_of_scope"}
# Held-out phrases answered rightly, per intent. Refusing a wish costs one question back; taking it for another
# wish costs the buyer's trust, so both are counted.
RECALL_FLOOR = 0.6
RECALL_FLOOR_OVERALL = 0.85
WRONG_CEILING_OVERALL = 0.08
HELD_OUT = examples(HERE / "en.yml")
INTENTS = sorted({intent for _, intent in HELD_OUT} - NOT_UNDERSTOOD)


def understood(scorer: Scorer, texts: list[str], refused: tuple[float, float]) -> list[str]:
    """The intents Rasa would act on, as FallbackClassifier decides them."""
    threshold, lead = refused
    return [
        first if score >= threshold and score - second >= lead else "nlu_fallback"
        for (first, score), (_, second) in (scorer.rank(text)[:2] for text in texts)
    ]


@pytest.mark.parametrize("intent", INTENTS)
def test_held_out_phrases_of_an_intent_are_understood(
    intent: str, scorer: Scorer, refused: tuple[float, float]
) -> None:
    texts = [text for text, meant in HELD_OUT if meant == intent]
    answers = understood(scorer, texts, refused)
    missed = [(text, answer) for text, answer in zip(texts, answers, strict=True) if answer != intent]
    assert 1 - len(missed) / len(texts) >= RECALL_FLOOR, missed


def test_held_out_phrases_are_understood_on_the_whole(scorer: Scorer, refused: tuple[float, float]) -> None:
    wishes = [(text, intent) for text, intent in HELD_OUT if intent in INTENTS]
    answers = understood(scorer, [text for text, _ in wishes], refused)
    right = sum(answer == intent for answer, (_, intent) in zip(answers, wishes, strict=True))
    refusals = sum(answer in NOT_UNDERSTOOD for answer in answers)
    assert right / len(wishes) >= RECALL_FLOOR_OVERALL
    assert (len(wishes) - right - refusals) / len(wishes) <= WRONG_CEILING_OVERALL


def test_questions_for_somebody_else_are_refused(scorer: Scorer, refused: tuple[float, float]) -> None:
    texts = [text for text, intent in HELD_OUT if intent == "out_of_scope"]
    taken = [
        pair for pair in zip(texts, understood(scorer, texts, refused), strict=True) if pair[1] not in NOT_UNDERSTOOD
    ]
    assert len(taken) / len(texts) <= 0.2, taken


def test_delivered_but_not_here_is_never_read_as_arrived(scorer: Scorer, refused: tuple[float, float]) -> None:
    texts = [
        "it says delivered but i dont have it",
        "Tracking claims it was delivered. It was not.",
        "marked as delivered, no package here",
        "apparently delivered on friday but I never saw it",
    ]
    assert set(understood(scorer, texts, refused)) == {"not_received"}


def test_a_chinese_buyer_asking_for_the_parcel_is_understood(scorer: Scorer, refused: tuple[float, float]) -> None:
    assert understood(scorer, ["我的包裹到哪里了？", "显示签收了但是我没有收到"], refused) == [
        "track_order",
        "not_received",
    ]


@pytest.mark.parametrize("number", ["55820193", "112-4455667-8899001", "RB123456785CN", "jo@shop.example", "#3307"])
def test_a_message_that_is_only_a_number_or_address_informs(
    number: str, scorer: Scorer, refused: tuple[float, float]
) -> None:
    assert understood(scorer, [number], refused) == ["inform"]
