"""Settles "I want to return it", or exchange it: which line, in what condition, for money or for other goods."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from doorstep import cases, offers
from doorstep.cases import Case, CaseStep
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import order_facts
from doorstep.offers import EXCHANGE_IT, NO, PERSON, REFUND, RETURN_IT, UNUSED, USED, YES, NewOffer, Offer
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Reply, Value
from doorstep.returns import refunds
from doorstep.returns.agreed import agree, facts_of, tell_agreed
from doorstep.returns.exchanges import ask_wanted, read_back, settle_read_back
from doorstep.returns.refusals import refused, settle_not_there, settle_used
from doorstep.returns.rules import at_fault, delivered_subjects, item_of, lines_of, refund_for, standing, subject_of
from doorstep.returns.status import is_late, settle_sent, settle_status, take_tracking, tell_case
from doorstep.settlement import Handover, Settlement, Situation

_RETURN, _EXCHANGE, _STATUS = "return", "exchange", "status"  # what a message says more closely
_KINDS = {_RETURN: cases.RETURN, _EXCHANGE: cases.EXCHANGE}
_MOST = 8  # lines shown to choose from


def settle(situation: Situation) -> Settlement:
    """Answer the wish to send something back: where several lines came, which one is asked first."""
    order = situation.order
    if situation.about == _STATUS:
        return settle_status(situation)
    if order.cancelled_at or order.paid_at is None:
        return settle_tracking(situation)
    came = delivered_subjects(situation)
    if not came:
        return settle_not_there(situation)
    talked_about = [subject for subject in came if _is_asked_about(situation, subject)]
    one = came if len(came) == 1 else talked_about
    return settle_line(situation, one[0]) if len(one) == 1 else _which(situation, came)


def _is_asked_about(situation: Situation, subject: str) -> bool:
    """Whether the buyer is just telling what is wrong with it: then that is the one they mean."""
    case = cases.find(situation.cases, cases.GOODS, subject)
    return case is not None and case.state == cases.ASKING


def settle_line(situation: Situation, subject: str) -> Settlement:
    """Answer it for the lines of a subject, by `situation.about`: "return", "exchange" or ""."""
    told = _told_already(situation, subject) or _not_allowed(situation, subject)
    if told:
        return told
    if not _may_be_sold_again(situation, subject):
        return _ask_condition(situation, subject)
    return _go_on(situation, subject)


# -- which line ------------------------------------------------------------------------------


def _which(situation: Situation, came: tuple[str, ...]) -> Settlement:
    order = situation.order
    offer = NewOffer(offers.RETURN_WHICH, situation.about, came, offer_ends(situation.now, situation.policy))
    choices = [
        Choice(
            "choice_return_line", "choose_option", offer.entities(order.id, subject), {"item": item_of(order, subject)}
        )
        for subject in came[:_MOST]
    ]
    values = {**order_facts(order), "feeling": Reply("utter_feel_return")}
    asks = f"return_which/{order.id}/{situation.about}"
    return Settlement((Reply("utter_return_which", values, (*choices, PERSON)),), offers=(offer,), asks=asks)


def _take_which(situation: Situation, offer: Offer, option: str) -> Settlement:
    return settle_line(replace(situation, about=offer.subject), option)


def _hear_which(situation: Situation, about: str, text: str) -> Settlement:
    """The line that the buyer's words name best; where they name none, or two alike, it is asked again."""
    told = replace(situation, about=about)
    named = {subject: _in_common(situation, subject, text) for subject in delivered_subjects(situation)}
    best = max(named.values(), default=0)
    found = [subject for subject, count in named.items() if count == best]
    return settle_line(told, found[0]) if best and len(found) == 1 else settle(told)


def _in_common(situation: Situation, subject: str, text: str) -> int:
    lines = lines_of(situation.order, subject)
    name = " ".join(part for line in lines for part in (line.title, *line.options.values()))
    return len(_words(name) & _words(text))


def _words(text: str) -> set[str]:
    """Words without a plural's s; where a language writes without spaces, pairs of its characters."""
    words = re.findall(r"\w+", text.casefold())
    pairs = {word[i : i + 2] for word in words if not word.isascii() for i in range(len(word) - 1)}
    return {word.rstrip("s") for word in words} | pairs


# -- may it go back? -------------------------------------------------------------------------


def _told_already(situation: Situation, subject: str) -> Settlement | None:
    """What was agreed for a subject before; None when nothing was, or when the buyer wants the other of the two now."""
    case = standing(situation, subject)
    wanted = _KINDS.get(situation.about, case.kind if case else "")
    if case is None or wanted != case.kind:
        return None
    further = _is_under_way(case) or is_late(situation, case)
    return tell_case(situation, case) if further else tell_agreed(situation, case)


def _is_under_way(case: Case) -> bool:
    return case.state == cases.PERSON or bool(case.facts.get("sent_at") or case.facts.get("arrived_at"))


def _not_allowed(situation: Situation, subject: str) -> Settlement | None:
    """Why nothing new can be agreed for a subject now; None when it can."""
    if subject not in [subject_of(line) for line in situation.order.lines]:
        return settle(situation)  # the order was changed since
    case = standing(situation, subject)
    no = refused(situation, subject)
    if no or case is None:
        return no
    if is_late(situation, case):
        return tell_case(situation, case)
    if not _is_under_way(case):
        return None
    note = {"case": case.number, "wanted": situation.about}
    reply = Reply("utter_return_change_person", facts_of(situation, case))
    return Settlement((reply,), handover=Handover("return_change", note))


def _may_be_sold_again(situation: Situation, subject: str) -> bool:
    """Whether the condition need not be asked: it was told, the shop is at fault, or takes used goods too."""
    if situation.policy.returns.used or at_fault(situation, subject):
        return True
    known = (cases.find(situation.cases, kind, subject) for kind in _KINDS.values())
    return any(case and (case.state != cases.ASKING or case.facts.get("condition") == UNUSED) for case in known)


def _ask_condition(situation: Situation, subject: str) -> Settlement:
    """Ask whether it can be sold again; a plain yes or no is an answer too."""
    order_id = situation.order.id
    ends = offer_ends(situation.now, situation.policy)
    offer = NewOffer(offers.CONDITION, subject, (UNUSED, USED, YES, NO), ends)
    choices = (
        Choice("choice_return_unused", "choose_option", offer.entities(order_id, UNUSED)),
        Choice("choice_return_used", "choose_option", offer.entities(order_id, USED)),
        PERSON,
    )
    reply = Reply("utter_return_condition", _values(situation, subject), choices)
    return Settlement((reply,), offers=(offer,), cases=_asking(situation, subject, {}))


def _take_condition(situation: Situation, offer: Offer, option: str) -> Settlement:
    told = _told_already(situation, offer.subject) or _not_allowed(situation, offer.subject)
    if told:
        return told
    if option in (USED, NO) and not situation.policy.returns.used:
        return settle_used(situation, offer.subject)
    return _go_on(situation, offer.subject)


def _asking(situation: Situation, subject: str, facts: dict[str, str]) -> tuple[CaseStep, ...]:
    """A step of the question for money or other goods; a question after the other of the two ends."""
    kind = _kind(situation, subject)
    steps = [] if standing(situation, subject, kind) else [CaseStep(kind, subject, cases.ASKING, facts)]
    for other in _KINDS.values():
        case = cases.find(situation.cases, other, subject)
        if other != kind and case and case.state == cases.ASKING:
            steps.append(CaseStep(other, subject, cases.CLOSED))
    return tuple(steps)


def _kind(situation: Situation, subject: str) -> str:
    """What the buyer wants, as far as they said: other goods, else their money."""
    asking = cases.find(situation.cases, cases.EXCHANGE, subject)
    return _KINDS.get(situation.about, cases.EXCHANGE if asking else cases.RETURN)


# -- money or other goods --------------------------------------------------------------------


def _go_on(situation: Situation, subject: str) -> Settlement:
    """It may go back: ask what is wanted instead, or offer the return; said again, that is a yes."""
    asked = not situation.policy.returns.used and not at_fault(situation, subject)
    facts = {"condition": UNUSED} if asked else {}
    if _kind(situation, subject) == cases.EXCHANGE and situation.policy.returns.exchange:
        question = ask_wanted(situation, subject)
        return replace(question, cases=(*_asking(situation, subject, facts), *question.cases))
    case = cases.find(situation.cases, cases.RETURN, subject)
    if situation.about == _RETURN and case and case.facts.get("offered"):
        return agree(situation, subject)
    made = replace(situation, about=_RETURN)
    steps = _asking(made, subject, {**facts, "offered": situation.now.isoformat()})
    return replace(_offer(situation, subject), cases=steps)


def _offer(situation: Situation, subject: str) -> Settlement:
    order, policy = situation.order, situation.policy
    shown = (RETURN_IT, EXCHANGE_IT) if policy.returns.exchange else (RETURN_IT,)
    amount = refund_for(situation, subject)
    # A plain yes, and "my money back", are taken as the first one.
    offer = NewOffer(offers.RETURN, subject, (*shown, YES, REFUND), offer_ends(situation.now, policy), amount)
    labels = {RETURN_IT: "choice_return_it", EXCHANGE_IT: "choice_exchange_it"}
    choices = [Choice(labels[name], "choose_option", offer.entities(order.id, name)) for name in shown]
    no_exchange = situation.about == _EXCHANGE and not policy.returns.exchange
    pays = policy.returns.seller_pays_when_at_fault and at_fault(situation, subject)
    values = {
        **_values(situation, subject),
        "amount": amount,
        "no_exchange": Reply("term_no_exchange") if no_exchange else None,
        "postage": Reply("term_return_offer_seller" if pays else "term_return_offer_buyer"),
    }
    return Settlement((Reply("utter_return_offer", values, (*choices, PERSON)),), offers=(offer,))


def _take_return(situation: Situation, offer: Offer, option: str) -> Settlement:
    wants_goods = option == EXCHANGE_IT and situation.policy.returns.exchange
    wanted = replace(situation, about=_EXCHANGE if wants_goods else _RETURN)
    told = _told_already(wanted, offer.subject) or _not_allowed(wanted, offer.subject)
    if told:
        return told
    return _go_on(wanted, offer.subject) if wants_goods else agree(wanted, offer.subject)


def _take_read_back(situation: Situation, offer: Offer, option: str) -> Settlement:
    return _exchange_ends(situation, offer.subject) or settle_read_back(situation, offer, option)


def _hear_wanted(situation: Situation, subject: str, text: str) -> Settlement:
    return _exchange_ends(situation, subject) or read_back(situation, subject, text)


def _exchange_ends(situation: Situation, subject: str) -> Settlement | None:
    """Why an exchange is not talked about any further; None when it is."""
    wanted = replace(situation, about=_EXCHANGE)
    told = _told_already(wanted, subject) or _not_allowed(wanted, subject)
    return told or (None if situation.policy.returns.exchange else settle_line(wanted, subject))


def _values(situation: Situation, subject: str) -> dict[str, Value]:
    return {
        "feeling": Reply("utter_feel_return"),
        "order_number": situation.order.number,
        "item": item_of(situation.order, subject),
    }


def settle_refund(situation: Situation) -> Settlement:
    """Answer the wish for money back; see `doorstep.returns.refunds`."""
    return refunds.settle(situation)


OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {
    offers.RETURN_WHICH: _take_which,
    offers.CONDITION: _take_condition,
    offers.RETURN: _take_return,
    offers.EXCHANGE: _take_read_back,
    offers.RETURN_SENT: settle_sent,
}
DETAILS: dict[str, Callable[[Situation, str, str], Settlement]] = {
    "return_which": _hear_which,
    "wanted_instead": _hear_wanted,
    "return_tracking": take_tracking,
}
