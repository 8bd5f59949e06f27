"""Settles which size, colour or product the buyer wants instead: told in their words, read back, agreed on a yes."""

from __future__ import annotations

from doorstep import cases, offers
from doorstep.cases import CaseStep
from doorstep.facts import hide_private
from doorstep.offers import NO, PERSON, YES, NewOffer, Offer
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Reply, Value
from doorstep.returns.agreed import agree
from doorstep.returns.rules import item_of
from doorstep.settlement import Settlement, Situation

_LONGEST = 120  # characters of what is wanted


def ask_wanted(situation: Situation, subject: str, name: str = "utter_exchange_wanted") -> Settlement:
    """Ask what is wanted instead; `name` is the reply that asks. The exchange is noted, nothing is agreed."""
    values = {**_values(situation, subject), "feeling": Reply("utter_feel_return")}
    return Settlement(
        (Reply(name, values, (PERSON,)),),
        cases=(CaseStep(cases.EXCHANGE, subject, cases.ASKING, {"wanted": ""}),),
        asks=f"wanted_instead/{situation.order.id}/{subject}",
    )


def read_back(situation: Situation, subject: str, text: str) -> Settlement:
    """What the buyer wrote, told again for a yes; where nothing was said it is asked for again."""
    wanted = hide_private(" ".join(text.split()), situation.order)[:_LONGEST]
    if not any(ch.isalnum() for ch in wanted):
        return ask_wanted(situation, subject)
    offer = NewOffer(offers.EXCHANGE, subject, (YES, NO), offer_ends(situation.now, situation.policy))
    labels = {YES: "choice_exchange_yes", NO: "choice_exchange_no"}
    order_id = situation.order.id
    choices = [Choice(labels[name], "choose_option", offer.entities(order_id, name)) for name in offer.options]
    values = {**_values(situation, subject), "wanted": wanted}
    return Settlement(
        (Reply("utter_exchange_read_back", values, (*choices, PERSON)),),
        offers=(offer,),
        cases=(CaseStep(cases.EXCHANGE, subject, cases.ASKING, {"wanted": wanted}),),
    )


def settle_read_back(situation: Situation, offer: Offer, option: str) -> Settlement:
    """The yes or no to what was read back; the line must still be one that may go back."""
    case = cases.find(situation.cases, cases.EXCHANGE, offer.subject)
    wanted = case.facts.get("wanted", "") if case else ""
    if option == NO or not wanted:
        return ask_wanted(situation, offer.subject, "utter_exchange_wanted_again")
    return agree(situation, offer.subject, cases.EXCHANGE, wanted)


def _values(situation: Situation, subject: str) -> dict[str, Value]:
    return {"order_number": situation.order.number, "item": item_of(situation.order, subject)}
