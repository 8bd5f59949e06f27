"""Tells of each conversation whether it was settled without a person, and whether it stayed so."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.figures.facts import Facts, Group, Known, Talk

WATCHED = timedelta(days=7)  # how long after the last answer something may still come of it


@dataclass(frozen=True)
class Settling:
    """A conversation in which the buyer wrote something; `at` is when it began.

    `came_back` means nothing where the buyer would not be known again (`is_known`), or while it `is_too_early`; nor
    where the conversation was not settled, as its own hand-over may be the one found.
    """

    at: datetime
    group: Group
    was_handed_over: bool
    is_settled: bool
    is_too_early: bool
    is_known: bool
    came_back: bool


def settlings(facts: Facts) -> list[Settling]:
    """The period's conversations in which the buyer wrote something."""
    handed_over: dict[str, list[datetime]] = defaultdict(list)
    for stay in facts.stays:
        handed_over[stay.conversation_id].append(stay.at)
    complaints = _complaints(facts)
    return [
        _settling(talk, handed_over.get(talk.id, ()), complaints, facts.now) for talk in facts.talks if talk.messages
    ]


def _settling(
    talk: Talk, handed_over: Sequence[datetime], complaints: Mapping[int | str, Sequence[datetime]], now: datetime
) -> Settling:
    answered = talk.answered_at
    until = answered + WATCHED if answered else None
    was_handed_over = any(until is None or at <= until for at in handed_over)
    came_back = answered is not None and any(
        _complained(complaints.get(key, ()), answered) for key in _keys(talk.known)
    )
    return Settling(
        talk.at,
        talk.group,
        was_handed_over,
        is_settled=until is not None and not was_handed_over,
        is_too_early=until is None or now < until,
        is_known=bool(_keys(talk.known)),
        came_back=came_back,
    )


def _complaints(facts: Facts) -> dict[int | str, list[datetime]]:
    """Every hand-over and every new dispute, by order and by buyer, oldest first."""
    found: dict[int | str, list[datetime]] = defaultdict(list)
    for stay in facts.stays:
        for key in _keys(stay.known):
            found[key].append(stay.at)
    for dispute in facts.disputes:
        found[dispute.order_id].append(dispute.at)
    return {key: sorted(each) for key, each in found.items()}


def _complained(complaints: Sequence[datetime], answered: datetime) -> bool:
    """Whether there was one after an answer, within the days watched."""
    return bisect_right(complaints, answered) < bisect_right(complaints, answered + WATCHED)


def _keys(known: Known) -> Iterable[int | str]:
    return (*known.orders, *((known.email_key,) if known.email_key else ()))
