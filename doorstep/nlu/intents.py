"""The intent classifier of `config.yml`: words and letter groups of a message, weighed by a linear model.

Sits after the entity extractor in Rasa's pipeline and before FallbackClassifier, which reads the confidence made
here. A `/intent{…}` message is none of its business: Rasa's own handler runs last and replaces whatever stands there.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create and load

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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

from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import FEATURES, Part, Scorer

if TYPE_CHECKING:  # only training needs it: see doorstep.nlu.scoring
    from sklearn.pipeline import Pipeline

FILE = "intents.npz"
_SEEN_AT_LEAST = {"words": 1, "letters": 2}  # times in the training texts, for a term to count


class TooFewIntentsError(RasaException):
    """The training data has fewer than two intents with examples; nothing can be told apart."""


def train_model(texts: Sequence[str], intents: Sequence[str], strength: float, seed: int) -> Scorer:
    """Train on texts as buyers wrote them. `strength` is the inverse of the regularisation.

    Raises TooFewIntentsError when the texts belong to fewer than two intents.
    """
    if len(set(intents)) < 2:
        raise TooFewIntentsError(
            f"{len(set(intents))} intent(s) have examples: the classifier needs at least two. Look at data/nlu."
        )
    return as_scorer(fit_pipeline(texts, intents, strength, seed))


def fit_pipeline(texts: Sequence[str], intents: Sequence[str], strength: float, seed: int) -> Pipeline:
    """The scikit-learn pipeline for these texts: one vectorizer for each of FEATURES, and a linear model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        *(
            TfidfVectorizer(analyzer=terms, min_df=_SEEN_AT_LEAST[kind], sublinear_tf=True)
            for kind, terms in FEATURES.items()
        )
    )
    weights = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000, random_state=seed)
    return make_pipeline(features, weights).fit([normalise(text) for text in texts], list(intents))


def as_scorer(pipeline: Pipeline) -> Scorer:
    """What is needed of a fitted pipeline to ask it about one text at a time."""
    features, weights = pipeline
    parts, used = {}, 0
    for kind, (_, vectorizer) in zip(FEATURES, features.transformer_list, strict=True):
        places = {str(term): place for place, term in enumerate(vectorizer.get_feature_names_out())}
        rows = np.ascontiguousarray(weights.coef_[:, used : used + len(places)].T)
        parts[kind] = Part(places, vectorizer.idf_, rows)
        used += len(places)
    return Scorer([str(intent) for intent in weights.classes_], weights.intercept_, parts)


RANKED = 10  # intents kept with each message; every one of them is stored with it


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Gives each message its `intent` and the ten likeliest as `intent_ranking`; a text without words gets none."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, scorer: Scorer | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorer = scorer

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
            return cls(config, model_storage, resource, Scorer.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Train and keep the result in the model. Raises TooFewIntentsError below two intents."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        self._scorer = train_model(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            float(self._config["strength"]),
            int(self._config["random_seed"]),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on each message. Before training every message is without intent."""
        for message in messages:
            text = message.get(TEXT) or ""
            ranked = self._scorer.rank(text)[:RANKED] if self._scorer and text.strip() else []
            ranking = [{"name": name, "confidence": score} for name, score in ranked]
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
