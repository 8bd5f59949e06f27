"""Keeps Rasa's conversation state in Doorstep's own database, and the live conversations in memory in front of it.

A restart forgets nothing, because a turn is answered only after its events are in the database. A conversation's
tracker is kept in memory only between its turns: it is lent out for a turn and comes back when the turn is stored, so
a turn that failed half-way leaves nothing behind. Before it is lent out again, the newest event in the database tells
whether another worker has gone on with the conversation meanwhile; then it is read again.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from doorstep import settings
from doorstep.storage import rasa_events
from doorstep.storage.engine import make_engine, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST_EVENTS = 10_000  # kept in memory, of all live conversations together: some 10 MB


@dataclass
class _Live:
    """A conversation in memory: its tracker, how many of its events are stored, and the newest one's row."""

    tracker: DialogueStateTracker
    stored: int
    newest: int
    lent: bool


class DoorstepTrackerStore(TrackerStore):
    """Rasa's table of events in the database of DOORSTEP_DATABASE_URL, with a bounded memory in front.

    What endpoints.yml says of a database is not asked. Nothing is kept in memory when the speed-ups are off.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        **_kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        told = settings.load()
        self.engine = make_engine(told.database_url, flush=False)
        rasa_events.create(self.engine)
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._most_events = MOST_EVENTS if told.speedups else 0
        self._events_kept = 0

    @property
    def domain(self) -> Domain:
        """The domain whose slots a tracker has."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._live.clear()  # their slots are those of another domain
        self._events_kept = 0

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with reading(self.engine) as connection:
            return rasa_events.conversations(connection)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the conversation's latest session, for one turn; None for a new conversation."""
        live = self._live.get(sender_id)
        with reading(self.engine) as connection:
            newest = rasa_events.newest(connection, sender_id)
            if live and not live.lent and live.newest == newest and live.stored == len(live.tracker.events):
                live.lent = True
                self._live.move_to_end(sender_id)
                return live.tracker
            tracker = self._read(connection, sender_id, latest_session=True)
        self._forget(sender_id)
        if tracker is not None:
            self._remember(_Live(tracker, len(tracker.events), newest, lent=True))
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker of all sessions of a conversation, always from the database."""
        with reading(self.engine) as connection:
            return self._read(connection, conversation_id, latest_session=False)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that are new since the tracker was lent out, all or none."""
        await self.stream_events(tracker)
        sender_id = tracker.sender_id
        live = self._live.get(sender_id)
        ours = live is not None and live.tracker is tracker
        with writing(self.engine) as connection:
            known, newest = (
                (live.stored, live.newest) if live and ours else rasa_events.count_and_newest(connection, sender_id)
            )
            new = list(islice(tracker.events, known, None))
            if not new:
                return
            count, newest = rasa_events.append(connection, sender_id, [_row(event) for event in new], newest)
        self._forget(sender_id)
        if count == len(new):  # else another worker has written, too: read it all again next time
            kept = self._latest_session(tracker, new)
            self._remember(_Live(kept, len(kept.events), newest, lent=False))

    def _latest_session(self, tracker: DialogueStateTracker, new: list[Event]) -> DialogueStateTracker:
        """The tracker as it would be read: a session that began in this turn leaves what was before behind."""
        began = max((event.timestamp for event in new if isinstance(event, SessionStarted)), default=None)
        if began is None:
            return tracker
        events = [event for event in tracker.events if event.timestamp >= began]
        return DialogueStateTracker.from_events(tracker.sender_id, events, self.domain.slots)

    def _read(self, connection: Connection, sender_id: str, *, latest_session: bool) -> DialogueStateTracker | None:
        events = list(map(json.loads, rasa_events.read(connection, sender_id, latest_session=latest_session)))
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    def _remember(self, live: _Live) -> None:
        self._live[live.tracker.sender_id] = live
        self._events_kept += live.stored
        while self._events_kept > self._most_events and self._live:
            self._forget(next(iter(self._live)))

    def _forget(self, sender_id: str) -> None:
        live = self._live.pop(sender_id, None)
        self._events_kept -= live.stored if live else 0


def _row(event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
