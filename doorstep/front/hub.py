"""Wakes those who wait for news of a conversation: at once for news of this front, within a second for others'."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from sse_starlette.sse import AppStatus

from doorstep.front.database import Database, is_unreachable
from doorstep.front.errors import ApiError
from doorstep.front.pages import Page
from doorstep.storage import conversations
from doorstep.storage.conversations import State

LOOK_EVERY = 1.0  # seconds between looks for what other processes changed
MOST_LISTENERS = 20  # of one conversation: browser tabs that wait for news here
_AT_ONCE = 500
log = structlog.get_logger(__name__)


class Listener:
    """One client that waits for news of one conversation."""

    def __init__(self, *, is_buyers: bool = True) -> None:
        self.is_buyers = is_buyers
        self._woken = asyncio.Event()
        self._page: Page | None = None
        self._must_read = False

    async def wait(self, seconds: float) -> None:
        """Wait until there may be news, or the time is over."""
        await wait_for(self._woken, seconds)

    def wake(self, page: Page | None = None) -> None:
        """Something happened; without the page of it the listener has to read."""
        self._must_read |= page is None
        self._page = page
        self._woken.set()

    def told(self, after: int) -> Page | None:
        """The page of all that happened since the last call, if that is exactly what comes after this number."""
        page, must_read = self._page, self._must_read
        self._page, self._must_read = None, False
        return page if page is not None and page.after == after and not must_read else None


class Hub:
    """Who listens to which conversation in this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[str, set[Listener]] = {}
        self._known: dict[str, State] = {}
        self.closing = False

    def wake(self, conversation_id: str) -> None:
        """Tell every listener that there may be news."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.wake()

    def tell(self, conversation_id: str, page: Page) -> None:
        """Give every listener what this front has just stored, so that it need not be read again.

        A message never changes and numbers have no gaps, so a listener that has everything before the page has
        everything with it, whatever other fronts wrote. What they changed beside messages is seen by the next look.
        """
        if page.state.owner == conversations.AGENT:
            self.wake(conversation_id)  # whether somebody types is known only by reading
        elif conversation_id in self._listeners:
            self._known[conversation_id] = page.state
            for listener in self._listeners[conversation_id]:
                listener.wake(page if page.messages else None)

    def check_room(self, conversation_id: str) -> None:
        """Refuse (429) one more listener of a conversation that has MOST_LISTENERS."""
        if sum(each.is_buyers for each in self._listeners.get(conversation_id, ())) >= MOST_LISTENERS:
            raise ApiError(429, "too_many", "This conversation is open in too many places.", retry_after=5)

    @contextmanager
    def listening(self, conversation_id: str, *, is_buyers: bool = True) -> Iterator[Listener]:
        """A listener that hears of news for as long as the block runs; only a buyer's is counted by `check_room`."""
        listener = Listener(is_buyers=is_buyers)
        self._listeners.setdefault(conversation_id, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]
                self._known.pop(conversation_id, None)

    async def watch(self) -> None:
        """Look for news until cancelled; ends every wait when the server is asked to stop."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if AppStatus.should_exit:
                self.close()
            try:
                await self._look()
            except Exception as error:
                # A listener must outlive any fault of the database; the next look tries again.
                log.warning("hub.look_failed", kind=type(error).__name__, away=is_unreachable(error))

    def close(self) -> None:
        """End all waits: listeners see `closing` and stop."""
        self.closing = True
        for conversation_id in self._listeners:
            self.wake(conversation_id)

    async def _look(self) -> None:
        ids = list(self._listeners)
        for start in range(0, len(ids), _AT_ONCE):
            states = await self._database.read(conversations.states, ids[start : start + _AT_ONCE])
            for conversation_id, state in states.items():
                if self._known.get(conversation_id) != state and conversation_id in self._listeners:
                    self._known[conversation_id] = state
                    self.wake(conversation_id)


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set or the time is over, and clear it."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    event.clear()
