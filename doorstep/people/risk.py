"""How likely an order ends in a dispute: a score from 0 to 100, and the reasons it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from doorstep import cases, disputes, promises
from doorstep.parcels import Stage
from doorstep.people.customers import rate_of
from doorstep.promises import Promise
from doorstep.settlement import Situation
from doorstep.windows import shop_date, window_of

LATE, MOOD, THREAT, CONTACTS = "late", "mood", "threat", "contacts"
OVERDUE, DEADLINE, VALUE, DISPUTED = "promise_overdue", "deadline", "value", "delivered_disputed"

# The most points of each reason; together they come to 100.
MOST = {LATE: 20, MOOD: 10, THREAT: 25, CONTACTS: 10, OVERDUE: 10, DEADLINE: 10, VALUE: 5, DISPUTED: 10}

_MOODS = {"calm": 0, "upset": 5, "angry": 10}
_THREATS = {"anger": 5, "review": 12, "police": 20, "legal": 22, "dispute": 25}
_VALUE_POINTS = (0, 2, 3, 5)  # by the level of the order's total among the policy's levels of money
_COMPLAINTS = (cases.NOT_RECEIVED, cases.GOODS)


@dataclass(frozen=True)
class Signs:
    """What a score is made of. `days_to_deadline` is None where nothing is wrong, or nobody can open a
    dispute any more.

    `value` is in the policy's currency; `levels` are where its second, third and fourth level begin.
    """

    days_late: int = 0
    mood: str = "calm"
    threats: tuple[str, ...] = ()
    contacts: int = 0
    overdue: int = 0
    days_to_deadline: int | None = None
    value: Decimal = Decimal(0)
    levels: tuple[int, int, int] = (50, 200, 500)
    delivered_disputed: bool = False


@dataclass(frozen=True)
class Part:
    """One reason and its points; `what` is the fact behind it, such as "12" days or "dispute"."""

    reason: str
    points: int
    what: str = ""


@dataclass(frozen=True)
class Score:
    """The whole score: its parts, those with most points first. A part without points is left out."""

    parts: tuple[Part, ...] = ()

    @property
    def points(self) -> int:
        """From 0 to 100: the points of all parts."""
        return sum(part.points for part in self.parts)


def score(signs: Signs) -> Score:
    """Each sign counts for itself, up to the most its reason may have; none ever lowers the score."""
    threat = max(signs.threats, key=_threat_points, default="")
    parts = (
        Part(LATE, signs.days_late, str(signs.days_late)),
        Part(MOOD, _MOODS.get(signs.mood, 0), signs.mood),
        Part(THREAT, _threat_points(threat), threat),
        Part(CONTACTS, 3 * max(0, signs.contacts - 1), str(signs.contacts)),
        Part(OVERDUE, 5 * signs.overdue, str(signs.overdue)),
        Part(DEADLINE, _nearness(signs.days_to_deadline), str(signs.days_to_deadline)),
        Part(VALUE, _VALUE_POINTS[sum(signs.value >= level for level in signs.levels)], f"{signs.value:.2f}"),
        Part(DISPUTED, MOST[DISPUTED] * signs.delivered_disputed),
    )
    kept = [Part(part.reason, min(part.points, MOST[part.reason]), part.what) for part in parts if part.points > 0]
    return Score(tuple(sorted(kept, key=lambda part: -part.points)))


def _threat_points(threat: str) -> int:
    return _THREATS.get(threat, 0)


def _nearness(days: int | None) -> int:
    """The nearer the end of the time for a dispute, the likelier one is opened; from ten days on, a point each day."""
    return 0 if days is None else max(0, 10 - max(0, days))


def signs_of(situation: Situation, mood: str, threats: Sequence[str], handed_over_at: datetime | None) -> Signs:
    """The signs of an order as it stands, with what was heard in its conversations."""
    order, rules = situation.order, situation.policy.customers
    disputed = delivered_but_disputed(situation)
    late = days_late(situation)
    troubled = bool(late or threats or disputed or situation.contacts or mood != "calm")
    deadline = deadline_of(situation, threats, handed_over_at)
    return Signs(
        late,
        mood,
        tuple(threats),
        situation.contacts,
        len(overdue(situation.promises, situation.now)),
        _days_to(deadline, situation, late) if troubled else None,
        rate_of(rules, order.currency) * order.total,
        rules.spent,
        disputed,
    )


def days_late(situation: Situation) -> int:
    """Calendar days that the latest parcel under way is past its usual time, or the order past its handling time."""
    order, today = situation.order, shop_date(situation.now, situation.policy)
    if order.cancelled_at:
        return 0
    under_way = (parcel for parcel in order.parcels if situation.stage(parcel) is not Stage.DELIVERED)
    windows = (window_of(order, parcel, situation.policy) for parcel in under_way)
    return max((window.days_late(today) for window in windows if window), default=0)


def overdue(made: Sequence[Promise], now: datetime) -> tuple[Promise, ...]:
    """Promises of the shop that are still open after their date. What the buyer does by a date is none of them."""
    return tuple(p for p in made if p.state == "open" and p.is_due(now) and p.kind != promises.RETURN)


def delivered_but_disputed(situation: Situation) -> bool:
    """Whether something was delivered and a case says that it was not, or not as it should be."""
    delivered = any(situation.stage(parcel) is Stage.DELIVERED for parcel in situation.order.parcels)
    return delivered and any(case.is_open and case.kind in _COMPLAINTS for case in situation.cases)


def deadline_of(situation: Situation, threats: Sequence[str], handed_over_at: datetime | None) -> datetime:
    """The marketplace's deadline: for the answer to a dispute that was threatened, else for opening one at all.

    The answer is counted from the hand-over, when the threat was heard.
    """
    order, policy = situation.order, situation.policy
    if "dispute" in threats and handed_over_at:
        return disputes.answer_by(handed_over_at, order.marketplace, policy)
    case = next((case for case in situation.cases if case.is_open), cases.Case("", cases.NOT_RECEIVED))
    return disputes.can_be_opened_until(order, case, policy)


def _days_to(deadline: datetime, situation: Situation, late: int) -> int | None:
    """Days left; 0 once it has passed while the goods are still late, None once it has passed otherwise."""
    days = (deadline - situation.now).days
    return days if days >= 0 else 0 if late else None
