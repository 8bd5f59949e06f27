"""What is given for an item with a problem: the ways the policy allows, and what follows when one is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from doorstep import cases, offers, promises
from doorstep.goods.agreed import RETURN_IT, granted, standing_answer, told_code, value_text, was_given_code
from doorstep.goods.claims import DEFECTS, DISAPPOINTED, MISSING_PARTS, Claim, facts_of, in_stock, is_low
from doorstep.goods.goodwill import may_give_coupon
from doorstep.offers import DISCOUNT, NO, PART_REFUND, PERSON, REFUND, RESEND, NewOffer, Offer
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.remedies import ABOVE_LIMIT, GIVEN_BEFORE, SWITCHED_OFF, granted_by, offer_ends, value_of
from doorstep.replies.values import Choice, Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, ShopTask, Situation
from doorstep.windows import end_of, shop_date

CENT = Decimal("0.01")
PART = "part"  # a new part instead of a new item

_WAYS = {
    RESEND: "term_goods_way_resend",
    PART: "term_goods_way_part",
    REFUND: "term_goods_way_refund",
    PART_REFUND: "term_goods_way_part_refund",
    DISCOUNT: "term_goods_way_discount",
}
_LABELS = {
    RESEND: "choice_goods_resend",
    PART: "choice_goods_part",
    REFUND: "choice_goods_refund",
    PART_REFUND: "choice_goods_part_refund",
    DISCOUNT: "choice_goods_discount",
    NO: "choice_goods_none",
}
_GRANTED = {
    RESEND: "utter_goods_granted_resend",
    PART: "utter_goods_granted_part",
    REFUND: "utter_goods_granted_refund",
    PART_REFUND: "utter_goods_granted_part_refund",
}


@dataclass(frozen=True)
class Amends:
    """What may be given without asking a person: options, and the money of the one that pays; else `why` not."""

    options: tuple[str, ...]
    amount: Money
    why: str = ""


def amends_for(situation: Situation, claim: Claim) -> Amends:
    """The options the policy allows for a claim. Never more than what of the order was not given back yet."""
    order, policy, worth = situation.order, situation.policy, claim.item.worth
    if not policy.remedies.within_limit(order.total, order.currency):
        return Amends((), worth, ABOVE_LIMIT)
    share = worth.amount * policy.goods.part_refund_percent / 100
    part = Money(share.quantize(CENT, ROUND_DOWN), worth.currency)
    left = order.total - given_so_far(situation)
    whole = worth.amount <= left
    allowed = {
        RESEND: policy.remedies.resend and in_stock(situation, claim.item) and whole,
        REFUND: policy.remedies.refund and whole and worth.amount >= CENT,
        PART_REFUND: policy.remedies.refund and CENT <= part.amount <= left,
        DISCOUNT: may_give_coupon(situation),
    }
    wanted = _wanted(situation, claim)
    options = tuple(option for option in wanted if allowed[option])
    amount = worth if REFUND in options or PART_REFUND not in options else part
    return Amends(options, amount, "" if options else SWITCHED_OFF if whole else GIVEN_BEFORE)


def _wanted(situation: Situation, claim: Claim) -> tuple[str, ...]:
    if claim.problem == DISAPPOINTED:
        return (PART_REFUND, DISCOUNT)
    return (RESEND, REFUND) if is_low(situation, claim.item) else (RESEND, PART_REFUND)


def given_so_far(situation: Situation) -> Decimal:
    """What was given for the order so far; a remedy for a parcel counts as all that is in it."""
    parcels = (p for p in situation.order.parcels if promises.granted(situation.promises, str(p.id)))
    worth = sum((value_of(situation.order, parcel).amount for parcel in parcels), start=Decimal(0))
    return max(worth, promises.given(situation.promises))


# -- offered -------------------------------------------------------------------------------


def offer_amends(situation: Situation, claim: Claim, photo_too: NewOffer | None = None) -> Settlement:
    """Offer what the policy allows, or hand over. `photo_too` also lets the buyer send photos while choosing."""
    standing = standing_answer(situation, claim)
    if standing:
        return standing
    allowed = amends_for(situation, claim)
    if not allowed.options:
        return _to_person(situation, claim, allowed)
    goods = _goods_offer(situation, claim, allowed)
    returns = _can_go_back(situation, claim)
    values: dict[str, Value] = {
        **facts_of(situation, claim),
        "ways": [*_ways(situation, claim, allowed), *([Reply("term_goods_way_return")] if returns else [])],
        "keep": Reply("term_goods_keep") if claim.problem in DEFECTS and is_low(situation, claim.item) else None,
        "photo_too": _more_photos(claim) if photo_too else None,
    }
    options = (*allowed.options, NO)
    taking = [_choice(situation, claim, goods, option) for option in options[:-1]]
    taking += [RETURN_IT] if returns else []
    taking.append(_choice(situation, claim, goods, NO))
    if photo_too:
        entities = photo_too.entities(situation.order.id, offers.SENT)
        label = "choice_goods_photo_more" if claim.photos else "choice_goods_photo_sent"
        taking.append(Choice(label, "choose_option", entities))
    made = (goods, photo_too) if photo_too else (goods,)
    return Settlement((Reply("utter_goods_offer", values, (*taking, PERSON)),), offers=made, cases=(claim.step(),))


def _more_photos(claim: Claim) -> Reply:
    return Reply("term_goods_photo_more" if claim.photos else "term_goods_photo_too")


def _goods_offer(situation: Situation, claim: Claim, allowed: Amends) -> NewOffer:
    ends = offer_ends(situation.now, situation.policy)
    return NewOffer(offers.GOODS, claim.item.subject, (*allowed.options, NO), ends, allowed.amount)


def _ways(situation: Situation, claim: Claim, allowed: Amends) -> list[Reply]:
    worth = situation.policy.goods.coupon_worth or None
    known: dict[str, Value] = {"amount": allowed.amount, "coupon_worth": worth}
    return [
        Reply(_WAYS[_named(claim, option)], {**known, "by": granted_by(option, situation.now, situation.policy)})
        for option in allowed.options
    ]


def _choice(situation: Situation, claim: Claim, offer: NewOffer, option: str) -> Choice:
    entities = offer.entities(situation.order.id, option)
    return Choice(_LABELS[_named(claim, option)], "choose_option", entities, {"amount": offer.amount})


def _named(claim: Claim, option: str) -> str:
    return PART if option == RESEND and claim.problem == MISSING_PARTS else option


def _can_go_back(situation: Situation, claim: Claim) -> bool:
    """Whether returning it is one of the ways: not for what may be kept, and only as long as the window is open."""
    if claim.problem not in DEFECTS or is_low(situation, claim.item):
        return False
    came_on = shop_date(claim.item.came_at, situation.policy)
    last_day = came_on + timedelta(days=situation.policy.returns.window_days)
    left = situation.order.total - given_so_far(situation)
    return shop_date(situation.now, situation.policy) <= last_day and claim.item.worth.amount <= left


def _to_person(situation: Situation, claim: Claim, allowed: Amends) -> Settlement:
    above = allowed.why == ABOVE_LIMIT
    values: dict[str, Value] = {
        **facts_of(situation, claim),
        "person_settles": Reply(
            "term_person_settles_value" if above else "term_person_settles", {"amount": situation.order.value}
        ),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }
    return Settlement(
        (Reply("utter_goods_person", values),),
        handover=Handover(allowed.why, _note(claim)),
        cases=(claim.step(cases.PERSON),),
    )


def _note(claim: Claim) -> dict[str, str]:
    note = {
        "item": claim.item.title,
        "problem": claim.problem,
        "value": value_text(claim.item.worth),
        "expected": claim.facts.get("expected", "").strip("?"),
        "refused": claim.facts.get("refused", ""),
        "photos": str(len(claim.photos) or ""),
    }
    return {name: value for name, value in note.items() if value}


# -- taken ---------------------------------------------------------------------------------


def take_amends(situation: Situation, claim: Claim, offer: Offer, option: str) -> Settlement:
    """Give what was taken, as far as it is still on offer; `claim.problem` must be known."""
    before = _given_before(situation, claim, offer, option) or standing_answer(situation, claim)
    if before:
        return before
    if option == NO:
        return _none_fits(situation, claim, offer)
    allowed = amends_for(situation, claim)
    pays = option in (REFUND, PART_REFUND)
    if option in allowed.options and (allowed.amount == offer.amount or not pays):
        return give(situation, claim, option, allowed)
    fresh = offer_amends(situation, claim)
    return replace(fresh, replies=(Reply("utter_offer_outdated"), *fresh.replies))


def _given_before(situation: Situation, claim: Claim, offer: Offer, option: str) -> Settlement | None:
    """The answer where the same was given before: taken again here in the words of the first time."""
    promise = granted(situation, claim.item)
    if promise and offer.chosen == option == promise.remedy and _stands(situation, promise):
        return Settlement((_granted(situation, claim, promise),))
    if option == offer.chosen == DISCOUNT and was_given_code(situation, claim.item):
        return told_code(situation, claim)
    return None


def _stands(situation: Situation, promise: Promise) -> bool:
    return promise.state == "open" and not promise.is_due(situation.now)


def give(situation: Situation, claim: Claim, option: str, allowed: Amends) -> Settlement:
    """Promise what was taken, with the money of `allowed` where it pays; nothing may stand for the item before."""
    if option == DISCOUNT:
        agreed = claim.knowing(remedy=option)
        return Settlement(told_code(situation, claim).replies, cases=(agreed.step(cases.CLOSED),), coupon=True)
    by = granted_by(option, situation.now, situation.policy)
    amount = claim.item.worth if option == RESEND else allowed.amount
    promise = Promise(option, claim.item.subject, end_of(by, situation.policy), remedy=option, amount=amount)
    facts = {"remedy": _named(claim, option), "amount": value_text(amount), "by": by.isoformat()}
    number = cases.number_for(situation.order.number, situation.cases, cases.GOODS, claim.item.subject)
    task = ShopTask(option, {**_note(claim), **facts, "sku": claim.item.lines[0].sku, "case": number})
    asks = f"missing_part/{situation.order.id}/{claim.item.subject}" if _named(claim, option) == PART else ""
    return Settlement(
        (_granted(situation, claim, promise),),
        promises=(promise,),
        cases=(claim.knowing(**facts).step(cases.AGREED),),
        tasks=(task,),
        asks=asks,
    )


def _granted(situation: Situation, claim: Claim, promise: Promise) -> Reply:
    values: Mapping[str, Value] = {
        **facts_of(situation, claim),
        "amount": promise.amount,
        "by": shop_date(promise.due_at, situation.policy),
        "case": cases.number_for(situation.order.number, situation.cases, cases.GOODS, claim.item.subject),
    }
    return Reply(_GRANTED[_named(claim, promise.kind)], values)


def _none_fits(situation: Situation, claim: Claim, offer: Offer) -> Settlement:
    """None of the ways was liked: a person may find another. A plain yes brings one."""
    refused = claim.knowing(refused=", ".join(option for option in offer.options if option != NO))
    pass_on = NewOffer(offers.PASS_ON, "", (offers.YES, NO), offer_ends(situation.now, situation.policy))
    choices = (*((RETURN_IT,) if _can_go_back(situation, claim) else ()), PERSON)
    return Settlement(
        (Reply("utter_goods_none_fits", facts_of(situation, claim), choices),),
        offers=(pass_on,),
        cases=(refused.step(),),
    )
