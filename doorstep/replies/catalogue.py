"""Reads replies/<language>/*.yml and words a reply: the same in the Rasa process and in the front.

The files are in Rasa's response format. A placeholder is `{name}`; everything else in braces is plain text.
A value is put in once and never read again, so a product title holding `{name}` or `0[` stays what it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from doorstep.replies.formats import business_days, format_value, join_any
from doorstep.replies.values import AnyOf, BusinessDays, Choice, Reply

FALLBACK_LANGUAGE = "en"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
log = structlog.get_logger(__name__)


class WordsError(Exception):
    """A file of replies cannot be used; the message names the file and, where known, the line."""


@dataclass(frozen=True)
class WordedChoice:
    """A choice as shown (`label`) and as told to Rasa (`payload`)."""

    label: str
    payload: str


@dataclass(frozen=True)
class Worded:
    """A reply in one language, ready to be sent."""

    text: str
    choices: tuple[WordedChoice, ...] = ()
    card: dict[str, Any] | None = None


class Catalogue:
    """All replies of one folder. Files are read again when they change; a broken edit keeps the words before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[tuple[str, int], ...] = ()
        self._variants: dict[str, dict[str, list[str]]] = {}

    def languages(self) -> list[str]:
        """The codes of the languages that have a folder."""
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir())

    def variants(self, name: str, language: str) -> list[str]:
        """The texts of a reply in a language, or in English. Raises KeyError when no language has it."""
        self._refresh()
        return self._known(name, language)

    def _known(self, name: str, language: str) -> list[str]:
        for candidate in (language, FALLBACK_LANGUAGE):
            texts = self._variants.get(candidate, {}).get(name)
            if texts:
                return texts
        raise KeyError(f"no reply named {name} in {self._folder}")

    def names(self, language: str) -> set[str]:
        """The names of the replies that a language has itself."""
        self._refresh()
        return set(self._variants.get(language, {}))

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """Word a reply. Of several variants, one that is not part of an earlier text (`said`) is taken."""
        self._refresh()  # once for all that is inside the reply
        choices = tuple(self._word_choice(choice, language) for choice in reply.choices)
        card = None if reply.card is None else self._word_card(reply.card, language)
        return Worded(self._text(reply, language, said), choices, card)

    def _word_choice(self, choice: Choice, language: str) -> WordedChoice:
        label = self._text(Reply(choice.label, choice.values), language, ())
        entities = json.dumps(dict(choice.entities)) if choice.entities else ""
        return WordedChoice(label, f"/{choice.intent}{entities}")

    def _word_card(self, part: Any, language: str) -> Any:
        if isinstance(part, Mapping):
            return {key: self._word_card(value, language) for key, value in part.items()}
        if part is None or isinstance(part, (str, int)):
            return part
        if isinstance(part, Sequence):
            return [self._word_card(item, language) for item in part]
        return self._value(part, language, ()) or None

    def _text(self, reply: Reply, language: str, said: Sequence[str]) -> str:
        filled = (self._fill(text, reply, language, said) for text in self._known(reply.name, language))
        candidates = [text for text in filled if text]
        if reply.name.startswith("term_"):  # a fact is told in the same words every time, in its first way that fits
            return candidates[0] if candidates else ""
        fresh = [text for text in candidates if not any(text in earlier for earlier in said)]
        if fresh:
            return fresh[0]
        # A sentence of feeling is rather left out than said twice.
        left_out = not candidates or reply.name.startswith("utter_feel_")
        return "" if left_out else candidates[len(said) % len(candidates)]

    def _fill(self, text: str, reply: Reply, language: str, said: Sequence[str]) -> str:
        lines = []
        for line in text.rstrip("\n").split("\n"):
            values = {name: self._value(reply.values.get(name), language, said) for name in _PLACEHOLDER.findall(line)}
            if all(values.values()):
                lines.append(_PLACEHOLDER.sub(lambda match, values=values: values[match.group(1)], line))  # type: ignore[misc]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")

    def _value(self, value: Any, language: str, said: Sequence[str]) -> str:
        if value is None:
            return ""
        if isinstance(value, Reply):
            return self._text(value, language, said)
        if isinstance(value, BusinessDays):
            return self._text(business_days(value, language), language, said)
        if isinstance(value, AnyOf):
            return join_any([self._value(item, language, said) for item in value.items], language)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "\n".join(text for text in (self._value(item, language, said) for item in value) if text)
        return format_value(value, language)

    def _refresh(self) -> None:
        stamp = tuple(sorted(_files(self._folder)))
        if stamp == self._stamp:
            return
        try:
            self._variants = _read_all([Path(file) for file, _ in stamp])
        except WordsError as error:
            if not self._variants:
                raise
            log.error("words.kept_old", problem=str(error))
        self._stamp = stamp


def check(folder: Path) -> list[str]:
    """Every mistake in the files of a folder, one line each; empty when all is well."""
    problems = []
    files: list[Path] = []
    for file in sorted(folder.glob("*/*.yml")):
        try:
            _read_all([*files, file])
            files.append(file)
        except WordsError as error:
            problems.append(str(error))
    return problems or ([] if (folder / FALLBACK_LANGUAGE).is_dir() else [f"{folder}: no folder {FALLBACK_LANGUAGE}"])


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """Each file of words and when it was changed. Asked at every reply, so without making a Path of each."""
    with os.scandir(folder) as languages:
        for language in languages:
            if language.is_dir():
                with os.scandir(language) as files:
                    yield from ((file.path, file.stat().st_mtime_ns) for file in files if file.name.endswith(".yml"))


def _read_all(files: Sequence[Path]) -> dict[str, dict[str, list[str]]]:
    variants: dict[str, dict[str, list[str]]] = {}
    for file in files:
        words = variants.setdefault(file.parent.name, {})
        for name, texts in _read(file).items():
            if name in words:
                raise WordsError(f"{file}: {name} is already worded in another file of this language")
            words[name] = texts
    return variants


def _read(file: Path) -> dict[str, list[str]]:
    try:
        data = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise WordsError(f"{file}{line}: not readable as YAML ({getattr(error, 'problem', error)})") from error
    responses = data.get("responses") if isinstance(data, dict) else None
    if not isinstance(responses, dict):
        raise WordsError(f"{file}: expected a mapping `responses:` of reply names")
    return {name: _texts(file, name, variants) for name, variants in responses.items()}


def _texts(file: Path, name: str, variants: Any) -> list[str]:
    if not isinstance(variants, list) or not variants:
        raise WordsError(f"{file}: {name} needs a list with at least one `- text:`")
    texts = [variant.get("text") if isinstance(variant, dict) else None for variant in variants]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise WordsError(f"{file}: every variant of {name} needs a `text:` that is not empty")
    return [str(text).strip("\n") for text in texts]
