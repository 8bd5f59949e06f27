"""Settles a parcel that waits for somebody or comes back: customs, pick-up, a failed delivery, a return."""

from __future__ import annotations

from doorstep.choosing import choose_now, feeling_of
from doorstep.facts import masked_address, parcel_facts
from doorstep.offers import PERSON, RESEND
from doorstep.orders import Money
from doorstep.parcels import Parcel, Scan
from doorstep.remedies import remedies_for
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation

_CUSTOMS_STEPS = {"duties_due": "pay", "documents_missing": "papers"}


def settle_customs(situation: Situation, parcel: Parcel) -> Settlement:
    """Held by customs: why, how much, what to do and by when."""
    scan = parcel.scans[-1]
    values = _held_facts(situation, parcel, scan, "customs")
    values["next_step"] = Reply(
        f"term_customs_{_CUSTOMS_STEPS.get(scan.reason, 'ask')}", {"carrier": values["carrier"]}
    )
    passed = scan.act_by is not None and scan.act_by < situation.now
    values["deadline"] = Reply("term_customs_deadline", {"act_by": None if passed else values["act_by"]})
    return Settlement((Reply("utter_parcel_customs", values, (PERSON,)),))


def settle_pickup(situation: Situation, parcel: Parcel) -> Settlement:
    """Waiting for the buyer: where and until when."""
    values = _held_facts(situation, parcel, parcel.scans[-1], "pickup")
    return Settlement((Reply("utter_parcel_pickup", values, (PERSON,)),))


def settle_failed(situation: Situation, parcel: Parcel) -> Settlement:
    """A delivery failed: why, and how to get it; an address that was the reason can be put right."""
    scan = parcel.scans[-1]
    values = _held_facts(situation, parcel, scan, "pickup")
    correct = (Choice("choice_correct_address", "change_address"),) if scan.reason == "bad_address" else ()
    return Settlement((Reply("utter_parcel_delivery_failed", values, (*correct, PERSON)),))


def _held_facts(situation: Situation, parcel: Parcel, scan: Scan, feeling: str) -> dict[str, Value]:
    due = (
        Money(scan.amount_due, scan.amount_currency or situation.order.currency)
        if scan.amount_due is not None
        else None
    )
    return {
        **parcel_facts(situation, parcel),
        "feeling": feeling_of(situation, feeling),
        "since": scan.at.date(),
        "reason": Reply(f"term_reason_{scan.reason}") if scan.reason else None,
        "amount_due": due,
        "place": scan.location or None,
        "act_by": scan.act_by.astimezone(scan.at.tzinfo).date() if scan.act_by else None,  # where the parcel is
    }


def settle_going_back(situation: Situation, parcel: Parcel) -> Settlement:
    """Going back or back: a new try for a wrong address, the remedies once a refused one is in, else a person."""
    scan = _why_going_back(parcel)
    values = _held_facts(situation, parcel, scan, "returning") | {"ordered_to": masked_address(situation.order.ship_to)}
    values["progress"] = Reply(f"term_progress_{parcel.scans[-1].status}")
    if scan.reason == "bad_address":
        resend = RESEND in remedies_for(situation, parcel).options
        values["then"] = Reply("term_then_resend" if resend else "term_then_person")
        return Settlement(
            (
                Reply(
                    "utter_parcel_returning_bad_address",
                    values,
                    (Choice("choice_correct_address", "change_address"), PERSON),
                ),
            )
        )
    if scan.reason == "refused" and parcel.scans[-1].status == "returned":
        return choose_now(situation, parcel, "utter_parcel_returning_refused", values)
    return Settlement(
        (Reply("utter_parcel_returning_person", values),), handover=Handover("returning", {"why": scan.reason})
    )


def _why_going_back(parcel: Parcel) -> Scan:
    """The latest scan with a reason; one from before customs let the parcel go is no reason any more."""
    for scan in reversed(parcel.scans):
        if scan.reason:
            return scan
        if scan.status == "customs_released":
            break
    return parcel.scans[-1]
