"""The desk's own words: complete in each of its languages, and each of them used."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from doorstep.figures.words import ENGLISH
from doorstep.front.desk.wording import LANGUAGES, WORDS, figure_words, words_of
from doorstep.people.handovers import REASONS
from doorstep.settings import ROOT

DESK = ROOT / "doorstep/front/desk"
OTHERS = [language for language in LANGUAGES if language != "en"]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def files(language: str) -> dict[str, dict[str, str]]:
    reader = YAML(typ="safe", pure=True)
    return {path.name: reader.load(path.read_text("utf-8")) for path in sorted((WORDS / language).glob("*.yml"))}


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_says_the_same_things_with_the_same_values(language: str) -> None:
    english, theirs = files("en"), files(language)
    assert {name: list(words) for name, words in theirs.items()} == {
        name: list(words) for name, words in english.items()
    }
    wrong = [key for key, text in words_of("en").items() if placeholders(words_of(language)[key]) != placeholders(text)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_a_text_and_stands_in_one_file(language: str) -> None:
    read = files(language)
    twice = [key for key, count in Counter(key for words in read.values() for key in words).items() if count > 1]
    assert twice == []
    assert [
        key for words in read.values() for key, text in words.items() if not isinstance(text, str) or not text
    ] == []


def test_every_word_is_used() -> None:
    sources = [path for path in DESK.rglob("*") if path.suffix in (".py", ".html") and path.is_file()]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(re.findall(r"""["']([a-z][a-z0-9_]+)["']""", code))
    # Some are put together: f"problem_{key}" in Python, "closed_" ~ reason in a template.
    begun = tuple(
        re.findall(r"""f["']([a-z][a-z0-9_]*_)\{""", code) + re.findall(r"""["']([a-z][a-z0-9_]*_)["'] ~""", code)
    )
    beginnings = tuple(part for pair in begun for part in pair if part and part != "problem_")
    problems = {f"problem_{key}" for key in named} | {key for key in words_of("en") if key.startswith("problem_title_")}
    unused = [key for key in words_of("en") if key not in named | problems and not key.startswith(beginnings)]
    assert unused == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_figures_are_worded_in_each_language(language: str) -> None:
    theirs = figure_words(language)
    assert set(theirs) == {*ENGLISH, *(f"reason_{reason}" for reason in REASONS)}
    assert [key for key, text in ENGLISH.items() if placeholders(theirs[key]) != placeholders(text)] == []


def test_the_package_brings_them_along() -> None:
    brought = (ROOT / "pyproject.toml").read_text("utf-8")
    for folder, pattern in ((WORDS, "front/desk/words/*/*.yml"), (DESK / "templates", "front/desk/templates/*.html")):
        assert pattern in brought
        assert [path for path in folder.rglob("*") if path.is_file() and not _is_matched(path, pattern)] == []


def _is_matched(path: Path, pattern: str) -> bool:
    return path.relative_to(ROOT / "doorstep").match(pattern)
