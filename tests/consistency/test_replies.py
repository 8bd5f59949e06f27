"""The words and the code fit together: nothing named that is not worded, nothing worded that nobody says."""

from __future__ import annotations

import ast
import re

import pytest

from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue, check
from doorstep.settings import ROOT
from tests.consistency.reading import PRODUCT, nodes, python_files, yaml
from tests.consistency.reply_names import FILLED_WITH, families_in_python, members, named_in_python

FOLDER = ROOT / "replies"
CATALOGUE = Catalogue(FOLDER)
ENGLISH = CATALOGUE.names(FALLBACK_LANGUAGE)
OTHERS = [language for language in CATALOGUE.languages() if language != FALLBACK_LANGUAGE]
SAID_BY_RASA = set(yaml(ROOT / "domain.yml")["responses"])
TEXT_SLOTS = {name for name, slot in yaml(ROOT / "domain.yml")["slots"].items() if slot["type"] == "text"}
# Words that only a friend is addressed with; the shop says Sie, usted, vous, você, вы and 您.
FAMILIAR = {
    "de": "du|dir|dich|dein[a-z]*|euch|euer|eure[a-z]?",
    "es": "tú|tus?|te|ti|contigo|estás|puedes|quieres|quieras|cuéntame|dime|elige|escribe|añade|inténtalo",
    "fr": "tu|toi|te|ton|tes",
    "pt": "tu|te|ti|teus?|tuas?|contigo",
    "ru": "ты|тебя|тебе|тобой|тво[йяёи]|твоего|твоей|твоих",
    "zh": "你",
}
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def placeholders(name: str, language: str = FALLBACK_LANGUAGE) -> set[str]:
    return {found for text in CATALOGUE.variants(name, language) for found in PLACEHOLDER.findall(text)}


def values_in_python() -> set[str]:
    """Every key of a dictionary in the product's code: what a reply's values can be called."""
    keys: set[str] = set()
    for path in python_files(*PRODUCT):
        keyed = [key for node in nodes(path, ast.Dict) for key in node.keys if key]
        keyed += [node.slice for node in nodes(path, ast.Subscript) if isinstance(node.ctx, ast.Store)]
        words = [part.value for key in keyed for part in ast.walk(key) if isinstance(part, ast.Constant)]
        keys |= {word for word in words if isinstance(word, str)}
    return keys


def test_every_file_of_replies_can_be_read_and_words_each_reply_once() -> None:
    assert check(FOLDER) == []


def test_every_reply_named_in_python_is_worded() -> None:
    missing = [f"{where} names {name}" for name, where in named_in_python().items() if name not in ENGLISH]
    assert missing == [], "word it in replies/en, or mend the name"


def test_every_family_of_replies_in_python_says_what_it_is_filled_with() -> None:
    found = families_in_python()
    unknown = [f"{where}: {family}" for family, where in found.items() if family not in FILLED_WITH]
    assert unknown == [], "say in reply_names.FILLED_WITH which names it can become"
    assert set(FILLED_WITH) - set(found) == set(), "no code makes these names any more: take them out of FILLED_WITH"


@pytest.mark.parametrize("family", sorted(FILLED_WITH))
def test_every_member_of_a_family_is_worded(family: str) -> None:
    assert members(family) - ENGLISH == set(), "word it in replies/en"


def test_every_reply_is_said_by_somebody() -> None:
    said = {*named_in_python(), *SAID_BY_RASA}.union(*(members(family) for family in FILLED_WITH))
    assert ENGLISH - said == set(), "nobody says it: take it out of replies/en"


def test_a_feeling_stands_alone_in_its_line() -> None:
    # It is left out when every way to say it was used, and the rest of its line would go with it.
    shared = [
        f"{language}: {name}: {line}"
        for language in CATALOGUE.languages()
        for name in CATALOGUE.names(language)
        for text in CATALOGUE.variants(name, language)
        for line in text.split("\n")
        if "{feeling}" in line and line.strip() != "{feeling}"
    ]
    assert shared == []


def test_every_placeholder_is_a_value_that_some_code_passes() -> None:
    passed = values_in_python()
    unknown = {name: left for name in ENGLISH - SAID_BY_RASA if (left := placeholders(name) - passed)}
    assert unknown == {}, "a line with a value nobody passes is never shown: mend the placeholder"


@pytest.mark.parametrize("name", sorted(SAID_BY_RASA))
def test_a_reply_that_rasa_says_itself_uses_only_text_slots(name: str) -> None:
    assert placeholders(name) <= TEXT_SLOTS


def widget_labels(language: str) -> list[str]:
    """The lines of widget/labels.js in a language."""
    parts = re.split(r'^  "?([a-z]{2})(?:-[A-Z]{2})?"?: \{$', (ROOT / "widget/labels.js").read_text(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[language].splitlines()


@pytest.mark.parametrize("language", OTHERS)
def test_a_buyer_is_addressed_politely_in_replies_and_widget_alike(language: str) -> None:
    words = FAMILIAR[language] if language == "zh" else rf"\b(?:{FAMILIAR[language]})\b"
    texts = [text for name in CATALOGUE.names(language) for text in CATALOGUE.variants(name, language)]
    said = [line for text in texts for line in text.split("\n")] + widget_labels(language)
    assert [line for line in said if re.search(words, line, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_words_everything(language: str) -> None:
    assert ENGLISH - CATALOGUE.names(language) == set(), f"word it in replies/{language}"


def test_other_languages_word_only_what_english_has_and_with_the_same_values() -> None:
    worded = [(language, name) for language in OTHERS for name in CATALOGUE.names(language)]
    assert [pair for pair in worded if pair[1] not in ENGLISH] == []
    assert [pair for pair in worded if placeholders(pair[1], pair[0]) != placeholders(pair[1])] == []
