"""What the rules hand to the words: a reply's name, its values, its choices, and how they travel as JSON.

A value keeps its kind (date, money, country …) until the language is known; `doorstep.replies.catalogue`
turns it into text. Strings are outside text and are put in as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union

from doorstep.orders import Money


@dataclass(frozen=True)
class Country:
    """An ISO 3166-1 alpha-2 code, shown as the country's name."""

    code: str


@dataclass(frozen=True)
class Days:
    """A number of days, shown with its word: "1 day", "12 days"."""

    count: int


@dataclass(frozen=True)
class Hours:
    """A number of hours, shown with its word and never as days: "1 hour", "48 hours"."""

    count: int


@dataclass(frozen=True)
class Minutes:
    """A number of minutes, shown with its word and never as hours: "1 minute", "90 minutes"."""

    count: int


@dataclass(frozen=True)
class BusinessDays:
    """A number of business days, or a span of them, shown with its noun: "1 business day", "7–15 business days"."""

    first: int
    last: int


@dataclass(frozen=True)
class AnyOf:
    """Several values, shown as a list ending in "or"."""

    items: tuple[Value, ...]


@dataclass(frozen=True)
class Choice:
    """Something the buyer can pick. `label` names a reply; taking it tells Rasa `intent` with `entities`."""

    label: str
    intent: str
    entities: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """One reply by name. A line of it whose value is None, empty or missing is left out when it is worded.

    `card` is data for a drawing (see docs/chat-api.md); values inside it are worded too.
    """

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    card: Mapping[str, Any] | None = None


Value = Union[  # noqa: UP007
    None, str, int, date, datetime, Money, Country, Days, Hours, Minutes, BusinessDays, AnyOf, Reply, Sequence["Value"]
]

_ENCODERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    datetime: ("time", lambda v: v.isoformat()),
    date: ("date", lambda v: v.isoformat()),
    Money: ("money", lambda v: [str(v.amount), v.currency]),
    Country: ("country", lambda v: v.code),
    Days: ("days", lambda v: v.count),
    Hours: ("hours", lambda v: v.count),
    Minutes: ("minutes", lambda v: v.count),
    BusinessDays: ("business_days", lambda v: [v.first, v.last]),
    AnyOf: ("any", lambda v: to_json(v.items)),
    Choice: ("choice", lambda v: [v.label, v.intent, dict(v.entities), to_json(v.values)]),
    Reply: ("reply", lambda v: [v.name, to_json(v.values), to_json(v.choices), to_json(v.card)]),
}

_DECODERS: dict[str, Callable[[Any], Any]] = {
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "money": lambda v: Money(Decimal(v[0]), v[1]),
    "country": Country,
    "days": Days,
    "hours": Hours,
    "minutes": Minutes,
    "business_days": lambda v: BusinessDays(v[0], v[1]),
    "any": lambda v: AnyOf(tuple(from_json(v))),
    "choice": lambda v: Choice(v[0], v[1], v[2], from_json(v[3])),
    "reply": lambda v: Reply(v[0], from_json(v[1]), tuple(from_json(v[2])), from_json(v[3])),
}


def to_json(value: Any) -> Any:
    """Encode a value, or a container of values, for a JSON body. Raises TypeError for anything else."""
    if value is None or isinstance(value, (str, int)):
        return value
    if type(value) in _ENCODERS:
        kind, encode = _ENCODERS[type(value)]
        return {"~": kind, "v": encode(value)}
    if isinstance(value, Mapping):
        return {k: to_json(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [to_json(item) for item in value]
    raise TypeError(f"no way to send a {type(value).__name__} to the words")


def from_json(data: Any) -> Any:
    """Decode what `to_json` made. Raises KeyError for a kind it does not know."""
    if isinstance(data, list):
        return [from_json(item) for item in data]
    if not isinstance(data, Mapping):
        return data
    if "~" in data:
        return _DECODERS[data["~"]](data["v"])
    return {k: from_json(v) for k, v in data.items()}
