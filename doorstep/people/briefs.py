"""What a person gets who takes a conversation over: who, which order, what happened, what was said, and what next.

Pure: `doorstep.storage.briefs` brings the facts together. A brief is data; how it is shown is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from doorstep.cases import Case
from doorstep.offers import Offer
from doorstep.orders import Money
from doorstep.parcels import Scan
from doorstep.people.customers import Standing
from doorstep.people.handovers import Reason, reason_of
from doorstep.people.risk import Score
from doorstep.people.zones import zone_of
from doorstep.promises import Promise
from doorstep.settlement import ShopTask, Situation
from doorstep.windows import window_of

SCANS_TOLD = 5  # of each parcel, the newest


@dataclass(frozen=True)
class Who:
    """The person. What is not known, because no order is proven, is "" or None; `local_time` is where they are now."""

    name: str = ""
    language: str = ""
    country: str = ""
    local_time: datetime | None = None
    tier: str = ""
    group: str = ""
    orders: int = 0
    spent: str = ""
    currencies_without_rate: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParcelTold:
    """A parcel: where it stands, by when it was expected, and its newest scans, newest first.

    A scan that asks for a duty says how much (`due`) and by when (`act_by`).
    """

    tracking_number: str
    carrier: str
    stage: str
    shipped_at: datetime | None
    scans: tuple[Mapping[str, Any], ...]
    expected_by: date | None = None


@dataclass(frozen=True)
class OrderTold:
    """A proven order of the conversation, with all that was agreed about it."""

    number: str
    marketplace: str
    placed_at: datetime
    total: str
    items: tuple[str, ...]
    cancelled: bool
    parcels: tuple[ParcelTold, ...]
    promises: tuple[Mapping[str, Any], ...]
    cases: tuple[Mapping[str, Any], ...]
    tasks: tuple[Mapping[str, Any], ...]
    deadline: datetime | None
    risk: int
    risk_parts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Brief:
    """The whole of it. `means` and `next_step` name replies in words; `orders` has the one talked about first."""

    conversation_id: str
    channel: str
    owner: str
    since: datetime
    reason: str
    means: str
    next_step: str
    team: str
    urgency: int
    note: Mapping[str, str]
    wishes: tuple[str, ...]
    threats: tuple[str, ...]
    mood: str
    who: Who
    orders: tuple[OrderTold, ...]
    offered: tuple[Mapping[str, Any], ...]
    photos: tuple[Mapping[str, Any], ...]
    messages: int
    last_message_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        """The brief as plain JSON data: times in ISO 8601, everything else as it is."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


@dataclass(frozen=True)
class Talk:
    """What is known of a conversation apart from its orders. `since` is when it was handed over, where it was."""

    conversation_id: str
    channel: str
    language: str
    owner: str
    since: datetime
    reason: str
    note: Mapping[str, str]
    mood: str
    photos: tuple[Mapping[str, Any], ...] = ()
    messages: int = 0
    last_message_at: datetime | None = None

    @property
    def threats(self) -> tuple[str, ...]:
        """What the buyer threatened with before the hand-over; anger is all that is known where they did not say."""
        named = _listed(self.note.get("threat", ""))
        return named or (("anger",) if self.reason == "angry" else ())


@dataclass(frozen=True)
class Known:
    """One order of the conversation as everything about it is known."""

    situation: Situation
    standing: Standing
    tasks: tuple[ShopTask, ...] = ()
    deadline: datetime | None = None
    risk: Score = field(default_factory=Score)


def brief_of(talk: Talk, known: Sequence[Known], offers: Sequence[Offer]) -> Brief:
    """Bring a conversation, its orders and what was offered in it together; the order talked about comes first."""
    reason: Reason = reason_of(talk.reason)
    return Brief(
        conversation_id=talk.conversation_id,
        channel=talk.channel,
        owner=talk.owner,
        since=talk.since,
        reason=talk.reason,
        means=reason.means,
        next_step=reason.next_step,
        team=reason.team,
        urgency=reason.urgency,
        note=talk.note,
        wishes=_listed(talk.note.get("wishes", "")),
        threats=talk.threats,
        mood=talk.mood,
        who=_who(talk, known[0]) if known else Who(language=talk.language),
        orders=tuple(_order(each) for each in known),
        offered=tuple(_offer(offer) for offer in offers),
        photos=talk.photos,
        messages=talk.messages,
        last_message_at=talk.last_message_at,
    )


def _who(talk: Talk, known: Known) -> Who:
    order, now, standing = known.situation.order, known.situation.now, known.standing
    zone = zone_of(order.ship_to, now)
    return Who(
        name=order.buyer.name,
        language=talk.language,
        country=order.ship_to.country,
        local_time=now.astimezone(zone) if zone else None,
        tier=standing.tier,
        group=str(standing.group),
        orders=standing.orders,
        spent=_money(standing.spent),
        currencies_without_rate=standing.no_rate,
    )


def _order(known: Known) -> OrderTold:
    order, now = known.situation.order, known.situation.now
    return OrderTold(
        number=order.number,
        marketplace=order.marketplace,
        placed_at=order.placed_at,
        total=_money(order.value),
        items=tuple(f"{line.quantity} × {line.title}" for line in order.lines),
        cancelled=order.cancelled_at is not None,
        parcels=_parcels(known.situation),
        promises=tuple(_promise(promise, now) for promise in known.situation.promises),
        cases=tuple(_case(case) for case in known.situation.cases),
        tasks=tuple({"kind": task.kind, **task.note} for task in known.tasks),
        deadline=known.deadline,
        risk=known.risk.points,
        risk_parts=tuple(asdict(part) for part in known.risk.parts),
    )


def _parcels(situation: Situation) -> tuple[ParcelTold, ...]:
    return tuple(
        ParcelTold(
            parcel.tracking_number,
            parcel.carrier,
            situation.stage(parcel).value,
            parcel.shipped_at,
            tuple(_scan(scan) for scan in reversed(parcel.scans[-SCANS_TOLD:])),
            window.expected_by if (window := window_of(situation.order, parcel, situation.policy)) else None,
        )
        for parcel in situation.order.parcels
    )


def _scan(scan: Scan) -> dict[str, Any]:
    due = Money(scan.amount_due, scan.amount_currency) if scan.amount_due and scan.amount_currency else None
    told = {"at": scan.at, "status": scan.status, "description": scan.description, "location": scan.location}
    return {**told, "due": _money(due), "act_by": scan.act_by}


def _promise(promise: Promise, now: datetime) -> dict[str, Any]:
    overdue = promise.state == "open" and promise.is_due(now)
    return {
        "kind": promise.kind,
        "subject": promise.subject,
        "due_at": promise.due_at,
        "state": "overdue" if overdue else promise.state,
        "remedy": promise.remedy,
        "amount": _money(promise.amount),
    }


def _case(case: Case) -> dict[str, Any]:
    return {"number": case.number, "kind": case.kind, "state": case.state, "facts": dict(case.facts)}


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "kind": offer.kind,
        "subject": offer.subject,
        "options": list(offer.options),
        "amount": _money(offer.amount),
        "chosen": offer.chosen,
        "expires_at": offer.expires_at,
    }


def _money(amount: Money | None) -> str:
    return f"{amount.amount} {amount.currency}" if amount else ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
