"""What is watched for an order, when its buyer is to hear of it, and what they are told then. Pure.

`plan` looks at an order as it is now and says which notices are due when; `say` is asked on that date, looks again,
and gives the words or the reason why nothing is said. Each kind is told once for a subject: see `docs/promises.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from doorstep import cases, promises
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.parcels import Parcel, Stage
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Reply, Value
from doorstep.settlement import Situation
from doorstep.unasked import notices
from doorstep.unasked.daytime import next_day_time
from doorstep.unasked.news import news_of
from doorstep.unasked.notices import OF_PARCEL
from doorstep.windows import end_of, shop_date, window_of

OLD = timedelta(days=3)  # what happened longer ago is no news
CASE_EVERY = timedelta(days=7)  # an open case is told of
PLANNED, SENT, DROPPED = "planned", "sent", "dropped"

# Why a planned notice is not told.
OVERTAKEN, TOO_OLD, AT_FIRST, LEFT_OUT, SETTLED = "overtaken", "too_old", "at_first_import", "left_out", "settled"

Key = tuple[str, str]  # kind, subject

_OVER = (Stage.DELIVERED, Stage.GOING_BACK, Stage.CUSTOMS_HELD, Stage.WAITING_FOR_PICKUP, Stage.DELIVERY_FAILED)


@dataclass(frozen=True)
class Planned:
    """A notice to be kept. With a `why` it is kept as one that will not be told."""

    kind: str
    subject: str
    due_at: datetime
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What to add, and which planned ones (by kind and subject) are not told any more, each with the reason."""

    add: tuple[Planned, ...] = ()
    drop: Mapping[Key, str] = field(default_factory=dict)


def plan(situation: Situation, known: Mapping[Key, str], at_first: bool = False) -> Plan:
    """What is to be told about an order from now on. `known` are the notices there are, with their states.

    `at_first` when the order has just come in for the first time: what has happened before is not told.
    """
    wanted = [
        *(one for parcel in situation.order.parcels for one in _of_parcel(situation, parcel, at_first)),
        *_unpaid(situation),
        *_of_promises(situation),
        *_of_cases(situation),
    ]
    fresh = [one for one in wanted if (one.kind, one.subject) not in known]
    add = tuple(
        replace(one, why=one.why or LEFT_OUT) if is_left_out(situation.policy, one.kind) else one for one in fresh
    )
    return Plan(add, _overtaken(situation, known))


def is_left_out(policy: ShopPolicy, kind: str) -> bool:
    """Whether the shop does not want a kind told; a promise is kept all the same, if in silence."""
    return kind != notices.PROMISE and (kind in policy.notices.leave_out or not policy.notices.on)


def _daytime(situation: Situation, moment: datetime) -> datetime:
    return next_buyer_day(situation.policy, situation.order.ship_to.country, max(moment, situation.now))


def next_buyer_day(policy: ShopPolicy, country: str, moment: datetime) -> datetime:
    """The first moment from `moment` on at which a buyer in a country may be written to, in UTC."""
    return next_day_time(moment.astimezone(timezone.utc), country, policy.notices.earliest, policy.notices.latest)


def _of_parcel(situation: Situation, parcel: Parcel, at_first: bool) -> list[Planned]:
    subject, found = str(parcel.id), news_of(parcel, situation.order.ship_to.country)
    if found is None:
        return []
    why = AT_FIRST if at_first else TOO_OLD if situation.now - found.at > OLD else ""
    news = Planned(found.kind, subject, _daytime(situation, situation.now), why)
    late_from = late_after(situation, parcel)
    if late_from is None or situation.stage(parcel) in _OVER or situation.now - late_from > OLD:
        return [news]
    return [news, Planned(notices.LATE, subject, _daytime(situation, late_from))]


def late_after(situation: Situation, parcel: Parcel) -> datetime | None:
    """The first moment after the last day of a parcel's usual time; None while it has not been sent."""
    window = window_of(situation.order, parcel, situation.policy)
    return end_of(window.expected_by, situation.policy) + timedelta(seconds=1) if window else None


def _unpaid(situation: Situation) -> list[Planned]:
    order = situation.order
    if _not_awaited(situation):
        return []
    moments = {hours: order.placed_at + timedelta(hours=hours) for hours in situation.policy.notices.unpaid_after_hours}
    until = notices.reserved_until(situation)
    planned = [
        Planned(notices.UNPAID, str(hours), _daytime(situation, at))
        for hours, at in moments.items()
        if situation.now - at < OLD
    ]
    return [one for one in planned if one.due_at < until]


def _not_awaited(situation: Situation) -> str:
    """Why no payment is awaited for the order (any more), or ""."""
    order = situation.order
    if order.paid_at or any(situation.stage(parcel) is not Stage.NOT_SHIPPED for parcel in order.parcels):
        return SETTLED
    if order.cancelled_at or notices.reserved_until(situation) < situation.now:
        return SETTLED
    return ""


def key_of(promise: promises.Promise) -> str:
    """How notices name a promise."""
    return f"{promise.kind}/{promise.subject}"


def promise_named(situation: Situation, subject: str) -> promises.Promise | None:
    """The promise that a notice's subject names."""
    kind, _, about = subject.partition("/")
    return promises.find(situation.promises, kind, about)


def _of_promises(situation: Situation) -> list[Planned]:
    planned = []
    days = timedelta(days=situation.policy.notices.return_days_before)
    for promise in situation.promises:
        if promise.state != "open":
            continue
        planned.append(Planned(notices.PROMISE, key_of(promise), _daytime(situation, promise.due_at)))
        before = promise.due_at - days
        if promise.kind == promises.RETURN and days and before > situation.now:
            planned.append(Planned(notices.RETURN_DEADLINE, promise.subject, _daytime(situation, before)))
    return planned


def _of_cases(situation: Situation) -> list[Planned]:
    """The next word about each open case, a week after the last one."""
    planned = []
    for case in situation.cases:
        if case.is_open and case.opened_at:
            week = max((situation.now - case.opened_at) // CASE_EVERY, 1)
            due = case.opened_at + week * CASE_EVERY
            if situation.now - due > OLD:
                week, due = week + 1, due + CASE_EVERY
            planned.append(Planned(notices.CASE, f"{case.number}/{week}", _daytime(situation, due)))
    return planned


def _overtaken(situation: Situation, known: Mapping[Key, str]) -> dict[Key, str]:
    """Of the planned notices those that are not true any more, or less than the newest news."""
    order = situation.order
    drop: dict[Key, str] = {}
    parcels = {str(parcel.id): parcel for parcel in order.parcels}
    for (kind, subject), state in known.items():
        if state != PLANNED:
            continue
        if kind in OF_PARCEL or kind == notices.LATE:
            parcel = parcels.get(subject)
            found = news_of(parcel, order.ship_to.country) if parcel else None
            over = parcel is None or situation.stage(parcel) in _OVER
            if over if kind == notices.LATE else found is None or found.kind != kind:
                drop[kind, subject] = OVERTAKEN
        elif kind == notices.UNPAID and _not_awaited(situation):
            drop[kind, subject] = _not_awaited(situation)
    return drop


# -- on the date -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a notice says, or (without a reply) why it says nothing."""

    reply: Reply | None = None
    why: str = ""


def say(situation: Situation, kind: str, subject: str) -> Said:
    """What is told now of a notice that is due, other than a promise's (see `doorstep.unasked.keeping`)."""
    if kind in OF_PARCEL or kind == notices.LATE:
        parcel = next((one for one in situation.order.parcels if str(one.id) == subject), None)
        return _say_parcel(situation, kind, parcel) if parcel else Said(why=OVERTAKEN)
    if kind == notices.UNPAID:
        why = _not_awaited(situation)
        return Said(why=why) if why else Said(notices.unpaid_notice(situation))
    if kind == notices.BACK_IN_STOCK:
        return _say_back_in_stock(situation, subject)
    if kind == notices.RETURN_DEADLINE:
        return _say_deadline(situation, subject)
    return _say_case(situation, subject)


def _say_parcel(situation: Situation, kind: str, parcel: Parcel) -> Said:
    subject = str(parcel.id)
    if kind != notices.LATE:
        found = news_of(parcel, situation.order.ship_to.country)
        if found is None or found.kind != kind:
            return Said(why=OVERTAKEN)
        return Said(notices.parcel_notice(situation, kind, parcel, found.scan))
    late_from = late_after(situation, parcel)
    if late_from is None or late_from > situation.now or situation.stage(parcel) in _OVER:
        return Said(why=SETTLED)
    promised = (promises.GRACE, promises.NOTICE, promises.TRACE)
    if promises.granted(situation.promises, subject) or any(
        promise.kind in promised and promise.subject == subject for promise in situation.promises
    ):
        return Said(why=SETTLED)  # the buyer has heard of it, and has a date
    return Said(notices.parcel_notice(situation, kind, parcel, parcel.newest))


def _say_back_in_stock(situation: Situation, sku: str) -> Said:
    order, product = situation.order, situation.products.get(sku)
    waits = any(line.sku == sku for line in unshipped_lines(situation)) and order.paid_at and not order.cancelled_at
    given = any(promises.granted(situation.promises, subject) for subject in ("", promises.REST))
    if not waits or given or product is None or product.in_stock is False:
        return Said(why=SETTLED)
    return Said(notices.stock_notice(situation, product.title))


def return_case(situation: Situation, subject: str) -> cases.Case | None:
    """The open return or exchange of a subject that the buyer has not sent yet, as far as we know."""
    found = cases.find(situation.cases, cases.RETURN, subject) or cases.find(situation.cases, cases.EXCHANGE, subject)
    sent = found and any(found.facts.get(name) for name in ("sent_at", "tracking_number", "arrived_at"))
    return None if found is None or sent or found.state != cases.AGREED else found


def _say_deadline(situation: Situation, subject: str) -> Said:
    promise = promises.find(situation.promises, promises.RETURN, subject)
    case = return_case(situation, subject)
    if promise is None or promise.state != "open" or case is None:
        return Said(why=SETTLED)
    return Said(notices.return_notice(situation, case, shop_date(promise.due_at, situation.policy)))


def _say_case(situation: Situation, subject: str) -> Said:
    number, _, _ = subject.rpartition("/")
    case = next((one for one in situation.cases if one.number == number and one.is_open), None)
    if case is None:
        return Said(why=SETTLED)
    mine = [
        p for p in situation.promises if p.state == "open" and p.subject == case.subject and not p.is_due(situation.now)
    ]
    by: Value = shop_date(min(p.due_at for p in mine), situation.policy) if mine else None
    return Said(notices.case_notice(situation, case, by))
