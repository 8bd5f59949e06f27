"""The intent classifier of `config.yml`: words and letter groups of a message, weighed by a linear model.

Sits after the entity extractor in Rasa's pipeline and before FallbackClassifier, which reads the confidence made
here. A `/intent{…}` message is none of its business: Rasa's own handler runs last and replaces whatever stands there.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create and load

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from doorstep.nlu.numbers import EMAIL, ORDER, TRACKING, find_numbers

FILE = "intents.joblib"
_WORD = r"(?u)[\w']+|[?!]"
_MASKS = {ORDER: " øø ", TRACKING: " ŧŧ ", EMAIL: " ææ "}  # letters no training phrase is likely to hold


class TooFewIntentsError(RasaException):
    """The training data has fewer than two intents with examples; nothing can be told apart."""


def normalise(text: str) -> str:
    """What the model reads: NFKC, case-folded, numbers that matter masked by kind, other digits 0, single spaces."""
    parts: list[str] = []
    done = 0
    for find in find_numbers(text):
        parts += [text[done : find.start], _MASKS[find.kind]]
        done = find.end
    folded = unicodedata.normalize("NFKC", "".join([*parts, text[done:]])).casefold().replace("’", "'")
    return " ".join(re.sub(r"\d", "0", folded).split())


def train_model(texts: Sequence[str], intents: Sequence[str], strength: float, seed: int) -> Pipeline:
    """Train on texts as buyers wrote them. `strength` is the inverse of the regularisation.

    Raises TooFewIntentsError when the texts belong to fewer than two intents.
    """
    if len(set(intents)) < 2:
        raise TooFewIntentsError(
            f"{len(set(intents))} intent(s) have examples: the classifier needs at least two. Look at data/nlu."
        )
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_WORD, lowercase=False, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), min_df=2, lowercase=False, sublinear_tf=True),
    )
    weights = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000, random_state=seed)
    return make_pipeline(features, weights).fit([normalise(text) for text in texts], list(intents))


class Scorer:
    """Asks a trained model about one text at a time.

    The same sums as `model.predict_proba`, without the sparse matrices that take most of the time for one row.
    """

    def __init__(self, model: Pipeline) -> None:
        features, weights = model
        self._intents = [str(intent) for intent in model.classes_]
        self._start = weights.intercept_
        self._parts = []
        used = 0
        for _, part in features.transformer_list:
            upto = used + len(part.vocabulary_)
            rows = np.ascontiguousarray(weights.coef_[:, used:upto].T)
            self._parts.append((part.build_analyzer(), part.vocabulary_, part.idf_, rows))
            used = upto

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their confidences (0 to 1, summing to 1), the likeliest first."""
        sums = self._start.copy()
        read = normalise(text)
        for analyse, vocabulary, rarity, rows in self._parts:
            counts = Counter(vocabulary[term] for term in analyse(read) if term in vocabulary)
            if counts:
                places = np.fromiter(counts.keys(), dtype=np.intp)
                values = (1.0 + np.log(np.fromiter(counts.values(), dtype=float))) * rarity[places]
                sums += (values @ rows[places]) / np.linalg.norm(values)
        if len(self._intents) == 2:  # scikit-learn keeps one row of weights for two classes
            sums = np.array([0.0, sums[0]])
        shares = np.exp(sums - sums.max())
        shares /= shares.sum()
        return [(self._intents[index], float(shares[index])) for index in np.argsort(-shares, kind="stable")]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Gives each message its `intent` and the full `intent_ranking`; a text without words gets none."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Pipeline | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorer = Scorer(model) if model else None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength`: inverse of the regularisation; `random_seed`: makes two trainings give one model."""
        return {"strength": 10.0, "random_seed": 7}

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Read a trained classifier. Raises ValueError when the model holds none."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Train and keep the result in the model. Raises TooFewIntentsError below two intents."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        model = train_model(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            float(self._config["strength"]),
            int(self._config["random_seed"]),
        )
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / FILE, compress=3)
        self._scorer = Scorer(model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on each message. Before training every message is without intent."""
        for message in messages:
            text = message.get(TEXT) or ""
            scorer = self._scorer if text.strip() else None
            ranking = [{"name": name, "confidence": score} for name, score in scorer.rank(text)] if scorer else []
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
