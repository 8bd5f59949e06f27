"""What was given for an order before, so that a person gives nothing twice and never more than the order's value."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from doorstep import promises
from doorstep.delivery.choosing import subject_of
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.goods.amends import CENT, given_so_far
from doorstep.goods.claims import subject_of as subject_of_item
from doorstep.orders import Line, Money
from doorstep.parcels import Stage
from doorstep.promises import CANCEL, PART_REFUND, REFUND, RESEND, RETURN_REFUND, SWAP, Promise
from doorstep.replies.values import Reply
from doorstep.returns.rules import subject_of as subject_of_line
from doorstep.settlement import Situation

GOODWILL = "goodwill"  # the subject of a promise beyond what is owed, about no goods
_IN_FULL = (REFUND, RESEND, CANCEL, SWAP, RETURN_REFUND)


def money(situation: Situation, amount: Decimal) -> Money:
    """An amount in the order's currency, rounded down to cents, and never below nothing."""
    return Money(max(amount, Decimal(0)).quantize(CENT, ROUND_DOWN), situation.order.currency)


def skus_of(situation: Situation, subject: str) -> frozenset[str]:
    """What a subject is about, by SKU: a parcel's content, one item, what has not left, or ("") the whole order."""
    if subject == GOODWILL:
        return frozenset()
    if subject == promises.REST:
        return frozenset(line.sku for line in unshipped_lines(situation))
    every = frozenset(line.sku for line in situation.order.lines)
    parcel = next((one for one in situation.order.parcels if subject_of(one) == subject), None)
    if parcel:
        return every & frozenset(parcel.skus) or every
    named = (line for line in situation.order.lines if subject in (subject_of_item(line.sku), subject_of_line(line)))
    return frozenset(line.sku for line in named) or every


def left(situation: Situation) -> Decimal:
    """How much of the order's value was not given yet, in its currency. A duty is not part of it."""
    return max(situation.order.total - given_so_far(_counted(situation)), Decimal(0))


def kept_parts(situation: Situation, lines: tuple[Line, ...]) -> Decimal:
    """What of the price of some lines was paid back while the buyer keeps them."""
    skus = {line.sku for line in lines}
    parts = [p for p in situation.promises if p.kind == PART_REFUND and p.stands and p.subject not in ("", GOODWILL)]
    mine = (p.amount.amount for p in parts if p.amount and skus >= skus_of(situation, p.subject))
    return sum(mine, start=Decimal(0))


def settled_before(situation: Situation, lines: tuple[Line, ...]) -> Reply | None:
    """Why nothing more is given for some lines: one of them was paid back in full or sent again before."""
    skus = {line.sku for line in lines}
    full = (p for p in _counted(situation).promises if p.stands and p.kind in _IN_FULL)
    return Reply("term_grant_why_granted") if any(skus & skus_of(situation, p.subject) for p in full) else None


def made_before(situation: Situation, kind: str, subject: str) -> Reply | None:
    """Why a promise cannot be made: there is one of its kind and subject, in whatever state, and only ever one."""
    return Reply("term_grant_why_granted") if promises.find(situation.promises, kind, subject) else None


def more_than_left(situation: Situation) -> Reply:
    """Why something cannot be given: it is more than what is left of the order's value."""
    return Reply("term_grant_why_value", {"left": money(situation, left(situation))})


def _counted(situation: Situation) -> Situation:
    """The situation without the new parcels that did not reach the buyer either: they gave nothing."""
    return replace(situation, promises=tuple(p for p in situation.promises if not _lost_again(situation, p)))


def _lost_again(situation: Situation, promise: Promise) -> bool:
    if promise.kind not in (RESEND, SWAP) or not promise.subject.isdecimal():
        return False
    later = [parcel for parcel in situation.order.parcels if parcel.id > int(promise.subject)]
    return bool(later) and situation.stage(later[-1]) in (Stage.LOST, Stage.GOING_BACK)
