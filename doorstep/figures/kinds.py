"""The kinds of figures: the columns of each, and how they are counted from its items.

Items are rows of `doorstep.figures.facts`. A kind's one function counts any of them, so that a row and the total
cannot mean different things.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from doorstep.figures.facts import Dispute, Facts, Placed, Rated, Stay, Talk
from doorstep.figures.figure import COUNT, MINUTES, RATE, SHARE, Value
from doorstep.figures.settling import Settling
from doorstep.figures.stays import TAKEN_BACK

FEWEST = {50: 5, 90: 10}  # from how many times a percentile is told
UNITS = {
    "median": MINUTES, "p90": MINUTES, "share_settled": SHARE, "share_still_settled": SHARE, "rate": RATE,
    "share_missed": SHARE, "share_good": SHARE,
}  # fmt: skip

Values = tuple[Value, ...]
Items = Sequence[Any]  # each with `at` and `group`


@dataclass(frozen=True)
class Kind:
    """A kind of figure. `columns` are keys, `drawn` those in the picture; `count` gives a value for each column."""

    key: str
    columns: tuple[str, ...]
    drawn: tuple[str, ...]
    count: Callable[[Any], Values]

    @property
    def unit(self) -> str:
        """The unit of what is drawn."""
        return UNITS.get(self.drawn[0], COUNT)


def items_of(facts: Facts, settled: Sequence[Settling]) -> dict[str, Items]:
    """What each kind counts."""
    came = [stay for stay in facts.stays if facts.covers(stay.at)]
    return {
        "open": facts.open,
        "waiting": [each for each in facts.open if each.waits],
        "first_reply": came,
        "time_to_close": came,
        "settled": settled,
        "still_settled": [each for each in settled if each.is_settled],
        "handovers": came,
        "dispute_rate": [*(each for each in facts.disputes if facts.covers(each.at)), *facts.orders],
        "understanding": facts.talks,
        "ratings": facts.ratings,
    }


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The least of the values that so many percent of them do not exceed; None where they are too few (FEWEST).

    That is the nearest-rank percentile: always one of the values.
    """
    if len(values) < FEWEST[percent]:
        return None
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


def share(part: int, whole: int) -> float | None:
    """A part of a whole from 0 to 1; None where the whole is 0."""
    return part / whole if whole else None


def _number(items: Items) -> Values:
    return (len(items),)


def _first_reply(stays: Sequence[Stay]) -> Values:
    times = [_minutes(each.replied_at - each.at) for each in stays if each.replied_at]
    waiting = sum(each.replied_at is None and not each.ending for each in stays)
    return len(stays), *_times(times), waiting, len(stays) - len(times) - waiting


def _time_to_close(stays: Sequence[Stay]) -> Values:
    times = [_minutes(each.ended_at - each.at) for each in stays if each.ended_at and each.ending != TAKEN_BACK]
    still_open = sum(not each.ending for each in stays)
    return len(stays), *_times(times), still_open, len(stays) - len(times) - still_open


def _times(times: Sequence[float]) -> Values:
    return len(times), percentile(times, 50), percentile(times, 90)


def _minutes(length: timedelta) -> float:
    return length / timedelta(minutes=1)


def _settled(talks: Sequence[Settling]) -> Values:
    settled = sum(each.is_settled for each in talks)
    handed_over = sum(each.was_handed_over for each in talks)
    return len(talks), settled, handed_over, len(talks) - settled - handed_over, share(settled, len(talks))


def _still_settled(talks: Sequence[Settling]) -> Values:
    told = [each for each in talks if not each.is_too_early]
    known = [each for each in told if each.is_known]
    still = sum(not each.came_back for each in known)
    return len(talks), len(talks) - len(told), len(told) - len(known), len(known), still, share(still, len(known))


def _dispute_rate(items: Sequence[Dispute | Placed]) -> Values:
    disputes = sum(isinstance(each, Dispute) for each in items)
    orders = len(items) - disputes
    return disputes, orders, 100 * disputes / orders if orders else None


def _understanding(talks: Sequence[Talk]) -> Values:
    written = sum(each.written for each in talks)
    refused = sum(each.refused for each in talks)
    corrected = sum(each.corrected for each in talks)
    handed_over = sum(each.handed_over for each in talks)
    return written, refused, corrected, handed_over, share(refused + corrected + handed_over, written)


def _ratings(ratings: Sequence[Rated]) -> Values:
    good = sum(each.is_good for each in ratings)
    return good, len(ratings) - good, share(good, len(ratings))


KINDS = (
    Kind("open", ("open",), ("open",), _number),
    Kind("waiting", ("waiting",), ("waiting",), _number),
    Kind(
        "first_reply",
        ("came", "replied", "median", "p90", "no_reply_yet", "never_replied"),
        ("median", "p90"),
        _first_reply,
    ),
    Kind(
        "time_to_close",
        ("came", "ended", "median", "p90", "still_open", "taken_back"),
        ("median", "p90"),
        _time_to_close,
    ),
    Kind(
        "settled",
        ("conversations", "settled", "handed_over", "unanswered", "share_settled"),
        ("share_settled",),
        _settled,
    ),
    Kind(
        "still_settled",
        ("settled", "too_early", "unknown_buyer", "counted", "still_settled", "share_still_settled"),
        ("share_still_settled",),
        _still_settled,
    ),
    Kind("handovers", ("all",), ("all",), _number),  # and a column for each reason
    Kind("dispute_rate", ("disputes", "orders", "rate"), ("rate",), _dispute_rate),
    Kind(
        "understanding",
        ("messages", "refused", "corrected", "understanding_handed_over", "share_missed"),
        ("share_missed",),
        _understanding,
    ),
    Kind("ratings", ("good", "bad", "share_good"), ("share_good",), _ratings),
)
