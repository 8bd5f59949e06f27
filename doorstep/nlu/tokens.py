"""Cuts a message into words, and into single characters where Chinese is written without spaces.

The intent classifier's features are made of these words; as a component of `config.yml` it also gives Rasa the
tokens that `rasa test nlu` asks for.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from doorstep.nlu.scoring import WORD


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class WordTokenizer(Tokenizer):
    """Gives each message its words, question and exclamation marks and Chinese characters as tokens."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings of tokenizers."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordTokenizer:
        """Make the tokenizer."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one text of a message, with their places in it."""
        return [Token(word.group(), word.start()) for word in WORD.finditer(message.get(attribute))]
