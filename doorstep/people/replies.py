"""What the buyer is told when a person takes over: by when they answer, what they have, and what waits for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from doorstep.facts import order_facts, status_words
from doorstep.parcels import Stage
from doorstep.people.handovers import ANGRY, ASKED, NOT_UNDERSTOOD
from doorstep.people.opening import answer_by, is_open, opens_at
from doorstep.people.zones import zone_of
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Handover, Situation
from doorstep.wishes import PERSON, THREAT

# What a buyer threatens with: how they feel about it.
THREATS = {
    "dispute": "utter_feel_threat_dispute",
    "review": "utter_feel_threat_review",
    "legal": "utter_feel_threat_legal",
    "police": "utter_feel_threat_police",
    "anger": "utter_feel_threat_anger",
}
_TOLD = {
    ASKED: "utter_handover_asked",
    ANGRY: "utter_handover_angry",
    NOT_UNDERSTOOD: "utter_handover_not_understood",
}


def told(
    handover: Handover, policy: ShopPolicy, now: datetime, situation: Situation | None, waiting: Sequence[str] = ()
) -> Reply:
    """What the buyer is told when they asked for a person, threatened, or were not understood.

    `situation` is that of the order talked about, if there is one; `waiting` are the wishes of the message that nobody
    has answered.
    """
    threat = handover.note.get("threat", "").split(", ")[0]
    at_hand = _at_hand(situation) if situation and handover.reason == ANGRY else []
    values: dict[str, Value] = {
        "feeling": Reply(THREATS.get(threat, THREATS["anger"])) if handover.reason == ANGRY else None,
        "case": [*at_hand, answer_told(policy, now, situation), *waiting_told(waiting)],
        "answer_within_hours": Hours(policy.answer_within_hours),
    }
    return Reply(_TOLD[handover.reason], values)


def answer_told(
    policy: ShopPolicy, now: datetime, situation: Situation | None, promised: datetime | None = None
) -> Reply:
    """By when a person answers, on the buyer's clock where it is known; and when the shop opens, while it is closed.

    `promised` is what the buyer was told before. Where their clock is not known, that cannot be told again in hours
    that begin now: then nothing is said of it.
    """
    zone = zone_of(situation.order.ship_to, now) if situation else None
    opens = opens_at(policy, now)
    if promised and zone is None:
        return Reply("term_answer_promised")
    values: dict[str, Value] = {
        "answer_by": _on_clock(promised or answer_by(policy, now), zone),
        "opens_at": _on_clock(opens, zone),
        "opens_in": Hours(max(1, math.ceil((opens - now) / timedelta(hours=1)))),
        "answer_within_hours": Hours(policy.answer_within_hours),
    }
    return Reply("term_answer_while_open" if is_open(policy, now) else "term_answer_while_closed", values)


def _on_clock(moment: datetime, zone: ZoneInfo | None) -> datetime | None:
    return moment.astimezone(zone) if zone else None


def waiting_told(wishes: Sequence[str]) -> list[Value]:
    """The wishes that wait for the person, named one by one; "customs/refuse" counts by its first part."""
    names = dict.fromkeys(wish.partition("/")[0] for wish in wishes)
    labels = [Reply(f"choice_wish_{name}") for name in names if name not in (PERSON, THREAT)]
    items: list[Value] = [Reply("term_waiting_wish", {"wish": label}) for label in labels]
    return [Reply("term_waiting_wishes"), *items] if items else []


def left_over(wishes: Sequence[str]) -> tuple[Reply, ...]:
    """What is told of wishes that nobody has answered before a person took over; nothing where there are none."""
    items = waiting_told(wishes)
    return (Reply("utter_handover_waiting", {"waiting": items}),) if items else ()


def _at_hand(situation: Situation) -> list[Value]:
    """What the person has before them: the order, and where its parcels are."""
    order = situation.order
    lines: list[Value] = [Reply("term_at_hand", order_facts(order))]
    for parcel in order.parcels:
        if situation.stage(parcel) is not Stage.NOT_SHIPPED:
            number = parcel.tracking_number or None
            name = "term_parcel_line" if number else "term_parcel_line_unregistered"
            lines.append(Reply(name, {"tracking_number": number, "status": status_words(parcel)}))
    return lines
