"""Settles the wish to call an order off: what has not left is cancelled once the buyer has said yes, the rest is not.

Money for what the shop never sent is its duty and no goodwill: no limit of the policy stands in its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from doorstep import cases, offers, promises
from doorstep.delivery.choosing import choices_of
from doorstep.delivery.tracking import settle_tracking
from doorstep.delivery.unshipped import still_to_ship, subject_of, unshipped_lines
from doorstep.facts import carrier_name, order_facts
from doorstep.offers import PERSON, NewOffer, Offer
from doorstep.orders import Line, Money, Order
from doorstep.parcels import Parcel, Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted, cancelled, granted_by, offer_ends, value_of_lines
from doorstep.replies.values import Choice, Days, Hours, Reply, Value
from doorstep.settlement import Handover, OrderChange, Settlement, ShopTask, Situation
from doorstep.windows import end_of, shop_date

# What is known of such a parcel says more than "it has left": it is late, lost, held or on its way back.
_TRACKING_SAYS_MORE = (Stage.LOST, Stage.STUCK, Stage.CUSTOMS_HELD)
RETURN_IT = Choice("choice_wish_return_item", "return_item")


def settle_cancel(situation: Situation) -> Settlement:
    """Answer "cancel my order", or "why was it cancelled?"."""
    if situation.about == "why":
        return _why(situation)
    order, lines = situation.order, unshipped_lines(situation)
    done = called_off(situation)
    if done:
        return done
    if not lines:
        return _has_left(situation)
    if order.paid_at is None:
        return _unpaid(situation, lines)
    return _ask(situation, lines)


def called_off(situation: Situation) -> Settlement | None:
    """The answer when the order, or what of it has not left, was called off or settled before; None when it was not."""
    order, lines = situation.order, unshipped_lines(situation)
    facts = order_facts(order, lines)
    done = already_granted(situation, subject_of(order, lines) if lines else "", facts)
    if done or order.cancelled_at is None or not lines:  # what has left is on its way, whatever the order says
        return done
    values = {**facts, "cancelled_on": shop_date(order.cancelled_at, situation.policy)}
    return Settlement((Reply("utter_order_cancelled", values, (PERSON,)),))


def then_tracked(situation: Situation, name: str, feeling: str) -> Settlement:
    """One sentence of ours, then where each parcel is with all that this brings; the feeling is told once."""
    tracked = settle_tracking(situation)
    first, *others = tracked.replies
    said = Reply(name, {**order_facts(situation.order), "feeling": Reply(feeling)})
    return replace(tracked, replies=(said, replace(first, values={**first.values, "feeling": None}), *others))


# -- not sent yet --------------------------------------------------------------------------


def _ask(situation: Situation, lines: tuple[Line, ...]) -> Settlement:
    order, amount = situation.order, _to_pay_back(situation, lines)
    if amount is None:
        return _to_person(situation, lines, "given_before")
    subject = subject_of(order, lines)
    offer = NewOffer(
        offers.CANCELLING, subject, (offers.YES, offers.NO), offer_ends(situation.now, situation.policy), amount
    )
    rest = subject == promises.REST
    values: dict[str, Value] = {
        **order_facts(order, lines, amount),
        "feeling": Reply("utter_feel_cancel_order"),
        "cancelled": cancelled(order, subject),
        "amount": amount,
        "by": granted_by(offers.CANCEL, situation.now, situation.policy),
        "what_left": Reply("term_cancel_rest_only", {"order_number": order.number}) if rest else None,
    }
    choices = (*choices_of(situation, offer, "choice_cancelling_"), PERSON)
    return Settlement((Reply("utter_cancel_ask", values, choices),), offers=(offer,))


def _unpaid(situation: Situation, lines: tuple[Line, ...]) -> Settlement:
    """Without money there is nothing to weigh: the order is called off at once, and can be placed anew."""
    order = situation.order
    if subject_of(order, lines):
        return _to_person(situation, lines, "unpaid_part")
    values: dict[str, Value] = {**order_facts(order), "feeling": Reply("utter_feel_cancel_order")}
    return replace(_called_off(situation, "", {}), replies=(Reply("utter_cancelled_unpaid", values, (PERSON,)),))


def settle_answer(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Settle the yes or no to "shall I cancel it?", as things stand now: it may have left since it was asked."""
    order, lines = situation.order, unshipped_lines(situation)
    if option == offers.NO:
        ships = still_to_ship(situation)
        values: dict[str, Value] = {**order_facts(order), "ships_on": day_of(situation, ships)}
        return Settlement((Reply("utter_cancel_kept", values, (PERSON,)),), (ships,) if ships else ())
    done = called_off(situation)
    if done:
        return done
    amount = _to_pay_back(situation, lines) if lines and order.paid_at else None
    if amount is None or subject_of(order, lines) != offer.subject or amount != offer.amount:
        told = settle_cancel(replace(situation, about=""))
        return replace(told, replies=(Reply("utter_offer_outdated"), *told.replies))
    by = granted_by(offers.CANCEL, situation.now, situation.policy)
    said: dict[str, Value] = {**order_facts(order), "cancelled": cancelled(order, offer.subject), "amount": amount}
    promise = Promise(promises.CANCEL, offer.subject, end_of(by, situation.policy), offers.CANCEL, amount=amount)
    facts = {"amount": _written(amount), "by": by.isoformat()}
    settled = _called_off(situation, offer.subject, facts)
    return replace(settled, replies=(Reply("utter_granted_cancel", {**said, "by": by}),), promises=(promise,))


def _called_off(situation: Situation, subject: str, facts: Mapping[str, str]) -> Settlement:
    """What calling off what has not left brings, but for the words and the money."""
    order, now = situation.order, situation.now
    case = cases.number_for(order.number, situation.cases, cases.CANCEL, subject)
    told = {"cancelled_at": now.isoformat(), **facts}
    note = {"case": case, "items": _items(unshipped_lines(situation)), **facts}
    if facts:
        note |= {"promise": promises.CANCEL, "subject": subject}
    return Settlement(
        (),
        cases=(cases.CaseStep(cases.CANCEL, subject, cases.AGREED, told),),
        change=OrderChange(cancelled_at=now) if subject == "" else None,
        tasks=(ShopTask("cancel", note),),
    )


def _to_pay_back(situation: Situation, lines: tuple[Line, ...]) -> Money | None:
    """What was paid for lines that have not left, as far as it was not given back; None when nothing of it is left."""
    order = situation.order
    left = order.total - promises.given(situation.promises)
    value = value_of_lines(order, lines)
    return Money(min(value.amount, left), order.currency) if left > 0 else None


def day_of(situation: Situation, promise: Promise | None) -> Value:
    """The day in the shop's time on which a promise falls due; None for no promise."""
    return shop_date(promise.due_at, situation.policy) if promise else None


def _to_person(situation: Situation, lines: tuple[Line, ...], why: str) -> Settlement:
    values: dict[str, Value] = {
        **order_facts(situation.order, lines),
        "feeling": Reply("utter_feel_cancel_order"),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    note = {"wanted": "cancel", "items": _items(lines)}
    return Settlement((Reply("utter_cancel_person", values),), handover=Handover(why, note))


def _items(lines: tuple[Line, ...]) -> str:
    return ", ".join(f"{line.quantity} × {line.sku}" for line in lines)


def _written(amount: Money) -> str:
    return f"{amount.amount} {amount.currency}"


# -- gone already --------------------------------------------------------------------------


def _has_left(situation: Situation) -> Settlement:
    stages = [situation.stage(parcel) for parcel in situation.order.parcels]
    if Stage.GOING_BACK in stages:
        return _going_back(situation)
    if all(stage is Stage.DELIVERED for stage in stages):
        return _delivered(situation)
    tracked = settle_tracking(situation)
    if tracked.offers or tracked.handover or set(stages) & set(_TRACKING_SAYS_MORE):
        return then_tracked(situation, "utter_cancel_has_left", "utter_feel_cancel_order")
    parcel = next(each for each in situation.order.parcels if situation.stage(each) is not Stage.DELIVERED)
    values = _facts(situation, parcel) | {"window_days": Days(situation.policy.returns.window_days)}
    return Settlement((Reply("utter_cancel_on_the_way", values, (RETURN_IT, PERSON)),))


def _delivered(situation: Situation) -> Settlement:
    parcel = max(situation.order.parcels, key=lambda each: each.scans[-1].at)
    came, policy = parcel.scans[-1].at.date(), situation.policy
    last = came + timedelta(days=policy.returns.window_days)
    open_still = shop_date(situation.now, policy) <= last
    values = _facts(situation, parcel) | {"delivered_on": came, "return_by": last if open_still else None}
    return Settlement((Reply("utter_cancel_delivered", values, (RETURN_IT, PERSON)),))


def _going_back(situation: Situation) -> Settlement:
    """The goods come back by themselves; what is paid back for them, and when, a person tells once they are in."""
    parcel = next(each for each in situation.order.parcels if situation.stage(each) is Stage.GOING_BACK)
    done = already_granted(situation, str(parcel.id), order_facts(situation.order))
    if done:
        return done
    values = _facts(situation, parcel) | {"progress": Reply(f"term_progress_{parcel.scans[-1].status}")}
    note = {"wanted": "cancel", "parcel": parcel.tracking_number or parcel.carrier}
    return Settlement((Reply("utter_cancel_going_back", values),), handover=Handover("cancel_returning", note))


def _facts(situation: Situation, parcel: Parcel) -> dict[str, Value]:
    return {
        **order_facts(situation.order),
        "feeling": Reply("utter_feel_cancel_order"),
        "parcel": Reply("term_parcel", {"tracking_number": parcel.tracking_number or None}),
        "carrier": carrier_name(parcel.carrier),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }


# -- why was it cancelled? -----------------------------------------------------------------


def _why(situation: Situation) -> Settlement:
    """When it was called off and by whom, as far as known, and what became of the money."""
    order = situation.order
    called = [promise for promise in situation.promises if promise.kind == promises.CANCEL]
    if order.cancelled_at is None and not called:
        return then_tracked(situation, "utter_not_cancelled", "utter_feel_why_cancelled")
    subject = called[-1].subject if called else ""
    values: dict[str, Value] = {
        **order_facts(order),
        "feeling": Reply("utter_feel_why_cancelled"),
        "cancelled": cancelled(order, subject),
        "cancelled_on": _cancelled_on(situation),
        "why": _reason(situation, order, bool(called)),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    done = already_granted(situation, subject, order_facts(order)) if called else None
    if done:
        return replace(done, replies=(Reply("utter_why_cancelled", values), *done.replies))
    if order.paid_at is None:
        return Settlement((Reply("utter_why_cancelled", values, (PERSON,)),))
    note = {"asked": "why cancelled", "refund": "not seen"}
    return Settlement((Reply("utter_why_cancelled_person", values),), handover=Handover("why_cancelled", note))


def _cancelled_on(situation: Situation) -> Value:
    if situation.order.cancelled_at:
        return shop_date(situation.order.cancelled_at, situation.policy)
    opened = [case.opened_at for case in situation.cases if case.kind == cases.CANCEL and case.opened_at]
    return shop_date(opened[-1], situation.policy) if opened else None


def _reason(situation: Situation, order: Order, called: bool) -> Reply:
    here = called or any(case.kind == cases.CANCEL for case in situation.cases)
    if here:
        return Reply("term_cancelled_by_you")
    if order.paid_at is None:
        return Reply("term_cancelled_unpaid")
    sold_out = [line.title for line in order.lines if _sold_out(situation, line)]
    return Reply("term_cancelled_sold_out", {"title": sold_out[0]}) if sold_out else Reply("term_cancelled_by_shop")


def _sold_out(situation: Situation, line: Line) -> bool:
    product = situation.products.get(line.sku)
    return product is not None and product.in_stock is False
