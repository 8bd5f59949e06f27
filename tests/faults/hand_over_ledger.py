"""Checks after the fact, from the database alone, that hand-overs went as they must: an independent reading of it.

Numbers of messages and of changes of owner come from one counter under one lock, so they tell what came before what.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.storage.engine import reading
from doorstep.storage.tables import inbox, outbox, owner_changes


@dataclass
class Ledger:
    """What was found. Each list holds what must not be: (conversation, number or id of the message)."""

    talked_over: list[tuple[str, int]] = field(default_factory=list)  # by the assistant while a person had it
    unsettled: list[tuple[str, str]] = field(default_factory=list)  # a buyer's message without an outcome
    lost: list[str] = field(default_factory=list)  # accepted from a buyer, or said by a person, and not there
    unanswered: list[tuple[str, str]] = field(default_factory=list)  # counted as answered, with nothing said
    twice: list[tuple[str, str]] = field(default_factory=list)  # answered in two goes
    outcomes: Counter[str] = field(default_factory=Counter)
    hand_overs: int = 0

    @property
    def faults(self) -> dict[str, list[object]]:
        """All that must not be, by its name."""
        names = ("talked_over", "unsettled", "lost", "unanswered", "twice")
        return {name: list(getattr(self, name)) for name in names if getattr(self, name)}


def read(engine: Engine, accepted: Iterable[str], said: Iterable[str]) -> Ledger:
    """Read everything; `accepted` are ids of buyers' messages, `said` keys of people's, as those who sent them know."""
    ledger = Ledger()
    i, o, c = inbox.c, outbox.c, owner_changes.c
    with reading(engine) as connection:
        wrote = connection.execute(select(i.id, i.conversation_id, i.message_id, i.outcome)).all()
        told = connection.execute(select(o.conversation_id, o.seq, o.sender, o.message_id, o.answers, o.at)).all()
        changes = connection.execute(select(c.conversation_id, c.seq, c.after).order_by(c.id)).all()
    owners: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for change in changes:
        owners[change.conversation_id].append((change.seq, change.after))
        ledger.hand_overs += change.after == "agent"
    answers: dict[int, list[object]] = defaultdict(list)
    for row in told:
        if row.sender == "assistant" and _owner_at(owners[row.conversation_id], row.seq) == "agent":
            ledger.talked_over.append((row.conversation_id, row.seq))
        if row.answers is not None:
            answers[row.answers].append(row.at)
    for row in wrote:
        here = (row.conversation_id, row.message_id)
        ledger.outcomes[row.outcome] += 1
        if not row.outcome:
            ledger.unsettled.append(here)
        if row.outcome in ("answered", "apologised") and not answers[row.id]:
            ledger.unanswered.append(here)
        if len(set(answers[row.id])) > 1:
            ledger.twice.append(here)
    kept = Counter(row.message_id for row in wrote) + Counter(row.message_id for row in told)
    ledger.lost = [each for each in (*accepted, *said) if kept[each] != 1]
    return ledger


def _owner_at(changes: list[tuple[int, str]], seq: int) -> str:
    """Who had a conversation when a message of that number was stored: by the last change before it."""
    before = bisect_left(changes, (seq, ""))
    return changes[before - 1][1] if before else "assistant"
