"""Which rules settle what: one function for each wish, each kind of offer, and each question asked in free words."""

from __future__ import annotations

from collections.abc import Callable

from doorstep import acceptance
from doorstep.changes import wishes as changes
from doorstep.customs import wishes as customs
from doorstep.delivery.overview import settle_wish
from doorstep.delivery.tracking import settle_tracking
from doorstep.goods import wishes as goods
from doorstep.offers import Offer
from doorstep.people.logistics import escalated
from doorstep.returns import wishes as returns
from doorstep.settlement import Settlement, Situation

TRACKING_WISHES = {"track_order": False, "not_received": True, "delivery_time": False}  # wish: is it a complaint?

# wish: what settles it, and what reads `situation.about` of it
_WISHES: dict[str, Callable[[Situation], Settlement]] = {
    **dict.fromkeys(TRACKING_WISHES, settle_tracking),
    "customs": customs.settle,
    "defective": goods.settle,
    "quality_complaint": goods.settle_disappointed,
    "how_to_use": goods.settle_use,
    "return_item": returns.settle,
    "refund": returns.settle_refund,
    "cancel_order": changes.settle_cancel,
    "change_address": changes.settle_address,
    "confirm_receipt": changes.settle_receipt,
}
# kind of an offer that is not about a parcel's remedies: what follows when an option of it is taken
OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {
    **customs.OFFERS,
    **goods.OFFERS,
    **returns.OFFERS,
    **changes.OFFERS,
}
# what was asked for in free words: what follows from the subject and the answer
DETAILS: dict[str, Callable[[Situation, str, str], Settlement]] = {
    **goods.DETAILS,
    **returns.DETAILS,
    **changes.DETAILS,
}


def settle(situation: Situation, wish: str) -> Settlement:
    """Settle a wish about an order."""
    rule = _WISHES.get(wish)
    settled = rule(situation) if rule else settle_wish(situation, wish)
    return escalated(situation, settled) if wish in TRACKING_WISHES else settled


def settle_option(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Settle what taking an option brings; the offer must be open and the option one of its own."""
    rule = OFFERS.get(offer.kind)
    return rule(situation, offer, option) if rule else acceptance.settle_option(situation, offer, option)


def settle_details(situation: Situation, what: str, subject: str, text: str) -> Settlement:
    """Settle what was told in free words."""
    return DETAILS[what](situation, subject, text)
