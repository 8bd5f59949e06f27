"""The intent classifier of `config.yml`: what a message wants, how sure that is, and what else it states.

Sits after the entity extractor in Rasa's pipeline and before FallbackClassifier, which reads the confidence made
here. A `/intent{…}` message is none of its business: Rasa's own handler runs last and replaces whatever stands there.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create and load

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from doorstep.nlu.clauses import Plainly, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import ALWAYS, NEVER, WHEN_UNSURE, Scorer
from doorstep.nlu.sentences import give_vectors, sentence_encoder
from doorstep.wishes import WISHES, in_order

FILE = "intents.npz"
STATED = "wishes"  # the key of the parse under which all wishes of a message stand
RANKED = 10  # intents kept with each message; every one of them is stored with it


class TooFewIntentsError(RasaException):
    """The training data has fewer than two intents with examples; nothing can be told apart."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Gives each message its `intent`, the ten likeliest as `intent_ranking`, and all `wishes` it states.

    A text without words gets none, nor does one that the front found to be in a language we do not speak.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, scorer: Scorer | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._plainly = Plainly(**config["clauses"])
        self._scorer = scorer
        if config["sentence_vector"] not in (ALWAYS, WHEN_UNSURE, NEVER):
            raise InvalidConfigException(
                f"config.yml: sentence_vector of the intent classifier is {config['sentence_vector']!r}: expected "
                f"{ALWAYS}, {WHEN_UNSURE} or {NEVER}."
            )
        if scorer is not None:
            give_vectors(scorer, config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See config.yml, where each is explained."""
        return {
            "strength": 10.0,
            "random_seed": 7,
            "sentence_vector": WHEN_UNSURE,
            "vector_weight": 1.5,
            "nearness_weight": 7.0,
            "sure_above": 0.5,
            "clauses": {"clause": 0.2, "hint": 0.01, "whole": 0.4, "unsure": 0.3, "sure": 0.7},
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["sklearn", "tokenizers", "py3langid"]

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
        """Train and keep the result in the model.

        Raises TooFewIntentsError below two intents, WeightsError without the sentence vector's weights.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        self._scorer = train_model(
            [example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples], self._config
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and wishes on each message. Before training every message is without intent."""
        for message in messages:
            text = normalise(message.get(TEXT) or "")
            foreign = (message.get(METADATA) or {}).get("foreign_language")
            ranking: list[dict[str, Any]] = []
            wishes: tuple[str, ...] = ()
            if self._scorer and text and not foreign and not text.startswith(INTENT_MESSAGE_PREFIX):
                found = understand(text, self._scorer.read_normalised, WISHES, self._plainly)
                ranking = [{"name": name, "confidence": score} for name, score in found.reading.ranking[:RANKED]]
                wishes = in_order(found.wishes)
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(STATED, list(wishes), add_to_output=True)
        return messages


def train_model(texts: list[str], intents: list[str], config: dict[str, Any]) -> Scorer:
    """Train on texts as buyers wrote them, by the settings of `config.yml`; the result can be asked at once.

    Raises TooFewIntentsError when the texts belong to fewer than two intents.
    """
    from doorstep.nlu.fitting import Recipe, fit  # scikit-learn: needed for training alone

    if len(set(intents)) < 2:
        raise TooFewIntentsError(
            f"{len(set(intents))} intent(s) have examples: the classifier needs at least two. Look at data/nlu."
        )
    encoder = None if config["sentence_vector"] == NEVER else sentence_encoder()
    recipe = Recipe(
        strength=float(config["strength"]),
        seed=int(config["random_seed"]),
        vector_weight=float(config["vector_weight"]),
        nearness_weight=float(config["nearness_weight"]),
    )
    scorer = fit(texts, intents, recipe, encoder)
    give_vectors(scorer, config)
    return scorer
