"""Reads an import file in JSON, one order at a time, and knows the line of everything in it.

The standard decoder does the work; this module only walks the two outer levels, so that each order's place is
known and a large file is never held as one structure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from json.decoder import JSONDecodeError
from typing import Any, Literal

from doorstep.imports.report import Document, Entry, FileRefusedError, Path, Problem
from doorstep.imports.words import did_you_mean, dotted

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_KNOWN = ("shop", "products", "orders")


def read(text: str) -> Document:
    """Find the orders and products in the text. Raises FileRefusedError when it is not JSON or not an export."""
    try:
        return _read(text)
    except JSONDecodeError as error:
        raise FileRefusedError(error.lineno, f"this is not JSON: {error.msg} (column {error.colno})") from error
    except RecursionError as error:
        raise FileRefusedError(1, "the file is nested too deeply to be an export of orders") from error


def _read(text: str) -> Document:
    start = _skip(text, 0)
    if text[start : start + 1] != "{":
        raise FileRefusedError(_line(text, start), 'the file must begin with {"orders": [')
    found: dict[str, list[int]] = {}
    shops: list[str] = []
    problems: list[Problem] = []

    def visit(name: Any, at: int) -> int:
        end, reason = _read_part(text, name, at, found, shops)
        if reason:
            problems.append(Problem(_line(text, at), name, reason))
        return end

    end = _skip(text, _walk(text, start, visit))
    if end < len(text):
        raise JSONDecodeError("something follows the closing brace", text, end)
    if "orders" not in found and not problems:
        problems.append(Problem(_line(text, start), "orders", "is missing"))
    return Document(shops[0] if shops else "", lambda: _entries(text, found), tuple(problems))


def _read_part(text: str, name: str, at: int, found: dict[str, list[int]], shops: list[str]) -> tuple[int, str]:
    """Take in one value of the outermost object; where it ends, and what is wrong with it ("" for nothing)."""
    if name in found or (name == "shop" and shops):
        return _end(text, at), "is given twice; only the first counts"
    if name in ("orders", "products"):
        if text[at : at + 1] != "[":
            return _end(text, at), "is not a list in square brackets"
        starts = found.setdefault(name, [])

        def visit(_index: Any, place: int) -> int:
            starts.append(place)
            return _end(text, place)

        return _walk(text, at, visit), ""
    value, end = _decode(text, at)
    if name != "shop":
        return end, f"there is no such name; {did_you_mean(name, _KNOWN)}"
    shops.append(value if isinstance(value, str) else "")
    return end, "" if isinstance(value, str) else f"{value!r} is not a text in quotes"


def _entries(text: str, found: dict[str, list[int]]) -> Iterator[Entry]:
    for name, kind in (("products", "product"), ("orders", "order")):
        line, counted = 1, 0
        for index, start in enumerate(found.get(name, ())):
            line, counted = line + text.count("\n", counted, start), start
            yield _entry(text, "order" if kind == "order" else "product", f"{name}[{index}]", start, line)


def _entry(text: str, kind: Literal["order", "product"], label: str, start: int, line: int) -> Entry:
    def place(path: Path) -> tuple[int, str]:
        return line + text.count("\n", start, _locate(text, start, path)), dotted(path, label)

    twice: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(members)
        if len(made) < len(members):
            names = [name for name, _ in members]
            twice.extend(sorted({name for name in names if names.count(name) > 1}))
        return made

    value, _ = json.JSONDecoder(object_pairs_hook=pairs).raw_decode(text, start)
    problems = tuple(Problem(line, label, f"{name!r} is given twice in the same braces") for name in twice)
    return Entry(kind, value, place, problems)


def _locate(text: str, start: int, path: Path) -> int:
    """Where the value at `path` begins, or the innermost value around it that is there."""
    for part in path:
        if text[start] not in "{[":
            break
        places: dict[Any, int] = {}

        def visit(name: Any, at: int, places: dict[Any, int] = places) -> int:
            places.setdefault(name, at)
            return _end(text, at)

        _walk(text, start, visit)
        if part not in places:
            break
        start = places[part]
    return start


def _walk(text: str, start: int, visit: Callable[[Any, int], int]) -> int:
    """Visit the values of the object or list at `start` with name or index; `visit` gives the end of each."""
    is_object = text[start] == "{"
    closing = "}" if is_object else "]"
    at, index = _skip(text, start + 1), 0
    while index or text[at : at + 1] != closing:
        name: Any = index
        if is_object:
            if text[at : at + 1] != '"':
                raise JSONDecodeError("a name in double quotes was expected", text, at)
            name, at = _decode(text, at)
            at = _skip(text, at)
            if text[at : at + 1] != ":":
                raise JSONDecodeError("':' was expected", text, at)
            at = _skip(text, at + 1)
        at, index = _skip(text, visit(name, at)), index + 1
        if text[at : at + 1] == closing:
            break
        if text[at : at + 1] != ",":
            raise JSONDecodeError("',' was expected", text, at)
        at = _skip(text, at + 1)
    return at + 1


def _decode(text: str, at: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, at)


def _end(text: str, at: int) -> int:
    return _decode(text, at)[1]


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
