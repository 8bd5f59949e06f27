"""Asks Rasa until it answers or patience ends: Rasa may be restarting, or an action may have failed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import structlog

from doorstep.front.outcomes import Answer
from doorstep.front.rasa_client import Patience, RasaClient, RasaTrouble
from doorstep.front.turns import Question

AT_ONCE = 16  # calls to Rasa; it has one event loop
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0  # seconds
_LEAST_CALL = 1.0  # seconds; a shorter call would only fail
log = structlog.get_logger(__name__)


class Asking:
    """Puts questions to Rasa, AT_ONCE at a time. `count_trouble` hears the kind of each failed try."""

    def __init__(self, rasa: RasaClient, patience: Patience, count_trouble: Callable[[str], None]) -> None:
        self._rasa = rasa
        self._patience = patience
        self._count_trouble = count_trouble
        self._free = asyncio.Semaphore(AT_ONCE)

    async def ask(self, question: Question) -> Answer:
        """The answer; never raises for what Rasa does. Takes at most `tries` seconds and one call more."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.tries
        pause = _FIRST_PAUSE
        again = question.again
        while True:
            trouble = await self._try(question, end, again)
            again = True
            if isinstance(trouble, Answer):
                return trouble
            self._count_trouble(trouble.kind)
            log.warning("rasa.trouble", conversation=question.conversation.id, kind=trouble.kind)
            left = end - loop.time()
            if not trouble.again or left <= 0:
                return Answer(trouble=trouble.kind)
            await asyncio.sleep(min(left, pause * random.uniform(0.7, 1.3)))  # noqa: S311 - only to spread the tries
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _try(self, question: Question, end: float, again: bool) -> Answer | RasaTrouble:
        left = max(_LEAST_CALL, end - asyncio.get_running_loop().time())
        try:
            await asyncio.wait_for(self._free.acquire(), left)
        except asyncio.TimeoutError:
            return RasaTrouble("busy", again=False)
        try:
            left = max(_LEAST_CALL, end - asyncio.get_running_loop().time())
            return await self._rasa.turn(question, left, again=again)
        except RasaTrouble as trouble:
            return trouble
        except Exception as error:
            # A fault of ours in reading the answer must not leave the buyer without one.
            log.error("rasa.answer_unreadable", kind=type(error).__name__, exc_info=True)
            return RasaTrouble("unreadable", again=False)
        finally:
            self._free.release()
