"""Reads the seller's file as YAML with line numbers, going on after the slips that can be read past.

What is read past, a key written twice and a line indented with a tab, is a mistake all the same. Used by
`doorstep.policy.shop`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from doorstep.policy.mistakes import PolicyError, dotted, shown

_TAB = re.compile(r"[ ]*\t[ \t]*[^\s#]")  # before what counts; one anywhere else is as good as a space
_INSTEAD = "  "  # of a tab, to read on

Line = tuple[int, str]


class Written(NamedTuple):
    """The rules as they stand in the file, and what is wrong with the writing: line (from 1) and words."""

    data: Mapping[Any, Any]
    mistakes: list[Line]


def read(path: Path) -> Written:
    """Read a file. Raises PolicyError when nothing of it can be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PolicyError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PolicyError([f"{path.name}:{line}: expected text in UTF-8; save the file in that encoding"]) from error
    try:
        return _written(text, [])
    except YAMLError as error:
        return _without_tabs(path.name, text, error)


def _without_tabs(name: str, text: str, error: YAMLError) -> Written:
    """The text read with spaces for its tabs, of which YAML takes few."""
    tabs = [number for number, line in enumerate(text.split("\n"), start=1) if _TAB.match(line)]
    mistakes = [(number, "the line is indented with a tab; use spaces, as the lines around it") for number in tabs]
    try:
        if "\t" in text:
            return _written(text.replace("\t", _INSTEAD), mistakes)
    except YAMLError as other:
        error = other  # the tabs were not all that is wrong
    told = sorted([*mistakes, _not_yaml(error)])
    raise PolicyError([f"{name}:{number}: {what}" for number, what in told]) from error


def _not_yaml(error: YAMLError) -> Line:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context).split())
        return mark.line + 1 if mark else 1, f"this is not YAML: {what}"
    return 1, f"this is not YAML: {' '.join(str(error).split())}"


def _written(text: str, mistakes: list[Line]) -> Written:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = True  # told by us, with the rest
    data = yaml.load(text)
    if data is None:
        return Written({}, mistakes)
    if not isinstance(data, Mapping):
        return Written({}, [*mistakes, (1, f"expected rules such as 'handling_days: 2', found {shown(data)}")])
    return Written(data, [*mistakes, *_twice(YAML(typ="rt").compose(text), (), set())])


def _twice(node: Any, path: tuple[Any, ...], seen: set[int]) -> Iterator[Line]:
    """Each key that stands a second time in its group; what is used in several places (an alias) is looked at once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _twice(item, (*path, index), seen)
    if not isinstance(node, MappingNode):
        return
    first: dict[str, int] = {}
    for key, value in node.value:
        name, line = key.value if isinstance(key, ScalarNode) else "", key.start_mark.line + 1
        if name in first:
            yield line, f"{dotted((*path, name))}: stands twice, first in line {first[name]}; keep one of them"
        first.setdefault(name, line)
        yield from _twice(value, (*path, name), seen)
