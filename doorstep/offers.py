"""What the policy lets the buyer choose from, and what happens when they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from doorstep.orders import Money
from doorstep.replies.values import Choice

# kinds
AFTER_WAIT = "after_wait"  # what to do if the parcel is not there by the promised date
NOW = "now"  # send again or refund at once
SIGNER = "signer"  # does the buyer know who signed?
UNSHIPPED = "unshipped"  # wait, swap or cancel what has not left yet
PASS_ON = "pass_on"  # noqa: S105 - shall a person settle it? Asked anew each time

DUTY = "duty"  # the shop's share of a duty that the buyer was charged
GOODS = "goods"  # what is given for goods with a problem
RETURN = "return"  # goods go back, for money or for other goods; may be changed as long as the case allows it
CANCELLING = "cancelling"  # shall the order be called off?
# Questions: what was answered before does not bind, and nothing is given because of the answer alone.
PROBLEM = "problem"  # what is wrong with the goods?
PHOTO = "photo"  # is there a photo?
GUIDE = "guide"  # does it work after this step?
CONDITION = "condition"  # can the goods be sold again?
RETURN_WHICH = "return_which"  # which line goes back?
EXCHANGE = "exchange"  # is this what is wanted instead?
RETURN_SENT = "return_sent"  # have the goods been sent back, and with a tracking number?
ADDRESS = "address"  # is the new address right?
DUTY_ASKED = "duty_asked"  # what about the duty?

# options
RESEND, REFUND, WAIT, CANCEL, YES, NO = "resend", "refund", "wait", "cancel", "yes", "no"
PART_REFUND, RETURN_IT, EXCHANGE_IT, DISCOUNT = "part_refund", "return", "exchange", "discount"
SENT, NONE = "sent", "none"  # a photo, a return
UNUSED, USED = "unused", "used"  # the goods that are to go back
SWAP_PREFIX = "swap:"  # followed by the SKU to send instead

PERSON = Choice("choice_talk_to_person", "human_agent")


def grants(kind: str, option: str) -> bool:
    """Whether an option, once taken, is final: something is sent, paid back or cancelled because of it.

    A discount is not: a defect found later may still be made good.
    """
    return kind in (NOW, UNSHIPPED, DUTY, GOODS, CANCELLING) and option not in ("", WAIT, NO, DISCOUNT)


@dataclass(frozen=True)
class Offer:
    """An offer as it is stored. `subject` is a parcel's id as text, or "" for the whole order."""

    id: str
    conversation_id: str
    order_id: int
    subject: str
    kind: str
    options: tuple[str, ...]
    expires_at: datetime
    amount: Money | None = None
    chosen: str = ""


@dataclass(frozen=True)
class NewOffer:
    """An offer to be made. One offer per conversation, order, subject and kind is open at a time."""

    kind: str
    subject: str
    options: tuple[str, ...]
    expires_at: datetime
    amount: Money | None = None

    def entities(self, order_id: int, option: str) -> dict[str, str]:
        """What a choice of `option` tells, so that this offer is found again: see `Assistant.take_option`."""
        return {"offer": f"{self.kind}/{order_id}/{self.subject}", "option": option}


class Refusal(Enum):
    """Why an option cannot be taken."""

    UNKNOWN = "unknown"  # no such offer in this conversation, or no such option in it
    EXPIRED = "expired"
    SETTLED = "settled"  # another option was taken before


def refusal_of(offer: Offer | None, conversation_id: str, option: str, now: datetime) -> Refusal | None:
    """Why `option` of an offer cannot be taken in a conversation at `now`; None when it can.

    Taking the same option twice is no refusal: the buyer gets the same answer and nothing is granted again. An
    option that granted nothing (to wait, to know the signer) can be followed by another.
    """
    if offer is None or offer.conversation_id != conversation_id or option not in offer.options:
        return Refusal.UNKNOWN
    if offer.chosen == option:
        return None
    if grants(offer.kind, offer.chosen):
        return Refusal.SETTLED
    return Refusal.EXPIRED if now > offer.expires_at else None
