"""Every reason for which a person takes over stands in the table that tells the person what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from doorstep.assistant import HANDED_OVER
from doorstep.people.handovers import REASONS
from doorstep.people.logistics import _TOLD as LOGISTICS
from doorstep.remedies import ABOVE_LIMIT, GIVEN_BEFORE, SWITCHED_OFF
from tests.consistency.reading import PRODUCT, nodes, place, python_files

# Expressions that give a reason: what they can come to. A new one is told here.
CAN_BE = {
    "allowed.why": {ABOVE_LIMIT, GIVEN_BEFORE, SWITCHED_OFF},
    "next(iter(needed.values())).reason": set(),  # one that a part of the order gave
    "doorstep/assistant.py: reason": set(HANDED_OVER.values()),
    "doorstep/people/logistics.py: reason": set(LOGISTICS),
}
# Given without a Handover: by an action for a message, by the front for a failure.
GIVEN_ELSEWHERE = {
    "actions/human_agent.py": {"asked", "angry", "not_understood"},
    "doorstep/front": {"technical"},
    "doorstep/people/handovers.py": {"desk"},  # by a person at a desk that is not ours
}


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    return (node for node in nodes(path, ast.Call) if isinstance(node.func, ast.Name) and node.func.id == name)


def functions_around(path: Path, call: ast.Call) -> Iterator[ast.FunctionDef]:
    return (node for node in nodes(path, ast.FunctionDef) if call in ast.walk(node))


def given(path: Path, call: ast.Call) -> set[str] | None:
    """The reasons a `Handover(…)` can be given; None where this cannot be seen."""
    reason = call.args[0]
    if isinstance(reason, ast.Constant):
        return {str(reason.value)}
    text = ast.unparse(reason)
    known = CAN_BE.get(text, CAN_BE.get(f"{place(path)}: {text}"))
    return passed_as(path, call, text) if known is None else known


def passed_as(path: Path, call: ast.Call, parameter: str) -> set[str] | None:
    """What the callers of the function around a call pass for one of its parameters."""
    for function in functions_around(path, call):
        names = [argument.arg for argument in function.args.args]
        if parameter in names:
            at = names.index(parameter)
            files = [path] if function.name.startswith("_") else python_files(*PRODUCT)
            callers = [each for file in files for each in calls(file, function.name)]
            passed = [each.args[at] for each in callers if len(each.args) > at]
            if passed and all(isinstance(each, ast.Constant) for each in passed):
                return {str(each.value) for each in passed if isinstance(each, ast.Constant)}
    return None


def all_given() -> dict[str, set[str] | None]:
    found = {
        f"{place(path)}:{call.lineno}": given(path, call)
        for path in python_files(*PRODUCT)
        for call in calls(path, "Handover")
    }
    return {**found, **GIVEN_ELSEWHERE}


def test_every_reason_that_code_gives_is_explained_to_the_person() -> None:
    unclear = [where for where, reasons in all_given().items() if reasons is None]
    assert unclear == [], "say in CAN_BE which reasons this gives"
    missing = [(where, sorted(reasons - set(REASONS))) for where, reasons in all_given().items() if reasons]
    assert [pair for pair in missing if pair[1]] == [], "explain it in doorstep/people/handovers.py: REASONS"


def test_no_reason_is_explained_that_no_code_gives() -> None:
    every = set[str]().union(*(reasons for reasons in all_given().values() if reasons))
    assert set(REASONS) - every == set(), "take it out of REASONS"


def test_reasons_given_elsewhere_are_named_there() -> None:
    for where, reasons in GIVEN_ELSEWHERE.items():
        texts = {
            node.value
            for path in python_files(*PRODUCT)
            if place(path).startswith(where)
            for node in nodes(path, ast.Constant)
        }
        assert reasons <= texts, where
