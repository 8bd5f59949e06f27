"""What a buyer can want, in the order in which it is handled, and which wishes are one and the same conversation.

The fact comes before the demand: who writes "not received, I want my money back" has a missing parcel, and the
money is one of the ways out that its answer offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PERSON, THREAT = "human_agent", "complaint_escalation"

# As they are handled when a message states several: facts, then demands, then questions, then whom to talk to.
WISHES = (
    "not_received",
    "returned_to_sender",
    "customs",
    "defective",
    "quality_complaint",
    "how_to_use",
    "payment_problem",
    "track_order",
    "change_address",
    "cancel_order",
    "return_item",
    "refund",
    "stock",
    "delivery_time",
    "confirm_receipt",
    THREAT,
    PERSON,
)

# The answer to the first offers or says what the others ask for, or the others cannot be meant beside it.
_ANSWERS_TOO = {
    "not_received": {"track_order", "refund", "delivery_time", "confirm_receipt"},
    "returned_to_sender": {"not_received", "track_order", "refund", "confirm_receipt"},
    "customs": {"track_order", "refund", "payment_problem"},
    "defective": {"quality_complaint", "return_item", "refund", "confirm_receipt"},
    "quality_complaint": {"return_item", "refund", "confirm_receipt"},
    "payment_problem": {"refund"},
    "track_order": {"delivery_time", "confirm_receipt"},
    "cancel_order": {"refund"},
    "return_item": {"refund"},
}


def said_closely(stated: Iterable[str], closely: Mapping[str, str]) -> list[str]:
    """Each wish once, with what the message says of it more closely where it does: "customs/refuse"."""
    return [f"{wish}/{closely[wish]}" if closely.get(wish) else wish for wish in dict.fromkeys(stated)]


def in_order(stated: Iterable[str]) -> tuple[str, ...]:
    """The wishes of one message as they are to be handled, without those that the answer to another settles.

    What a wish says more closely ("customs/refuse") stays with it.
    """
    closely = {wish.partition("/")[0]: wish for wish in stated}
    ordered = [wish for wish in WISHES if wish in closely]
    settled = {also for wish in ordered for also in _ANSWERS_TOO.get(wish, ())}
    return tuple(closely[wish] for wish in ordered if wish not in settled)
