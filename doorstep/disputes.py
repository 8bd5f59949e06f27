"""What a case is to a marketplace: its type of dispute, its deadlines, and when a missing parcel becomes a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from doorstep import cases, offers, promises
from doorstep.cases import Case, CaseStep
from doorstep.orders import Order
from doorstep.parcels import Parcel, Stage
from doorstep.policy.groups import Disputes
from doorstep.policy.shop import ShopPolicy
from doorstep.settlement import Settlement, Situation
from doorstep.windows import end_of, window_of

# types of dispute: about the goods, then about the way they came
NOT_AS_DESCRIBED, DEFECTIVE, WRONG, MISSING = "not_as_described", "defective", "wrong", "missing"
NOT_RECEIVED, CUSTOMS, RETURNED, LATE = "not_received", "customs", "returned", "late"
TYPES = (NOT_AS_DESCRIBED, DEFECTIVE, WRONG, MISSING, NOT_RECEIVED, CUSTOMS, RETURNED, LATE)

USE = "use"  # the problem of goods that work, but not in the buyer's hands yet
OWN = "own"  # the marketplace whose rules hold for one that the policy does not name

_OF_PROBLEM = {
    "not_working": DEFECTIVE, "damaged": DEFECTIVE, "wrong_item": WRONG, "missing_parts": MISSING,
    "disappointed": NOT_AS_DESCRIBED, **{each: each for each in TYPES},
}  # fmt: skip
_OF_KIND = {cases.GOODS: NOT_AS_DESCRIBED, cases.CUSTOMS: CUSTOMS, cases.NOT_RECEIVED: NOT_RECEIVED}
_SPEAKS_OF_GOODS = (cases.GOODS, cases.RETURN, cases.EXCHANGE)

_MISSING_WISHES = ("not_received", "customs", "returned_to_sender")
_MISSING_OFFERS = (offers.AFTER_WAIT, offers.NOW, offers.SIGNER)
_MISSING_PROMISES = (promises.GRACE, promises.TRACE, promises.RESEND, promises.REFUND)
_ON_ITS_WAY = (Stage.MOVING, Stage.UNREGISTERED, Stage.AT_DESTINATION, Stage.STUCK, Stage.LOST)
# Reasons of a hand-over for which a parcel is missing: where such a parcel stands.
_STAGES = {
    "delivered_elsewhere": (Stage.DELIVERED,),
    "delivered_not_received": (Stage.DELIVERED,),
    "signed_by_stranger": (Stage.DELIVERED,),
    "returning": (Stage.GOING_BACK,),
    "above_limit": (*_ON_ITS_WAY, Stage.GOING_BACK),
    "not_in_policy": (*_ON_ITS_WAY, Stage.GOING_BACK),
    "given_for_other_parcel": (*_ON_ITS_WAY, Stage.GOING_BACK),
    "promise_overdue": tuple(Stage),
}


def dispute_type(case: Case) -> str:
    """What a marketplace calls such a case; "" for one that it would not hear of, such as another address."""
    if case.facts.get("problem") == USE:
        return ""
    problem = _OF_PROBLEM.get(case.facts.get("problem", ""), "")
    if case.kind in _SPEAKS_OF_GOODS:
        return problem or _OF_KIND.get(case.kind, "")
    if case.kind == cases.NOT_RECEIVED:
        return problem or NOT_RECEIVED
    return _OF_KIND.get(case.kind, "")


def counts(case: Case) -> bool:
    """Whether a case counts into the dispute rate: it has a type, and no parcel that the buyer found after all."""
    return bool(dispute_type(case)) and case.facts.get("found") != "yes"


def reason_of(case: Case) -> str:
    """What the buyer complained of, as far as it was found out, else the case's kind."""
    return case.facts.get("problem", "") or case.kind


def days_of(by_marketplace: Mapping[str, int], marketplace: str) -> int:
    """The days of a marketplace, by the shop's policy; those of the shop's own orders where it is not named."""
    fallback: dict[str, int] = Disputes.__fields__["answer_days"].default
    return by_marketplace.get(marketplace.lower(), by_marketplace.get(OWN, fallback[OWN]))


def answer_by(opened_at: datetime, marketplace: str, policy: ShopPolicy) -> datetime:
    """Until when a dispute that is opened together with the case has to be answered."""
    return opened_at + timedelta(days=days_of(policy.disputes.answer_days, marketplace))


def can_be_opened_until(order: Order, case: Case, policy: ShopPolicy) -> datetime:
    """Until when the buyer can open a dispute: counted from delivery, else from the last day of the usual time.

    Of several parcels the last one counts, unless the case is about one of them. Before anything is shipped it is
    counted from the order.
    """
    about = [parcel for parcel in order.parcels if str(parcel.id) == case.subject] or list(order.parcels)
    ends = [end for parcel in about if (end := _ended(order, parcel, policy))]
    days = days_of(policy.disputes.open_within_days, order.marketplace)
    return max(ends, default=order.placed_at) + timedelta(days=days)


def _ended(order: Order, parcel: Parcel, policy: ShopPolicy) -> datetime | None:
    delivered = next((scan.at for scan in reversed(parcel.scans) if scan.status == "delivered"), None)
    window = window_of(order, parcel, policy)
    return delivered or (end_of(window.expected_by, policy) if window else None)


# -- a parcel that did not come -------------------------------------------------------------


def with_missing_parcels(situation: Situation, settled: Settlement, wish: str = "", kind: str = "") -> Settlement:
    """The settlement with a case for each parcel that is missing, once something is offered, promised or handed over.

    `wish` is what was settled, or `kind` the kind of the offer of which an option was taken. A parcel that has a case
    of its own in it is left as it is, and so is one that is still within its usual time.
    """
    own = {step.subject for step in settled.cases}
    if "" in own or not (wish in _MISSING_WISHES or kind in _MISSING_OFFERS):
        return settled
    steps = tuple(
        step
        for parcel in situation.order.parcels
        if str(parcel.id) not in own and situation.stage(parcel) is not Stage.NOT_SHIPPED
        and (step := _step(situation, settled, parcel))
    )  # fmt: skip
    return replace(settled, cases=(*settled.cases, *steps))


def _step(situation: Situation, settled: Settlement, parcel: Parcel) -> CaseStep | None:
    subject = str(parcel.id)
    promised = [p for p in settled.promises if p.subject == subject and p.kind in _MISSING_PROMISES]
    offered = any(o.subject == subject and o.kind in _MISSING_OFFERS for o in settled.offers)
    given = next((p for p in promised if p.kind in promises.GIVES), None)
    facts = {"problem": _problem(situation, parcel)}
    if given:
        facts |= {"remedy": given.kind, "by": given.due_at.isoformat()}
        facts |= {"amount": f"{given.amount.amount} {given.amount.currency}"} if given.amount else {}
        return CaseStep(cases.NOT_RECEIVED, subject, cases.AGREED, facts)
    if settled.handover and _is_about(situation, settled, parcel):
        return CaseStep(cases.NOT_RECEIVED, subject, cases.PERSON, {**facts, "handed_over": settled.handover.reason})
    if promised or offered:
        grace = promises.find(tuple(promised), promises.GRACE, subject)
        facts |= {"wait_until": grace.due_at.isoformat()} if grace else {}
        return CaseStep(cases.NOT_RECEIVED, subject, cases.ASKING, facts)
    return None


def _is_about(situation: Situation, settled: Settlement, parcel: Parcel) -> bool:
    """Whether a hand-over is about this parcel: by the stage that its reason fits; a hand-over may name the parcel."""
    if settled.handover is None or situation.stage(parcel) not in _STAGES.get(settled.handover.reason, ()):
        return False
    named = settled.handover.note.get("parcel") or settled.handover.note.get("subject")
    return named is None or named in (parcel.tracking_number, parcel.carrier, str(parcel.id))


def _problem(situation: Situation, parcel: Parcel) -> str:
    stage = situation.stage(parcel)
    if stage is Stage.GOING_BACK:
        return RETURNED
    if stage is Stage.CUSTOMS_HELD:
        return CUSTOMS
    return LATE if stage in (Stage.MOVING, Stage.UNREGISTERED, Stage.AT_DESTINATION) else NOT_RECEIVED
