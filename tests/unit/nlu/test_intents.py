"""The classifier as Rasa uses it: trained, kept in a model, loaded, asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

from doorstep.nlu import sentences
from doorstep.nlu.fitting import Recipe, fit
from doorstep.nlu.intents import IntentClassifier, TooFewIntentsError
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import ALWAYS, NEVER, WHEN_UNSURE, Places, Scorer, letter_groups, words
from doorstep.nlu.sentences import WeightsError
from doorstep.settings import ROOT

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


def trained(folder: Path, examples: dict[str, list[str]], **settings: object) -> IntentClassifier:
    folder.mkdir(exist_ok=True)
    storage = LocalModelStorage.create(folder)
    config = IntentClassifier.get_default_config() | settings
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


def test_a_message_in_a_language_that_is_not_spoken_is_refused_whatever_it_resembles(
    classifier: IntentClassifier,
) -> None:
    message = Message({"text": "refund please", "metadata": {"foreign_language": "it"}})
    assert classifier.process([message])[0].get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("wishes") == []


def test_confidence_stays_between_nothing_and_certainty(classifier: IntentClassifier) -> None:
    for text in ["the mortgage advisor plays golf", "refund please", "我的包裹呢", "??"]:
        ranking = asked(classifier, text).get("intent_ranking")
        assert all(0 <= entry["confidence"] <= 1 for entry in ranking)


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
def test_one_text_at_a_time_gets_the_sums_of_the_whole_model(names: list[str]) -> None:
    pairs = [(text, name) for name in names for text in EXAMPLES[name]]
    texts, intents = zip(*pairs, strict=True)
    scorer = fit(texts, intents, Recipe(10.0, 7, 0.0, 0.0), None)
    features = make_union(
        TfidfVectorizer(analyzer=words, sublinear_tf=True),
        TfidfVectorizer(analyzer=letter_groups, min_df=2, sublinear_tf=True),
    )
    rows = features.fit_transform([normalise(text) for text in texts])
    model = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", tol=0.01, random_state=7)
    model.fit(rows, intents)
    for text in ["hello, where is my money", "refund refund, refund!"]:
        sums = np.atleast_1d(model.decision_function(features.transform([normalise(text)]))[0])
        expected = sums if len(sums) > 1 else np.array([-sums[0], sums[0]])
        read = scorer.read(text).shares
        assert [read[name] for name in model.classes_] == pytest.approx(list(1 / (1 + np.exp(-expected))), abs=1e-5)


def test_the_sentence_vector_finds_what_shares_no_word_with_an_example(tmp_path: Path) -> None:
    examples = {
        "defective": ["it is broken", "the lamp does not work", "arrived damaged"],
        "greet": ["hello", "good morning", "hi there"],
        "refund": ["money back please", "reimburse me", "I want a refund"],
    }
    with_vector = trained(tmp_path / "with", examples, sentence_vector=ALWAYS)
    text = "smashed to pieces, faulty"
    assert asked(with_vector, text).get("intent")["name"] == "defective"
    without = trained(tmp_path / "without", examples, sentence_vector=NEVER)
    assert asked(with_vector, text).get("intent") != asked(without, text).get("intent")


def test_a_vector_is_not_asked_where_the_words_are_sure(classifier: IntentClassifier) -> None:
    scorer = classifier._scorer
    assert scorer is not None
    encode, asked_for = scorer.encode, []
    assert encode is not None
    scorer.encode = lambda text: asked_for.append(text) or encode(text)  # type: ignore[func-returns-value]
    try:
        scorer.sure_above = 0.0
        asked(classifier, "refund please")
        assert asked_for == []
        scorer.sure_above = 1.0
        asked(classifier, "refund please")
        asked(classifier, "верните деньги за заказ")
        assert asked_for == ["refund please"], "made for English, so other languages are not asked about"
    finally:
        scorer.encode, scorer.sure_above = encode, 0.5


def test_weights_that_are_missing_stop_training_and_start_with_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(tmp_path / "before", EXAMPLES)
    monkeypatch.setattr(sentences, "_WHEEL", "weights_that_nobody_installed")
    sentences.sentence_encoder.cache_clear()
    try:
        with pytest.raises(WeightsError, match=r"not installed.*make setup"):
            trained(tmp_path / "after", EXAMPLES)
        storage = LocalModelStorage(tmp_path / "before")
        with pytest.raises(WeightsError, match="not installed"):
            IntentClassifier.load(IntentClassifier.get_default_config(), storage, Resource("intents"), CONTEXT)
    finally:
        monkeypatch.undo()
        sentences.sentence_encoder.cache_clear()


def test_an_unknown_way_to_use_the_vector_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigException, match=rf"sometimes.*{ALWAYS}, {WHEN_UNSURE} or {NEVER}"):
        trained(tmp_path, EXAMPLES, sentence_vector="sometimes")


@pytest.mark.parametrize("text", ["it's a  lamp?", "I", "don't send 2 lamps, please!", "где заказ", ""])
def test_words_and_letter_groups_are_those_of_scikit_learn(text: str) -> None:
    theirs = CountVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)[\w']+|[?!]", lowercase=False).build_analyzer()
    assert sorted(words(text)) == sorted(theirs(text))
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(1, 5), lowercase=False).build_analyzer()
    assert sorted(letter_groups(text)) == sorted(theirs(text))


def test_chinese_is_read_by_its_characters_and_their_neighbours() -> None:
    assert list(words("我的iphone壳坏了")) == [
        "我", "的", "iphone", "壳", "坏", "了", "我 的", "的 iphone", "iphone 壳", "壳 坏", "坏 了",
    ]  # fmt: skip
    assert "的包裹" in set(letter_groups("我的包裹呢"))


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


def test_two_processes_that_hash_differently_read_the_same_to_the_last_digit(tmp_path: Path) -> None:
    pairs = [(text, name) for name in ("refund", "greet", "inform") for text in EXAMPLES[name]]
    texts, intents = zip(*pairs, strict=True)
    fit(texts, intents, Recipe(10.0, 7, 0.0, 0.0), None).save(tmp_path / "intents.npz")
    ask = (
        "import sys; from pathlib import Path; from doorstep.nlu.scoring import Scorer; "
        "print(Scorer.load(Path(sys.argv[1])).read('hello, where is my money, refund it please').ranking)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", ask, str(tmp_path / "intents.npz")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(told) == 1


def test_terms_of_the_same_bytes_are_not_taken_for_one_another() -> None:
    terms = ["ek", "步", " w", "眠", "we", "敷", "kw"]
    assert {hash(one) for one in ("ek", "步")} == {hash("ek")}, "else this test says nothing"
    found = {term: Places(terms).counts([term])[0].tolist() for term in [*terms, "步步"]}
    assert found == {**{term: [place] for place, term in enumerate(terms)}, "步步": []}
