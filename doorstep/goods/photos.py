"""Asks for photos of goods with a problem, one slot for each thing to show, and goes on with them or without."""

from __future__ import annotations

from doorstep.goods.agreed import standing_answer
from doorstep.goods.amends import offer_amends
from doorstep.goods.claims import DAMAGED, MISSING_PARTS, NOT_WORKING, WRONG_ITEM, Claim, facts_of, is_low
from doorstep.offers import NO, NONE, PERSON, PHOTO, SENT, YES, NewOffer
from doorstep.remedies import offer_ends
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Settlement, Situation

_SLOTS = {
    NOT_WORKING: (Reply("term_goods_slot_video"),),
    DAMAGED: (Reply("term_goods_slot_item"), Reply("term_goods_slot_packing"), Reply("term_goods_slot_label")),
    WRONG_ITEM: (Reply("term_goods_slot_item"), Reply("term_goods_slot_label")),
    MISSING_PARTS: (Reply("term_goods_slot_parts"),),
}
_SENT, _NONE = "choice_goods_photo_sent", "choice_goods_photo_none"


def go_on(situation: Situation, claim: Claim) -> Settlement:
    """Ask for photos where they matter and none are there; else offer what can be given.

    Where two questions were asked already, photos are asked for together with the offer.
    """
    if not _matter(situation, claim):
        return offer_amends(situation, claim)
    if claim.photos or claim.facts.get("photo") or claim.facts.get("asked"):
        return offer_amends(
            situation, claim.knowing(photo=claim.facts.get("photo") or "asked"), _offer(situation, claim)
        )
    return _ask(situation, claim.knowing(photo="asked"), "utter_goods_photo")


def take_photo(situation: Situation, claim: Claim, option: str) -> Settlement:
    """Go on after the answer to whether there are photos; `claim.problem` must be known."""
    standing = standing_answer(situation, claim)
    if standing:
        return standing
    if option in (NONE, NO):
        return go_on(situation, claim.knowing(photo=NONE))
    if not claim.photos and claim.facts.get("photo") != "missing":
        return _ask(situation, claim.knowing(photo="missing"), "utter_goods_photo_missing")
    return go_on(situation, claim.knowing(photo=SENT if claim.photos else "missing"))


def _matter(situation: Situation, claim: Claim) -> bool:
    return situation.policy.goods.photo and claim.problem in _SLOTS and not is_low(situation, claim.item)


def _ask(situation: Situation, claim: Claim, name: str) -> Settlement:
    offer = _offer(situation, claim, YES, NO)
    values: dict[str, Value] = {**facts_of(situation, claim), "slots": list(_SLOTS.get(claim.problem, ()))}
    choices = tuple(
        Choice(label, "choose_option", offer.entities(situation.order.id, option))
        for label, option in ((_SENT, SENT), (_NONE, NONE))
    )
    return Settlement((Reply(name, values, (*choices, PERSON)),), offers=(offer,), cases=(claim.step(),))


def _offer(situation: Situation, claim: Claim, *in_words: str) -> NewOffer:
    """The question for photos; `in_words` are answers that are typed and have no choice of their own."""
    ends = offer_ends(situation.now, situation.policy)
    return NewOffer(PHOTO, claim.item.subject, (SENT, NONE, *in_words), ends)
