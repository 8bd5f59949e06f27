"""Settles changes of an order: called off, sent elsewhere, received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from doorstep import cases, offers
from doorstep.changes import cancelling, readdressing
from doorstep.changes.cancelling import settle_cancel
from doorstep.changes.readdressing import settle_address
from doorstep.delivery.overview import settle_wish
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.facts import order_facts
from doorstep.offers import PERSON, Offer
from doorstep.parcels import Stage
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import OrderChange, Settlement, Situation

SOMETHING_WRONG = Choice("choice_something_wrong", "defective")


def settle_receipt(situation: Situation) -> Settlement:
    """Take note that the order has come; as long as no parcel of it was delivered, it is rather a question."""
    order = situation.order
    delivered = [situation.stage(parcel) is Stage.DELIVERED for parcel in order.parcels]
    values: dict[str, Value] = {**order_facts(order), "feeling": Reply("utter_feel_confirm_receipt")}
    if order.confirmed_at:
        return Settlement((Reply("utter_receipt_known", values, (SOMETHING_WRONG, PERSON)),))
    if not any(delivered):
        return settle_wish(situation, "confirm_receipt")
    if not all(delivered) or unshipped_lines(situation):
        asked = replace(situation, complaint=False)
        return cancelling.then_tracked(asked, "utter_receipt_of_part", "utter_feel_confirm_receipt")
    found = (case for case in situation.cases if case.is_open and case.kind == cases.NOT_RECEIVED)
    return Settlement(
        (Reply("utter_receipt_noted", values, (SOMETHING_WRONG, PERSON)),),
        cases=tuple(cases.CaseStep(case.kind, case.subject, cases.CLOSED, {"found": "yes"}) for case in found),
        change=OrderChange(confirmed_at=situation.now),
    )


OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {
    offers.CANCELLING: cancelling.settle_answer,
    offers.ADDRESS: readdressing.settle_answer,
}
DETAILS: dict[str, Callable[[Situation, str, str], Settlement]] = {readdressing.ASKS: readdressing.settle_details}

__all__ = ["DETAILS", "OFFERS", "settle_address", "settle_cancel", "settle_receipt"]
