"""Settles which papers customs want, and that the shop sends those it has by a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from doorstep import cases, promises
from doorstep.customs.duties import held_scans, is_due, note_of
from doorstep.customs.replies import REFUSE, WHY, asking, choices, to_person
from doorstep.delivery.choosing import subject_of
from doorstep.offers import PERSON
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.replies.values import Reply, Value
from doorstep.settlement import Handover, Settlement, ShopTask, Situation
from doorstep.windows import add_business_days, end_of, shop_date

# By the reason for which a parcel is held: what customs usually want to see.
_WANTED = {
    "documents_missing": "term_papers_wanted_missing",
    "duties_due": "term_papers_wanted_value",
    "restricted_goods": "term_papers_wanted_goods",
}


def settle_papers(situation: Situation, parcel: Parcel | None, facts: Mapping[str, Value]) -> Settlement:
    """Tell which papers are wanted and promise the shop's, or call a person where the policy sends none.

    `facts` are those of every reply about customs; without a parcel the papers are for the whole order.
    """
    scans = held_scans(parcel) if parcel else ()
    values = {**facts, "wanted": Reply(_WANTED.get(scans[-1].reason if scans else "", "term_papers_wanted_any"))}
    if not situation.policy.customs.papers:
        return to_person(situation, parcel, "utter_customs_papers_person", values, "not_in_policy")
    subject = subject_of(parcel) if parcel else ""
    arranged = promises.find(situation.promises, promises.PAPERS, subject)
    if arranged:
        return _told_again(situation, parcel, arranged, values)
    by = add_business_days(shop_date(situation.now, situation.policy), situation.policy.customs.papers_within_days)
    values["papers"] = _told("term_papers_by", values, by)
    sent = {"subject": subject, "papers": "invoice, description of the goods", "by": by.isoformat()}
    note = {**note_of(situation, parcel), **sent}
    settled = _answer(situation, parcel, values)
    return Settlement(
        settled.replies,
        (Promise(promises.PAPERS, subject, end_of(by, situation.policy)),),
        settled.offers,
        cases=(cases.CaseStep(cases.CUSTOMS, subject, cases.AGREED, note),),
        tasks=(ShopTask("customs_papers", note),),
    )


def _told(name: str, values: Mapping[str, Value], by: date) -> Reply:
    """What becomes of the shop's papers: by when, to whom, and how soon a person answers if they are late."""
    known = {"carrier": values.get("carrier"), "answer_within_hours": values["answer_within_hours"]}
    return Reply(name, {**known, "by": by})


def _told_again(
    situation: Situation, parcel: Parcel | None, arranged: Promise, values: Mapping[str, Value]
) -> Settlement:
    """What was promised before, as it stands: still to come, sent, or overdue and now with a person."""
    by = shop_date(arranged.due_at, situation.policy)
    if arranged.state == "kept":
        return _answer(situation, parcel, {**values, "papers": _told("term_papers_sent", values, by)})
    if arranged.state == "open" and not arranged.is_due(situation.now):
        return _answer(situation, parcel, {**values, "papers": _told("term_papers_by", values, by)})
    late = {**values, "papers": _told("term_papers_overdue", values, by)}
    note = {**note_of(situation, parcel), "promised": promises.PAPERS, "by": by.isoformat()}
    reply = Reply("utter_customs_papers", late)
    return Settlement((reply,), handover=Handover("promise_overdue", note))


def _answer(situation: Situation, parcel: Parcel | None, values: Mapping[str, Value]) -> Settlement:
    offer = asking(situation, parcel)
    after = (WHY, REFUSE) if parcel and is_due(situation, parcel) else ()
    ways = (*choices(situation, offer, after), PERSON)
    return Settlement((Reply("utter_customs_papers", values, ways),), offers=(offer,))
