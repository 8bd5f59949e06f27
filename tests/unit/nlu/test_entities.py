"""The extractor as Rasa uses it: trained, kept in a model, loaded, asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from doorstep.nlu.entities import OrderEntityExtractor
from doorstep.settings import ROOT

POLICY = """
shop:
  order_numbers: ["A0/A-0"]
"""
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


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], OrderEntityExtractor]:
    """A trained extractor as it is loaded beside a seller's file of the given text."""

    def load_beside(policy: str) -> OrderEntityExtractor:
        file = tmp_path / "shop_policy.yml"
        file.write_text(policy, encoding="utf-8")
        monkeypatch.setenv("DOORSTEP_POLICY_FILE", str(file))
        monkeypatch.setenv("DOORSTEP_SECRET", "of a test")
        storage, context = LocalModelStorage.create(tmp_path), ExecutionContext(GraphSchema({}))
        resource = OrderEntityExtractor.create(CONFIG, storage, Resource("extractor"), context).train(PHRASES)
        return OrderEntityExtractor.load(CONFIG, storage, resource, context)

    return load_beside


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


def test_dates_and_amounts_are_entities_too_and_say_where_they_stand(extractor: OrderEntityExtractor) -> None:
    text = "Hab am 7. Januar 45\u00a0€ gezahlt für Bestellung 88213"
    entities = extractor.extract(text)
    assert [(entity["entity"], entity["value"]) for entity in entities] == [
        ("date", "7. Januar"),
        ("amount", "45 €"),
        ("order_number", "88213"),
    ]
    assert [text[entity["start"] : entity["end"]] for entity in entities] == ["7. Januar", "45\u00a0€", "88213"]


def test_a_zero_width_space_inside_a_number_is_not_part_of_its_value(extractor: OrderEntityExtractor) -> None:
    (entity,) = extractor.extract("30123\u200b45678\u200b914456 please")
    assert (entity["value"], entity["start"], entity["end"]) == ("3012345678914456", 0, 18)


def test_the_shops_own_formats_are_read_when_the_model_is_loaded(load: Callable[[str], OrderEntityExtractor]) -> None:
    assert found(load(POLICY), "where is a7/x-9?") == [("order_number", "a7/x-9")]
    assert found(load("shop: {}"), "where is a7/x-9?") == []


@pytest.mark.parametrize("policy", ["shop: [", "shop: {order_numbers: [no]}"])
def test_a_broken_file_of_the_seller_does_not_stop_a_model_from_loading(
    load: Callable[[str], OrderEntityExtractor], policy: str
) -> None:
    assert found(load(policy), "order 88213") == [("order_number", "88213")]


def test_a_date_or_an_amount_beside_an_option_changes_nothing_about_the_next_step(
    extractor: OrderEntityExtractor,
) -> None:
    domain = Domain.load(ROOT / "domain.yml")

    def state(text: str) -> Any:
        heard = UserUttered(text, {"name": "inform"}, extractor.extract(text))
        return domain.get_active_state(DialogueStateTracker.from_events("c", [heard], domain.slots))

    alone = state("send it again")
    assert alone["user"]["entities"] == ("option",)
    assert state("send it again by 5 May")["user"] == {**alone["user"], "text": "send it again by 5 May"}
    assert state("send it again for 45 €")["user"]["entities"] == ("option",)


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
