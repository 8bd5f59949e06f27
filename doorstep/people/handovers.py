"""When a person takes over: every reason that the rules give, and what it means to that person.

What the buyer is told: `doorstep.people.replies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doorstep.wishes import PERSON, THREAT

CARE, LOGISTICS = "care", "logistics"  # teams
NOW, TODAY, IN_TURN = 1, 2, 3  # urgency
ASKED, ANGRY, NOT_UNDERSTOOD = "asked", "angry", "not_understood"
WROTE_UNASKED = "desk"  # a person took it up while the assistant had it
DELIVERY_FAILED, MANY_CONTACTS = "delivery_failed_again", "many_contacts"


@dataclass(frozen=True)
class Reason:
    """Why a person takes over. `means` and `next_step` name replies that the person reads.

    `tells_hours`: the buyer is told when the shop's people are there and by when they answer. Where it is false, the
    answer itself says within how many hours.
    """

    means: str
    next_step: str
    team: str = CARE
    urgency: int = IN_TURN
    tells_hours: bool = False


_DECIDE, _TALK = "term_agent_do_decide", "term_agent_do_talk"
_CARRIER, _ADDRESS = "term_agent_do_call_carrier", "term_agent_do_confirm_address"

REASONS: dict[str, Reason] = {
    ASKED: Reason("term_agent_why_asked", _TALK, tells_hours=True),
    ANGRY: Reason("term_agent_why_angry", "term_agent_do_calm", urgency=NOW, tells_hours=True),
    NOT_UNDERSTOOD: Reason("term_agent_why_not_understood", "term_agent_do_read", tells_hours=True),
    WROTE_UNASKED: Reason("term_agent_why_desk", _TALK, urgency=TODAY),
    "technical": Reason("term_agent_why_technical", "term_agent_do_read", urgency=TODAY),
    "identity_not_proven": Reason("term_agent_why_identity_not_proven", "term_agent_do_identify"),
    "unpaid_part": Reason("term_agent_why_not_in_policy", _DECIDE),
    "above_limit": Reason("term_agent_why_above_limit", _DECIDE, urgency=TODAY),
    "not_in_policy": Reason("term_agent_why_not_in_policy", _DECIDE),
    "given_for_other_parcel": Reason("term_agent_why_given_before", _DECIDE),
    "given_before": Reason("term_agent_why_given_before", _DECIDE),
    "promise_overdue": Reason("term_agent_why_promise_overdue", "term_agent_do_keep_promise", urgency=NOW),
    "delivered_elsewhere": Reason("term_agent_why_delivered_elsewhere", _CARRIER, LOGISTICS, TODAY),
    "delivered_not_received": Reason("term_agent_why_delivered_not_received", "term_agent_do_trace", LOGISTICS, TODAY),
    "signed_by_stranger": Reason("term_agent_why_signed_by_stranger", _CARRIER, LOGISTICS, TODAY),
    "returning": Reason("term_agent_why_returning", "term_agent_do_returning", LOGISTICS),
    "cancel_returning": Reason("term_agent_why_cancel_returning", "term_agent_do_returning", LOGISTICS),
    "address_correction": Reason("term_agent_why_address", _ADDRESS, LOGISTICS, TODAY),
    "address_shipped": Reason("term_agent_why_address", _ADDRESS, LOGISTICS, TODAY),
    "address_not_read": Reason("term_agent_why_address", _ADDRESS, LOGISTICS, TODAY),
    "address_other_country": Reason("term_agent_why_address_other_country", _ADDRESS, LOGISTICS, TODAY),
    "why_cancelled": Reason("term_agent_why_why_cancelled", "term_agent_do_money", urgency=TODAY),
    "customs_promised": Reason("term_agent_why_customs_promised", _DECIDE),
    "duty_paid": Reason("term_agent_why_duty", _DECIDE),
    "duty_share": Reason("term_agent_why_duty", _DECIDE),
    "goods_again": Reason("term_agent_why_goods_again", _DECIDE, urgency=TODAY),
    "reported_late": Reason("term_agent_why_reported_late", _DECIDE),
    "return_address": Reason("term_agent_why_return_address", "term_agent_do_return_address", LOGISTICS, TODAY),
    "return_change": Reason("term_agent_why_return_change", _TALK),
    "return_late": Reason("term_agent_why_return_late", _DECIDE),
    DELIVERY_FAILED: Reason("term_agent_why_delivery_failed", _CARRIER, LOGISTICS, TODAY, tells_hours=True),
    MANY_CONTACTS: Reason("term_agent_why_many_contacts", _CARRIER, LOGISTICS, TODAY, tells_hours=True),
}
# A reason that is not in the table is a mistake of ours and no reason to lose the conversation.
UNKNOWN = Reason("term_agent_why_unknown", _TALK)


def reason_of(name: str) -> Reason:
    """What a reason means."""
    return REASONS.get(name, UNKNOWN)


def note_of(wishes: Sequence[str]) -> dict[str, str]:
    """What a person has to know of a message's wishes: what else it asked for, and what it threatened with."""
    parts = [wish.partition("/") for wish in wishes]
    threats = [about for wish, _, about in parts if wish == THREAT and about]
    others = [f"{wish}{mark}{about}" for wish, mark, about in parts if wish not in (PERSON, THREAT)]
    note = {"wishes": ", ".join(others), "threat": ", ".join(threats)}
    return {name: text for name, text in note.items() if text}
