"""Cases: what is being settled about an order, from its opening until it is closed, with all that was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

# kinds
CUSTOMS = "customs"  # the buyer was charged duty
GOODS = "goods"  # something is wrong with what came
RETURN = "return"  # goods go back for money
EXCHANGE = "exchange"  # goods go back for other goods
ADDRESS = "address"  # another address is wanted
CANCEL = "cancel"  # the order, or part of it, is called off
NOT_RECEIVED = "not_received"  # a parcel did not arrive

# states
ASKING = "asking"  # the buyer is being asked what is needed
AGREED = "agreed"  # something was granted; it is being carried out
PERSON = "person"  # a person decides
CLOSED = "closed"
OPEN = (ASKING, AGREED, PERSON)

_LETTERS = {
    CUSTOMS: "D", GOODS: "G", RETURN: "R", EXCHANGE: "E", ADDRESS: "A", CANCEL: "C", NOT_RECEIVED: "N",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A case of an order. `subject` is a parcel's id as text, a line's SKU, or "" for the whole order.

    `facts` are what was found out and agreed, by name, as text; amounts are written "12.50 USD", times in ISO 8601.
    """

    number: str
    kind: str
    subject: str = ""
    state: str = ASKING
    facts: Mapping[str, str] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    id: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still being settled."""
        return self.state in OPEN


@dataclass(frozen=True)
class CaseStep:
    """A step of the open case of a kind and subject, which is opened where there is none.

    `facts` are added to those it has; one whose value is "" is taken away.
    """

    kind: str
    subject: str = ""
    state: str = ASKING
    facts: Mapping[str, str] = field(default_factory=dict)


def find(cases: Iterable[Case], kind: str, subject: str = "") -> Case | None:
    """The open case of a kind for a subject."""
    return next((case for case in cases if case.is_open and (case.kind, case.subject) == (kind, subject)), None)


def number_for(order_number: str, cases: Iterable[Case], kind: str, subject: str = "") -> str:
    """The number of the open case of a kind, or the one a case opened now will have: "R-1044-2"."""
    cases = tuple(cases)
    found = find(cases, kind, subject)
    return found.number if found else f"{_LETTERS[kind]}-{order_number}-{len(cases) + 1}"
