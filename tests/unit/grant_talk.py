"""Grants by people: what is offered to an agent, granted, and refused; for the tests beside this one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases
from doorstep.cases import Case
from doorstep.orders import Money
from doorstep.people.granting import NotAllowed, grant
from doorstep.people.grants import Grant, grants_for
from doorstep.promises import Promise
from doorstep.settlement import Settlement, Situation
from tests.builders import NOW, a_line, a_parcel, days_ago
from tests.telling import spaced, told_by

AGENT = {"USD": Decimal(200)}
LEAD = {"USD": Decimal(1000)}
LOST = a_parcel(status="lost")
TWO = (a_line(), a_line(sku="CASE", title="Case", unit_price=Decimal("10.00")))


def by_key(situation: Situation, limits: Any = None) -> dict[tuple[str, str], Grant]:
    return {(one.kind, one.subject): one for one in grants_for(situation, AGENT if limits is None else limits, LEAD)}


def granted(situation: Situation, kind: str, subject: str, amount: str = "") -> Settlement:
    money = Decimal(amount) if amount else None
    return grant(situation, kind, subject, money, limits=AGENT, above=LEAD)


def why_not(situation: Situation, kind: str, subject: str, amount: str = "") -> str:
    with pytest.raises(NotAllowed) as caught:
        granted(situation, kind, subject, amount)
    return spaced(told_by(caught.value.reason))


def after(situation: Situation, settled: Settlement) -> Situation:
    return replace(situation, promises=(*situation.promises, *settled.promises))


def waiting(kind: str, subject: str, **facts: str) -> Case:
    return Case("X-1001-1", kind, subject, cases.PERSON, facts, days_ago(1), id=1)


def steps(settled: Settlement) -> list[tuple[str, str, str]]:
    return [(step.kind, step.subject, step.state) for step in settled.cases]


def a_promise(kind: str, subject: str, amount: str = "24.50", **changes: Any) -> Promise:
    return replace(Promise(kind, subject, NOW + timedelta(days=3), amount=Money(Decimal(amount), "USD")), **changes)
