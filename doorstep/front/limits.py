"""How often a buyer may write and start conversations. Counted in the database, so that all fronts agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from sqlalchemy.engine import Connection

from doorstep.front.errors import ApiError
from doorstep.storage import conversations, messages, uploads

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BURST = timedelta(seconds=5)  # `burst` messages may come within this time
UPLOADS_PER_HOUR = 10


class MessageLimits(Protocol):
    """The part `messages` of the shop's policy."""

    @property
    def per_minute(self) -> int:
        """Messages in one conversation."""

    @property
    def burst(self) -> int:
        """Messages in one conversation at once."""

    @property
    def conversations_per_address_per_hour(self) -> int:
        """Conversations begun from one address."""


def check_message(connection: Connection, conversation_id: str, limits: MessageLimits, now: datetime) -> None:
    """Refuse (429) a message that comes too soon. Call it in the transaction that stores the message."""
    times = messages.latest_accepted(connection, conversation_id, max(limits.per_minute, limits.burst))
    allowed = ((limits.per_minute, MINUTE), (limits.burst, BURST))
    ends = [times[most - 1] + span for most, span in allowed if len(times) >= most]
    waits = [end - now for end in ends if end > now]
    if waits:
        raise _too_many("You are writing faster than we can read. Please wait a moment.", max(waits))


def check_start(connection: Connection, address: str, limits: MessageLimits, now: datetime) -> None:
    """Refuse (429) another conversation from an address that began too many."""
    count, first = conversations.started_since(connection, address, now - HOUR)
    if first is not None and count >= limits.conversations_per_address_per_hour:
        raise _too_many("Too many conversations were started from here. Please try again later.", first + HOUR - now)


def check_upload(connection: Connection, conversation_id: str, now: datetime) -> None:
    """Refuse (429) a file beyond UPLOADS_PER_HOUR."""
    count, first = uploads.added_since(connection, conversation_id, now - HOUR)
    if first is not None and count >= UPLOADS_PER_HOUR:
        raise _too_many("That is enough photos and videos for now. Please send more later.", first + HOUR - now)


def _too_many(message: str, wait: timedelta) -> ApiError:
    return ApiError(429, "too_many", message, retry_after=ceil(wait.total_seconds()))
