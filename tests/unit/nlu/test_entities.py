"""The extractor as Rasa uses it: trained, kept in a model, loaded, asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from doorstep.nlu.entities import OrderEntityExtractor

PHRASES = TrainingData(
    entity_synonyms={"send it again": "resend", "i'll wait": "wait", "wait longer": "wait", "big apple": "new york"},
)
CONFIG = {"picks": {"option": ["resend", "wait"]}}
UNTRAINED = OrderEntityExtractor(CONFIG, None, None)


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> OrderEntityExtractor:
    folder: Path = tmp_path_factory.mktemp("model")
    storage, context = LocalModelStorage.create(folder), ExecutionContext(GraphSchema({}))
    resource = OrderEntityExtractor.create(CONFIG, storage, Resource("extractor"), context).train(PHRASES)
    return OrderEntityExtractor.load(CONFIG, storage, resource, context)


def found(extractor: OrderEntityExtractor, text: str) -> list[tuple[str, str]]:
    return [(entity["entity"], entity["value"]) for entity in extractor.extract(text)]


def test_a_number_glued_to_a_word_keeps_its_place(extractor: OrderEntityExtractor) -> None:
    text = "it is 107-5728-5558Recently"
    (entity,) = extractor.extract(text)
    assert text[entity["start"] : entity["end"]] == "107-5728-5558"


def test_full_width_digits_become_plain_ones_and_keep_their_place(extractor: OrderEntityExtractor) -> None:
    (entity,) = extractor.extract("№ 订单１２３４５没收到")
    assert (entity["value"], entity["start"], entity["end"]) == ("12345", 4, 9)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Send it again please", "resend"),
        ("ok I’ll wait then", "wait"),
        ("I'LL  WAIT".replace("  ", " "), "wait"),
        ("resend", "resend"),
        ("no, send it again", "resend"),
        ("I did not get it send it again", "resend"),
    ],
)
def test_a_phrase_of_the_training_data_picks_its_option(extractor: OrderEntityExtractor, text: str, value: str) -> None:
    assert found(extractor, text) == [("option", value)]


@pytest.mark.parametrize(
    "text",
    [
        "I don't want you to send it again",
        "i wont wait longer",
        "I'm not going to wait longer",
        "waiting in the big apple",
        "refund instead of send it again",
    ],
)
def test_a_negated_phrase_or_a_synonym_of_no_pick_picks_nothing(extractor: OrderEntityExtractor, text: str) -> None:
    assert found(extractor, text) == []


def test_numbers_and_options_of_one_message_are_all_found(extractor: OrderEntityExtractor) -> None:
    assert found(extractor, "order 10234, i'll wait, jo@shop.example") == [
        ("order_number", "10234"),
        ("option", "wait"),
        ("email", "jo@shop.example"),
    ]


def test_entities_are_added_to_those_already_there_and_name_their_extractor(extractor: OrderEntityExtractor) -> None:
    message = Message({"text": "#1001", "entities": [{"entity": "other"}]})
    extractor.process([message])
    other, ours = message.get("entities")
    assert other == {"entity": "other"}
    assert ours["extractor"] == "OrderEntityExtractor"


def test_a_message_without_text_gets_no_entities(extractor: OrderEntityExtractor) -> None:
    message = Message({"text": ""})
    assert extractor.process([message])[0].get("entities") == []


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_extractor(text: str) -> None:
    entities: list[dict[str, Any]] = UNTRAINED.extract(text)
    assert all(0 <= entity["start"] < entity["end"] <= len(text) for entity in entities)
