"""Grants what a person decided: the same promise, task and case as when the assistant grants it, and what is told.

Pure; `doorstep.people.grants` says what may be granted. The order must be locked from before its situation was read
until the settlement is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from doorstep import acceptance, cases, offers
from doorstep.cases import Case, CaseStep
from doorstep.changes import cancelling
from doorstep.customs.duties import give_share, parcel_of
from doorstep.disputes import with_missing_parcels
from doorstep.facts import order_facts
from doorstep.goods.agreed import value_text
from doorstep.goods.amends import CENT, Amends, give
from doorstep.goods.claims import DISAPPOINTED, claim_for, item_named
from doorstep.offers import DISCOUNT, Offer
from doorstep.orders import Money
from doorstep.parcels import Stage
from doorstep.people.given import GOODWILL, more_than_left, skus_of
from doorstep.people.grants import COUPON, Grant, Limits, above_limit, cancel_offer, grants_for
from doorstep.promises import CANCEL, DUTY_SHARE, PART_REFUND, REFUND, RESEND, RETURN, Promise
from doorstep.remedies import granted_by, task_for
from doorstep.replies.values import Reply
from doorstep.returns.agreed import agree
from doorstep.settlement import Settlement, Situation
from doorstep.windows import end_of, shop_date

# Kinds of cases that wait for a person and are settled by a grant, as far as they are about the same goods.
_SETTLES = {
    REFUND: (cases.NOT_RECEIVED, cases.GOODS, cases.CANCEL, cases.RETURN, cases.EXCHANGE),
    RESEND: (cases.NOT_RECEIVED, cases.GOODS),
    CANCEL: (cases.CANCEL, cases.NOT_RECEIVED),
    PART_REFUND: (cases.NOT_RECEIVED, cases.GOODS, cases.RETURN, cases.EXCHANGE),
    GOODWILL: (cases.GOODS,),
    COUPON: (cases.GOODS,),
    DUTY_SHARE: (cases.CUSTOMS,),
    RETURN: (cases.GOODS, cases.RETURN, cases.EXCHANGE),
}
_BEYOND = (GOODWILL, COUPON)  # settle nothing that is owed


class NotAllowed(Exception):
    """A grant cannot be made; `reason` is a reply for the person."""

    def __init__(self, reason: Reply) -> None:
        super().__init__(reason.name)
        self.reason = reason


def grant(
    situation: Situation,
    kind: str,
    subject: str,
    amount: Decimal | None = None,
    *,
    limits: Limits,
    above: Limits | None = None,
) -> Settlement:
    """Grant one of `grants_for`, by its kind and subject; `limits` and `above` are as there.

    `amount` is what was chosen, or the fixed amount as the person saw it, in the grant's currency; it may be left out
    where it is fixed. The settlement is stored by `doorstep.storage.settling.keep` and then told, in its order; the
    replies have no choices, since a person answers. Raises NotAllowed.
    """
    offered = grants_for(situation, limits, above)
    found = next((one for one in offered if (one.kind, one.subject) == (kind, subject)), None)
    if found is None:
        raise NotAllowed(Reply("term_grant_why_unknown"))
    if found.why:
        raise NotAllowed(found.why)
    money = _chosen(found.most, amount, limits, above or {}) if found.most else _fixed(found, amount)
    settled = _MADE[kind](situation, found, money)
    told = tuple(replace(reply, choices=()) for reply in settled.replies)
    settled = replace(settled, replies=told, handover=None, asks="")
    return _with_cases(situation, found, settled)


def _fixed(found: Grant, amount: Decimal | None) -> Money | None:
    if amount is not None and (found.amount is None or amount != found.amount.amount):
        raise NotAllowed(Reply("term_grant_why_changed", {"amount": found.amount}))
    return found.amount


def _chosen(most: Money, amount: Decimal | None, limits: Limits, above: Limits) -> Money:
    wrong = NotAllowed(Reply("term_grant_why_amount", {"most": most}))
    if amount is None or not amount.is_finite() or amount < CENT:
        raise wrong
    if amount > limits.get(most.currency, Decimal(0)):
        raise NotAllowed(above_limit(Money(amount, most.currency), limits, above))
    if amount > most.amount or amount != amount.quantize(CENT):
        raise wrong
    return Money(amount.quantize(CENT), most.currency)


# -- how each is made ------------------------------------------------------------------------


def _refund_or_resend(situation: Situation, found: Grant, money: Money | None) -> Settlement:
    item = item_named(situation, found.subject)
    if item and not parcel_of(situation, found.subject):
        return _for_item(situation, found, money)
    options = (RESEND, REFUND)
    offer = Offer("", "", situation.order.id, found.subject, offers.NOW, options, situation.now, money)
    settled = acceptance.settle_option(situation, offer, found.kind)
    missing = _is_missing(situation, found.subject)
    return with_missing_parcels(situation, settled, kind=offers.NOW) if missing else settled


def _is_missing(situation: Situation, subject: str) -> bool:
    """Whether a parcel did not come, as far as we know or as the buyer says."""
    parcel = parcel_of(situation, subject)
    here = parcel is not None and situation.stage(parcel) is Stage.DELIVERED
    return not here or cases.find(situation.cases, cases.NOT_RECEIVED, subject) is not None


def _part_refund(situation: Situation, found: Grant, money: Money | None) -> Settlement:
    return _for_item(situation, found, money) if found.subject else _some_money(situation, found, money)


def _for_item(situation: Situation, found: Grant, money: Money | None) -> Settlement:
    item = item_named(situation, found.subject)
    if item is None or money is None:
        raise NotAllowed(Reply("term_grant_why_unknown"))
    return give(situation, claim_for(situation, item), found.kind, Amends((found.kind,), money))


def _some_money(situation: Situation, found: Grant, money: Money | None) -> Settlement:
    """A part of the order's money, or money beyond what is owed: about no item, the goods stay with the buyer."""
    by = granted_by(PART_REFUND, situation.now, situation.policy)
    promise = Promise(PART_REFUND, found.subject, end_of(by, situation.policy), remedy=PART_REFUND, amount=money)
    name = "utter_granted_goodwill" if found.kind == GOODWILL else "utter_granted_part_refund"
    values = {**order_facts(situation.order), "amount": money, "by": by}
    return Settlement((Reply(name, values),), (promise,), tasks=(task_for(situation, promise),))


def _cancel(situation: Situation, _found: Grant, _money: Money | None) -> Settlement:
    offer = cancel_offer(situation)
    if offer is None:
        raise NotAllowed(more_than_left(situation))
    return cancelling.settle_answer(situation, offer, offers.YES)


def _coupon(situation: Situation, _found: Grant, _money: Money | None) -> Settlement:
    return Settlement((Reply("utter_granted_coupon", order_facts(situation.order)),), coupon=True)


def _duty_share(situation: Situation, found: Grant, money: Money | None) -> Settlement:
    parcel = parcel_of(situation, found.subject)
    if parcel is None or money is None:
        raise NotAllowed(Reply("term_grant_why_unknown"))
    return give_share(situation, parcel, money)


def _return(situation: Situation, found: Grant, _money: Money | None) -> Settlement:
    return agree(situation, found.subject)


_MADE: dict[str, Callable[[Situation, Grant, Money | None], Settlement]] = {
    REFUND: _refund_or_resend,
    RESEND: _refund_or_resend,
    CANCEL: _cancel,
    PART_REFUND: _part_refund,
    GOODWILL: _some_money,
    COUPON: _coupon,
    DUTY_SHARE: _duty_share,
    RETURN: _return,
}


# -- the cases that waited for a person ------------------------------------------------------


def _with_cases(situation: Situation, found: Grant, settled: Settlement) -> Settlement:
    """The settlement with a step for each case that waited for a person and is settled by it.

    One of them is carried out with it, the others are closed for that one.
    """
    stepped = {(step.kind, step.subject) for step in settled.cases}
    waiting = [case for case in situation.cases if _is_settled(situation, case, found)]
    more = [case for case in waiting if (case.kind, case.subject) not in stepped]
    if not settled.cases and more:
        first, *more = more
        settled = _agreed(situation, settled, first)
    if not settled.cases:
        return settled
    main = settled.cases[0]
    number = cases.number_for(situation.order.number, situation.cases, main.kind, main.subject)
    closed = (CaseStep(case.kind, case.subject, cases.CLOSED, {"closed_for": number}) for case in more)
    return replace(settled, cases=(*settled.cases, *closed))


def _is_settled(situation: Situation, case: Case, found: Grant) -> bool:
    if case.state != cases.PERSON or case.kind not in _SETTLES[found.kind]:
        return False
    if found.kind in _BEYOND:
        return case.facts.get("problem") == DISAPPOINTED
    return skus_of(situation, case.subject) <= skus_of(situation, found.subject)


def _agreed(situation: Situation, settled: Settlement, case: Case) -> Settlement:
    """The settlement with a step of the case: it is closed with the shop's task, or now where nothing is promised."""
    if not settled.promises:
        return replace(settled, cases=(CaseStep(case.kind, case.subject, cases.CLOSED, {"remedy": DISCOUNT}),))
    (promise,) = settled.promises
    by = shop_date(promise.due_at, situation.policy)
    facts = {
        "remedy": promise.kind,
        "by": by.isoformat(),
        "amount": value_text(promise.amount) if promise.amount else "",
    }
    tasks = tuple(replace(task, note={**task.note, "case": case.number}) for task in settled.tasks)
    return replace(settled, cases=(CaseStep(case.kind, case.subject, cases.AGREED, facts),), tasks=tasks)
