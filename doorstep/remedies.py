"""What the seller's policy allows when a parcel does not arrive, and what was allowed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from doorstep import promises
from doorstep.offers import PERSON, REFUND, RESEND, SWAP_PREFIX
from doorstep.orders import Line, Money, Order
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import Promise
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, ShopTask, Situation
from doorstep.windows import add_business_days, shop_date

ABOVE_LIMIT, SWITCHED_OFF, GIVEN_BEFORE = "above_limit", "not_in_policy", "given_for_other_parcel"


@dataclass(frozen=True)
class Remedies:
    """What may be granted for goods worth `value` without asking a person; without options `why` a person decides."""

    options: tuple[str, ...]
    value: Money
    why: str = ""


def value_of_lines(order: Order, lines: tuple[Line, ...]) -> Money:
    """What some lines of an order cost: their share of what was paid, when that is less than their prices."""
    if {line.sku for line in order.lines} <= {line.sku for line in lines}:
        return order.value
    goods, inside = (
        sum((line.unit_price * line.quantity for line in some), start=Decimal(0)) for some in (order.lines, lines)
    )
    paid = inside if goods <= order.total else inside * order.total / goods
    return Money(paid.quantize(Decimal("0.01"), ROUND_DOWN), order.currency)


def value_of(order: Order, parcel: Parcel) -> Money:
    """What the goods in a parcel cost; the order's total when the parcel holds all of it, or may hold it."""
    inside = tuple(line for line in order.lines if line.sku in parcel.skus)
    return value_of_lines(order, inside or order.lines)


def remedies_for(situation: Situation, parcel: Parcel) -> Remedies:
    """The options the policy allows for one parcel that does not arrive.

    The limit counts for the order. Nothing is allowed that would, with what was granted for its other parcels, come
    to more than the order.
    """
    order, policy = situation.order, situation.policy
    value = value_of(order, parcel)
    if not policy.remedies.within_limit(order.total, order.currency):
        return Remedies((), order.value, ABOVE_LIMIT)
    others = [p for p in order.parcels if p.id != parcel.id and promises.granted(situation.promises, str(p.id))]
    worth = sum((value_of(order, p).amount for p in others), start=Decimal(0))
    if max(worth, promises.given(situation.promises)) + value.amount > order.total and (
        worth or _given_elsewhere(situation)
    ):
        return Remedies((), value, GIVEN_BEFORE)
    allowed = ((RESEND, policy.remedies.resend), (REFUND, policy.remedies.refund))
    options = tuple(name for name, on in allowed if on)
    return Remedies(options, value, "" if options else SWITCHED_OFF)


def _given_elsewhere(situation: Situation) -> bool:
    """Whether something was given for the order that was not given for one of its parcels."""
    parcels = {str(parcel.id) for parcel in situation.order.parcels}
    elsewhere = tuple(promise for promise in situation.promises if promise.subject not in parcels)
    return promises.given(elsewhere) > 0


def already_granted(situation: Situation, subject: str, facts: Mapping[str, Value]) -> Settlement | None:
    """The answer when a remedy was granted before for a subject; None when nothing was. `facts` name the order.

    What our records say was done is told as done. Once its date has passed without that, a person looks after it.
    """
    promise = promises.granted(situation.promises, subject)
    if promise is None:
        return None
    by = shop_date(promise.due_at, situation.policy)
    values = {**facts, "by": by, "cancelled": cancelled(situation.order, promise.subject)}
    if promise.state == "kept":
        return Settlement((Reply(f"utter_kept_{promise.kind}", values, (PERSON,)),))
    if not promise.is_due(situation.now):
        return Settlement((Reply(f"utter_already_{promise.kind}", values, (PERSON,)),))
    return _sent_since(situation, promise, values) or _overdue(situation, promise, values)


def _sent_since(situation: Situation, promise: Promise, values: Mapping[str, Value]) -> Settlement | None:
    """A later parcel that may be the one that was promised is named; None when there is none."""
    first = int(promise.subject) if promise.subject.isdecimal() else 0
    sends = promise.kind in (promises.RESEND, promises.SWAP)
    for parcel in reversed(situation.order.parcels):
        if sends and parcel.id > first and parcel.shipped_at:
            newer = Reply("term_parcel", {"tracking_number": parcel.tracking_number or None})
            told = {**values, "newer": newer, "left_on": shop_date(parcel.shipped_at, situation.policy)}
            return Settlement((Reply("utter_sent_since", told, (PERSON,)),))
    return None


def _overdue(situation: Situation, promise: Promise, values: Mapping[str, Value]) -> Settlement:
    by = shop_date(promise.due_at, situation.policy)
    note = {"promised": promise.remedy or promise.kind, "by": by.isoformat(), "subject": promise.subject}
    told = {**values, "answer_within_hours": Hours(situation.policy.answer_within_hours)}
    return Settlement((Reply(f"utter_overdue_{promise.kind}", told),), handover=Handover("promise_overdue", note))


def cancelled(order: Order, subject: str) -> Reply:
    """What a cancellation for a subject is about: the order, or what of it has not left."""
    return Reply("term_rest_of_order" if subject == promises.REST else "term_order", {"order_number": order.number})


def granted_by(option: str, now: datetime, policy: ShopPolicy) -> date:
    """The date by which a granted option is carried out (the shop's calendar)."""
    sends = option == RESEND or option.startswith(SWAP_PREFIX)
    days = policy.remedies.resend_within_days if sends else policy.remedies.refund_within_days
    return add_business_days(shop_date(now, policy), days)


def task_for(situation: Situation, promise: Promise) -> ShopTask:
    """What the shop has to do for a promise that gives something; once it is done, the promise is kept."""
    note = {"promise": promise.kind, "subject": promise.subject}
    parcel = next((one for one in situation.order.parcels if str(one.id) == promise.subject), None)
    note |= {"parcel": parcel.tracking_number} if parcel and parcel.tracking_number else {}
    if promise.remedy.startswith(SWAP_PREFIX):
        note["sku"] = promise.remedy.removeprefix(SWAP_PREFIX)
    if promise.amount:
        note["amount"] = f"{promise.amount.amount} {promise.amount.currency}"
    return ShopTask(promise.kind, {**note, "by": shop_date(promise.due_at, situation.policy).isoformat()})


def offer_ends(now: datetime, policy: ShopPolicy) -> datetime:
    """When an offer made now lapses."""
    return now + timedelta(days=policy.remedies.offer_valid_days)
