"""Talking about one order: what every test of "I have not received it" begins with and looks up after."""

from __future__ import annotations

from typing import Any

from doorstep import demo
from doorstep.orders import Order
from doorstep.policy.shop import ShopPolicy
from tests.e2e.buyer import Buyer, Told
from tests.e2e.facts import label, usual
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop

EMAILS = {order["number"]: order["email"] for order in demo.listing()}
PERSON = label("choice_talk_to_person")
REMEDIES = {"resend", "refund", "cancel", "swap"}


def asked(shop: Shop, number: str) -> tuple[Buyer, list[Told]]:
    """A new buyer who says that an order has not come and proves that it is theirs; and what they are told."""
    buyer = shop.buyer()
    told = buyer.open(number, EMAILS.get(number) or email_of(number))
    return buyer, told


def only_promise(shop: Shop, number: str, kind: str) -> Any:
    """The one promise made for an order, which must be of this kind."""
    made = shop.promises(number)
    assert [promise.kind for promise in made] == [kind]
    return made[0]


def granted(shop: Shop, number: str) -> list[str]:
    """What was granted for an order, oldest first."""
    return [promise.kind for promise in shop.promises(number) if promise.kind in REMEDIES]


def remedy_labels(order: Order, when: str) -> list[str]:
    """The labels of send again and refund: "now", or "then" for after the wait."""
    return [label(f"choice_{when}_resend"), label(f"choice_{when}_refund", amount=order.value)]


def usual_words(policy: ShopPolicy, order: Order) -> str:
    """The usual time of the order's first parcel: "7–15 business days"."""
    return "{}–{} business days".format(*usual(policy, order, order.parcels[0]))
