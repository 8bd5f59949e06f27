"""Orders to be changed, and how they stand once a settlement is stored: for the tests of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from doorstep import cases
from doorstep.cases import Case
from doorstep.settlement import Settlement, Situation
from tests.builders import a_parcel, a_scan, days_ago
from tests.telling import a_situation


def unsent(**changes: Any) -> Situation:
    """An order paid yesterday of which nothing has left."""
    situation = a_situation(**{"paid_at": days_ago(1), **changes})
    return replace(situation, order=replace(situation.order, parcels=()))


def coming_back(status: str, **changes: Any) -> Situation:
    """An order whose parcel comes back, or is back, because of its address."""
    why = a_scan(at=days_ago(1), status=status, reason="bad_address", description="No such number")
    return a_situation(a_parcel(scans=(a_scan(), why)), **changes)


def after(situation: Situation, *settlements: Settlement) -> Situation:
    """The same order once settlements were stored, as `doorstep.storage.settling` does it."""
    for settled in settlements:
        order, known = situation.order, list(situation.cases)
        for step in settled.cases:
            found = cases.find(known, step.kind, step.subject)
            facts = {name: value for name, value in {**(found.facts if found else {}), **step.facts}.items() if value}
            if found:
                known.remove(found)
            known.append(Case("X-1001-1", step.kind, step.subject, step.state, facts, opened_at=situation.now))
        if settled.change:
            order = replace(order, **{name: value for name, value in vars(settled.change).items() if value})
        made = (*situation.promises, *settled.promises)
        situation = replace(situation, order=order, cases=tuple(known), promises=made)
    return situation
