"""A return or exchange that is agreed: its number, where the goods go and until when, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from doorstep import cases, offers, promises
from doorstep.cases import Case, CaseStep
from doorstep.facts import business_days
from doorstep.offers import PERSON, NewOffer
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.replies.values import Choice, Hours, Reply, Value
from doorstep.returns.rules import at_fault, item_of, lines_of, refund_for
from doorstep.settlement import Handover, Settlement, ShopTask, Situation
from doorstep.windows import add_business_days, end_of, shop_date

_AGREED = {cases.RETURN: "utter_return_agreed", cases.EXCHANGE: "utter_exchange_agreed"}
_ARRIVED = {cases.RETURN: "utter_return_arrived", cases.EXCHANGE: "utter_exchange_arrived"}
_OTHER = {cases.RETURN: cases.EXCHANGE, cases.EXCHANGE: cases.RETURN}
_LATE_PARCELS = timedelta(days=60)  # after the last day to send it, in which "I've sent it" can still be said


def agree(situation: Situation, subject: str, kind: str = cases.RETURN, wanted: str = "") -> Settlement:
    """Agree that the lines of a subject come back, for money or (EXCHANGE) for what is `wanted`; tells all of it.

    An open case of the other kind ends. Where the shop names no address a person gives it. Nothing is given yet.
    """
    order, policy, now = situation.order, situation.policy, situation.now
    amount = refund_for(situation, subject)
    seller_pays = policy.returns.seller_pays_when_at_fault and at_fault(situation, subject)
    ship_by = last_day_to_send(situation, subject)
    facts = {
        "agreed_at": now.isoformat(),
        "ship_by": ship_by.isoformat(),
        "address": policy.returns.warehouse_for(order.ship_to.country),
        "amount": f"{amount.amount} {amount.currency}",
        "postage": "seller" if seller_pays else "buyer",
        "wanted": wanted,
    }
    number = cases.number_for(order.number, situation.cases, kind, subject)
    case = Case(number, kind, subject, cases.AGREED, facts)
    told = tell_agreed(situation, case)
    steps = [CaseStep(kind, subject, cases.AGREED, facts)]
    if cases.find(situation.cases, _OTHER[kind], subject):
        steps.append(CaseStep(_OTHER[kind], subject, cases.CLOSED, {"closed_for": number}))
    return Settlement(
        told.replies,
        (Promise(promises.RETURN, subject, ship_by),),
        told.offers,
        _no_address(case),
        tuple(steps),
        tasks=(ShopTask("expect_return", _note(situation, case, amount)),),
    )


def _no_address(case: Case) -> Handover | None:
    return None if case.facts.get("address") else Handover("return_address", {"case": case.number})


def last_day_to_send(situation: Situation, subject: str) -> datetime:
    """The end of the last day on which the goods may be sent, in the shop's time: one that was told stays."""
    promised = promises.find(situation.promises, promises.RETURN, subject)
    if promised and promised.state == "open" and not promised.is_due(situation.now):
        return end_of(shop_date(promised.due_at, situation.policy), situation.policy)
    days = timedelta(days=situation.policy.returns.ship_within_days)
    return end_of(shop_date(situation.now, situation.policy) + days, situation.policy)


def tell_agreed(situation: Situation, case: Case) -> Settlement:
    """All that the buyer needs for a case that was agreed and is not sent yet."""
    values = {**facts_of(situation, case), "feeling": Reply("utter_feel_return")}
    sent = sent_offer(situation, case)
    choices = (sent_choice(situation, sent, offers.SENT), PERSON)
    return Settlement((Reply(_AGREED[case.kind], values, choices),), offers=(sent,))


def sent_offer(situation: Situation, case: Case) -> NewOffer:
    """The question whether the goods were sent, open as long as they may be under way."""
    ends = moment(case, "ship_by") or situation.now
    options = (offers.SENT, offers.NONE)
    return NewOffer(offers.RETURN_SENT, case.subject, options, max(ends, situation.now) + _LATE_PARCELS)


def sent_choice(situation: Situation, offer: NewOffer, option: str) -> Choice:
    """One answer to `sent_offer`: they are sent (SENT), without a tracking number (NONE)."""
    label = "choice_return_sent" if option == offers.SENT else "choice_return_untracked"
    return Choice(label, "choose_option", offer.entities(situation.order.id, option))


def facts_of(situation: Situation, case: Case) -> dict[str, Value]:
    """The values of a reply about a case; what is not known is None."""
    order, policy, facts = situation.order, situation.policy, case.facts
    amount = refund_for(situation, case.subject)
    then: dict[str, Value] = {
        "amount": amount,
        "refund_within": business_days(policy.returns.refund_within_days),
        "sends_within": business_days(policy.remedies.resend_within_days),
        "wanted": facts.get("wanted"),
    }
    pieces = sum(line.quantity for line in lines_of(order, case.subject))
    ship_by = moment(case, "ship_by")
    answer = Hours(policy.answer_within_hours)
    return {
        **then,
        "order_number": order.number,
        "item": item_of(order, case.subject),
        "return_number": case.number,
        "ship_by": shop_date(ship_by, policy) if ship_by else None,
        "address": Reply("term_return_to", {"address": facts["address"]}) if facts.get("address") else None,
        "address_follows": None if facts.get("address") else Reply("term_return_address", {"answer": answer}),
        "postage": Reply(_postage(facts)),
        "then": Reply("term_exchange_then" if case.kind == cases.EXCHANGE else "term_return_then", then),
        "pieces": Reply("term_return_pieces", {"count": pieces}) if pieces > 1 else None,
        "page": situation.page_of(case.number) or None,
        "answer_within_hours": answer,
    }


def _postage(facts: Mapping[str, str]) -> str:
    return "term_return_postage_seller" if facts.get("postage") == "seller" else "term_return_postage_buyer"


def moment(case: Case, name: str) -> datetime | None:
    """A time among a case's facts."""
    text = case.facts.get(name)
    return datetime.fromisoformat(text) if text else None


def settle_return_arrived(situation: Situation, case: Case) -> Settlement:
    """The goods of a return or exchange are in: the money, or the other goods, by a date, and what the shop has to do.

    The case stays agreed until that is done. Told again, the same holds. `case` must be an open RETURN or EXCHANGE.
    """
    policy, exchange = situation.policy, case.kind == cases.EXCHANGE
    kind = promises.SWAP if exchange else promises.RETURN_REFUND
    made = promises.find(situation.promises, kind, case.subject)
    amount = made.amount if made and made.amount else refund_for(situation, case.subject)
    days = policy.remedies.resend_within_days if exchange else policy.returns.refund_within_days
    by = made.due_at if made else end_of(add_business_days(shop_date(situation.now, policy), days), policy)
    arrived = case.facts.get("arrived_at") or situation.now.isoformat()
    values = {
        **facts_of(situation, case),
        "feeling": Reply("utter_feel_return_status"),
        "arrived_on": shop_date(datetime.fromisoformat(arrived), policy),
        "amount": amount,
        "by": shop_date(by, policy),
    }
    facts = {"arrived_at": arrived}
    if not made and not amount.amount:
        step = CaseStep(case.kind, case.subject, cases.PERSON, facts)
        note = {"case": case.number, "given": str(promises.given(situation.promises))}
        reply = Reply("utter_return_arrived_person", values)
        return Settlement((reply,), handover=Handover("given_before", note), cases=(step,))
    note = {**_note(situation, case, amount), "by": shop_date(by, policy).isoformat()}
    return Settlement(
        (Reply(_ARRIVED[case.kind], values, (PERSON,)),),
        (Promise(kind, case.subject, by, amount=amount),),
        cases=(CaseStep(case.kind, case.subject, cases.AGREED, facts),),
        tasks=(ShopTask("send_exchange" if exchange else "refund_return", note),),
    )


def _note(situation: Situation, case: Case, amount: Money) -> dict[str, str]:
    """What the shop must know of a case to carry it out."""
    titles = ", ".join(f"{line.quantity} x {line.title}" for line in lines_of(situation.order, case.subject))
    note = {
        "case": case.number,
        "items": titles,
        "amount": f"{amount.amount} {amount.currency}",
        "postage": case.facts.get("postage", ""),
        "wanted": case.facts.get("wanted", ""),
        "tracking_number": case.facts.get("tracking_number", ""),
    }
    return {name: value for name, value in note.items() if value}
