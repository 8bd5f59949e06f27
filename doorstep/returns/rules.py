"""When goods may go back: what was delivered and when, at whose fault, and what is still to be given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from doorstep import cases, promises
from doorstep.cases import Case
from doorstep.facts import items_of
from doorstep.orders import Line, Money, Order
from doorstep.parcels import Parcel, Stage
from doorstep.promises import Promise
from doorstep.remedies import value_of_lines
from doorstep.replies.values import Reply
from doorstep.settlement import Situation
from doorstep.windows import shop_date

MONEY = (promises.REFUND, promises.CANCEL, promises.PART_REFUND, promises.RETURN_REFUND, promises.DUTY_SHARE)
_IN_FULL = (promises.REFUND, promises.CANCEL, promises.RETURN_REFUND)
_LONGEST_SUBJECT = 64  # characters that offers and promises keep


def subject_of(line: Line) -> str:
    """How cases, promises and offers name a line."""
    return line.sku[:_LONGEST_SUBJECT]


def lines_of(order: Order, subject: str) -> tuple[Line, ...]:
    """The lines that a subject names; all of them for "" and for one that is not of the order."""
    return tuple(line for line in order.lines if subject_of(line) == subject) or order.lines


def item_of(order: Order, subject: str) -> Reply:
    """The lines of a subject in a few words, with what was chosen: "Shirt (black, M)"."""
    lines = lines_of(order, subject)
    if len(lines) > 1:
        return items_of(lines)
    chosen = ", ".join(value for value in lines[0].options.values() if value)
    return Reply("term_return_item", {"title": lines[0].title, "details": chosen or None})


def delivered_at(situation: Situation, subject: str) -> datetime | None:
    """When the buyer got the lines of a subject: by the newest delivery, else as they said; None before."""
    came = [
        parcel.scans[-1].at
        for parcel in holding(situation.order, subject)
        if situation.stage(parcel) is Stage.DELIVERED and parcel.scans
    ]
    return max(came, default=situation.order.confirmed_at)


def holding(order: Order, subject: str) -> tuple[Parcel, ...]:
    """The parcels that the lines of a subject are in, or may be in."""
    skus = {line.sku for line in lines_of(order, subject)}
    return tuple(parcel for parcel in order.parcels if not parcel.skus or skus & set(parcel.skus))


def delivered_subjects(situation: Situation) -> tuple[str, ...]:
    """The subjects of the order that the buyer has got, in the order's own order, each once."""
    every = dict.fromkeys(subject_of(line) for line in situation.order.lines)
    return tuple(subject for subject in every if delivered_at(situation, subject))


def last_day(situation: Situation, subject: str, delivered: datetime) -> date:
    """The last day (the shop's) for asking; goods with a problem have the time in which one can be reported."""
    returns, goods = situation.policy.returns, situation.policy.goods
    days = returns.window_days
    if at_fault(situation, subject):
        days = max(days, goods.report_within_days)
    return shop_date(delivered, situation.policy) + timedelta(days=days)


def at_fault(situation: Situation, subject: str) -> bool:
    """Whether something is wrong with the goods: a case about that is open."""
    return any(cases.find(situation.cases, cases.GOODS, about) for about in dict.fromkeys((subject, "")))


def standing(situation: Situation, subject: str, *kinds: str) -> Case | None:
    """The open return or exchange of a subject that is more than a question."""
    found = (cases.find(situation.cases, kind, subject) for kind in kinds or (cases.RETURN, cases.EXCHANGE))
    return next((case for case in found if case and case.state != cases.ASKING), None)


def refund_for(situation: Situation, subject: str) -> Money:
    """What is still to be given for the lines of a subject: at most what is left of their cost and of the order."""
    order = situation.order
    value = value_of_lines(order, lines_of(order, subject))
    mine = promises.given(tuple(p for p in situation.promises if p.subject == subject))
    left = min(value.amount - mine, order.total - promises.given(situation.promises))
    return Money(max(left, Decimal(0)), order.currency)


def settled_by(situation: Situation, subject: str) -> Promise | None:
    """The promise by which the lines of a subject were paid back, or made good in full; None when none was."""
    order = situation.order
    covering = {subject, "", *(str(parcel.id) for parcel in holding(order, subject))}
    made = [p for p in situation.promises if p.stands and p.subject in covering]
    in_full = [p for p in made if p.kind in _IN_FULL]
    if in_full:
        return in_full[-1]
    goods = [p for p in made if p.kind in promises.GIVES and p.subject == subject]
    return goods[-1] if goods and not refund_for(situation, subject).amount else None
