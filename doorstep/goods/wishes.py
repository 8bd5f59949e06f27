"""Settles goods with a problem: which item it is, what is wrong with it, and what follows from that.

What came and what is known of a problem is in `doorstep.goods.claims`; what was settled before in
`doorstep.goods.agreed`; photos, a product's guide and what is given in modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from doorstep import offers
from doorstep.delivery.tracking import settle_tracking
from doorstep.facts import order_facts
from doorstep.goods import guides, photos
from doorstep.goods.agreed import standing_answer
from doorstep.goods.amends import offer_amends, take_amends
from doorstep.goods.claims import (
    ANOTHER,
    DAMAGED,
    DEFECTS,
    DISAPPOINTED,
    ITEM_PREFIX,
    LONGEST_TEXT,
    MISSING_PARTS,
    NOT_WORKING,
    PROBLEMS,
    USE,
    WRONG_ITEM,
    Claim,
    Item,
    claim_for,
    facts_of,
    in_talk,
    item_in_words,
    item_named,
    items_that_came,
)
from doorstep.offers import PERSON, NewOffer, Offer
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Settlement, ShopTask, Situation

MOST_ITEMS = 8  # to choose from; with more of them a person asks

_LABELS = {
    NOT_WORKING: "choice_goods_not_working",
    DAMAGED: "choice_goods_damaged",
    WRONG_ITEM: "choice_goods_wrong_item",
    MISSING_PARTS: "choice_goods_missing_parts",
    USE: "choice_goods_use",
    DISAPPOINTED: "choice_goods_disappointed",
}


def settle(situation: Situation) -> Settlement:
    """Something is wrong with what came; `situation.about` is a defect, or "" when the message does not say."""
    return _begin(situation, situation.about if situation.about in DEFECTS else "")


def settle_disappointed(situation: Situation) -> Settlement:
    """It is not what the buyer hoped for."""
    return _begin(situation, DISAPPOINTED)


def settle_use(situation: Situation) -> Settlement:
    """The buyer does not get it to work."""
    return _begin(situation, USE)


# -- which item, and what is wrong? --------------------------------------------------------


def _begin(situation: Situation, problem: str) -> Settlement:
    items = items_that_came(situation)
    if not items:
        return _not_here_yet(situation)
    item = in_talk(situation, items)
    if item is None:
        return _ask_item(situation, items, problem)
    claim = claim_for(situation, item)
    # "It is broken", said once more, is about the defect that is known; said of a guide it is still to be told.
    known = claim.problem if claim.problem in DEFECTS else ""
    return _go_on(situation, claim, problem or known)


def _go_on(situation: Situation, claim: Claim, problem: str) -> Settlement:
    claim = claim.knowing(problem=problem)
    standing = standing_answer(situation, claim)
    if standing:
        return _with_other_items(situation, standing)
    if problem == DISAPPOINTED:
        settled = _disappointed(situation, claim)
    else:
        settled = guides.go_on(situation, claim) if problem else _ask_problem(situation, claim)
    return _with_other_items(situation, settled)


def _not_here_yet(situation: Situation) -> Settlement:
    """Nothing came so far: where it is, and to come back once it is there."""
    told = settle_tracking(replace(situation, complaint=False))
    first = Reply(
        "utter_goods_not_here_yet", {**order_facts(situation.order), "feeling": Reply("utter_feel_defective")}
    )
    rest = tuple(replace(reply, values={**reply.values, "feeling": None}) for reply in told.replies)
    return replace(told, replies=(first, *rest))


def _ask_item(situation: Situation, items: tuple[Item, ...], problem: str) -> Settlement:
    if not items:  # what had come when it was asked for is on its way back by now
        return _not_here_yet(situation)
    offer = _items_offer(situation, items, problem)
    choices = tuple(
        Choice(
            "choice_goods_item",
            "choose_option",
            offer.entities(situation.order.id, ITEM_PREFIX + item.subject),
            {"title": item.title, "chosen": ", ".join(item.lines[0].options.values()) or None},
        )
        for item in items[:MOST_ITEMS]
    )
    feeling = facts_of(situation, claim_for(situation, items[0]).knowing(problem=problem))["feeling"]
    values: dict[str, Value] = {"order_number": situation.order.number, "feeling": feeling}
    asks = f"goods_item/{situation.order.id}/{problem}"
    return Settlement((Reply("utter_goods_which_item", values, (*choices, PERSON)),), offers=(offer,), asks=asks)


def _item_told(situation: Situation, problem: str, text: str) -> Settlement:
    """The item that the buyer's words name; where they name none, or several alike, it is asked again."""
    items = items_that_came(situation)
    item = item_in_words(items, text)
    return _take_item(situation, item, problem) if item else _ask_item(situation, items, problem)


def _take_item(situation: Situation, item: Item, problem: str) -> Settlement:
    claim = claim_for(situation, item)
    problem = problem or claim.problem
    return _go_on(situation, claim if problem else claim.knowing(asked="item"), problem)


def _items_offer(situation: Situation, items: tuple[Item, ...], problem: str) -> NewOffer:
    """The question for the item; its subject keeps the problem that was stated with it."""
    options = (*(ITEM_PREFIX + item.subject for item in items), ANOTHER)
    return NewOffer(offers.PROBLEM, problem, options, offer_ends(situation.now, situation.policy))


def _ask_problem(situation: Situation, claim: Claim) -> Settlement:
    ends = offer_ends(situation.now, situation.policy)
    offer = NewOffer(offers.PROBLEM, claim.item.subject, PROBLEMS, ends)
    choices = tuple(
        Choice(label, "choose_option", offer.entities(situation.order.id, option)) for option, label in _LABELS.items()
    )
    reply = Reply("utter_goods_what", facts_of(situation, claim), (*choices, PERSON))
    return Settlement((reply,), offers=(offer,), cases=(claim.step(),))


def _with_other_items(situation: Situation, settled: Settlement) -> Settlement:
    """The settlement, with a way to say that another item is meant, where there are others."""
    items = items_that_came(situation)
    if len(items) < 2 or settled.handover or not settled.replies[-1].choices:
        return settled
    offer = _items_offer(situation, items, "")
    another = Choice("choice_goods_another_item", "choose_option", offer.entities(situation.order.id, ANOTHER))
    last = settled.replies[-1]
    *others, person = last.choices
    reply = replace(last, choices=(*others, another, person))
    return replace(settled, replies=(*settled.replies[:-1], reply), offers=(*settled.offers, offer))


# -- disappointed --------------------------------------------------------------------------


def _disappointed(situation: Situation, claim: Claim) -> Settlement:
    """Ask once what was expected, then offer."""
    if claim.facts.get("expected"):
        return offer_amends(situation, claim)
    asked = claim.knowing(expected="?")
    asks = f"expected/{situation.order.id}/{claim.item.subject}"
    reply = Reply("utter_goods_expected", facts_of(situation, claim))
    return Settlement((reply,), cases=(asked.step(),), asks=asks)


def _expected(situation: Situation, subject: str, text: str) -> Settlement:
    item = item_named(situation, subject)
    if item is None:
        return _begin(situation, DISAPPOINTED)
    claim = claim_for(situation, item).knowing(problem=DISAPPOINTED, expected=text[:LONGEST_TEXT] or "?")
    return standing_answer(situation, claim) or offer_amends(situation, claim)


def _missing_part(situation: Situation, subject: str, text: str) -> Settlement:
    """Which part is missing, told after the new one was promised."""
    item = item_named(situation, subject)
    if item is None:
        return _begin(situation, MISSING_PARTS)
    claim = claim_for(situation, item)
    if claim.case is None:
        return _go_on(situation, claim, MISSING_PARTS)
    named = claim.knowing(part=text[:LONGEST_TEXT])
    task = ShopTask("part_named", {"item": item.title, "case": claim.case.number, "part": text[:LONGEST_TEXT]})
    reply = Reply("utter_goods_part_noted", facts_of(situation, claim))
    return Settlement((reply,), cases=(named.step(claim.case.state),), tasks=(task,))


# -- answers taken -------------------------------------------------------------------------


def _take_problem(situation: Situation, offer: Offer, option: str) -> Settlement:
    if option == ANOTHER:
        return _ask_item(situation, items_that_came(situation), "")
    named = option.startswith(ITEM_PREFIX)
    item = item_named(situation, option.removeprefix(ITEM_PREFIX) if named else offer.subject)
    if item is None:
        return _begin(situation, "")
    if named:
        return _take_item(situation, item, offer.subject)
    return _go_on(situation, claim_for(situation, item), option)


def _with_claim(take: Callable[[Situation, Claim, Offer, str], Settlement]) -> Callable[..., Settlement]:
    """`take` with the claim that the offer is about; where the problem is not known any more it is asked for."""

    def taken(situation: Situation, offer: Offer, option: str) -> Settlement:
        subject = offer.subject.partition("/")[2] if offer.kind == offers.GUIDE else offer.subject
        item = item_named(situation, subject)
        if item is None:
            return _begin(situation, "")
        claim = claim_for(situation, item)
        again = offer.chosen == option and option in (offers.YES, offers.DISCOUNT)  # told once more, though closed
        if claim.problem or again or standing_answer(situation, claim):
            return _with_other_items(situation, take(situation, claim, offer, option))
        return _go_on(situation, claim, "")

    return taken


def _take_photo(situation: Situation, claim: Claim, _offer: Offer, option: str) -> Settlement:
    return photos.take_photo(situation, claim, option)


OFFERS: dict[str, Callable[[Situation, Offer, str], Settlement]] = {
    offers.PROBLEM: _take_problem,
    offers.PHOTO: _with_claim(_take_photo),
    offers.GUIDE: _with_claim(guides.take_step),
    offers.GOODS: _with_claim(take_amends),
}
DETAILS: dict[str, Callable[[Situation, str, str], Settlement]] = {
    "goods_item": _item_told,
    "expected": _expected,
    "missing_part": _missing_part,
}
