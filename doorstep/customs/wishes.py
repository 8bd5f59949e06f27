"""Settles what is said about customs: why a parcel is held, who pays, what refusing means, which papers are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from doorstep import cases, offers, promises
from doorstep.customs import duties
from doorstep.customs.duties import SHOP, duty_of, held_scans, is_due, is_held, note_of, told_share
from doorstep.customs.papers import settle_papers
from doorstep.customs.replies import (
    BEFORE,
    PAID,
    PAPERS,
    PROMISED,
    REFUSE,
    SUSPICIOUS,
    WHY,
    asking,
    choices,
    facts,
    merged,
    to_person,
    with_share,
)
from doorstep.delivery.choosing import standing, subject_of
from doorstep.delivery.held import settle_going_back
from doorstep.facts import named, parcel_facts, showable, tracking_card
from doorstep.offers import PERSON, Offer
from doorstep.parcels import Parcel, Scan, Stage
from doorstep.remedies import already_granted
from doorstep.replies.values import Choice, Reply
from doorstep.settlement import Settlement, ShopTask, Situation
from doorstep.windows import shop_date, window_of

_FEELINGS = {
    WHY: "utter_feel_customs_why",
    REFUSE: "utter_feel_customs_refuse",
    PROMISED: "utter_feel_customs_promised",
    PAPERS: "utter_feel_customs_papers",
    PAID: "utter_feel_customs_paid",
    SUSPICIOUS: "utter_feel_customs_suspicious",
}
_WHERE_IS_IT = Choice("choice_wish_track_order", "track_order")
_STEPS = {"duties_due": "term_customs_pay", "documents_missing": "term_customs_papers"}
_GOES_ON = {
    "customs_released",
    "in_transit",
    "arrived_destination",
    "sorting_centre",
    "out_for_delivery",
    "ready_for_pickup",
    "delivery_failed",
    "delivered",
}  # what only happens to a parcel that customs have let go


def settle(situation: Situation) -> Settlement:
    """Answer the wish, about each parcel that customs hold, else about those they held, else about none."""
    parcels = _concerned(situation)
    if len(parcels) > 1:
        settled = merged(situation, [(parcel, _converse(situation, parcel)) for parcel in parcels])
    else:
        settled = _converse(situation, parcels[0] if parcels else None)
    card = tracking_card(situation) if situation.order.parcels else None
    return replace(settled, replies=(replace(settled.replies[0], card=card), *settled.replies[1:]))


def settle_customs(situation: Situation, parcel: Parcel) -> Settlement:
    """Held by customs: why, how much, what to do and by when, and what happens if nothing is done."""
    if is_due(situation, parcel) and situation.policy.customs.duties == SHOP:
        return _shop_pays(situation, parcel, "utter_feel_customs")
    scan = held_scans(parcel)[-1]
    values = facts(situation, parcel, "utter_feel_customs")
    step = "term_customs_pay" if is_due(situation, parcel) else _STEPS.get(scan.reason, "term_customs_ask")
    values["next_step"] = Reply(step, named(parcel))
    after = (WHY, REFUSE, PROMISED) if is_due(situation, parcel) else (PAPERS,)
    return with_share(situation, parcel, "utter_customs_held", values, after)


def settle_asked(situation: Situation, offer: Offer, option: str) -> Settlement:
    """Go on to the conversation that a choice stands for, as things are now."""
    asked = replace(situation, about=option)
    parcel = duties.parcel_of(situation, offer.subject)
    return _converse(asked, parcel) if parcel else settle(asked)


# -- which parcels, which conversation -----------------------------------------------------------


def _concerned(situation: Situation) -> list[Parcel]:
    parcels = [showable(situation.order, parcel) for parcel in situation.order.parcels]
    held = [parcel for parcel in parcels if is_held(situation, parcel)]
    known = held or [parcel for parcel in parcels if held_scans(parcel)]
    if known or situation.about != REFUSE:
        return known
    return [parcel for parcel in parcels if situation.stage(parcel) is Stage.GOING_BACK]


def _converse(situation: Situation, parcel: Parcel | None) -> Settlement:
    rule = _CONVERSATIONS.get(situation.about, _state)
    if parcel and rule not in (_suspicious, _paid):
        done = already_granted(situation, subject_of(parcel), parcel_facts(situation, parcel))
        if done:
            return done
    return rule(situation, parcel)


# -- the conversations ------------------------------------------------------------------------------


def _state(situation: Situation, parcel: Parcel | None) -> Settlement:
    """How things stand: held, going back, released, or nothing of customs at all."""
    if parcel is None:
        return _before(situation, "utter_feel_customs_before")
    if is_held(situation, parcel):
        return settle_customs(situation, parcel)
    if situation.stage(parcel) is Stage.GOING_BACK:
        return settle_going_back(situation, parcel)
    scan = None if situation.stage(parcel) is Stage.LOST else _release_of(parcel)
    return _released(situation, parcel, scan) if scan else _before(situation, "utter_feel_customs")


def _expected(situation: Situation, parcel: Parcel | None) -> Settlement:
    """Shall I have to pay? Where it is known by now, the answer is how much and why."""
    return _why(situation, parcel) if parcel and is_due(situation, parcel) else _state(situation, parcel)


def _before(situation: Situation, feeling: str) -> Settlement:
    """Nothing is held: what is known of who pays where, and no tariff that nobody looked up."""
    values = facts(situation, None, feeling)
    if situation.policy.customs.duties != SHOP:
        values["decided_later"] = Reply("term_customs_decided_later", {"country": values["country"]})
    offer = asking(situation, None)
    ways = (*choices(situation, offer, (PAID, PROMISED, PAPERS)), _WHERE_IS_IT, PERSON)
    return Settlement((Reply("utter_customs_before", values, ways),), offers=(offer,))


def _released(situation: Situation, parcel: Parcel, scan: Scan) -> Settlement:
    """Customs let it go, as `scan` shows: since when, and when it should be there."""
    values = facts(situation, parcel, "utter_feel_customs_released")
    window = window_of(situation.order, parcel, situation.policy)
    moving = situation.stage(parcel) in (Stage.MOVING, Stage.AT_DESTINATION)
    in_time = window and moving and not window.days_late(shop_date(situation.now, situation.policy))
    values |= {
        "released_on": scan.at.date(),
        "expected_by": window.expected_by if window and in_time else None,
    }
    settled = with_share(situation, parcel, "utter_customs_released", values, (PAID,) if moving else ())
    (reply,) = settled.replies
    if settled.handover:
        return settled
    return replace(settled, replies=(replace(reply, choices=(*reply.choices[:-1], _WHERE_IS_IT, PERSON)),))


def _release_of(parcel: Parcel) -> Scan | None:
    """The first scan that shows that customs have let a parcel go; None where none does."""
    since = parcel.scans[parcel.scans.index(held_scans(parcel)[-1]) + 1 :]
    return next((scan for scan in since if scan.status in _GOES_ON), None)


def _why(situation: Situation, parcel: Parcel | None) -> Settlement:
    if parcel is None:
        return _before(situation, _FEELINGS[WHY])
    if not (is_due(situation, parcel) or duty_of(situation, parcel)):
        return _state(situation, parcel)
    if situation.policy.customs.duties == SHOP:
        return _shop_pays(situation, parcel, _FEELINGS[WHY]) if is_due(situation, parcel) else _paid(situation, parcel)
    values = facts(situation, parcel, _FEELINGS[WHY])
    values["breakdown"] = Reply("term_customs_breakdown", named(parcel))
    values["next_step"] = Reply("term_customs_pay", named(parcel)) if is_due(situation, parcel) else None
    after = (REFUSE, PROMISED, PAPERS) if is_held(situation, parcel) else (PROMISED,)
    return with_share(situation, parcel, "utter_customs_why", values, after)


def _refuse(situation: Situation, parcel: Parcel | None) -> Settlement:
    """What follows when it is not paid. No money is promised before the parcel is in."""
    if parcel is None:
        return _before(situation, _FEELINGS[REFUSE])
    if not is_held(situation, parcel):
        return _state(situation, parcel)
    if is_due(situation, parcel) and situation.policy.customs.duties == SHOP:
        return _shop_pays(situation, parcel, _FEELINGS[REFUSE])
    values = facts(situation, parcel, _FEELINGS[REFUSE])
    after = (WHY, PAPERS) if is_due(situation, parcel) else (PAPERS,)
    return with_share(situation, parcel, "utter_customs_refuse", values, after)


def _promised(situation: Situation, parcel: Parcel | None) -> Settlement:
    """The buyer read that there is nothing to pay: the shop bears it, or gives its share and looks at the listing."""
    if situation.policy.customs.duties == SHOP:
        if parcel is None:
            return _before(situation, _FEELINGS[PROMISED])
        due = is_due(situation, parcel)
        return _shop_pays(situation, parcel, _FEELINGS[PROMISED]) if due else _paid(situation, parcel)
    values = facts(situation, parcel, _FEELINGS[PROMISED])
    if parcel and (duties.share_of(situation, parcel) or standing(situation, parcel, promises.DUTY_SHARE)):
        return with_share(situation, parcel, "utter_customs_promised", values, (WHY,))
    return to_person(situation, parcel, "utter_customs_promised_person", values, "customs_promised")


def _paid(situation: Situation, parcel: Parcel | None) -> Settlement:
    """The duty was paid: the share of what the carrier asked for; where it does not say how much, a person asks."""
    values = facts(situation, parcel, _FEELINGS[PAID])
    rules = situation.policy.customs
    if parcel and (duties.share_of(situation, parcel) or standing(situation, parcel, promises.DUTY_SHARE)):
        return with_share(situation, parcel, "utter_customs_paid", values, ())
    if rules.duties != SHOP and not rules.share_percent:
        return Settlement((Reply("utter_customs_paid", values, (PERSON,)),))
    return to_person(situation, parcel, "utter_customs_paid_person", values, "duty_paid")


def _suspicious(situation: Situation, parcel: Parcel | None) -> Settlement:
    """A message asks for money: what is known of a duty, and how to find out without following its link."""
    values = facts(situation, parcel, _FEELINGS[SUSPICIOUS])
    due = duty_of(situation, parcel) if parcel and is_held(situation, parcel) else None
    waits = bool(parcel and is_due(situation, parcel))
    values["seen"] = Reply("term_customs_seen_due" if waits else "term_customs_seen_none", {"amount_due": due})
    newest = parcel or next(iter(situation.order.parcels), None)
    values["check"] = Reply("term_customs_check", named(newest) if newest else {})
    offer = asking(situation, parcel)
    ways = (*choices(situation, offer, (WHY, PAID) if waits else (PAID,)), PERSON)
    return Settlement((Reply("utter_customs_suspicious", values, ways),), offers=(offer,))


def _shop_pays(situation: Situation, parcel: Parcel, feeling: str) -> Settlement:
    """The policy says that the shop bears duties: it pays them to the carrier, the buyer need not."""
    promise = duties.pay_whole(situation, parcel)
    told = replace(situation, promises=(*situation.promises, promise))
    values = {**facts(situation, parcel, feeling), "share": told_share(told, parcel)[0]}
    handover = duties.overdue(situation, parcel)
    offer = asking(situation, parcel)
    ways = () if handover else (*choices(situation, offer, (PAID, SUSPICIOUS)), PERSON)
    reply = Reply("utter_customs_shop_pays", values, ways)
    if promise in situation.promises:
        return Settlement((reply,), offers=(offer,), handover=handover)
    note = {**note_of(situation, parcel), "by": shop_date(promise.due_at, situation.policy).isoformat()}
    step = cases.CaseStep(cases.CUSTOMS, subject_of(parcel), cases.AGREED, note)
    return Settlement((reply,), (promise,), (offer,), cases=(step,), tasks=(ShopTask("pay_duty", note),))


def _papers(situation: Situation, parcel: Parcel | None) -> Settlement:
    if parcel and situation.stage(parcel) is Stage.GOING_BACK:
        return settle_going_back(situation, parcel)
    return settle_papers(situation, parcel, facts(situation, parcel, _FEELINGS[PAPERS]))


_CONVERSATIONS: dict[str, Callable[[Situation, Parcel | None], Settlement]] = {
    BEFORE: _expected,
    WHY: _why,
    REFUSE: _refuse,
    PROMISED: _promised,
    PAPERS: _papers,
    PAID: _paid,
    SUSPICIOUS: _suspicious,
}
OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {**duties.OFFERS, offers.DUTY_ASKED: settle_asked}
