"""How a mistake in the seller's file is told: its line, its rule, what was expected and what stands there.

Used by `doorstep.policy.shop`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.error_wrappers import ErrorWrapper
from pydantic.errors import ExtraError

from doorstep.policy.values import Mistake, Path, Wrong

LONGEST_SHOWN = 60  # characters


class PolicyError(Exception):
    """The policy file cannot be used. Its text has one line for each mistake, by line of the file."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def mistakes_of(model: type[BaseModel], error: ValidationError) -> list[Mistake]:
    """All mistakes behind an error of reading a `model`, each with its path from there."""
    return list(_mistakes(model, error))


def _mistakes(model: type[BaseModel], error: ValidationError) -> Iterator[Mistake]:
    for wrapper in _flat(error.raw_errors):
        path = tuple(part for part in wrapper.loc_tuple() if part != "__root__")
        if isinstance(wrapper.exc, ExtraError):
            yield Mistake(path, f"there is no such rule; {_near(model, path)}", is_told=True)
        else:
            assert isinstance(wrapper.exc, Wrong), wrapper.exc  # noqa: S101 - every field has a check
            yield from (mistake._replace(path=(*path, *mistake.path)) for mistake in wrapper.exc.mistakes)


def _flat(errors: Any) -> Iterator[ErrorWrapper]:
    for error in errors:
        if isinstance(error, ErrorWrapper) and isinstance(error.exc, ValidationError):
            for inner in _flat(error.exc.raw_errors):
                yield ErrorWrapper(inner.exc, (*error.loc_tuple(), *inner.loc_tuple()))
        elif isinstance(error, ErrorWrapper):
            yield error
        else:
            yield from _flat(error)


def _near(model: Any, path: Path) -> str:
    for part in path[:-1]:
        model = model.__fields__[part].outer_type_
    known = list(model.__fields__)
    near = difflib.get_close_matches(str(path[-1]), known, 1)
    return f"did you mean {near[0]}?" if near else f"those known here are {', '.join(known)}"


def told(data: Any, mistake: Mistake) -> tuple[int, str]:
    """The line of a mistake in the file (from 1) and its words; `data` are the rules as they were read from it."""
    return line_of(data, mistake.path), f"{dotted(mistake.path)}: {_words(data, mistake)}"


def _words(data: Any, mistake: Mistake) -> str:
    if mistake.is_told:
        return mistake.expected
    found = f"the name {mistake.path[-1]!r}" if mistake.of_name else shown(value_at(data, mistake.path))
    return f"expected {mistake.expected}, found {found}"


def line_of(data: Any, path: Path) -> int:
    """The line (from 1) where the value at `path` is named, or its nearest surroundings."""
    line = 1
    for part in path:
        if not isinstance(data, (Mapping, list)) or not hasattr(data, "lc"):
            break
        try:
            line = data.lc.data[part][0] + 1
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
    return int(line)


def value_at(data: Any, path: Path) -> Any:
    """The value at `path`; None where there is none."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def dotted(path: Path) -> str:
    """A path as it is told: "opening_hours.days[1]"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def shown(value: Any) -> str:
    """A value as it is told, in some sixty characters at most."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, time):
        return f"'{value:%H:%M}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        text = f"{{{', '.join(f'{name}: {shown(item)}' for name, item in value.items())}}}"
        return text if len(text) <= LONGEST_SHOWN else "a group of rules"
    text = repr(list(value)) if isinstance(value, (list, tuple)) else repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
