"""Settles a parcel that waits for somebody or comes back: pick-up, a failed delivery, a return."""

from __future__ import annotations

from collections.abc import Sequence

from doorstep.delivery.choosing import choose_now, feeling_of
from doorstep.facts import business_days, masked_address, named, parcel_facts
from doorstep.offers import PERSON, RESEND
from doorstep.orders import Money
from doorstep.parcels import Parcel, Scan
from doorstep.remedies import remedies_for
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation


def settle_pickup(situation: Situation, parcel: Parcel) -> Settlement:
    """Waiting for the buyer: where and until when."""
    values = held_facts(situation, parcel, parcel.scans[-1], "pickup")
    values["take_along"] = Reply("term_take_along", named(parcel))
    return Settlement((Reply("utter_parcel_pickup", values, (PERSON,)),))


def settle_failed(situation: Situation, parcel: Parcel) -> Settlement:
    """A delivery failed: why, and how to get it; an address that was the reason can be put right."""
    scan = parcel.scans[-1]
    values = held_facts(situation, parcel, scan, "pickup")
    values["call_carrier"] = Reply("term_call_carrier", named(parcel))
    correct = (Choice("choice_correct_address", "change_address"),) if scan.reason == "bad_address" else ()
    return Settlement((Reply("utter_parcel_delivery_failed", values, (*correct, PERSON)),))


def held_facts(situation: Situation, parcel: Parcel, scan: Scan, feeling: str) -> dict[str, Value]:
    """What a scan says of a parcel that waits: why, where, what is due and until when; the feeling is for `feeling`."""
    due = (
        Money(scan.amount_due, scan.amount_currency or situation.order.currency)
        if scan.amount_due is not None
        else None
    )
    last_day = scan.act_by.astimezone(scan.at.tzinfo).date() if scan.act_by else None  # where the parcel is
    passed = scan.act_by is not None and scan.act_by < situation.now
    return {
        **parcel_facts(situation, parcel),
        "feeling": feeling_of(situation, feeling),
        "since": scan.at.date(),
        "reason": Reply(f"term_reason_{scan.reason}") if scan.reason else None,
        "amount_due": due,
        "place": scan.location or None,
        "act_by": None if passed else last_day,
        "act_by_was": last_day if passed else None,
    }


def settle_going_back(situation: Situation, parcel: Parcel) -> Settlement:
    """Going back or back: a new try for a wrong address, the remedies once a refused one is in, else a person."""
    scan = _why_going_back(parcel)
    values = held_facts(situation, parcel, scan, "returning") | {"ordered_to": masked_address(situation.order.ship_to)}
    values["progress"] = Reply(f"term_progress_{parcel.scans[-1].status}")
    if scan.reason == "bad_address":
        values["then"] = sent_again(situation, (parcel,)) or Reply("term_then_person")
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


def sent_again(situation: Situation, parcels: Sequence[Parcel]) -> Reply | None:
    """When parcels with a wrong address are sent again; None for no parcel, or where the policy does not allow it.

    What is still on its way back is waited for. What is back, or was called off, leaves once the address is right.
    """
    if not parcels or not all(RESEND in remedies_for(situation, parcel).options for parcel in parcels):
        return None
    if any(parcel.scans[-1].status == "returning" for parcel in parcels):
        return Reply("term_when_back_resend")
    return Reply("term_then_resend", {"sends_within": business_days(situation.policy.remedies.resend_within_days)})


def _why_going_back(parcel: Parcel) -> Scan:
    """The latest scan with a reason; one from before customs let the parcel go is no reason any more."""
    for scan in reversed(parcel.scans):
        if scan.reason:
            return scan
        if scan.status == "customs_released":
            break
    return parcel.scans[-1]
