"""Figures for Prometheus. Each app has a registry of its own; database figures are read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from sqlalchemy.engine import Connection

from doorstep.desk import linking
from doorstep.front.database import Database, is_unreachable
from doorstep.storage import conversations, messages

_SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10, 25, 40)


class Metrics:
    """What one front counts and measures."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._accepted = Counter("doorstep_messages_accepted", "Buyers' messages stored", registry=self._registry)
        self._outcomes = Counter(
            "doorstep_outcomes", "Messages settled, by outcome", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "doorstep_turn_seconds",
            "From taking a message up to its outcome",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._trouble = Counter(
            "doorstep_rasa_troubles", "Tries at Rasa that gave no reply, by kind", ["kind"], registry=self._registry
        )
        self._desk_trouble = Counter(
            "doorstep_desk_link_troubles",
            "Passes to another desk that failed, by kind",
            ["kind"],
            registry=self._registry,
        )
        self._listeners = Gauge(
            "doorstep_listeners", "Clients waiting for news, by way", ["way"], registry=self._registry
        )
        self._failing = Gauge(
            "doorstep_desk_links_failing",
            "Conversations that another desk could not be told of",
            registry=self._registry,
        )
        self._unsettled = Gauge("doorstep_inbox_unsettled", "Messages without an outcome", registry=self._registry)
        self._owners = Gauge("doorstep_conversations", "Conversations, by owner", ["owner"], registry=self._registry)

    def accepted(self) -> None:
        """A message was stored."""
        self._accepted.inc()

    def turn(self, outcome: str, seconds: float) -> None:
        """A message got its outcome."""
        self._outcomes.labels(outcome).inc()
        self._seconds.observe(seconds)

    def rasa_trouble(self, kind: str) -> None:
        """A try at Rasa failed."""
        self._trouble.labels(kind).inc()

    def desk_trouble(self, kind: str) -> None:
        """A pass over a conversation at another desk failed: away, refused, fault."""
        self._desk_trouble.labels(kind).inc()

    @contextmanager
    def listener(self, way: str) -> Iterator[None]:
        """Counts a client for as long as it waits: `poll` or `events`."""
        self._listeners.labels(way).inc()
        try:
            yield
        finally:
            self._listeners.labels(way).dec()

    async def text(self, database: Database) -> bytes:
        """All figures in Prometheus' text format; those of the database as NaN while it is away."""
        unsettled, owners, unseen, failing = float("nan"), dict[str, int](), float("nan"), float("nan")
        try:
            unsettled, owners, failing = await database.read(_counts)
            unseen = 0
        except Exception as error:
            if not is_unreachable(error):
                raise
        self._unsettled.set(unsettled)
        self._failing.set(failing)
        for owner in (conversations.ASSISTANT, conversations.QUEUE, conversations.AGENT, conversations.CLOSED):
            self._owners.labels(owner).set(owners.get(owner, unseen))
        return generate_latest(self._registry)


def _counts(connection: Connection) -> tuple[float, dict[str, int], float]:
    counted = messages.count_unsettled(connection), conversations.count_by_owner(connection)
    return *counted, linking.count_failing(connection)
