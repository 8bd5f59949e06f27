"""Rules that differ by shop or by country of delivery: which of them may, what they come to, and what is wrong in them.

A country's rule comes before a shop's, a shop's before the general one. Inside a group single rules are put in place of
the general ones; a list or a table takes the place of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from doorstep.policy import rules
from doorstep.policy.mistakes import dotted, mistakes_of, shown, value_at
from doorstep.policy.rules import Mistake, Path

OVERRIDES, SHOPS, COUNTRIES = "overrides", "shops", "countries"
BY_COUNTRY = (
    "handling_days", "usual_days", "waits", "remedies", "returns", "goods", "customs", "unpaid", "notices",
)  # fmt: skip
BY_SHOP = ("shop", *BY_COUNTRY)
# The same for all, inside a group that may differ: the people and their calendar, and whether anything is said first.
WITHOUT = {"shop": ("timezone", "languages", "order_numbers"), "notices": ("on",)}
# One team answers for all shops, knows its customers in all of them, and guards one chat.
GENERAL = (
    "teams", "opening_hours", "answer_within_hours", "desk", "customers", "disputes", "identity", "messages", OVERRIDES,
)  # fmt: skip

_ALLOWED = {SHOPS: ("shop", BY_SHOP), COUNTRIES: ("country", BY_COUNTRY)}


def merged(general: Mapping[str, Any], *stated: Mapping[str, Any]) -> dict[str, Any]:
    """Rules as plain values with those stated put in their place, the last coming first."""
    result = dict(general)
    for part in stated:
        for name, value in part.items():
            below = result.get(name)
            if isinstance(below, dict) and isinstance(value, Mapping):
                result[name] = {**below, **value}
            elif value is not None or not isinstance(
                below, dict
            ):  # a group of which nothing is stated yet is no mistake
                result[name] = value
    return result


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The general rules among the values of a policy, without classes."""
    given = {name: value for name, value in values.items() if name != OVERRIDES}
    return {name: value.dict() if isinstance(value, BaseModel) else value for name, value in given.items()}


def mistakes_in(model: type[BaseModel], values: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong in the overrides of a policy, by path in the file.

    `values` are those of its rules that are right; `model` is the class of a policy.
    """
    overrides = values.get(OVERRIDES)
    if overrides is None:
        return []
    general, found = plain(values), []
    right: dict[str, dict[str, Mapping[str, Any]]] = {SHOPS: {}, COUNTRIES: {}}
    for by, parts in ((SHOPS, overrides.shops), (COUNTRIES, overrides.countries)):
        for name, stated in parts.items():
            wrong = list(_mistakes_of_one(model, general, (OVERRIDES, by, name), stated))
            found += wrong
            if not wrong and stated:
                right[by][name] = stated
    return [*found, *_mistakes_together(model, general, right)]


def _mistakes_of_one(model: type[BaseModel], general: Mapping[str, Any], path: Path, stated: Any) -> Iterator[Mistake]:
    """What is wrong in one shop's or country's part."""
    _, by, name = path
    if by == COUNTRIES and not rules.is_country(name):
        yield Mistake(path, rules.COUNTRY, of_name=True)
    if by == SHOPS and (not isinstance(name, str) or not name.strip()):
        yield Mistake(path, "the name of a shop as in its orders, in quotes if it is a number", of_name=True)
    if stated is not None and not isinstance(stated, Mapping):
        yield Mistake(path, "a group of rules, one on each line")
    if not isinstance(stated, Mapping):
        return
    refused = dict(_refused(by, stated))
    yield from (Mistake((*path, *rule), text, is_told=True) for rule, text in refused.items())
    rest = {rule: value for rule, value in stated.items() if (rule,) not in refused}
    yield from _mistakes_in_rules(model, general, path, rest)


def _refused(by: str, stated: Mapping[Any, Any]) -> Iterator[tuple[Path, str]]:
    """The rules that may not differ, each with why."""
    what, allowed = _ALLOWED[by]
    for rule in stated:
        if rule not in allowed and rule in (*GENERAL, *BY_SHOP):
            yield (rule,), f"is the same for every {what}; by {what} can differ {', '.join(allowed)}"
    for group, rules_ in WITHOUT.items():
        given = stated.get(group) if group in allowed else None
        for rule in rules_:
            if isinstance(given, Mapping) and rule in given:
                yield (group, rule), f"is the same for every {what}; of `{group}` can differ the other rules"


def _mistakes_in_rules(
    model: type[BaseModel], general: Mapping[str, Any], path: Path, stated: Mapping[str, Any]
) -> Iterator[Mistake]:
    whole = merged(general, stated)
    for mistake in _parsed(model, whole):
        if _stands(stated, mistake.path):
            yield mistake._replace(path=(*path, *mistake.path))
        elif mistake.path[0] in general:  # else the general rules are wrong themselves, and that is told
            text = f"expected {mistake.expected}, found {shown(value_at(whole, mistake.path))} in the general rules"
            yield Mistake((*path, *mistake.path), text, is_told=True)


def _mistakes_together(
    model: type[BaseModel], general: Mapping[str, Any], right: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Mistake]:
    """What is wrong only where a shop's part and a country's meet."""
    for shop, of_shop in right[SHOPS].items():
        for country, of_country in right[COUNTRIES].items():
            if not of_shop.keys() & of_country.keys():
                continue
            whole = merged(general, of_shop, of_country)
            for mistake in _parsed(model, whole):
                found = f"{shown(value_at(whole, mistake.path))} together with {dotted((OVERRIDES, SHOPS, shop))}"
                where = (OVERRIDES, COUNTRIES, country, *mistake.path)
                yield Mistake(where, f"expected {mistake.expected}, found {found}", is_told=True)


def _parsed(model: type[BaseModel], values: Mapping[str, Any]) -> list[Mistake]:
    try:
        model.parse_obj(values)
    except ValidationError as error:
        return mistakes_of(model, error)
    return []


def _stands(stated: Any, path: Path) -> bool:
    for part in path:
        if isinstance(stated, Mapping) and part in stated:
            stated = stated[part]
        else:
            return isinstance(stated, (list, tuple)) and isinstance(part, int)
    return True
