"""The queue for a person: who is answered first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOODS = ("angry", "upset", "calm")  # as they are answered


@dataclass(frozen=True)
class Waiting:
    """A conversation in the queue, since when and why; `deadline` is the marketplace's, `risk` is from 0 to 100.

    Without a proven order nothing is known of the customer: `tier` is "", and there is neither deadline nor risk.
    """

    conversation_id: str
    since: datetime
    reason: str
    team: str = ""
    tier: str = ""
    mood: str = "calm"
    deadline: datetime | None = None
    risk: int = 0


def in_order(waiting: Iterable[Waiting], tiers: Sequence[str], now: datetime) -> list[Waiting]:
    """The queue as it is answered: by tier, mood, full hours waited, the platform's deadline, then who came first.

    `tiers` are the policy's, the highest first; who has none comes with the last one.
    """

    def place(each: Waiting) -> tuple[int, int, int, float, datetime]:
        rank = tiers.index(each.tier) if each.tier in tiers else len(tiers) - 1
        mood = MOODS.index(each.mood) if each.mood in MOODS else len(MOODS)
        deadline = each.deadline.timestamp() if each.deadline else float("inf")
        return rank, mood, -((now - each.since) // timedelta(hours=1)), deadline, each.since

    return sorted(waiting, key=place)
