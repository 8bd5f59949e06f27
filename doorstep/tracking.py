"""Settles "where is my order?" for a whole order: what has not left, then each parcel on its own."""

from __future__ import annotations

from dataclasses import replace

from doorstep.deliveries import PERSON, settle_parcel
from doorstep.facts import order_facts, tracking_card
from doorstep.parcels import Stage
from doorstep.replies.values import Choice, Reply
from doorstep.settlement import Settlement, Situation
from doorstep.unshipped import settle_unshipped, unshipped_lines


def settle_tracking(situation: Situation) -> Settlement:
    """Decide for the order: one settlement out of those of its parcels and of the lines that have not left."""
    settled = []
    lines = unshipped_lines(situation)
    for parcel in situation.order.parcels:
        if situation.stage(parcel) is not Stage.NOT_SHIPPED:
            settled.append(settle_parcel(situation, parcel))
    if lines or not settled:
        settled.append(settle_unshipped(situation, lines or situation.order.lines))
    return _with_card(situation, settled[0] if len(settled) == 1 else _merge(situation, settled))


def _merge(situation: Situation, settled: list[Settlement]) -> Settlement:
    """Several parts: an introduction, each part's facts, and all choices under the last one, named by part."""
    feeling = settled[0].replies[0].values.get("feeling")
    replies = [
        Reply("utter_several_parts", {**order_facts(situation.order), "feeling": feeling, "count": len(settled)})
    ]
    choices: list[Choice] = []
    for number, part in enumerate(settled, start=1):
        for reply in part.replies:
            replies.append(replace(reply, values={**reply.values, "feeling": None, "part": number}, choices=()))
            choices += [_of_part(choice, number) for choice in reply.choices if choice != PERSON]
    replies[-1] = replace(replies[-1], choices=(*choices, PERSON))
    return Settlement(
        tuple(replies),
        tuple(promise for part in settled for promise in part.promises),
        tuple(offer for part in settled for offer in part.offers),
        next((part.handover for part in settled if part.handover), None),
    )


def _of_part(choice: Choice, number: int) -> Choice:
    label = Reply(choice.label, choice.values)
    return Choice("choice_of_part", choice.intent, choice.entities, {"part": number, "label": label})


def _with_card(situation: Situation, settlement: Settlement) -> Settlement:
    if not situation.order.parcels:
        return settlement
    first = replace(settlement.replies[0], card=tracking_card(situation))
    return replace(settlement, replies=(first, *settlement.replies[1:]))
