"""Settles "I want my money back": what was granted before, else where the goods are, else why."""

from __future__ import annotations

from doorstep import cases, promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import order_facts
from doorstep.offers import PERSON
from doorstep.replies.values import Choice, Reply
from doorstep.returns.rules import MONEY, delivered_subjects, refund_for, standing
from doorstep.returns.status import joined, settle_status, tell_promise
from doorstep.settlement import Settlement, Situation

_STATUS = "status"
_GOES_BACK = (cases.RETURN, cases.EXCHANGE)
_REASONS = (
    Choice("choice_refund_problem", "defective"),
    Choice("choice_refund_unwanted", "return_item"),
    Choice("choice_refund_missing", "not_received"),
)


def settle(situation: Situation) -> Settlement:
    """Answer it: money that was promised is told with its date and state, a return with where it is."""
    agreed = any(standing(situation, case.subject, case.kind) for case in situation.cases if case.kind in _GOES_BACK)
    money = [p for p in situation.promises if p.kind in MONEY and p.stands]
    parts = [tell_promise(situation, p) for p in money if not (agreed and p.kind == promises.RETURN_REFUND)]
    if agreed:
        return joined([*parts, settle_status(situation)])
    if any(part.handover for part in parts):
        return joined(parts)
    came = delivered_subjects(situation)
    if parts:
        more = [_ask(situation, "utter_refund_reason_else")] if came and _left(situation) else []
        return joined([*parts, *more])
    if not came or situation.order.cancelled_at:
        return settle_tracking(situation)
    asked_where = situation.about == _STATUS
    return _ask(situation, "utter_refund_not_agreed" if asked_where else "utter_refund_reason")


def _left(situation: Situation) -> bool:
    """Whether something of what was delivered was not given back yet."""
    in_full = any(p.subject == "" and p.kind in (promises.REFUND, promises.CANCEL) for p in situation.promises)
    return not in_full and any(refund_for(situation, subject).amount for subject in delivered_subjects(situation))


def _ask(situation: Situation, name: str) -> Settlement:
    values = {**order_facts(situation.order), "feeling": Reply("utter_feel_refund")}
    return Settlement((Reply(name, values, (*_REASONS, PERSON)),))
