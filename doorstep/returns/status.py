"""Tells how far a return or a refund is: agreed, on its way, in, paid, or overdue; and takes the tracking number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from doorstep import cases, promises
from doorstep.cases import Case, CaseStep
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import order_facts
from doorstep.offers import NONE, PERSON, Offer
from doorstep.parcels import Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted
from doorstep.replies.values import Choice, Hours, Reply, Value
from doorstep.returns.agreed import facts_of, moment, sent_choice, sent_offer
from doorstep.returns.rules import MONEY, item_of, lines_of, standing, subject_of
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.windows import shop_date

START = Choice("choice_wish_return_item", "return_item")
_FOR = {
    promises.RETURN_REFUND: "term_refund_return",
    promises.PART_REFUND: "term_refund_part",
    promises.DUTY_SHARE: "term_refund_duty",
    promises.REFUND: "term_refund_order",
    promises.CANCEL: "term_refund_cancelled",
}
# In the order of trying: in one piece with six digits at least; a post's number, or digits only, written in groups.
_TRACKING = (
    re.compile(r"\b(?=(?:[A-Z]*\d){6})[A-Z0-9]{10,35}\b"),
    re.compile(r"\b[A-Z]{2}[ -]?\d(?:[ -]?\d){8}[ -]?[A-Z]{2}\b"),
    re.compile(r"\b\d(?:[ -]?\d){9,33}\b"),
)


def settle_status(situation: Situation) -> Settlement:
    """Where the returns of the order are; where none is known, what can be done."""
    known = [case for case in situation.cases if case.kind in (cases.RETURN, cases.EXCHANGE)]
    agreed = [case for case in known if standing(situation, case.subject, case.kind) == case]
    subjects = {case.subject for case in agreed}
    paid = [p for p in situation.promises if p.kind == promises.RETURN_REFUND and p.stands]
    parts = [tell_promise(situation, promise) for promise in paid if promise.subject not in subjects]
    parts += [tell_case(situation, case) for case in agreed]
    if parts:
        return joined(parts)
    if any(situation.stage(parcel) is Stage.GOING_BACK for parcel in situation.order.parcels):
        return settle_tracking(situation)
    values = {**order_facts(situation.order), "feeling": Reply("utter_feel_asked")}
    return Settlement((Reply("utter_return_unknown", values, (START, PERSON)),))


def tell_case(situation: Situation, case: Case) -> Settlement:
    """Where one agreed return or exchange is; a tracking number is asked for while none is known."""
    kind = promises.SWAP if case.kind == cases.EXCHANGE else promises.RETURN_REFUND
    made = promises.find(situation.promises, kind, case.subject)
    if made and made.stands:
        return tell_promise(situation, made)
    values = {**facts_of(situation, case), "feeling": Reply("utter_feel_return_status")}
    if case.state == cases.PERSON:
        return Settlement((Reply("utter_return_with_person", values, (PERSON,)),))
    sent_at = moment(case, "sent_at")
    if sent_at:
        values["sent_on"] = shop_date(sent_at, situation.policy)
        values["tracking_number"] = case.facts.get("tracking_number")
        return Settlement((Reply("utter_return_on_its_way", values, (PERSON,)),))
    return ask_tracking(situation, case, "utter_return_late" if is_late(situation, case) else "utter_return_awaited")


def is_late(situation: Situation, case: Case) -> bool:
    """Whether the last day to send the goods has passed and the buyer has not told that they are sent."""
    ship_by = moment(case, "ship_by")
    return ship_by is not None and situation.now > ship_by and not case.facts.get("sent_at")


def ask_tracking(situation: Situation, case: Case, name: str) -> Settlement:
    """Ask for the tracking number in free words, by the reply `name`; having none is an answer too."""
    offer = sent_offer(situation, case)
    values = {**facts_of(situation, case), "feeling": Reply("utter_feel_return_status")}
    reply = Reply(name, values, (sent_choice(situation, offer, NONE), PERSON))
    return Settlement((reply,), offers=(offer,), asks=f"return_tracking/{situation.order.id}/{case.subject}")


def settle_sent(situation: Situation, offer: Offer, option: str) -> Settlement:
    """The buyer says that the goods are sent: with a tracking number to come, or without one."""
    case = standing(situation, offer.subject)
    if case is None or not _awaited(situation, case):
        return tell_case(situation, case) if case else settle_status(situation)
    return _sent(situation, case, "") if option == NONE else ask_tracking(situation, case, "utter_return_tracking")


def take_tracking(situation: Situation, subject: str, text: str) -> Settlement:
    """The tracking number of a return among the buyer's words; where there is none it is asked for again."""
    case = standing(situation, subject)
    if case is None or not _awaited(situation, case):
        return tell_case(situation, case) if case else settle_status(situation)
    number = _number_in(text, situation.order.number)
    return _sent(situation, case, number) if number else ask_tracking(situation, case, "utter_return_tracking_again")


def _number_in(text: str, order_number: str) -> str:
    """The tracking number in some words, in one piece; "" where there is none. The order's own number is none."""
    said = text.upper().replace(order_number.upper(), " ")
    found = next((match for pattern in _TRACKING if (match := pattern.search(said))), None)
    return re.sub(r"[ -]", "", found.group()) if found else ""


def _awaited(situation: Situation, case: Case) -> bool:
    done = (promises.find(situation.promises, kind, case.subject) for kind in (promises.RETURN_REFUND, promises.SWAP))
    return case.state == cases.AGREED and not case.facts.get("arrived_at") and not any(done)


def _sent(situation: Situation, case: Case, number: str) -> Settlement:
    """Note that the goods are under way. After the last day to send them a person decides whether they are taken."""
    facts = {"sent_at": case.facts.get("sent_at") or situation.now.isoformat(), "tracking_number": number}
    if not number and case.facts.get("tracking_number"):
        facts["tracking_number"] = case.facts["tracking_number"]
    values = {**facts_of(situation, case), "tracking_number": facts["tracking_number"] or None}
    step = CaseStep(case.kind, case.subject, cases.AGREED, facts)
    if is_late(situation, case):
        note = {"case": case.number, "ship_by": case.facts["ship_by"], "tracking_number": number}
        reply = Reply("utter_return_sent_late", values)
        return Settlement((reply,), handover=Handover("return_late", note), cases=(step,))
    return Settlement((Reply("utter_return_sent", values, (PERSON,)),), cases=(step,))


def tell_promise(situation: Situation, promise: Promise) -> Settlement:
    """What was promised for goods or money, as it stands: by when, done, or overdue (then a person looks after it)."""
    facts = order_facts(situation.order, lines_of(situation.order, promise.subject))
    if promise.kind not in MONEY:
        granted = already_granted(situation, promise.subject, facts)
        return granted or Settlement((Reply("utter_offer_settled", {}, (PERSON,)),))
    item = item_of(situation.order, promise.subject)
    named = promise.subject in [subject_of(line) for line in situation.order.lines]
    what = Reply(_FOR[promise.kind], {"item": item if named else None, "order_number": situation.order.number})
    by = shop_date(promise.due_at, situation.policy)
    values: dict[str, Value] = {
        "feeling": Reply("utter_feel_return_status"),
        "what": Reply("term_refund_what", {"what": what, "amount": promise.amount}),
        "by": by,
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    if promise.state == "kept":
        return Settlement((Reply("utter_refund_done", values, (PERSON,)),))
    if not promise.is_due(situation.now):
        return Settlement((Reply("utter_refund_due", values, (PERSON,)),))
    note = {"promised": promise.kind, "by": by.isoformat(), "subject": promise.subject}
    return Settlement((Reply("utter_refund_overdue", values),), handover=Handover("promise_overdue", note))


def joined(parts: Sequence[Settlement]) -> Settlement:
    """Several answers as one, with the choices of the last; of several questions the last one is waited for."""
    replies = [reply for part in parts for reply in part.replies]
    told = [*(replace(reply, choices=()) for reply in replies[:-1]), replies[-1]]
    return Settlement(
        tuple(told),
        tuple(promise for part in parts for promise in part.promises),
        tuple(offer for part in parts for offer in part.offers),
        next((part.handover for part in parts if part.handover), None),
        tuple(step for part in parts for step in part.cases),
        tasks=tuple(task for part in parts for task in part.tasks),
        asks=next((part.asks for part in reversed(parts) if part.asks), ""),
    )
