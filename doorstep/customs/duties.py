"""The shop's part in a duty: how much of it is given back, what was arranged, and what taking the offer brings."""

from __future__ import annotations

from collections.abc import Callable

from doorstep import cases, offers, promises
from doorstep.delivery.choosing import standing, subject_of
from doorstep.facts import carrier_name, order_facts, parcel_facts, showable
from doorstep.offers import NO, PERSON, REFUND, YES, NewOffer, Offer
from doorstep.orders import Money
from doorstep.parcels import Parcel, Scan, Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted, granted_by, offer_ends
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, ShopTask, Situation
from doorstep.windows import end_of, shop_date

BUYER, SHOP = "buyer", "shop"  # who bears the duties, by the policy
_NO_DUTY = (Stage.GOING_BACK, Stage.LOST)  # what does not reach the buyer is not imported


def held_scans(parcel: Parcel) -> tuple[Scan, ...]:
    """The scans that say that customs hold the parcel, oldest first; they may have let it go since."""
    return tuple(scan for scan in parcel.scans if scan.status == "customs_held")


def is_held(situation: Situation, parcel: Parcel) -> bool:
    """Whether customs have the parcel now."""
    return situation.stage(parcel) is Stage.CUSTOMS_HELD


def duty_of(situation: Situation, parcel: Parcel) -> Money | None:
    """What is, or was, to be paid for a parcel as the carrier says; None where it does not say."""
    scans = held_scans(parcel)
    for scan in reversed(scans[-1:] if is_held(situation, parcel) else scans):
        if scan.amount_due:
            return Money(scan.amount_due, scan.amount_currency or situation.order.currency)
    return None


def is_due(situation: Situation, parcel: Parcel) -> bool:
    """Whether customs hold the parcel until a duty is paid."""
    return is_held(situation, parcel) and bool(
        duty_of(situation, parcel) or held_scans(parcel)[-1].reason == "duties_due"
    )


def share_of(situation: Situation, parcel: Parcel) -> Money | None:
    """The part of a duty that the policy gives back for a parcel; None for nothing, or nothing that can be counted."""
    duty, rules = duty_of(situation, parcel), situation.policy.customs
    if duty is None or rules.duties == SHOP or situation.stage(parcel) in _NO_DUTY:
        return None
    share = rules.share_of(duty.amount, duty.currency)
    return Money(share, duty.currency) if share > 0 else None


def told_share(situation: Situation, parcel: Parcel) -> tuple[Reply | None, tuple[NewOffer, ...]]:
    """What is said of the shop's share of a parcel's duty, and the offer of it where it can be taken now."""
    arranged = arranged_for(situation, parcel)
    if arranged:
        return _arranged(situation, parcel, arranged), ()
    share = share_of(situation, parcel)
    if share:
        ends = offer_ends(situation.now, situation.policy)
        offer = NewOffer(offers.DUTY, subject_of(parcel), (YES, NO), ends, share)
        return Reply("term_duty_share_offer", {"share": share}), (offer,)
    if situation.policy.customs.share_percent and situation.policy.customs.duties == BUYER:
        return (Reply("term_duty_share_person") if is_due(situation, parcel) else None), ()
    return None, ()


def arranged_for(situation: Situation, parcel: Parcel) -> Promise | None:
    """What was promised about a parcel's duty: a part of it to the buyer, else the whole to the carrier."""
    share = standing(situation, parcel, promises.DUTY_SHARE)
    return share or standing(situation, parcel, promises.DUTY)


def is_overdue(situation: Situation, promise: Promise) -> bool:
    """Whether something about a duty was promised and is not known to be done in time."""
    return promise.state in ("broken", "cancelled") or (promise.state != "kept" and promise.is_due(situation.now))


def overdue(situation: Situation, parcel: Parcel) -> Handover | None:
    """A person looks after what was promised about a parcel's duty once its date has passed without it."""
    promise = arranged_for(situation, parcel)
    if promise is None or not is_overdue(situation, promise):
        return None
    by = shop_date(promise.due_at, situation.policy).isoformat()
    return Handover("promise_overdue", {"promised": promise.kind, "by": by, "subject": promise.subject})


def _arranged(situation: Situation, parcel: Parcel, promise: Promise) -> Reply:
    names = _TO_CARRIER if promise.kind == promises.DUTY else _TO_BUYER
    late = is_overdue(situation, promise)
    values: dict[str, Value] = {
        "share": promise.amount,
        "carrier": carrier_name(parcel.carrier),
        "by": shop_date(promise.due_at, situation.policy),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    return Reply(names["overdue" if late else "kept" if promise.state == "kept" else "open"], values)


_TO_BUYER = {
    "open": "term_duty_share_arranged",
    "kept": "term_duty_share_kept",
    "overdue": "term_duty_share_overdue",
}
_TO_CARRIER = {
    "open": "term_duty_shop_pays",
    "kept": "term_duty_shop_paid",
    "overdue": "term_duty_shop_overdue",
}


def pay_whole(situation: Situation, parcel: Parcel) -> Promise:
    """The promise that the shop pays a parcel's duty itself: the one that stands, else one for before the last day."""
    arranged = arranged_for(situation, parcel)
    if arranged:
        return arranged
    by = granted_by(REFUND, situation.now, situation.policy)
    act_by = held_scans(parcel)[-1].act_by
    if act_by and act_by > situation.now:
        by = min(by, shop_date(act_by, situation.policy))
    return Promise(promises.DUTY, subject_of(parcel), end_of(by, situation.policy), amount=duty_of(situation, parcel))


def note_of(situation: Situation, parcel: Parcel | None) -> dict[str, str]:
    """What the shop's people must know of a parcel and its duty."""
    if parcel is None:
        return {}
    duty = duty_of(situation, parcel)
    note = {
        "subject": subject_of(parcel),
        "parcel": parcel.tracking_number or parcel.carrier,
        "carrier": parcel.carrier,
        "status": parcel.newest.status if parcel.newest else "",
        "reason": held_scans(parcel)[-1].reason if held_scans(parcel) else "",
        "duty": written(duty) if duty else "",
        "photos": ", ".join(situation.photos),
    }
    return {name: value for name, value in note.items() if value}


def written(money: Money) -> str:
    """An amount for notes and cases: "43.20 BRL"."""
    return f"{money.amount} {money.currency}"


def parcel_of(situation: Situation, subject: str) -> Parcel | None:
    """The parcel that an offer is about, with texts that may be shown."""
    found = (parcel for parcel in situation.order.parcels if subject_of(parcel) == subject)
    return next((showable(situation.order, parcel) for parcel in found), None)


# -- the offer is answered -------------------------------------------------------------------


def settle_share(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Settle a yes or a no to the share, as things are now: once for a parcel, and never more than it comes to now."""
    parcel = parcel_of(situation, offer.subject)
    if parcel is None:
        return Settlement((Reply("utter_offer_unknown", {}, (PERSON,)),))
    values = {**order_facts(situation.order), **parcel_facts(situation, parcel)}
    if arranged_for(situation, parcel):
        told = values | {"share": told_share(situation, parcel)[0]}
        handover = overdue(situation, parcel)
        reply = Reply("utter_duty_share_arranged", told, () if handover else (PERSON,))
        return Settlement((reply,), handover=handover)
    if option == NO:
        values["until"] = shop_date(offer.expires_at, situation.policy)
        return Settlement((Reply("utter_duty_share_declined", values, (PERSON,)),))
    done = already_granted(situation, offer.subject, values)
    if done:
        return done
    share = share_of(situation, parcel)
    if share is None:
        return Settlement(
            (Reply("utter_duty_share_gone", values),), handover=Handover("duty_share", note_of(situation, parcel))
        )
    return give_share(situation, parcel, share)


def give_share(situation: Situation, parcel: Parcel, share: Money) -> Settlement:
    """Promise the buyer a part of a parcel's duty; nothing may have been arranged for it before."""
    by = granted_by(REFUND, situation.now, situation.policy)
    subject = subject_of(parcel)
    note = {**note_of(situation, parcel), "share": written(share), "by": by.isoformat()}
    facts = {**order_facts(situation.order), **parcel_facts(situation, parcel)}
    values: dict[str, Value] = {
        **facts,
        "share": share,
        "by": by,
        "pay_first": Reply("term_duty_pay_first", facts) if is_held(situation, parcel) else None,
        "case_number": cases.number_for(situation.order.number, situation.cases, cases.CUSTOMS, subject),
    }
    return Settlement(
        (Reply("utter_duty_share_granted", values),),
        promises=(Promise(promises.DUTY_SHARE, subject, end_of(by, situation.policy), amount=share),),
        cases=(cases.CaseStep(cases.CUSTOMS, subject, cases.AGREED, note),),
        tasks=(ShopTask("pay_duty_share", note),),
    )


OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {offers.DUTY: settle_share}
