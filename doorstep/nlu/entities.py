"""The entity extractor of `config.yml`: numbers, e-mail addresses and the ways out a buyer can pick in free words.

Sits before the intent classifier in Rasa's pipeline. Numbers, dates and amounts come from `doorstep.nlu.numbers`, which
is told the shop's own formats of order numbers (`shop_policy.yml`) when a model is loaded. The options are named in
`config.yml` (`picks`), and a `synonym:` of each in the training data lists how buyers say it. All are laid over one
spaCy document, which settles what overlaps.
"""

# ruff: noqa: ARG003 - Rasa names the arguments of create and load

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import spacy
import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from doorstep import settings
from doorstep.nlu.folding import fold
from doorstep.nlu.numbers import find_numbers
from doorstep.nlu.own_formats import NO_FORMATS, OwnFormats, own_formats
from doorstep.policy import shop as shop_policy

FILE = "phrases.json"
_NEGATION_REACH = 60  # characters
log = structlog.get_logger(__name__)
Phrases = dict[str, tuple[str, str]]  # what a buyer says -> entity and value

# One token per run of letters, per run of digits and per other character, so that a number glued to a word starts
# and ends on a token; spaCy's own tokenizer keeps "5558Recently" whole and cuts order numbers at their dashes.
_ATOMS = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|\s+|[\W_]")

# "I don't want you to send it again" picks nothing: a negation that reaches the phrase through small words only.
_NEGATED = re.compile(
    r"(?:\b(?:not|never|cannot|without|instead of|rather than|no need|no more|(?:do|wo|ca|did|does|would|should)n'?t))"
    r"(?:\s+(?:want|wish|need|like|going|willing|agree|accept|prefer|interested|you|us|me|i|to|a|an|the|any|have|be|in|just))*"
    r"\s*$",
    re.IGNORECASE,
)


class Atoms:
    """A spaCy tokenizer whose tokens never mix letters and digits."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cut a text into tokens; joined again they are the text, character by character."""
        words = _ATOMS.findall(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class OrderEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds `order_number`, `tracking_number`, `email`, `date`, `amount` and the options of `picks`."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        phrases: Phrases | None = None,
        formats: OwnFormats = NO_FORMATS,
    ) -> None:
        self._picks: Mapping[str, Sequence[str]] = config["picks"]
        self._phrases = phrases or {}
        self._formats = formats
        self._model_storage = model_storage
        self._resource = resource
        self._language = _language()
        self._matcher = _matcher(self._language, self._phrases)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`picks`: for each entity picked in free words, the values it can have."""
        return {"picks": {}}

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["spacy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrderEntityExtractor:
        """Make an extractor that knows numbers and no phrases yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OrderEntityExtractor:
        """Read a trained extractor. Raises ValueError when the model holds none."""
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        phrases = {phrase: (entity, value) for phrase, (entity, value) in kept.items()}
        return cls(config, model_storage, resource, phrases, formats_of_shop())

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the phrases of all picks and keep them in the model."""
        self._phrases = phrases_of(training_data, self._picks)
        self._matcher = _matcher(self._language, self._phrases)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(self._phrases, ensure_ascii=False, indent=1), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to each message's entities; places refer to the text as it was written."""
        for message in messages:
            found = self.add_extractor_name(self.extract(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def extract(self, text: str) -> list[dict[str, Any]]:
        """Entities of a text as Rasa writes them: entity, value, start, end. Of overlapping ones the longest stays."""
        folded = fold(text)
        doc = self._language.make_doc(text)
        spans = [_span(doc, find.start, find.end, find.kind, find.value) for find in find_numbers(text, self._formats)]
        spoken = self._language.make_doc(_plain(folded.text))
        for match in self._matcher(spoken, as_spans=True):
            if _NEGATED.search(spoken.text[max(0, match.start_char - _NEGATION_REACH) : match.start_char]):
                continue
            start, end = folded.origin[match.start_char], folded.origin[match.end_char - 1] + 1
            spans.append(_span(doc, start, end, *self._phrases[match.label_]))
        return [
            {"entity": span.label_, "value": span.id_, "start": span.start_char, "end": span.end_char}
            for span in filter_spans(spans)
        ]


def formats_of_shop() -> OwnFormats:
    """The formats in the seller's file; none while it cannot be read, for a model must load and train without it."""
    try:
        return own_formats(shop_policy.load(settings.load().policy_file).shop.order_numbers)
    except (settings.SettingsError, shop_policy.PolicyError) as error:
        log.warning("entities.shop_formats_unknown", error=str(error))
        return NO_FORMATS


def phrases_of(training_data: TrainingData, picks: Mapping[str, Sequence[str]]) -> Phrases:
    """The phrases by which buyers name the values of the entities in `picks`: the values and their synonyms."""
    entity_of = {value: entity for entity, values in picks.items() for value in values}
    said: Mapping[str, str] = {**{value: value for value in entity_of}, **training_data.entity_synonyms}
    return {
        _plain(fold(phrase).text).strip(): (entity_of[value], value)
        for phrase, value in said.items()
        if value in entity_of
    }


def _language() -> Language:
    language = spacy.blank("xx")
    language.tokenizer = Atoms(language.vocab)
    return language


def _matcher(language: Language, phrases: Phrases) -> PhraseMatcher:
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    for phrase in phrases:
        matcher.add(phrase, [language.make_doc(phrase)])
    return matcher


def _plain(text: str) -> str:
    """Make typed variants alike without moving a character: curly apostrophes, line breaks."""
    return text.translate({0x2019: "'", 0x2018: "'", 0x60: "'", 0x0A: " ", 0x09: " "})


def _span(doc: Doc, start: int, end: int, kind: str, value: str) -> Span:
    return doc.char_span(start, end, label=kind, span_id=value, alignment_mode="expand")
