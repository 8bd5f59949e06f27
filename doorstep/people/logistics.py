"""Hands over to the logistics team where tries to get a parcel delivered have failed, the carrier's or the buyer's."""

from __future__ import annotations

from dataclasses import replace

from doorstep import promises
from doorstep.facts import carrier_name
from doorstep.parcels import Parcel, Stage
from doorstep.people.handovers import DELIVERY_FAILED, MANY_CONTACTS
from doorstep.people.replies import answer_told
from doorstep.replies.values import Reply, Value
from doorstep.settlement import Handover, Settlement, Situation

FAILED_TRIES = 2  # of the carrier to deliver a parcel, before our own people look after it
CONTACTS = 3  # days on which the buyer wrote about a parcel that waits for delivery or pick-up
_TOLD = {
    DELIVERY_FAILED: "utter_handover_delivery_failed",
    MANY_CONTACTS: "utter_handover_many_contacts",
}


def escalated(situation: Situation, settled: Settlement) -> Settlement:
    """The answer to "where is it?", with the logistics team taking over where tries to get it delivered have failed.

    What the buyer can choose comes first: while something is on offer, or was granted, nobody takes over.
    """
    if settled.handover or settled.offers:
        return settled
    for parcel in situation.order.parcels:
        reason = _logistics_reason(situation, parcel)
        if reason:
            return _to_logistics(situation, settled, parcel, reason)
    return settled


def failed_tries(parcel: Parcel) -> int:
    """How often the carrier has tried to deliver a parcel and failed."""
    return sum(scan.status == "delivery_failed" for scan in parcel.scans)


def _logistics_reason(situation: Situation, parcel: Parcel) -> str:
    stage = situation.stage(parcel)
    if promises.granted(situation.promises, str(parcel.id)):
        return ""
    if stage is Stage.DELIVERY_FAILED and failed_tries(parcel) >= FAILED_TRIES:
        return DELIVERY_FAILED
    waits = stage in (Stage.DELIVERY_FAILED, Stage.WAITING_FOR_PICKUP)
    return MANY_CONTACTS if waits and situation.complaint and situation.contacts >= CONTACTS else ""


def _to_logistics(situation: Situation, settled: Settlement, parcel: Parcel, reason: str) -> Settlement:
    told_before = tuple(replace(reply, choices=()) for reply in settled.replies)  # a person takes them from here
    values: dict[str, Value] = {
        "parcel": Reply("term_parcel", {"tracking_number": parcel.tracking_number or None}),
        "carrier": carrier_name(parcel.carrier),
        "case": [answer_told(situation.policy, situation.now, situation)],
    }
    note = {
        "parcel": parcel.tracking_number or parcel.carrier,
        "failed_attempts": str(failed_tries(parcel)),
        "contacts": str(situation.contacts),
    }
    reply = Reply(_TOLD[reason], values)
    return replace(settled, replies=(*told_before, reply), handover=Handover(reason, note))
