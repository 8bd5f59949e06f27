"""Answers a wish that a person settles: what is known of the order, said kindly, and the way to a person."""

from __future__ import annotations

from doorstep import offers
from doorstep.delivery.tracking import settle_tracking
from doorstep.delivery.unshipped import unshipped_lines
from doorstep.facts import order_facts, status_words, tracking_card
from doorstep.offers import PERSON, NewOffer
from doorstep.parcels import Parcel, Stage
from doorstep.remedies import offer_ends
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Settlement, Situation

# Wishes that the state of the parcel already settles.
_SETTLED_BY_STAGE = {
    "returned_to_sender": Stage.GOING_BACK,
}


def settle_wish(situation: Situation, wish: str) -> Settlement:
    """Answer a wish other than tracking with the facts of the order, and offer a person."""
    order = situation.order
    if wish == "delivery_time" or _settled_by_tracking(situation, wish):
        return settle_tracking(situation)
    values: dict[str, Value] = {
        **order_facts(order),
        "feeling": Reply(f"utter_feel_{wish}"),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    return _describe(situation, values)


def _describe(situation: Situation, values: dict[str, Value]) -> Settlement:
    order = situation.order
    sent = [parcel for parcel in order.parcels if situation.stage(parcel) is not Stage.NOT_SHIPPED]
    values |= {
        "parcels": [_parcel_line(parcel) for parcel in sent],
        "not_shipped": None if sent else Reply("term_not_shipped_yet"),
    }
    card = tracking_card(situation) if order.parcels else None
    pass_on = NewOffer(offers.PASS_ON, "", (offers.YES, offers.NO), offer_ends(situation.now, situation.policy))
    return Settlement((Reply("utter_order_overview", values, (PERSON,), card),), offers=(pass_on,))


def _settled_by_tracking(situation: Situation, wish: str) -> bool:
    order = situation.order
    if wish == "payment_problem":
        return order.paid_at is None
    if wish == "stock":
        return bool(unshipped_lines(situation))
    if wish == "confirm_receipt":  # rather a question, as long as nothing was delivered
        return not any(situation.stage(parcel) is Stage.DELIVERED for parcel in order.parcels)
    return any(situation.stage(parcel) is _SETTLED_BY_STAGE.get(wish) for parcel in order.parcels)


def _parcel_line(parcel: Parcel) -> Reply:
    values: dict[str, Value] = {"tracking_number": parcel.tracking_number or None, "status": status_words(parcel)}
    return Reply("term_parcel_line" if parcel.tracking_number else "term_parcel_line_unregistered", values)
