"""The language of a message: told by its words or its script, and changed on good evidence only."""

from __future__ import annotations

import pytest

from doorstep.languages import SPOKEN, foreign_language_of, language_of, nearest_spoken
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my parcel, it should be here by now", "en"),
        ("mi pedido no ha llegado todavía", "es"),
        ("meu pedido não chegou até agora", "pt"),
        ("je n'ai toujours pas reçu mon colis", "fr"),
        ("mein Paket ist immer noch nicht da", "de"),
        ("WO BLEIBT MEINE BESTELLUNG", "de"),
        ("посылка не пришла", "ru"),
        ("快递呢", "zh"),
        ("iPhone 15 手机壳坏了", "zh"),
    ],
)
def test_a_sentence_tells_its_language_whatever_was_spoken_before(text: str, language: str) -> None:
    other = "de" if language == "en" else "en"
    assert language_of(text) == language_of(text, other) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "😡😡😡",
        "ok",
        "gracias",
        "8153627480015926",
        "RB123456785CN",
        "marie.dupont@courriel.example",
        "https://tienda.example/donde-esta-mi-pedido",
        "Rafael Antunes de Souza",
        "The North Face Jacket",
        "Müllerstraße 5, Berlin",
    ],
)
@pytest.mark.parametrize("before", ["en", "fr", "zh"])
def test_a_word_a_number_a_name_or_an_address_changes_nothing(text: str, before: str) -> None:
    assert language_of(text, before) == before


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("dove si trova il mio pacco per favore", "it"),
        ("gdzie jest moja paczka, czekam już dwa tygodnie", "pl"),
        ("kargom nerede acaba hâlâ gelmedi bilmiyorum", "tr"),
        ("де моя посилка, чекаю вже місяць", "uk"),
        ("注文した商品がまだ届いていません", "ja"),
        ("제 소포가 아직 안 왔어요", "ko"),
        ("أين طلبي", "ar"),
    ],
)
def test_a_language_that_is_not_spoken_is_named_and_changes_nothing(text: str, language: str) -> None:
    assert foreign_language_of(text) == language
    assert language_of(text, "es") == "es"


@pytest.mark.parametrize("text", ["mi pedido no ha llegado todavía", "快递到哪了", "где заказ", "hello", "1234"])
def test_what_is_written_in_a_spoken_language_is_not_foreign(text: str) -> None:
    assert foreign_language_of(text) is None


def test_an_answer_to_a_foreign_message_is_in_the_nearest_language_or_in_english() -> None:
    assert [nearest_spoken(language) for language in ("it", "gl", "nl", "be", "uk", "ja", "de")] == [
        "es", "pt", "de", "ru", "en", "en", "de",
    ]  # fmt: skip


def test_the_languages_told_apart_are_those_with_words_and_phrases() -> None:
    worded = Catalogue(ROOT / "replies").languages()
    trained = sorted(folder.name for folder in (ROOT / "data/nlu").iterdir())
    assert sorted(SPOKEN) == worded == trained
