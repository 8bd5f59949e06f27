"""What is told of asking the carrier: by when we will, that we have, or that nothing here records it."""

from __future__ import annotations

from datetime import datetime

from doorstep import promises
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Situation
from doorstep.windows import add_business_days, end_of, shop_date

TRACE_WITHIN_DAYS = 2  # business days until we have asked the carrier


def trace_of(situation: Situation, subject: str) -> Promise | None:
    """The promise to ask the carrier about a parcel, whatever its state."""
    return promises.find(situation.promises, promises.TRACE, subject)


def new_trace(situation: Situation, subject: str) -> Promise:
    """A promise to ask the carrier within the days for it."""
    by = add_business_days(shop_date(situation.now, situation.policy), TRACE_WITHIN_DAYS)
    return Promise(promises.TRACE, subject, end_of(by, situation.policy))


def is_asked(trace: Promise | None) -> bool:
    """Whether our records say that the carrier has been asked."""
    return trace is not None and trace.state == "kept"


def is_overdue(trace: Promise, now: datetime) -> bool:
    """Whether the carrier should have been asked, and nothing says that this was done."""
    return not is_asked(trace) and (trace.is_due(now) or trace.state != "open")


def trace_told(situation: Situation, trace: Promise, claim: bool = False) -> Reply:
    """How far it is with asking the carrier to trace a parcel, or with a claim for a damaged one."""
    state = "asked" if is_asked(trace) else "overdue" if is_overdue(trace, situation.now) else "planned"
    values = {"trace_by": shop_date(trace.due_at, situation.policy)}
    return Reply(f"term_claim_{state}" if claim else f"term_trace_{state}", values)


def if_missing(situation: Situation, trace: Promise | None, after: datetime | None = None) -> Reply:
    """What to do if a delivered parcel does not turn up: tell us, from a day on that still lies ahead (`after`)."""
    if is_asked(trace):
        return Reply("term_trace_asked")
    ahead = after is not None and after >= situation.now
    return Reply("term_if_missing", {"wait_until": shop_date(after, situation.policy) if after and ahead else None})
