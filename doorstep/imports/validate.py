"""Checks one order or product against `schema.json` and against what the database can hold, in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal

from jsonschema import Draft202012Validator, FormatChecker

from doorstep.imports.report import Entry, Path, Problem
from doorstep.imports.times import TimeError, read_time
from doorstep.imports.words import did_you_mean, shown
from doorstep.orders import order_key

Fault = Any  # a ValidationError of jsonschema, whose types leave every attribute open

SCHEMA_FILE = FilePath(__file__).with_name("schema.json")
_NAMES = {
    "string": "a text",
    "object": "a group in braces",
    "array": "a list in square brackets",
    "integer": "a whole number",
    "boolean": "true or false",
}
_LONGEST = {"sku": 128, "tracking_number": 64, "carrier": 64, "service": 64}
_HIGHEST = {
    **dict.fromkeys(("total", "unit_price", "amount_due", "price"), Decimal("999999999999.99")),  # kept exactly
    "quantity": Decimal(1_000_000),
}
_LINK = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=TimeError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(read_time(value))


@_FORMATS.checks("uri")
def _is_link(value: object) -> bool:
    # Buyers are given these links: nothing but a page may be behind them.
    return not isinstance(value, str) or bool(_LINK.fullmatch(value))


@cache
def schema(name: str) -> dict[str, Any]:
    """One definition of schema.json ("order", "product"), with every reference in it put in place."""
    definitions = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"]

    def inlined(node: Any) -> Any:
        if isinstance(node, list):
            return [inlined(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            referred = node["$ref"].rsplit("/", 1)[1]
            return inlined({**definitions[referred], **{k: v for k, v in node.items() if k != "$ref"}})
        return {key: inlined(item) for key, item in node.items()}

    made: dict[str, Any] = inlined(definitions[name])
    return made


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), format_checker=_FORMATS)


def check(entry: Entry) -> list[Problem]:
    """Every mistake of an order or product whose texts were cleaned; empty when it can be stored."""
    problems = list(entry.problems)
    if problems and entry.value is None:
        return problems
    errors = _validator(entry.kind).iter_errors(entry.value)
    explained = dict.fromkeys(item for error in errors for item in _explained(error))
    problems += [entry.problem(path, reason) for path, reason in explained]
    if not problems:
        problems += [entry.problem(path, reason) for path, reason in _beyond_the_schema(entry.kind, entry.value)]
    return sorted(problems, key=lambda problem: problem.line)


def _explained(error: Fault) -> Iterator[tuple[Path, str]]:
    path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield (*path, name), "is missing"
    elif error.validator == "additionalProperties" and error.validator_value is False:
        known = error.schema["properties"]
        for name in error.instance:
            if name not in known:
                yield (*path, name), f"there is no such name; {did_you_mean(name, known)}"
    elif error.validator == "anyOf":
        # Every choice in the schema is "something, or null": the something says what is expected.
        yield path, _reason(next(cause for cause in error.context or [] if cause.schema_path[0] == 0))
    else:
        yield path, _reason(error)


def _reason(error: Fault) -> str:
    found = shown(error.instance)
    if isinstance(error.cause, TimeError):
        return f"{found} {error.cause}"
    if error.validator == "enum":
        return f"{found} is not known; {did_you_mean(error.instance, error.validator_value)}"
    if error.validator == "minItems":
        return "the list is empty"
    if error.validator == "maxLength":
        return f"{found} is longer than {error.validator_value} characters"
    kind = error.validator_value if error.validator == "type" else "string"
    expected = error.schema.get("title") or _NAMES.get(str(kind), "a usable value")
    return f"{found} is not {expected}{_mend(error)}"


def _mend(error: Fault) -> str:
    """What to write in place of a number that should be an amount or a text."""
    value = error.instance
    if isinstance(value, bool) or not isinstance(value, (int, float)) or error.validator_value != "string":
        return ""
    if "decimals" not in error.schema.get("title", ""):
        return f'; write it in quotes: "{value}"' if isinstance(value, int) else ""
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return ""
    return f'; write it in quotes: "{amount}"' if amount == Decimal(str(value)) and amount >= 0 else ""


def _beyond_the_schema(kind: Literal["order", "product"], value: Any) -> Iterator[tuple[Path, str]]:
    if kind == "order":
        yield from _number(value["number"])
        yield from _tracking_numbers(value.get("parcels", []))
    for path, item in _leaves(value, ()):
        name = path[-1]
        if isinstance(item, str) and len(item) > _LONGEST.get(name, len(item)):
            yield path, f"{shown(item)} is longer than {_LONGEST[name]} characters"
        elif name in _HIGHEST and Decimal(item) > _HIGHEST[name]:
            yield path, f"{shown(item)} is more than can be kept"


def _number(number: str) -> Iterator[tuple[Path, str]]:
    key = order_key(number)
    if not key:
        yield ("number",), f"{shown(number)} has neither a letter nor a digit"
    elif len(key) > 40:
        yield ("number",), f"{shown(number)} is longer than 40 characters"


def _tracking_numbers(parcels: list[Mapping[str, Any]]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for index, parcel in enumerate(parcels):
        key = order_key(parcel.get("tracking_number") or "")
        if key and key in seen:
            yield ("parcels", index, "tracking_number"), f"{shown(parcel['tracking_number'])} is given to two parcels"
        seen.add(key)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, (dict, list)):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            if name == "options":  # named by the seller
                continue
            yield from _leaves(item, (*path, name))
    elif path:
        yield path, value
