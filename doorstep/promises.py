"""What Doorstep has said it will do by a date: made once, then kept, broken or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from doorstep.orders import Money

GRACE = "grace"  # wait until the date, then send again or refund
TRACE = "trace"  # still missing after the date: ask the carrier to trace it, a person opens a case
SHIP = "ship"  # the order leaves by the date
RESEND = "resend"  # a new parcel leaves by the date
REFUND = "refund"  # the money goes out by the date
SWAP = "swap"  # another product leaves by the date
CANCEL = "cancel"  # the order is cancelled and refunded by the date
PART_REFUND = "part_refund"  # a part of the money goes out by the date, the goods stay with the buyer
DUTY_SHARE = "duty_share"  # a part of the duty goes out by the date
DUTY = "duty"  # the shop pays the whole duty to the carrier by the date
PAPERS = "papers"  # the shop sends the papers that customs want by the date
RETURN = "return"  # the buyer sends the goods back by the date
RETURN_REFUND = "return_refund"  # the money goes out by the date, once the goods are back
NOTICE = "notice"  # look at the parcel again on the date

GIVES = (RESEND, REFUND, CANCEL, SWAP, PART_REFUND, RETURN_REFUND)
_STANDS = ("open", "kept", "broken")  # what was promised and not done in time is still owed
REST = "rest"  # the subject of what has not left, once another part of the order has


@dataclass(frozen=True)
class Promise:
    """A promise for one order. `subject` is a parcel's id as text, REST, or "" for the whole order.

    `remedy` is what the buyer chose for the day the promise falls due ("resend", "refund" or ""); `amount` is what is
    given, in money or in goods, where the promise gives something.
    """

    kind: str
    subject: str
    due_at: datetime
    remedy: str = ""
    state: str = "open"
    amount: Money | None = None

    @property
    def stands(self) -> bool:
        """Whether it is kept or owed; one whose date passed without it is owed still."""
        return self.state in _STANDS

    def is_due(self, now: datetime) -> bool:
        """Whether its date has passed."""
        return now > self.due_at


def find(promises: tuple[Promise, ...], kind: str, subject: str) -> Promise | None:
    """The promise of a kind for a subject, whatever its state."""
    return next((p for p in promises if p.kind == kind and p.subject == subject), None)


def granted(promises: tuple[Promise, ...], subject: str) -> Promise | None:
    """What was already granted for a subject: sent again, refunded, cancelled or swapped.

    A whole order that was cancelled or refunded counts for each of its parcels; one that was swapped does not, since
    the other product comes in a parcel too.
    """
    return next((p for p in promises if p.stands and _grants(p, subject)), None)


def given(promises: tuple[Promise, ...]) -> Decimal:
    """What was given for an order so far, in money and in goods, in the order's currency; duties are not part of it."""
    amounts = (p.amount.amount for p in promises if p.stands and p.kind in GIVES and p.amount)
    return sum(amounts, start=Decimal(0))


def _grants(promise: Promise, subject: str) -> bool:
    if promise.subject == subject:
        return promise.kind in (RESEND, REFUND, CANCEL, SWAP)
    return promise.subject == "" and (promise.kind in (CANCEL, REFUND) or (promise.kind == SWAP and subject == REST))
