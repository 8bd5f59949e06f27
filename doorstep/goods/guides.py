"""Walks through a product's own guide with a buyer who cannot get it to work, one step at a time."""

from __future__ import annotations

from doorstep import cases
from doorstep.goods import photos
from doorstep.goods.agreed import standing_answer
from doorstep.goods.claims import NOT_WORKING, USE, Claim, facts_of
from doorstep.goods.goodwill import may_give_coupon
from doorstep.offers import GUIDE, NO, PASS_ON, PERSON, PROBLEM, YES, NewOffer, Offer
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Settlement, Situation

_LABELS = {YES: "choice_goods_works", NO: "choice_goods_works_not"}


def walk(situation: Situation, claim: Claim) -> Settlement:
    """Show the step the claim has come to, the first one to begin with; without a guide a person can explain."""
    steps = _steps(situation, claim)
    if not steps:
        return _no_guide(situation, claim)
    return _show(situation, claim, min(_reached(claim), len(steps)), steps)


def take_step(situation: Situation, claim: Claim, offer: Offer, option: str) -> Settlement:
    """Go on after a step: solved, the next one, or a defect once no step is left."""
    step = int(offer.subject.partition("/")[0])
    if option == YES and offer.chosen == YES:
        return Settlement(_solved(situation, claim).replies, coupon=_was_thanked(situation, claim))
    standing = standing_answer(situation, claim)
    if standing:
        return standing
    if option == YES:
        return _solved(situation, claim)
    steps = _steps(situation, claim)
    if claim.problem != USE or _reached(claim) != step:  # an old choice: on from where the buyer is
        return go_on(situation, claim)
    if step < len(steps):
        return _show(situation, claim, step + 1, steps)
    return photos.go_on(situation, claim.knowing(problem=NOT_WORKING, tried=str(step), step=""))


def go_on(situation: Situation, claim: Claim) -> Settlement:
    """On with a claim whose problem is known: the guide, or photos and an offer."""
    return walk(situation, claim) if claim.problem == USE else photos.go_on(situation, claim)


def _steps(situation: Situation, claim: Claim) -> tuple[str, ...]:
    product = situation.products.get(claim.item.lines[0].sku)
    return product.guide if product else ()


def _reached(claim: Claim) -> int:
    step = claim.facts.get("step", "")
    return int(step) if step.isdecimal() else 1


def _show(situation: Situation, claim: Claim, step: int, steps: tuple[str, ...]) -> Settlement:
    ends = offer_ends(situation.now, situation.policy)
    # Each step is an offer of its own, so that an old choice cannot skip one.
    offer = NewOffer(GUIDE, f"{step}/{claim.item.subject}", (YES, NO), ends)
    values: dict[str, Value] = {
        **facts_of(situation, claim),
        "feeling": facts_of(situation, claim)["feeling"] if step == 1 else None,
        "step": step,
        "count": len(steps),
        "instruction": steps[step - 1],
    }
    choices = tuple(
        Choice(_LABELS[option], "choose_option", offer.entities(situation.order.id, option)) for option in offer.options
    )
    reached = claim.knowing(problem=USE, step=str(step))
    reply = Reply("utter_goods_guide", values, (*choices, PERSON))
    return Settlement((reply,), offers=(offer,), cases=(reached.step(),))


def _solved(situation: Situation, claim: Claim) -> Settlement:
    """It works: thanks, a coupon where one may be given, and the end of the case."""
    thanked = may_give_coupon(situation)
    solved = claim.knowing(solved="yes", coupon="yes" if thanked else "")
    return Settlement(
        (Reply("utter_goods_works", facts_of(situation, claim)),),
        cases=(solved.step(cases.CLOSED),) if claim.case else (),
        coupon=thanked,
    )


def _was_thanked(situation: Situation, claim: Claim) -> bool:
    """Whether a coupon came with the thanks before."""
    mine = (case for case in situation.cases if (case.kind, case.subject) == (cases.GOODS, claim.item.subject))
    return any(case.facts.get("coupon") for case in mine)


def _no_guide(situation: Situation, claim: Claim) -> Settlement:
    ends = offer_ends(situation.now, situation.policy)
    broken = NewOffer(PROBLEM, claim.item.subject, (NOT_WORKING,), ends)
    pass_on = NewOffer(PASS_ON, "", (YES, NO), ends)
    choice = Choice("choice_goods_not_working", "choose_option", broken.entities(situation.order.id, NOT_WORKING))
    reply = Reply("utter_goods_no_guide", facts_of(situation, claim), (choice, PERSON))
    return Settlement((reply,), offers=(broken, pass_on), cases=(claim.knowing(problem=USE).step(),))
