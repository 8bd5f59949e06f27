"""What Doorstep has said it will do by a date: made once, then kept, broken or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GRACE = "grace"  # wait until the date, then send again or refund
TRACE = "trace"  # still missing after the date: ask the carrier to trace it, a person opens a case
SHIP = "ship"  # the order leaves by the date
RESEND = "resend"  # a new parcel leaves by the date
REFUND = "refund"  # the money goes out by the date
SWAP = "swap"  # another product leaves by the date
CANCEL = "cancel"  # the order is cancelled and refunded by the date
NOTICE = "notice"  # look at the parcel again on the date

REST = "rest"  # the subject of what has not left, once another part of the order has


@dataclass(frozen=True)
class Promise:
    """A promise for one order. `subject` is a parcel's id as text, REST, or "" for the whole order.

    `remedy` is what the buyer chose for the day the promise falls due ("resend", "refund" or "").
    """

    kind: str
    subject: str
    due_at: datetime
    remedy: str = ""
    state: str = "open"

    def is_due(self, now: datetime) -> bool:
        """Whether its date has passed."""
        return now > self.due_at


def find(promises: tuple[Promise, ...], kind: str, subject: str) -> Promise | None:
    """The promise of a kind for a subject, whatever its state."""
    return next((p for p in promises if p.kind == kind and p.subject == subject), None)


def granted(promises: tuple[Promise, ...], subject: str) -> Promise | None:
    """What was already granted for a subject: sent again, refunded, cancelled or swapped.

    A whole order that was cancelled counts for each of its parcels; one that was swapped does not, since the
    other product comes in a parcel too.
    """
    return next((p for p in promises if p.state in ("open", "kept") and _grants(p, subject)), None)


def _grants(promise: Promise, subject: str) -> bool:
    if promise.subject == subject:
        return promise.kind in (RESEND, REFUND, CANCEL, SWAP)
    return promise.subject == "" and (promise.kind == CANCEL or (promise.kind == SWAP and subject == REST))
