"""What follows when the buyer takes an option of an offer."""

from __future__ import annotations

from dataclasses import replace

from doorstep import offers, promises
from doorstep.delivery.tracing import if_missing, trace_of
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import hide_private, order_facts, parcel_facts, showable
from doorstep.offers import PERSON, Offer
from doorstep.parcels import Parcel
from doorstep.people import replies as handover_replies
from doorstep.promises import Promise
from doorstep.remedies import already_granted, cancelled, granted_by, task_for
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.windows import end_of, shop_date


def settle_option(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Decide what taking `option` of `offer` brings; the offer must be open and the option one of its own."""
    if is_wish(situation, offer):
        return _after_wait(situation, offer, option)
    if offer.kind == offers.SIGNER:
        return _signer(situation, offer, option)
    if offer.kind == offers.PASS_ON:
        return _pass_on(situation, option)
    if option == offers.WAIT:
        name = "utter_wait_for_parcel" if _parcel(situation, offer) else "utter_wait_for_shipping"
        return Settlement((Reply(name, order_facts(situation.order), (PERSON,)),))
    return _grant(situation, offer, option)


def is_wish(situation: Situation, offer: Offer) -> bool:
    """Whether what is chosen of an offer is only noted for the day it is promised for."""
    grace = promises.find(situation.promises, promises.GRACE, offer.subject)
    return offer.kind == offers.AFTER_WAIT and not (grace and grace.is_due(situation.now))


def changed_since(situation: Situation, offer: Offer, option: str) -> Settlement | None:
    """What is told when an option is not on offer any more, as things stand now; None when it is.

    A parcel may have come, or an order have left, since the buyer was asked.
    """
    if offer.kind in (offers.SIGNER, offers.PASS_ON) or option == offers.WAIT:
        return None
    unwished = tuple(replace(promise, remedy="") for promise in situation.promises)
    fresh = settle_tracking(replace(situation, promises=unwished))
    kinds = (offer.kind, offers.NOW)
    if any(option in now.options for now in fresh.offers if now.subject == offer.subject and now.kind in kinds):
        return None
    told = settle_tracking(situation)
    return replace(told, replies=(Reply("utter_offer_outdated"), *told.replies))


def _pass_on(situation: Situation, option: str) -> Settlement:
    if option == offers.NO:
        return Settlement((Reply("utter_not_passed_on"),))
    asked = Handover("asked")
    return Settlement((handover_replies.told(asked, situation.policy, situation.now, situation),), handover=asked)


def _after_wait(situation: Situation, offer: Offer, option: str) -> Settlement:
    grace = promises.find(situation.promises, promises.GRACE, offer.subject)
    until = shop_date(grace.due_at if grace else offer.expires_at, situation.policy)
    values = _values(situation, offer) | {"wait_until": until}
    return Settlement((Reply(f"utter_wait_noted_{option}", values),))


def _signer(situation: Situation, offer: Offer, option: str) -> Settlement:
    parcel = _parcel(situation, offer)
    signer = parcel.scans[-1].signed_by if parcel and parcel.scans else ""
    trace = trace_of(situation, offer.subject)
    values = _values(situation, offer) | {"signer": hide_private(signer, situation.order) or None}
    if option == offers.YES:
        values["if_missing"] = if_missing(situation, trace, trace.due_at if trace else None)
        return Settlement((Reply("utter_signer_known", values, (PERSON,)),))
    values["answer_within_hours"] = Hours(situation.policy.answer_within_hours)
    return Settlement(
        (Reply("utter_signer_unknown", values),), handover=Handover("signed_by_stranger", {"signer": signer})
    )


def _grant(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Send again, refund, cancel or swap: promised by a date, and a person or the shop's system carries it out."""
    kind = promises.SWAP if option.startswith(offers.SWAP_PREFIX) else option
    standing = promises.find(situation.promises, kind, offer.subject)
    if standing and (standing.state == "kept" or standing.is_due(situation.now)):
        told = already_granted(situation, offer.subject, _values(situation, offer))
        if told:
            return told
    by = (
        shop_date(standing.due_at, situation.policy)
        if standing
        else granted_by(option, situation.now, situation.policy)
    )
    values = _values(situation, offer) | {"by": by, "cancelled": cancelled(situation.order, offer.subject)}
    if kind == promises.SWAP:
        product = situation.products.get(option.removeprefix(offers.SWAP_PREFIX))
        values["title"] = product.title if product else option.removeprefix(offers.SWAP_PREFIX)
    promise = Promise(kind, offer.subject, end_of(by, situation.policy), remedy=option, amount=offer.amount)
    return Settlement((Reply(f"utter_granted_{kind}", values),), (promise,), tasks=(task_for(situation, promise),))


def _parcel(situation: Situation, offer: Offer) -> Parcel | None:
    found = (parcel for parcel in situation.order.parcels if str(parcel.id) == offer.subject)
    return next((showable(situation.order, parcel) for parcel in found), None)


def _values(situation: Situation, offer: Offer) -> dict[str, Value]:
    parcel = _parcel(situation, offer)
    facts = parcel_facts(situation, parcel) if parcel else {}
    return {**order_facts(situation.order), **facts, "amount": offer.amount}
