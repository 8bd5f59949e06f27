"""Why something may not go back, said kindly and with what can be done instead."""

from __future__ import annotations

from doorstep import cases
from doorstep.cases import CaseStep
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import order_facts, status_words
from doorstep.offers import PERSON, USED
from doorstep.parcels import Parcel, Stage
from doorstep.replies.values import Choice, Days, Reply, Value
from doorstep.returns.rules import at_fault, delivered_at, item_of, last_day, refund_for, settled_by, standing
from doorstep.returns.status import tell_promise
from doorstep.settlement import Settlement, Situation
from doorstep.windows import shop_date

_LOST = (Stage.LOST, Stage.STUCK, Stage.GOING_BACK)
_PROBLEM = Choice("choice_wish_defective", "defective")
_DISAPPOINTED = Choice("choice_wish_quality_complaint", "quality_complaint")


def refused(situation: Situation, subject: str) -> Settlement | None:
    """Why the lines of a subject may not go back whatever their condition; None when they may."""
    delivered = delivered_at(situation, subject)
    if delivered is None:
        return settle_not_there(situation)
    done = settled_by(situation, subject)
    if done:
        return tell_promise(situation, done)
    value = refund_for(situation, subject)
    if at_fault(situation, subject) and situation.policy.goods.is_low(value.amount, value.currency):
        return _told(situation, subject, "utter_return_not_needed", (_PROBLEM, PERSON))
    until = last_day(situation, subject, delivered)
    if shop_date(situation.now, situation.policy) <= until or standing(situation, subject):
        return None
    days: dict[str, Value] = {"delivered_on": shop_date(delivered, situation.policy), "until": until}
    return _told(situation, subject, "utter_return_too_late", (_PROBLEM, _DISAPPOINTED, PERSON), days)


def settle_used(situation: Situation, subject: str) -> Settlement:
    """The goods were used, which the policy does not allow: what is left when something is wrong with them."""
    told = _told(situation, subject, "utter_return_used", (_PROBLEM, _DISAPPOINTED, PERSON))
    found = (cases.find(situation.cases, kind, subject) for kind in (cases.RETURN, cases.EXCHANGE))
    asking = [case.kind for case in found if case and case.state == cases.ASKING]
    steps = tuple(CaseStep(kind, subject, cases.CLOSED, {"condition": USED}) for kind in asking)
    return Settlement(told.replies, cases=steps)


def _told(
    situation: Situation, subject: str, name: str, choices: tuple[Choice, ...], more: dict[str, Value] | None = None
) -> Settlement:
    values: dict[str, Value] = {
        "feeling": Reply("utter_feel_return_no"),
        "order_number": situation.order.number,
        "item": item_of(situation.order, subject),
        **(more or {}),
    }
    return Settlement((Reply(name, values, choices),))


def settle_not_there(situation: Situation) -> Settlement:
    """Nothing of the order has been delivered: where it is, and how not to keep it. Money follows only what is back."""
    order = situation.order
    stages = [situation.stage(parcel) for parcel in order.parcels]
    if any(stage in _LOST for stage in stages):
        return settle_tracking(situation)
    sent = [parcel for parcel, stage in zip(order.parcels, stages, strict=True) if stage is not Stage.NOT_SHIPPED]
    unsure = [Choice("choice_wish_confirm_receipt", "confirm_receipt")] * (Stage.UNREGISTERED in stages)
    instead = unsure if sent else [Choice("choice_wish_cancel_order", "cancel_order")]
    window = Days(situation.policy.returns.window_days) if situation.policy.returns.window_days else None
    values = {
        **order_facts(order),
        "feeling": Reply("utter_feel_asked"),
        "parcels": [_parcel_line(parcel) for parcel in sent],
        "not_shipped": None if sent else Reply("term_not_shipped_yet"),
        "advice": Reply("term_return_refuse", {"window": window}) if sent else Reply("term_return_cancel"),
    }
    return Settlement((Reply("utter_return_not_there", values, (*instead, PERSON)),))


def _parcel_line(parcel: Parcel) -> Reply:
    values: dict[str, Value] = {"tracking_number": parcel.tracking_number or None, "status": status_words(parcel)}
    return Reply("term_parcel_line" if parcel.tracking_number else "term_parcel_line_unregistered", values)
