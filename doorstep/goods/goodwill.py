"""Small thanks from the seller's goodwill: a coupon, one for an order, as far as the customer's tier has a budget."""

from __future__ import annotations

from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Value
from doorstep.settlement import Situation


def may_give_coupon(situation: Situation) -> bool:
    """Whether a coupon may be handed to the buyer of the order now."""
    return situation.coupon and situation.policy.customers.goodwill.get(situation.tier, 0) > 0


def told_with(code: str, policy: ShopPolicy) -> dict[str, Value]:
    """What a reply tells of a coupon; all of it is left out where there is no code (any more)."""
    return {"coupon": code or None, "coupon_worth": (code and policy.goods.coupon_worth) or None}
