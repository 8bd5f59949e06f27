"""What every reply about customs is made of: its facts, who pays, the warning, the shop's share and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from doorstep import cases, offers
from doorstep.customs import duties
from doorstep.customs.duties import SHOP, duty_of, held_scans, is_held, note_of, told_share
from doorstep.delivery.choosing import subject_of
from doorstep.delivery.held import held_facts
from doorstep.facts import items_of, named, order_facts, parcel_facts, status_words
from doorstep.offers import NO, PERSON, YES, NewOffer
from doorstep.parcels import Parcel, Stage
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Country, Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation

# What a message says more closely, and what a choice leads to.
WHY, REFUSE, PROMISED, PAPERS, PAID, SUSPICIOUS = "why", "refuse", "promised", "papers", "paid", "suspicious"
BEFORE = "before"  # shall I have to pay? Said by messages only
ABOUT = (WHY, REFUSE, PROMISED, PAPERS, PAID, SUSPICIOUS)
_LABELS = {
    WHY: "choice_customs_why",
    REFUSE: "choice_customs_refuse",
    PROMISED: "choice_customs_promised",
    PAPERS: "choice_customs_papers",
    PAID: "choice_customs_paid",
    SUSPICIOUS: "choice_customs_suspicious",
}
_SHARE_LABELS = {YES: "choice_duty_share_yes", NO: "choice_duty_share_no"}


def facts(situation: Situation, parcel: Parcel | None, feeling: str) -> dict[str, Value]:
    """The values of every reply about customs; those of a parcel only where one is concerned."""
    order, policy = situation.order, situation.policy
    country = Country(order.ship_to.country)
    bears = "term_customs_shop_bears" if policy.customs.duties == SHOP else "term_customs_buyer_bears"
    values: dict[str, Value] = {
        **order_facts(order),
        "feeling": Reply(feeling),
        "country": country,
        "answer_within_hours": Hours(policy.answer_within_hours),
        "warning": Reply("term_customs_warning"),
        "who_pays": Reply(bears, {"country": country, "told_in": policy.customs.told_in or None}),
        "parcels": [_parcel_line(each) for each in order.parcels if situation.stage(each) is not Stage.NOT_SHIPPED],
    }
    if parcel is None:
        return values
    values = {**parcel_facts(situation, parcel), **values, "amount_due": duty_of(situation, parcel)}
    if not is_held(situation, parcel):
        return values
    held = held_facts(situation, parcel, held_scans(parcel)[-1], "customs")
    late = {"act_by_was": held["act_by_was"], **named(parcel)}
    passed = Reply("term_customs_deadline_passed", late) if held["act_by_was"] else None
    deadline = passed or Reply("term_customs_deadline", {"act_by": held["act_by"]})
    return {**held, **values, "deadline": deadline, "passed": passed}


def _parcel_line(parcel: Parcel) -> Reply:
    values: dict[str, Value] = {"tracking_number": parcel.tracking_number or None, "status": status_words(parcel)}
    return Reply("term_parcel_line" if parcel.tracking_number else "term_parcel_line_unregistered", values)


def asking(situation: Situation, parcel: Parcel | None) -> NewOffer:
    """The offer to talk about any side of it. It always has every option, so that no earlier choice lapses with it."""
    ends = offer_ends(situation.now, situation.policy)
    return NewOffer(offers.DUTY_ASKED, subject_of(parcel) if parcel else "", ABOUT, ends)


def choices(
    situation: Situation, offer: NewOffer, options: Sequence[str], labels: Mapping[str, str] = _LABELS
) -> tuple[Choice, ...]:
    """Options of an offer as choices; `labels` names each one's words."""
    entities = {option: offer.entities(situation.order.id, option) for option in options}
    values: dict[str, Value] = {"share": offer.amount}
    return tuple(Choice(labels[option], "choose_option", entities[option], values) for option in options)


def with_share(
    situation: Situation, parcel: Parcel, name: str, values: Mapping[str, Value], after: Sequence[str]
) -> Settlement:
    """A reply that tells of the shop's share, with the yes to it where it is on offer, and where to go from here."""
    share, made = told_share(situation, parcel)
    talk = asking(situation, parcel)
    handover = duties.overdue(situation, parcel)
    taking = (YES,) if after else (YES, NO)
    ways = [choice for offer in made for choice in choices(situation, offer, taking, _SHARE_LABELS)]
    ways += [*choices(situation, talk, after), PERSON]
    reply = Reply(name, {**values, "share": share}, () if handover else tuple(ways))
    return Settlement((reply,), offers=(*made, talk), handover=handover)


def to_person(
    situation: Situation, parcel: Parcel | None, name: str, values: Mapping[str, Value], reason: str
) -> Settlement:
    """A reply after which a person takes over, and the case that the person finds."""
    note = note_of(situation, parcel)
    step = cases.CaseStep(cases.CUSTOMS, subject_of(parcel) if parcel else "", cases.PERSON, {**note, "about": reason})
    return Settlement((Reply(name, values),), handover=Handover(reason, note), cases=(step,))


def merged(situation: Situation, parts: Sequence[tuple[Parcel, Settlement]]) -> Settlement:
    """Several parcels: each one's facts, and all choices under the last, named by the parcel's place in the order."""
    places = {parcel.id: place for place, parcel in enumerate(situation.order.parcels, start=1)}
    feeling = parts[0][1].replies[0].values.get("feeling")
    lead: dict[str, Value] = {"order_number": situation.order.number, "count": len(parts), "feeling": feeling}
    replies = [Reply("utter_customs_several", lead)]
    ways: list[Choice] = []
    for parcel, part in parts:
        inside = tuple(line for line in situation.order.lines if line.sku in parcel.skus)
        place = places[parcel.id]
        heading = Reply("term_part", {"part": place, "items": items_of(inside) if inside else None})
        for reply in part.replies:
            warning = reply.values.get("warning") if parcel is parts[-1][0] else None  # once is enough
            values = {**reply.values, "feeling": None, "warning": warning}
            about = replace(reply, values=values, choices=())
            replies.append(Reply("utter_one_part", {"heading": heading, "about": about}))
            ways += [
                Choice("choice_of_part", c.intent, c.entities, {"part": place, "label": Reply(c.label, c.values)})
                for c in reply.choices
                if c != PERSON
            ]
    handover = next((part.handover for _, part in parts if part.handover), None)
    replies[-1] = replace(replies[-1], choices=() if handover else (*ways, PERSON))
    return Settlement(
        tuple(replies),
        promises=tuple(promise for _, part in parts for promise in part.promises),
        offers=tuple(offer for _, part in parts for offer in part.offers),
        handover=handover,
        cases=tuple(step for _, part in parts for step in part.cases),
        tasks=tuple(task for _, part in parts for task in part.tasks),
    )
