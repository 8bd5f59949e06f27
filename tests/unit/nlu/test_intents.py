"""The classifier as Rasa uses it: trained, kept in a model, loaded, asked."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import CountVectorizer

from doorstep.nlu.intents import IntentClassifier, TooFewIntentsError, as_scorer, fit_pipeline
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Scorer, letter_groups, words

EXAMPLES = {
    "refund": ["I want my money back", "refund please", "when do I get my refund"],
    "greet": ["hello", "hi there", "good morning"],
    "inform": ["my order is 10234", "112-4455667-8899001", "jo@shop.example"],
}
CONTEXT = ExecutionContext(GraphSchema({}))


def training_data(examples: dict[str, list[str]]) -> TrainingData:
    return TrainingData(
        [Message.build(text=text, intent=intent) for intent, texts in examples.items() for text in texts]
    )


def trained(folder: Path, examples: dict[str, list[str]]) -> IntentClassifier:
    storage = LocalModelStorage.create(folder)
    config = IntentClassifier.get_default_config()
    resource = IntentClassifier.create(config, storage, Resource("intents"), CONTEXT).train(training_data(examples))
    return IntentClassifier.load(config, storage, resource, CONTEXT)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> IntentClassifier:
    return trained(tmp_path_factory.mktemp("model"), EXAMPLES)


def asked(classifier: IntentClassifier, text: str) -> Message:
    return classifier.process([Message({"text": text})])[0]


def test_a_message_gets_its_intent_and_the_ranking_of_all(classifier: IntentClassifier) -> None:
    message = asked(classifier, "i want a refund")
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert message.get("intent")["name"] == "refund"
    assert sorted(entry["name"] for entry in ranking) == sorted(EXAMPLES)
    assert [entry["confidence"] for entry in ranking] == sorted((e["confidence"] for e in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "   \n"])
def test_a_text_without_words_has_no_intent_and_is_refused(classifier: IntentClassifier, text: str) -> None:
    message = asked(classifier, text)
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    refuser = FallbackClassifier({"threshold": 0.3, "ambiguity_threshold": 0.05})
    assert refuser.process([message])[0].get("intent")["name"] == "nlu_fallback"


def test_the_confidences_of_a_message_are_shares_of_one(classifier: IntentClassifier) -> None:
    ranking = asked(classifier, "the mortgage advisor plays golf").get("intent_ranking")
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0)


def test_a_full_intent_message_is_left_to_rasas_own_handler(classifier: IntentClassifier) -> None:
    message = asked(classifier, '/greet{"order_number": "10234"}')
    (handled,) = RegexMessageHandler().process([message])
    assert handled.get("intent") == {"name": "greet", "confidence": 1.0}
    assert [entity["value"] for entity in handled.get("entities")] == ["10234"]


def test_training_twice_gives_the_same_confidences(classifier: IntentClassifier, tmp_path: Path) -> None:
    again = trained(tmp_path, EXAMPLES)
    text = "good morning, money back"
    assert asked(again, text).get("intent_ranking") == asked(classifier, text).get("intent_ranking")


@pytest.mark.parametrize("examples", [{}, {"greet": ["hello", "hi"]}])
def test_fewer_than_two_intents_are_refused_with_a_reason(tmp_path: Path, examples: dict[str, list[str]]) -> None:
    with pytest.raises(TooFewIntentsError, match="at least two"):
        trained(tmp_path, examples)


def test_the_number_of_an_order_does_not_change_the_intent(classifier: IntentClassifier) -> None:
    assert normalise("my order is 10234") == normalise("My  order is 112-4455667-8899001")


def test_kinds_of_numbers_are_told_apart_and_other_digits_are_alike() -> None:
    texts = ["112-4455667-8899001", "RB123456785CN", "jo@shop.example"]
    assert len({normalise(text) for text in texts}) == 3
    assert normalise("in 5 days") == normalise("in 7 days")
    assert normalise("Ｉｎ ５ Days") == normalise("in 7 days")


@pytest.mark.parametrize("names", [["refund", "greet"], ["refund", "greet", "inform"]])
def test_one_text_at_a_time_gets_the_probabilities_of_the_whole_model(names: list[str]) -> None:
    pairs = [(text, name) for name in names for text in EXAMPLES[name]]
    model = fit_pipeline([text for text, _ in pairs], [name for _, name in pairs], 10.0, 7)
    for text in ["hello, where is my money", "xyz", "refund refund, refund!"]:
        expected = dict(zip(model.classes_, model.predict_proba([normalise(text)])[0], strict=True))
        assert dict(as_scorer(model).rank(text)) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["it's a  lamp?", "I", "don't send 2 lamps, please!", "我的包裹呢", ""])
def test_words_and_letter_groups_are_those_of_scikit_learn(text: str) -> None:
    theirs = CountVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)[\w']+|[?!]", lowercase=False).build_analyzer()
    assert sorted(words(text)) == sorted(theirs(text))
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(1, 5), lowercase=False).build_analyzer()
    assert sorted(letter_groups(text)) == sorted(theirs(text))


def test_reading_a_model_runs_no_code_of_its_file(tmp_path: Path) -> None:
    file, sign = tmp_path / "intents.npz", tmp_path / "code was run"
    np.savez(file, **{"words.terms": np.array([Alarm(sign)], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        Scorer.load(file)
    assert not sign.exists()


class Alarm:
    """Makes a file when it is unpickled."""

    def __init__(self, sign: Path) -> None:
        self._sign = sign

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._sign),)
