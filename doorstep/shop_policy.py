"""The seller's rules, read from one file (`shop_policy.yml`) that a seller can edit: windows, waits, remedies, limits.

Every rule has a default, so an empty file is a whole policy. A mistake is reported with its line and what was
expected, all mistakes at once, before anything starts.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, root_validator, validator
from pydantic.error_wrappers import ErrorWrapper
from pydantic.errors import ExtraError
from pydantic.fields import ModelField
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from doorstep import policy_rules as rules

_CHINA_POST = {"default": (10, 20), "BR": (15, 35), "RU": (15, 30), "US": (10, 20)}
_USUAL_SERVICES = {
    "china-post/registered": _CHINA_POST,
    "china-post/small-packet": {"default": (15, 30), "BR": (20, 40)},
    "china-post/epacket": {"default": (7, 15), "US": (7, 14)},
    "yunexpress": {"default": (7, 12), "BR": (10, 20)},
    "4px": {"default": (8, 15)},
    "yanwen": {"default": (10, 20)},
}
_LIMITS = {"USD": 100, "EUR": 90, "GBP": 80, "CAD": 130, "AUD": 150, "BRL": 500, "MXN": 1800, "CNY": 700}


class PolicyError(Exception):
    """The policy file cannot be used. Its text has one line for each mistake, by line of the file."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class _Group(BaseModel):
    class Config:
        frozen = True
        extra = "forbid"

    @validator("*", pre=True)
    def _check(cls, value: Any, field: ModelField) -> Any:
        check = field.field_info.extra.get("check", rules.group)
        return check(value)


class Shop(_Group):
    """Who the shop is. `timezone` is an IANA name; `languages` are those its people answer in.

    `order_numbers` are the formats of its order numbers: 0 for a digit, A for a letter, all else as it is.
    """

    name: str = Field(default="Our shop", check=rules.words)
    timezone: str = Field(default="Asia/Shanghai", check=rules.zone)
    languages: tuple[str, ...] = Field(default=("en",), check=rules.languages)
    order_numbers: tuple[str, ...] = Field(default=(), check=rules.number_formats)


class OpeningHours(_Group):
    """When a person answers, in the shop's time zone."""

    days: tuple[str, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), check=rules.weekdays)
    open: time = Field(default=time(9), check=rules.clock)
    close: time = Field(default=time(18), check=rules.clock)

    @root_validator(skip_on_failure=True)
    def _opens_before_it_closes(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["open"] >= values["close"]:
            raise rules.Wrong(rules.Mistake(("close",), f"a time after {values['open']:%H:%M}, when it opens"))
        return values


class UsualDays(_Group):
    """How long parcels usually take from door to door, in business days (first, last)."""

    default: tuple[int, int] = Field(default=(7, 15), check=rules.span)
    services: dict[str, dict[str, tuple[int, int]]] = Field(default=_USUAL_SERVICES, check=rules.spans_by_service)

    def usual_days_for(self, carrier: str, service: str, country: str) -> tuple[int, int]:
        """The span for a parcel: the service's own before the carrier's, the country's before the default."""
        carrier, service = carrier.strip().lower(), service.strip().lower()
        for name in (f"{carrier}/{service}", carrier):
            spans = self.services.get(name, {})
            span = spans.get(country.upper(), spans.get("default"))
            if span:
                return span
        return self.default


class Waits(_Group):
    """How long the buyer is asked to wait, in calendar days."""

    delivered_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    sorting_centre_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    grace_days: int = Field(default=2, check=rules.whole(0, 60, "days"))
    no_scan_days: int = Field(default=10, check=rules.whole(1, 120, "days"))


class Remedies(_Group):
    """What may be given without asking a person. `..._within_days` are business days, the others calendar days."""

    resend: bool = Field(default=True, check=rules.truth)
    refund: bool = Field(default=True, check=rules.truth)
    limits: dict[str, Decimal] = Field(
        default={code: Decimal(most) for code, most in _LIMITS.items()}, check=rules.limits
    )
    refund_within_days: int = Field(default=3, check=rules.whole(0, 60, "business days"))
    resend_within_days: int = Field(default=3, check=rules.whole(0, 60, "business days"))
    offer_valid_days: int = Field(default=14, check=rules.whole(1, 180, "days"))

    def within_limit(self, amount: Decimal, currency: str) -> bool:
        """Whether an amount may be given without a person; never for a currency that has no limit."""
        most = self.limits.get(currency.upper())
        return most is not None and amount <= most


class Unpaid(_Group):
    """For how many calendar days goods are reserved where the order does not say."""

    reserve_days: int = Field(default=3, check=rules.whole(0, 60, "days"))


class Identity(_Group):
    """How often a buyer may try to prove that an order is theirs."""

    tries_per_conversation: int = Field(default=3, check=rules.whole(1, 100, "tries"))
    tries_per_address_per_hour: int = Field(default=20, check=rules.whole(1, 10_000, "tries"))
    tries_per_order_per_day: int = Field(default=10, check=rules.whole(1, 1_000, "tries"))


class Messages(_Group):
    """How much may be written before the chat asks to slow down."""

    per_minute: int = Field(default=30, check=rules.whole(1, 10_000, "messages"))
    burst: int = Field(default=5, check=rules.whole(1, 1_000, "messages"))
    conversations_per_address_per_hour: int = Field(default=60, check=rules.whole(1, 100_000, "conversations"))


class ShopPolicy(_Group):
    """All rules of a shop. `handling_days` are business days; `answer_within_hours` are hours on working days."""

    shop: Shop = Shop()
    opening_hours: OpeningHours = OpeningHours()
    answer_within_hours: int = Field(default=24, check=rules.whole(1, 336, "hours"))
    handling_days: int = Field(default=2, check=rules.whole(0, 60, "business days"))
    usual_days: UsualDays = UsualDays()
    waits: Waits = Waits()
    remedies: Remedies = Remedies()
    unpaid: Unpaid = Unpaid()
    identity: Identity = Identity()
    messages: Messages = Messages()

    def usual_days_for(self, carrier: str, service: str, country: str) -> tuple[int, int]:
        """How many business days a parcel usually takes, first and last; see `UsualDays.usual_days_for`."""
        return self.usual_days.usual_days_for(carrier, service, country)


def load(path: Path) -> ShopPolicy:
    """Read the rules. Raises PolicyError with every mistake, each with file name and line."""
    data = _read(path)
    given = {name: value for name, value in data.items() if value is not None or not _is_group(name)}
    try:
        return ShopPolicy.parse_obj(given)
    except ValidationError as error:
        mistakes = sorted(_mistakes(data, error))
        raise PolicyError([f"{path.name}:{line}: {text}" for line, text in mistakes]) from None


def _read(path: Path) -> Mapping[Any, Any]:
    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PolicyError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PolicyError([f"{path.name}:{line}: expected text in UTF-8; save the file in that encoding"]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(str(error.problem or error.context).split())
        raise PolicyError([f"{path.name}:{line}: this is not YAML: {what}"]) from error
    except YAMLError as error:
        raise PolicyError([f"{path.name}:1: this is not YAML: {' '.join(str(error).split())}"]) from error
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise PolicyError([f"{path.name}:1: expected rules such as 'handling_days: 2', found {_shown(data)}"])
    return data


def _is_group(name: Any) -> bool:
    field = ShopPolicy.__fields__.get(name)
    return field is not None and issubclass(field.outer_type_, _Group)


def _mistakes(data: Mapping[Any, Any], error: ValidationError) -> Iterator[tuple[int, str]]:
    for wrapper in _flat(error.raw_errors):
        path = tuple(part for part in wrapper.loc_tuple() if part != "__root__")
        if isinstance(wrapper.exc, ExtraError):
            yield _line(data, path), f"{_dotted(path)}: there is no such rule; {_near(path)}"
        else:
            assert isinstance(wrapper.exc, rules.Wrong), wrapper.exc  # noqa: S101 - every field has a check
            for mistake in wrapper.exc.mistakes:
                whole = (*path, *mistake.path)
                found = f"the name {whole[-1]!r}" if mistake.of_name else _shown(_value(data, whole))
                yield _line(data, whole), f"{_dotted(whole)}: expected {mistake.expected}, found {found}"


def _flat(errors: Any) -> Iterator[ErrorWrapper]:
    for error in errors:
        if isinstance(error, ErrorWrapper) and isinstance(error.exc, ValidationError):
            for inner in _flat(error.exc.raw_errors):
                yield ErrorWrapper(inner.exc, (*error.loc_tuple(), *inner.loc_tuple()))
        elif isinstance(error, ErrorWrapper):
            yield error
        else:
            yield from _flat(error)


def _line(data: Any, path: rules.Path) -> int:
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


def _value(data: Any, path: rules.Path) -> Any:
    for part in path:
        data = data[part] if isinstance(data, list) or part in data else None
        if data is None:
            return None
    return data


def _near(path: rules.Path) -> str:
    model: Any = ShopPolicy
    for part in path[:-1]:
        model = model.__fields__[part].outer_type_
    known = list(model.__fields__)
    near = difflib.get_close_matches(str(path[-1]), known, 1)
    return f"did you mean {near[0]}?" if near else f"those known here are {', '.join(known)}"


def _dotted(path: rules.Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a group of rules"
    text = repr(list(value)) if isinstance(value, list) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
