"""What a person may grant for an order: refunds, new parcels, parts of the money, goodwill, duties and returns.

Pure. What a grant promises and asks of the shop is in `doorstep.people.granting`; what the assistant may give by
itself in `doorstep.remedies` and `doorstep.goods`. A person goes beyond that, up to a limit by currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from doorstep import cases, offers, promises
from doorstep.changes.cancelling import settle_cancel
from doorstep.customs.duties import arranged_for, duty_of, held_scans
from doorstep.delivery.choosing import subject_of
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.facts import items_of
from doorstep.goods.amends import CENT
from doorstep.goods.claims import items_that_came
from doorstep.goods.goodwill import may_give_coupon
from doorstep.offers import Offer
from doorstep.orders import Line, Money
from doorstep.parcels import Parcel, Stage
from doorstep.people.given import (
    GOODWILL,
    kept_parts,
    left,
    made_before,
    money,
    more_than_left,
    settled_before,
    skus_of,
)
from doorstep.promises import CANCEL, DUTY_SHARE, PART_REFUND, REFUND, RESEND, RETURN
from doorstep.remedies import value_of_lines
from doorstep.replies.values import Reply, Value
from doorstep.returns.rules import delivered_subjects, item_of, refund_for, settled_by, standing
from doorstep.returns.rules import subject_of as subject_of_line
from doorstep.settlement import Situation

Limits = Mapping[str, Decimal]

COUPON = "coupon"
KINDS = (REFUND, RESEND, CANCEL, PART_REFUND, GOODWILL, COUPON, DUTY_SHARE, RETURN)
_OWED = (CANCEL, RETURN)  # for what was never sent, or comes back: no limit stands in its way
_NO_MOST = Decimal(-1)


@dataclass(frozen=True)
class Grant:
    """One thing to grant, named by `kind` and `subject`: a parcel's id, an item's SKU, REST, GOODWILL, or "" for all.

    It has a fixed `amount`, or one to be chosen from a cent up to `most`, or neither. With `why` it cannot be granted
    now. `label` and `why` are replies for the person who grants.
    """

    kind: str
    subject: str
    label: Reply
    amount: Money | None = None
    most: Money | None = None
    why: Reply | None = None


def grants_for(situation: Situation, limits: Limits, above: Limits | None = None) -> tuple[Grant, ...]:
    """All that can be granted for an order, and what cannot and why.

    `limits` are the most that the person may grant at once, by currency; `above` those of a lead whom the person could
    ask. A duty is in the currency that the carrier names, everything else in the order's.
    """
    found = (*_of_order(situation), *_of_parcels(situation), *_of_items(situation), *_duties(situation))
    return tuple(_within(grant, limits, above or {}) for grant in (*found, *_returns(situation)))


def above_limit(amount: Money, limits: Limits, above: Limits) -> Reply:
    """Why an amount above a person's own limit, or in a currency without one, is not theirs to grant."""
    limit = limits.get(amount.currency) or Decimal(0)
    values: dict[str, Value] = {"limit": Money(limit, amount.currency) if limit else None, "currency": amount.currency}
    a_lead_can = amount.amount <= above.get(amount.currency, _NO_MOST)
    return Reply("term_grant_why_lead" if a_lead_can else "term_grant_why_limit", values)


def _within(grant: Grant, limits: Limits, above: Limits) -> Grant:
    wanted = grant.amount or grant.most
    if grant.why or wanted is None or grant.kind in _OWED:
        return grant
    limit = limits.get(wanted.currency, _NO_MOST)
    if grant.most and limit >= CENT:
        return replace(grant, most=replace(wanted, amount=min(wanted.amount, limit)))
    if grant.amount and grant.amount.amount <= limit:
        return grant
    least = replace(wanted, amount=CENT) if grant.most else wanted
    return replace(grant, why=above_limit(least, limits, above))


def _label(kind: str, what: Reply) -> Reply:
    return Reply(f"term_grant_{kind}", {"what": what})


# -- the whole order -------------------------------------------------------------------------


def _of_order(situation: Situation) -> Iterator[Grant]:
    order = situation.order
    named = Reply("term_grant_order", {"order_number": order.number})
    unpaid = Reply("term_grant_why_unpaid") if order.paid_at is None and not _gone(situation) else None
    rest = unshipped_lines(situation)
    by_item = any(_is_all(situation, lines) for lines in _items(situation).values())
    by_parcel = any(_is_all(situation, _inside(situation, parcel)) for parcel in _parcels(situation))
    if rest and order.cancelled_at is None:
        yield _cancel(situation, rest)
    elif not (by_item or by_parcel):
        yield _money_back(situation, "", order.lines, named, unpaid)
    if not by_item:
        yield _part(situation, PART_REFUND, "", left(situation), named, refused=unpaid)
    yield _goodwill(situation, named, unpaid)
    if situation.policy.goods.coupons:
        none = None if may_give_coupon(situation) else Reply("term_grant_why_no_code")
        yield Grant(COUPON, "", _label(COUPON, named), why=unpaid or none)


def _cancel(situation: Situation, rest: tuple[Line, ...]) -> Grant:
    """Calling off what has not left: were it only paid back, the shop would send it all the same."""
    whole = _is_all(situation, rest)
    named = Reply("term_grant_order" if whole else "term_grant_rest", {"order_number": situation.order.number})
    offer = cancel_offer(situation)
    unpaid = Reply("term_grant_why_unpaid") if situation.order.paid_at is None else None
    why = unpaid or settled_before(situation, rest) or (None if offer else more_than_left(situation))
    subject = "" if whole else promises.REST
    return Grant(CANCEL, subject, _label(CANCEL, named), offer.amount if offer else None, why=why)


def cancel_offer(situation: Situation) -> Offer | None:
    """The offer to call off what has not left, as the assistant makes it; None where it makes none."""
    made = settle_cancel(replace(situation, about="")).offers
    new = next((offer for offer in made if offer.kind == offers.CANCELLING), None)
    if new is None:
        return None
    return Offer("", "", situation.order.id, new.subject, new.kind, new.options, new.expires_at, new.amount)


def _goodwill(situation: Situation, named: Reply, unpaid: Reply | None) -> Grant:
    """Money beyond what is owed, from what the policy sets aside for a customer of this tier."""
    rules, currency = situation.policy.customers, situation.order.currency
    rate = Decimal(1) if currency == rules.currency else rules.rates.get(currency, Decimal(0))
    most = money(situation, rules.goodwill.get(situation.tier, Decimal(0)) / rate if rate else Decimal(0)).amount
    none = unpaid or (None if most else Reply("term_grant_why_no_goodwill"))
    return _part(situation, GOODWILL, GOODWILL, min(most, left(situation)), named, refused=none)


# -- its parcels and items -------------------------------------------------------------------


def _of_parcels(situation: Situation) -> Iterator[Grant]:
    for parcel in _parcels(situation):
        inside = _inside(situation, parcel)
        values: dict[str, Value] = {"tracking_number": parcel.tracking_number or None, "items": items_of(inside)}
        named = Reply("term_grant_parcel", values)
        yield _money_back(situation, subject_of(parcel), inside, named)
        yield _again(situation, subject_of(parcel), inside, named)


def _of_items(situation: Situation) -> Iterator[Grant]:
    for subject, lines in _items(situation).items():
        named = item_of(situation.order, subject_of_line(lines[0]))
        yield _money_back(situation, subject, lines, named)
        yield _again(situation, subject, lines, named)
        worth = value_of_lines(situation.order, lines).amount
        settled = settled_before(situation, lines)
        yield _part(situation, PART_REFUND, subject, min(worth, left(situation)), named, refused=settled)


def _money_back(
    situation: Situation, subject: str, lines: tuple[Line, ...], named: Reply, refused: Reply | None = None
) -> Grant:
    worth = value_of_lines(situation.order, lines).amount - kept_parts(situation, lines)
    amount = money(situation, min(worth, left(situation)))
    why = refused or settled_before(situation, lines) or made_before(situation, REFUND, subject)
    none = None if amount.amount >= CENT else more_than_left(situation)
    return Grant(REFUND, subject, _label(REFUND, named), amount, why=why or none)


def _again(situation: Situation, subject: str, lines: tuple[Line, ...], named: Reply) -> Grant:
    worth = value_of_lines(situation.order, lines)
    products = [situation.products.get(line.sku) for line in lines]
    sold_out = any(product is not None and product.in_stock is False for product in products)
    why = (
        (Reply("term_grant_why_cancelled") if situation.order.cancelled_at else None)
        or settled_before(situation, lines)
        or made_before(situation, RESEND, subject)
        or (Reply("term_grant_why_sold_out") if sold_out else None)
        or (more_than_left(situation) if worth.amount > left(situation) else None)
    )
    return Grant(RESEND, subject, _label(RESEND, named), worth, why=why)


def _part(
    situation: Situation, kind: str, subject: str, most: Decimal, named: Reply, *, refused: Reply | None
) -> Grant:
    why = refused or made_before(situation, PART_REFUND, subject)
    none = None if most >= CENT else more_than_left(situation)
    return Grant(kind, subject, _label(kind, named), most=money(situation, most), why=why or none)


def _gone(situation: Situation) -> list[Parcel]:
    return [each for each in situation.order.parcels if situation.stage(each) is not Stage.NOT_SHIPPED]


def _parcels(situation: Situation) -> list[Parcel]:
    """The parcels that have left; not those that came and hold something that is wrong, which is settled by item."""
    wrong = {line.sku for lines in _troubled(situation).values() for line in lines}
    return [
        each
        for each in _gone(situation)
        if situation.stage(each) is not Stage.DELIVERED
        or cases.find(situation.cases, cases.NOT_RECEIVED, subject_of(each))
        or not wrong & skus_of(situation, subject_of(each))
    ]


def _items(situation: Situation) -> dict[str, tuple[Line, ...]]:
    """What came and can be settled by itself: where it is all there is, only if a case says that it is wrong."""
    came = {item.subject: item.lines for item in items_that_came(situation)}
    several = len({line.sku for line in situation.order.lines}) > 1
    return came if several else _troubled(situation)


def _troubled(situation: Situation) -> dict[str, tuple[Line, ...]]:
    came = items_that_came(situation)
    return {item.subject: item.lines for item in came if cases.find(situation.cases, cases.GOODS, item.subject)}


def _inside(situation: Situation, parcel: Parcel) -> tuple[Line, ...]:
    skus = skus_of(situation, subject_of(parcel))
    return tuple(line for line in situation.order.lines if line.sku in skus)


def _is_all(situation: Situation, lines: tuple[Line, ...]) -> bool:
    return len(lines) == len(situation.order.lines)


# -- duties and returns ----------------------------------------------------------------------


def _duties(situation: Situation) -> Iterator[Grant]:
    """A share of the duty, for each parcel that customs held or that a case about customs is open for."""
    for parcel in _gone(situation):
        asked = any(cases.find(situation.cases, cases.CUSTOMS, about) for about in (subject_of(parcel), ""))
        if not (asked or held_scans(parcel)):
            continue
        label = _label(DUTY_SHARE, Reply("term_grant_parcel", {"tracking_number": parcel.tracking_number or None}))
        why = Reply("term_grant_why_granted") if arranged_for(situation, parcel) else None
        most = duty_of(situation, parcel) or situation.order.value
        yield Grant(DUTY_SHARE, subject_of(parcel), label, most=most, why=why)


def _returns(situation: Situation) -> Iterator[Grant]:
    for subject in delivered_subjects(situation):
        agreed = standing(situation, subject)
        is_agreed = agreed is not None and (agreed.state == cases.AGREED or "arrived_at" in agreed.facts)
        amount = refund_for(situation, subject)
        cancelled = Reply("term_grant_why_cancelled") if situation.order.cancelled_at else None
        done = Reply("term_grant_why_granted") if is_agreed or settled_by(situation, subject) else None
        none = None if amount.amount >= CENT else more_than_left(situation)
        yield Grant(
            RETURN, subject, _label(RETURN, item_of(situation.order, subject)), amount, why=cancelled or done or none
        )
