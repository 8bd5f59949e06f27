"""The desk's own words, in the languages of its people: `words/<language>/<page>.yml`, flat, with {placeholders}."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from doorstep.figures.words import ENGLISH

WORDS = Path(__file__).with_name("words")
LANGUAGES = {"en": "English", "zh": "中文"}  # each by its own name


def desk_language(code: str) -> str:
    """The language that the desk speaks to somebody: Chinese to those who read it, else English."""
    return "zh" if code.lower().startswith("zh") else "en"


def t(language: str, key: str, **values: object) -> str:
    """A text by its key, with its values put in. Raises KeyError for one that there is not."""
    return words_of(desk_language(language))[key].format(**values)


@lru_cache(maxsize=8)
def words_of(language: str) -> Mapping[str, str]:
    """All texts of a language, read once."""
    words: dict[str, str] = {}
    for file in sorted((WORDS / language).glob("*.yml")):
        words |= _read(file)
    return words


@lru_cache(maxsize=8)
def figure_words(language: str) -> Mapping[str, str]:
    """The words of the leads' figures, read once."""
    return ENGLISH if language == "en" else _read(WORDS / "figures" / f"{language}.yml")


def _read(file: Path) -> dict[str, str]:
    found: dict[str, str] = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return found
