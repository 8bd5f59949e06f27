"""Says more closely what a message means by its wish, and in which mood it was written.

Sits after the intent classifier. A block of training phrases may carry Rasa's intent-level metadata: `subintent` for
what its phrases say more closely ("damaged" of "defective"), `mood` for how they sound. One small model is trained for
each intent that has several sub-intents, and one for the mood; below `threshold` nothing is said.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create and load

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from doorstep.nlu.intents import STATED, train_model
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import NEVER, Scorer
from doorstep.nlu.sentences import give_vectors

SUBINTENTS, MOOD = "subintents", "mood"  # keys of the parse
_MOODS = "mood"  # the name of the model of moods; no intent is called so

Labelled = dict[str, tuple[list[str], list[str]]]  # texts and labels by model


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SubintentClassifier(GraphComponent):
    """Gives each message with words its `subintents` (by wish) and its `mood` ("" when neither is clear)."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        scorers: dict[str, Scorer] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorers = scorers or {}
        for scorer in self._scorers.values():
            give_vectors(scorer, config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See config.yml, where each is explained."""
        return {
            "strength": 10.0,
            "random_seed": 7,
            "sentence_vector": NEVER,
            "vector_weight": 1.5,
            "nearness_weight": 7.0,
            "sure_above": 1.0,
            "threshold": 0.5,
        }

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
    ) -> SubintentClassifier:
        """Make an untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SubintentClassifier:
        """Read a trained one. Raises ValueError when the model holds none."""
        with model_storage.read_from(resource) as folder:
            scorers = {file.stem: Scorer.load(file) for file in sorted(folder.glob("*.npz"))}
        return cls(config, model_storage, resource, scorers)

    def train(self, training_data: TrainingData) -> Resource:
        """Train a model for each intent with sub-intents, and one for the moods; keep them in the model."""
        self._scorers = train_models(labelled(training_data.intent_examples), self._config)
        with self._model_storage.write_to(self._resource) as folder:
            for name, scorer in self._scorers.items():
                scorer.save(folder / f"{name}.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set sub-intents and mood on each message that states a wish or has words."""
        for message in messages:
            text = normalise(message.get(TEXT) or "")
            plain = text and not text.startswith("/") and not (message.get(METADATA) or {}).get("foreign_language")
            wishes = message.get(STATED) or () if plain else ()
            found = {wish: label for wish in wishes if (label := self._label(wish, text))}
            message.set(SUBINTENTS, found, add_to_output=True)
            message.set(MOOD, self._label(_MOODS, text) if plain else "", add_to_output=True)
        return messages

    def _label(self, name: str, text: str) -> str:
        scorer = self._scorers.get(name)
        return scorer.label(text, float(self._config["threshold"])) if scorer else ""


def labelled(examples: list[Message]) -> Labelled:
    """The examples that say more than their intent, by the model that learns from them."""
    found: Labelled = defaultdict(lambda: ([], []))
    for example in examples:
        said = (example.get(METADATA) or {}).get("intent") or {}
        for name, label in ((example.get(INTENT), said.get("subintent")), (_MOODS, said.get("mood"))):
            if label and example.get(TEXT):
                found[name][0].append(example.get(TEXT))
                found[name][1].append(str(label))
    return dict(found)


def train_models(examples: Labelled, config: dict[str, Any]) -> dict[str, Scorer]:
    """One model for each group of labels that has at least two."""
    return {
        name: train_model(texts, labels, config)
        for name, (texts, labels) in sorted(examples.items())
        if len(set(labels)) > 1
    }
