"""Settles "I have not received it" and "where is it?" for one parcel, by where the parcel stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from doorstep import offers, promises
from doorstep.facts import address_differs, carrier_name, masked_address, parcel_facts, same_person
from doorstep.offers import NewOffer
from doorstep.orders import Money
from doorstep.parcels import Parcel, Scan, Stage
from doorstep.promises import Promise
from doorstep.remedies import offer_ends, remedies_for
from doorstep.replies.values import AnyOf, Choice, Days, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.windows import add_business_days, end_of, shop_date, window_of

PERSON = Choice("choice_talk_to_person", "human_agent")


def subject_of(parcel: Parcel) -> str:
    """How promises and offers name a parcel."""
    return str(parcel.id)


def settle_parcel(situation: Situation, parcel: Parcel) -> Settlement:
    """Decide for one parcel: what is told, promised and offered. The parcel must be shipped."""
    done = already_granted(situation, subject_of(parcel), parcel_facts(situation, parcel))
    return done or _BY_STAGE[situation.stage(parcel)](situation, parcel)


def already_granted(situation: Situation, subject: str, facts: Mapping[str, Value]) -> Settlement | None:
    """The answer when a remedy was granted before, for a parcel or the whole order; None when nothing was."""
    promise = promises.granted(situation.promises, subject)
    if promise is None:
        return None
    values = {**facts, "by": shop_date(promise.due_at, situation.policy)}
    return Settlement((Reply(f"utter_already_{promise.kind}", values, (PERSON,)),))


# -- on the way --------------------------------------------------------------------------


def _on_the_way(situation: Situation, parcel: Parcel) -> Settlement:
    if _days_late(situation, parcel):
        return _late(situation, parcel)
    registered = "registered" if parcel.tracking_number else "unregistered"
    window = window_of(situation.order, parcel, situation.policy)
    values = {**parcel_facts(situation, parcel), "feeling": _feeling(situation, "waiting")}
    kept: tuple[Promise, ...] = ()
    if window:
        check_on = add_business_days(window.expected_by, 1)
        values |= {
            "check_on": check_on,
            "days_used": Days((shop_date(situation.now, situation.policy) - window.shipped_on).days),
        }
        kept = (Promise(promises.NOTICE, subject_of(parcel), end_of(check_on, situation.policy)),)
    return Settlement((Reply(f"utter_parcel_in_time_{registered}", values, (PERSON,)),), promises=kept)


def _days_late(situation: Situation, parcel: Parcel) -> int:
    window = window_of(situation.order, parcel, situation.policy)
    return window.days_late(shop_date(situation.now, situation.policy)) if window else 0


def _late(situation: Situation, parcel: Parcel) -> Settlement:
    return _wait_then_choose(
        situation, parcel, "utter_parcel_late", situation.policy.waits.grace_days, _feeling(situation, "late")
    )


def _at_destination(situation: Situation, parcel: Parcel) -> Settlement:
    if _days_late(situation, parcel):
        return _late(situation, parcel)
    wait = situation.policy.waits.sorting_centre_days
    return _wait_then_choose(situation, parcel, "utter_parcel_sorting_centre", wait, _feeling(situation, "waiting"))


def _wait_then_choose(situation: Situation, parcel: Parcel, name: str, days: int, feeling: Reply) -> Settlement:
    """Ask once for `days` of patience with a promise; once that date has passed, offer the remedies now."""
    given = promises.find(situation.promises, promises.GRACE, subject_of(parcel))
    if given and given.is_due(situation.now):
        return _choose_now(situation, parcel, "utter_parcel_wait_is_over", _feeling(situation, "sorry_again"))
    until = (
        shop_date(given.due_at, situation.policy)
        if given
        else shop_date(situation.now, situation.policy) + timedelta(days=days)
    )
    allowed = remedies_for(situation.order, parcel, situation.policy)
    values: dict[str, Value] = {
        **parcel_facts(situation, parcel),
        "feeling": feeling,
        "days_late": Days(late) if (late := _days_late(situation, parcel)) else None,
        "wait_until": until,
        "remedies": _listed(allowed.options),
        "person_decides": None if allowed.options else Reply("term_person_decides_then"),
        "chosen": Reply(f"term_chosen_{given.remedy}") if given and given.remedy else None,
        "untracked_carrier": None if parcel.tracking_number else carrier_name(parcel.carrier),
    }
    promise = given or Promise(promises.GRACE, subject_of(parcel), end_of(until, situation.policy))
    offer = NewOffer(
        offers.AFTER_WAIT,
        subject_of(parcel),
        (*allowed.options, offers.WAIT),
        end_of(until, situation.policy) + timedelta(days=30),
        allowed.value,
    )
    choices = (*_choices(situation, offer, "choice_then_"), PERSON)
    return Settlement((Reply(name, values, choices),), (promise,), (offer,))


def _choose_now(situation: Situation, parcel: Parcel, name: str, feeling: Reply) -> Settlement:
    """Offer the remedies at once; above the policy's limit a person decides."""
    allowed = remedies_for(situation.order, parcel, situation.policy)
    values = {
        **parcel_facts(situation, parcel),
        "feeling": feeling,
        "amount": allowed.value,
        "remedies": _listed(allowed.options),
    }
    if not allowed.options:
        note = {"parcel": parcel.tracking_number, "wanted": "resend or refund above the limit"}
        return Settlement((Reply(f"{name}_person", values),), handover=Handover("above_limit", note))
    offer = NewOffer(
        offers.NOW, subject_of(parcel), allowed.options, offer_ends(situation.now, situation.policy), allowed.value
    )
    return Settlement((Reply(name, values, (*_choices(situation, offer, "choice_now_"), PERSON)),), offers=(offer,))


def _lost(situation: Situation, parcel: Parcel) -> Settlement:
    status = parcel.newest.status if parcel.newest else "lost"
    return _with_trace(situation, parcel, f"utter_parcel_{'damaged' if status in ('damaged', 'destroyed') else 'lost'}")


def _stuck(situation: Situation, parcel: Parcel) -> Settlement:
    return _with_trace(situation, parcel, "utter_parcel_stuck")


def _with_trace(situation: Situation, parcel: Parcel, name: str) -> Settlement:
    settled = _choose_now(situation, parcel, name, _feeling(situation, "lost"))
    due = add_business_days(shop_date(situation.now, situation.policy), 2)
    trace = Promise(promises.TRACE, subject_of(parcel), end_of(due, situation.policy))
    return Settlement(settled.replies, (trace,), settled.offers, settled.handover)


# -- delivered -----------------------------------------------------------------------------


def _delivered(situation: Situation, parcel: Parcel) -> Settlement:
    scan = parcel.scans[-1]
    trace = promises.find(situation.promises, promises.TRACE, subject_of(parcel))
    values = _delivery_facts(situation, parcel, scan)
    if address_differs(scan.delivered_to, situation.order.ship_to):
        went_to = scan.delivered_to
        note = {
            "delivered_to": f"{went_to.line1}, {went_to.city} {went_to.postcode} {went_to.country}" if went_to else ""
        }
        return Settlement(
            (Reply("utter_parcel_delivered_elsewhere", values),), handover=Handover("delivered_elsewhere", note)
        )
    if trace and trace.is_due(situation.now) and situation.complaint:
        return Settlement((Reply("utter_parcel_delivered_trace", values),), handover=Handover("delivered_not_received"))
    until = (
        trace.due_at
        if trace
        else end_of(
            shop_date(situation.now, situation.policy) + timedelta(days=situation.policy.waits.delivered_days),
            situation.policy,
        )
    )
    values["wait_until"] = shop_date(until, situation.policy)
    promise = Promise(promises.TRACE, subject_of(parcel), until)
    if scan.signed_by and not same_person(scan.signed_by, situation.order.ship_to.name):
        offer = NewOffer(
            offers.SIGNER, subject_of(parcel), (offers.YES, offers.NO), offer_ends(situation.now, situation.policy)
        )
        reply = Reply("utter_parcel_delivered_to_other", values, _choices(situation, offer, "choice_signer_"))
        return Settlement((reply,), (promise,), (offer,))
    return Settlement((Reply("utter_parcel_delivered", values, (PERSON,)),), (promise,))


def _delivery_facts(situation: Situation, parcel: Parcel, scan: Scan) -> dict[str, Value]:
    return {
        **parcel_facts(situation, parcel),
        "feeling": _feeling(situation, "missing"),
        "delivered_at": scan.at,
        "place": scan.location or None,
        "signer": scan.signed_by or None,
        "left_at": scan.left_at or None,
        "recipient": situation.order.ship_to.name.split()[0],
        "went_to": masked_address(scan.delivered_to or situation.order.ship_to),
        "ordered_to": masked_address(situation.order.ship_to),
    }


# -- waiting for somebody ------------------------------------------------------------------


def _customs(situation: Situation, parcel: Parcel) -> Settlement:
    scan = parcel.scans[-1]
    values = _held_facts(situation, parcel, scan, "customs")
    return Settlement((Reply("utter_parcel_customs", values, (PERSON,)),))


def _pickup(situation: Situation, parcel: Parcel) -> Settlement:
    values = _held_facts(situation, parcel, parcel.scans[-1], "pickup")
    return Settlement((Reply("utter_parcel_pickup", values, (PERSON,)),))


def _failed(situation: Situation, parcel: Parcel) -> Settlement:
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
        "feeling": _feeling(situation, feeling),
        "since": scan.at.date(),
        "reason": Reply(f"term_reason_{scan.reason}") if scan.reason else None,
        "amount_due": due,
        "place": scan.location or None,
        "act_by": scan.act_by.date() if scan.act_by else None,
    }


def _going_back(situation: Situation, parcel: Parcel) -> Settlement:
    scan = next((s for s in reversed(parcel.scans) if s.reason), parcel.scans[-1])
    values = _held_facts(situation, parcel, scan, "returning") | {"ordered_to": masked_address(situation.order.ship_to)}
    values["progress"] = Reply(
        "term_progress_back" if parcel.scans[-1].status == "returned" else "term_progress_going_back"
    )
    if scan.reason == "bad_address":
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
        return _choose_now(situation, parcel, "utter_parcel_returning_refused", _feeling(situation, "returning"))
    return Settlement(
        (Reply("utter_parcel_returning_person", values),), handover=Handover("returning", {"why": scan.reason})
    )


# -- shared --------------------------------------------------------------------------------


def _feeling(situation: Situation, case: str) -> Reply:
    return Reply(f"utter_feel_{case}" if situation.complaint or case != "waiting" else "utter_feel_asked")


def _listed(options: tuple[str, ...]) -> Value:
    return AnyOf(tuple(Reply(f"term_remedy_{option}") for option in options)) if options else None


def _choices(situation: Situation, offer: NewOffer, label: str) -> tuple[Choice, ...]:
    key = f"{offer.kind}/{situation.order.id}/{offer.subject}"
    values: dict[str, Value] = {"amount": offer.amount}
    return tuple(
        Choice(label + option, "choose_option", {"offer": key, "option": option}, values) for option in offer.options
    )


_BY_STAGE: dict[Stage, Callable[[Situation, Parcel], Settlement]] = {
    Stage.MOVING: _on_the_way,
    Stage.UNREGISTERED: _on_the_way,
    Stage.AT_DESTINATION: _at_destination,
    Stage.STUCK: _stuck,
    Stage.LOST: _lost,
    Stage.DELIVERED: _delivered,
    Stage.CUSTOMS_HELD: _customs,
    Stage.WAITING_FOR_PICKUP: _pickup,
    Stage.DELIVERY_FAILED: _failed,
    Stage.GOING_BACK: _going_back,
}
