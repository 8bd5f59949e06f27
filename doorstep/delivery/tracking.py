"""Settles "where is my order?" for a whole order: what has not left, then each parcel on its own."""

from __future__ import annotations

from dataclasses import replace

from doorstep import promises
from doorstep.delivery.deliveries import settle_parcel
from doorstep.delivery.unshipped import settle_unshipped, unshipped_lines
from doorstep.facts import items_of, order_facts, tracking_card
from doorstep.offers import PERSON
from doorstep.orders import Line
from doorstep.parcels import Parcel, Stage
from doorstep.replies.values import Choice, Reply
from doorstep.settlement import Handover, Settlement, Situation


def settle_tracking(situation: Situation) -> Settlement:
    """Decide for the order: one settlement out of those of its parcels and of the lines that have not left."""
    order = situation.order
    settled: list[tuple[tuple[Line, ...], Settlement]] = []
    so_far = situation
    for parcel in order.parcels:
        if situation.stage(parcel) is not Stage.NOT_SHIPPED:
            part = settle_parcel(so_far, parcel)
            settled.append((_inside(order.lines, parcel), part))
            given = tuple(promise for promise in part.promises if promise.kind in promises.GIVES)
            so_far = replace(so_far, promises=(*so_far.promises, *given))  # what is given for one counts for the next
    lines = unshipped_lines(situation)
    if lines or not settled:
        settled.append((lines, settle_unshipped(situation, lines or order.lines)))
    return _with_card(situation, settled[0][1] if len(settled) == 1 else _merge(situation, settled))


def _inside(lines: tuple[Line, ...], parcel: Parcel) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.sku in parcel.skus)


def _merge(situation: Situation, settled: list[tuple[tuple[Line, ...], Settlement]]) -> Settlement:
    """Several parts: an introduction, each part's facts, and all choices under the last one, named by part.

    A part is told with what is in it, where that is known.
    """
    feeling = settled[0][1].replies[0].values.get("feeling")
    replies = [
        Reply("utter_several_parts", {**order_facts(situation.order), "feeling": feeling, "count": len(settled)})
    ]
    choices: list[Choice] = []
    for number, (lines, part) in enumerate(settled, start=1):
        for reply in part.replies:
            about = replace(reply, values={**reply.values, "feeling": None}, choices=())
            heading = Reply("term_part", {"part": number, "items": items_of(lines) if lines else None})
            replies.append(Reply("utter_one_part", {"heading": heading, "about": about}))
            choices += [_of_part(choice, number) for choice in reply.choices if choice != PERSON]
    replies[-1] = replace(replies[-1], choices=(*choices, PERSON))
    parts = [part for _, part in settled]
    return Settlement(
        tuple(replies),
        tuple(promise for part in parts for promise in part.promises),
        tuple(offer for part in parts for offer in part.offers),
        _handover(parts),
        tuple(step for part in parts for step in part.cases),
        tasks=tuple(task for part in parts for task in part.tasks),
    )


def _handover(parts: list[Settlement]) -> Handover | None:
    """The first part's that needs a person, with the reasons and notes of all of them."""
    needed = {number: part.handover for number, part in enumerate(parts, start=1) if part.handover}
    if not needed:
        return None
    note = {f"part {number}": handover.reason for number, handover in needed.items()}
    for number, handover in needed.items():
        note |= {f"part {number}, {name}": value for name, value in handover.note.items()}
    return Handover(next(iter(needed.values())).reason, note)


def _of_part(choice: Choice, number: int) -> Choice:
    label = Reply(choice.label, choice.values)
    return Choice("choice_of_part", choice.intent, choice.entities, {"part": number, "label": label})


def _with_card(situation: Situation, settlement: Settlement) -> Settlement:
    if not situation.order.parcels:
        return settlement
    first = replace(settlement.replies[0], card=tracking_card(situation))
    return replace(settlement, replies=(first, *settlement.replies[1:]))
