"""Settles "I have not received it" and "where is it?" for one parcel, by where the parcel stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from doorstep import offers, promises
from doorstep.customs.wishes import settle_customs
from doorstep.delivery.choosing import choices_of, choose_now, feeling_of, standing, subject_of, ways_out
from doorstep.delivery.held import settle_failed, settle_going_back, settle_pickup
from doorstep.delivery.tracing import if_missing, is_asked, is_overdue, new_trace, trace_of, trace_told
from doorstep.facts import (
    address_differs,
    carrier_name,
    given_name,
    hide_private,
    masked_address,
    named,
    parcel_facts,
    same_person,
    showable,
)
from doorstep.offers import PERSON, NewOffer
from doorstep.parcels import Destination, Parcel, Scan, Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted, granted_by, offer_ends, remedies_for, task_for
from doorstep.replies.values import Days, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.windows import add_business_days, end_of, shop_date, window_of


def settle_parcel(situation: Situation, parcel: Parcel) -> Settlement:
    """Decide for one parcel: what is told, promised and offered. The parcel must be shipped."""
    parcel = showable(situation.order, parcel)
    done = already_granted(situation, subject_of(parcel), parcel_facts(situation, parcel))
    return done or _BY_STAGE[situation.stage(parcel)](situation, parcel)


# -- on the way --------------------------------------------------------------------------


def _on_the_way(situation: Situation, parcel: Parcel) -> Settlement:
    if _days_late(situation, parcel):
        return _late(situation, parcel)
    registered = "registered" if parcel.tracking_number else "unregistered"
    window = window_of(situation.order, parcel, situation.policy)
    values = {**parcel_facts(situation, parcel), "feeling": feeling_of(situation, "waiting")}
    mail = Reply("term_mail", {"carrier": values["carrier"], "service": values["service"]})
    values["mail" if parcel.shipped_at else "unsent_mail"] = mail
    kept: tuple[Promise, ...] = ()
    if window:
        check_on = add_business_days(window.expected_by, 1)
        notice = standing(situation, parcel, promises.NOTICE)
        if notice is None or notice.is_due(situation.now):
            notice = Promise(promises.NOTICE, subject_of(parcel), end_of(check_on, situation.policy))
        values |= {
            "check_on": shop_date(notice.due_at, situation.policy),
            "days_used": Days((shop_date(situation.now, situation.policy) - window.counted_from).days),
        }
        kept = (notice,)
    return Settlement((Reply(f"utter_parcel_in_time_{registered}", values, (PERSON,)),), promises=kept)


def _days_late(situation: Situation, parcel: Parcel) -> int:
    window = window_of(situation.order, parcel, situation.policy)
    return window.days_late(shop_date(situation.now, situation.policy)) if window else 0


def _late(situation: Situation, parcel: Parcel) -> Settlement:
    return _wait_then_choose(
        situation, parcel, "utter_parcel_late", situation.policy.waits.grace_days, feeling_of(situation, "late")
    )


def _at_destination(situation: Situation, parcel: Parcel) -> Settlement:
    if _days_late(situation, parcel):
        return _late(situation, parcel)
    wait = situation.policy.waits.sorting_centre_days
    return _wait_then_choose(situation, parcel, "utter_parcel_sorting_centre", wait, feeling_of(situation, "waiting"))


def _wait_then_choose(situation: Situation, parcel: Parcel, name: str, days: int, feeling: Reply) -> Settlement:
    """Ask once for `days` of patience with a promise; once that date has passed, offer the remedies now."""
    given = standing(situation, parcel, promises.GRACE)
    if given and given.is_due(situation.now):
        return _wait_is_over(situation, parcel, given)
    until = (
        shop_date(given.due_at, situation.policy)
        if given
        else shop_date(situation.now, situation.policy) + timedelta(days=days)
    )
    allowed = remedies_for(situation, parcel)
    values: dict[str, Value] = {
        **parcel_facts(situation, parcel),
        "feeling": feeling,
        "days_late": Days(late) if (late := _days_late(situation, parcel)) else None,
        "wait_until": until,
        **ways_out(allowed.options),
        "person_decides": None if allowed.options else Reply("term_person_decides_then"),
        "chosen": Reply(f"term_chosen_{given.remedy}") if given and given.remedy in allowed.options else None,
        "untracked_carrier": None if parcel.tracking_number else carrier_name(parcel.carrier),
    }
    promise = given or Promise(promises.GRACE, subject_of(parcel), end_of(until, situation.policy))
    if not allowed.options:
        return Settlement((Reply(name, values, (PERSON,)),), (promise,))
    offer = NewOffer(
        offers.AFTER_WAIT,
        subject_of(parcel),
        (*allowed.options, offers.WAIT),
        end_of(until, situation.policy) + timedelta(days=30),
        allowed.value,
    )
    choices = (*choices_of(situation, offer, "choice_then_"), PERSON)
    return Settlement((Reply(name, values, choices),), (promise,), (offer,))


def _wait_is_over(situation: Situation, parcel: Parcel, given: Promise) -> Settlement:
    """What the buyer chose for this day is done; without a choice they choose now."""
    feeling = feeling_of(situation, "sorry_again")
    allowed = remedies_for(situation, parcel)
    if given.remedy not in allowed.options:
        return choose_now(situation, parcel, "utter_parcel_wait_is_over", {"feeling": feeling})
    by = granted_by(given.remedy, situation.now, situation.policy)
    values = {**parcel_facts(situation, parcel), "feeling": feeling, "amount": allowed.value, "by": by}
    due = end_of(by, situation.policy)
    kept = Promise(given.remedy, subject_of(parcel), due, remedy=given.remedy, amount=allowed.value)
    reply = Reply(f"utter_parcel_wait_is_over_{given.remedy}", values, (PERSON,))
    return Settlement((reply,), (kept,), tasks=(task_for(situation, kept),))


def _lost(situation: Situation, parcel: Parcel) -> Settlement:
    damaged = parcel.newest is not None and parcel.newest.status in ("damaged", "destroyed")
    return _with_trace(situation, parcel, f"utter_parcel_{'damaged' if damaged else 'lost'}", claim=damaged)


def _stuck(situation: Situation, parcel: Parcel) -> Settlement:
    return _with_trace(situation, parcel, "utter_parcel_stuck")


def _with_trace(situation: Situation, parcel: Parcel, name: str, claim: bool = False) -> Settlement:
    trace = trace_of(situation, subject_of(parcel)) or new_trace(situation, subject_of(parcel))
    known: dict[str, Value] = {
        "feeling": feeling_of(situation, "lost"),
        "trace": trace_told(situation, trace, claim),
    }
    settled = replace(choose_now(situation, parcel, name, known), promises=(trace,))
    if settled.handover is None or not is_overdue(trace, situation.now):
        return settled
    note = {**settled.handover.note, "trace_promised_by": shop_date(trace.due_at, situation.policy).isoformat()}
    return replace(settled, handover=replace(settled.handover, note=note))


# -- delivered -----------------------------------------------------------------------------


def _delivered(situation: Situation, parcel: Parcel) -> Settlement:
    scan = parcel.scans[-1]
    trace = trace_of(situation, subject_of(parcel))
    values = _delivery_facts(situation, parcel, scan)
    if address_differs(scan.delivered_to, situation.order.ship_to):
        went_to = scan.delivered_to
        note = {
            "delivered_to": f"{went_to.line1}, {went_to.city} {went_to.postcode} {went_to.country}" if went_to else ""
        }
        return Settlement(
            (Reply("utter_parcel_delivered_elsewhere", values),), handover=Handover("delivered_elsewhere", note)
        )
    if situation.complaint and trace and (is_asked(trace) or is_overdue(trace, situation.now)):
        values["trace"] = Reply("term_trace_case_asked" if is_asked(trace) else "term_trace_case")
        return Settlement((Reply("utter_parcel_delivered_trace", values),), handover=Handover("delivered_not_received"))
    until = (
        trace.due_at
        if trace
        else end_of(
            shop_date(situation.now, situation.policy) + timedelta(days=situation.policy.waits.delivered_days),
            situation.policy,
        )
    )
    values |= {
        "ask_carrier": Reply("term_ask_carrier", named(parcel)),
        "ask_around": Reply("term_ask_around", named(parcel)),
        "if_missing": if_missing(situation, trace, until),
    }
    # Who only asks where it is has not said that it is missing: nothing to trace yet.
    promised = (Promise(promises.TRACE, subject_of(parcel), until),) if situation.complaint else ()
    if scan.signed_by and not same_person(scan.signed_by, situation.order.ship_to.name):
        offer = NewOffer(
            offers.SIGNER, subject_of(parcel), (offers.YES, offers.NO), offer_ends(situation.now, situation.policy)
        )
        reply = Reply("utter_parcel_delivered_to_other", values, choices_of(situation, offer, "choice_signer_"))
        return Settlement((reply,), promised, (offer,))
    return Settlement((Reply("utter_parcel_delivered", values, (PERSON,)),), promised)


def _delivery_facts(situation: Situation, parcel: Parcel, scan: Scan) -> dict[str, Value]:
    known = scan.delivered_to if scan.delivered_to != Destination() else None
    return {
        **parcel_facts(situation, parcel),
        "feeling": feeling_of(situation, "missing"),
        "delivered_at": scan.at,
        "place": scan.location or None,
        "signer": hide_private(scan.signed_by, situation.order) or None,
        "left_at": scan.left_at or None,
        "recipient": given_name(situation.order.ship_to.name) or None,
        "went_to": masked_address(known) if known else None,
        "sent_to": None if known else masked_address(situation.order.ship_to),  # the carrier does not say where
        "ordered_to": masked_address(situation.order.ship_to),
    }


_BY_STAGE: dict[Stage, Callable[[Situation, Parcel], Settlement]] = {
    Stage.MOVING: _on_the_way,
    Stage.UNREGISTERED: _on_the_way,
    Stage.AT_DESTINATION: _at_destination,
    Stage.STUCK: _stuck,
    Stage.LOST: _lost,
    Stage.DELIVERED: _delivered,
    Stage.CUSTOMS_HELD: settle_customs,
    Stage.WAITING_FOR_PICKUP: settle_pickup,
    Stage.DELIVERY_FAILED: settle_failed,
    Stage.GOING_BACK: settle_going_back,
}
