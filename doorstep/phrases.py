"""What buyers say, as Rasa's NLU files hold it: reads the phrases of a file, and adds one that a person has labelled.

The files stay as their authors wrote them; a phrase goes to the end of its intent's block, as one more line.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from doorstep.languages import SPOKEN
from doorstep.redaction import REMOVED

# What a mask becomes in an example. The classifier reads no digits and no address, only that there is one.
UNMASKED = {"[number]": "48203917", "[e-mail]": "name@mail.example"}
NUMBERS_ARE_THE_POINT = "inform"  # the one intent in which two numbers make two different examples

Phrase = tuple[str, str]  # text and intent
Labelled = tuple[str, str, str, str]  # text, intent, and what its block is labelled with: "subintent" or "mood", which


class PhrasesError(Exception):
    """A phrase cannot be taken, or a file not be read; the message is for the person at the command line."""


def read(file: Path) -> list[Phrase]:
    """The phrases of a file, in its order. Raises PhrasesError when it is none of Rasa's NLU files."""
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (YAMLError, AttributeError, KeyError, TypeError, UnicodeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise PhrasesError(f"{file} cannot be read as phrases: {reason[-1].strip()}.") from error


def read_labelled(file: Path) -> list[Labelled]:
    """The phrases of a file whose blocks say more than their intent: a sub-intent, a mood. Raises as `read`."""
    return [(*phrase, *label) for block in _blocks_of(file) for label in _labels(block) for phrase in _lines(block)]


def _blocks_of(file: Path) -> list[dict[str, Any]]:
    read(file)  # for its error
    return [block for block in YAML(typ="safe").load(file)["nlu"] if "intent" in block]


def held_out_files(root: Path) -> dict[str, Path]:
    """The files of held-out phrases by language, as far as they are there: an installed package has none."""
    files = {language: root / "tests" / "nlu" / f"{language}.yml" for language in SPOKEN}
    return {language: file for language, file in files.items() if file.is_file()}


def as_example(redacted: str) -> str:
    """A redacted text as an example: made-up values where masks stood, and no square bracket, which Rasa would read.

    Raises PhrasesError for a text that would teach nonsense.
    """
    if REMOVED in redacted:
        raise PhrasesError(f"{redacted!r} held a password or a key: what is left of it teaches nothing.")
    words = redacted
    for mask, example in UNMASKED.items():
        redacted, words = redacted.replace(mask, example), words.replace(mask, "")
    if not re.search(r"[^\W\d_]", words):
        raise PhrasesError("It has no words, only numbers or addresses: there is nothing to learn from it.")
    return " ".join(redacted.replace("[", "(").replace("]", ")").split())


def teach(root: Path, language: str, intent: str, redacted: str) -> tuple[Path, str]:
    """Add a redacted text as an example of an intent, below `root`/data/nlu; gives the file and the line's text.

    Raises PhrasesError, and changes nothing, for an unknown intent, a text that is there already or held out for
    measuring, and one that would teach nonsense.
    """
    folder = root / "data" / "nlu"
    file = _file_of(folder / language, intent)
    example = as_example(redacted)
    for other in sorted(folder.rglob("*.yml")):
        for text, its in read(other):
            if _key(text, its) == _key(example, intent):
                raise PhrasesError(f"{example!r} stands in {other.relative_to(root)} already, as {its}.")
    kept_back = (root / "tests" / "nlu").glob("chatter_*.yml")  # it chose the thresholds
    for other in [*held_out_files(root).values(), *sorted(kept_back)]:
        if any(_bare(text) == _bare(example) for text, _ in read(other)):
            raise PhrasesError(
                f"{example!r} is one of the phrases in {other.relative_to(root)}, which measure what was learnt: "
                "taught, it would measure nothing."
            )
    _add(file, intent, example)
    return file, example


def _parsed(source: str) -> list[Phrase]:
    blocks = [block for block in YAML(typ="safe").load(source)["nlu"] if "intent" in block]
    return [phrase for block in blocks for phrase in _lines(block)]


def _lines(block: dict[str, Any]) -> list[Phrase]:
    lines = block["examples"].splitlines()
    return [(line[1:].strip(), block["intent"]) for line in lines if line.startswith("-")]


def _labels(block: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(name), str(label)) for name, label in (block.get("metadata") or {}).items()]


def _file_of(folder: Path, intent: str) -> Path:
    """The file with a block for all phrases of an intent; not one whose blocks say more than that."""
    plain = [(file, block) for file in sorted(folder.glob("*.yml")) for block in _blocks_of(file) if not _labels(block)]
    files = {block["intent"]: file for file, block in plain}
    if not files:
        raise PhrasesError(f"data/nlu/{folder.name} has no phrases: the assistant does not learn this language.")
    if intent not in files:
        raise PhrasesError(f"There is no intent {intent!r}. Those of this language are {', '.join(sorted(files))}.")
    return files[intent]


def _key(text: str, intent: str) -> str:
    return text.casefold() if intent == NUMBERS_ARE_THE_POINT else _bare(text)


def _bare(text: str) -> str:
    """A phrase without what makes two copies of it look different: case, digits, punctuation."""
    return " ".join(re.sub(r"\d+", "0", re.sub(r"[^\w\s]", "", text.casefold())).split())


def _add(file: Path, intent: str, example: str) -> None:
    source = file.read_text(encoding="utf-8")
    changed = _with_line(source, intent, example)
    if sorted(_parsed(changed)) != sorted([*_parsed(source), (example, intent)]):
        raise PhrasesError(f"{file} is written in a form that cannot be added to: add {example!r} by hand.")
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(changed, encoding="utf-8")
    shutil.copymode(file, draft)
    os.replace(draft, file)


def _with_line(source: str, intent: str, example: str) -> str:
    """The source with one line more behind the last example of an intent's block that has no metadata."""
    lines = source.splitlines(keepends=True)
    last = None
    block = None  # how far the intent's own line is indented, while inside its block
    for place, line in enumerate(lines):
        found = re.match(r"( *)- intent: *([^\s#]+)", line)
        if found:
            block = len(found[1]) if found[2] == intent else None
        elif block is not None and line.strip():
            indent = len(line) - len(line.lstrip())
            if indent <= block or line.strip() == "metadata:":
                block = None
            elif line.lstrip().startswith("-"):
                last = place
    if last is None:
        return source
    margin = lines[last].partition("-")[0]
    lines[last] = lines[last].rstrip("\n") + "\n"
    return "".join([*lines[: last + 1], f"{margin}- {example}\n", *lines[last + 1 :]])
