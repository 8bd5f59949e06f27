"""One pass over a conversation that is linked to a desk that is not ours: first it tells, then it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from doorstep.adapters.desks import DeskRefused
from doorstep.desk import hearing, linking
from doorstep.desk.link_plan import Plan, plan
from doorstep.desk.linking import Lost, Periods
from doorstep.desk.port import File, OtherDesk, Place, Post, Step
from doorstep.desk.work import Desk
from doorstep.front.database import Database
from doorstep.storage import conversations


class Pass:
    """Works links in the name of `holder`, who has leased them. `uploads` is the folder of the buyers' files."""

    def __init__(  # noqa: PLR0917 - all that a pass needs, once for a front
        self,
        holder: str,
        other: OtherDesk,
        desk: Desk,
        database: Database,
        now: Callable[[], datetime],
        uploads: Path,
    ) -> None:
        self._holder = holder
        self._other = other
        self._desk = desk
        self._database = database
        self._now = now
        self._uploads = uploads

    async def run(self, conversation_id: str) -> bool:
        """Tell and hear; gives whether anything changed here. Raises Lost, DeskAway, DeskRefused."""
        wanted = await self._database.read(self._plan, conversation_id)
        place = await self._open(conversation_id, wanted)
        try:
            await self._tell(conversation_id, place, wanted)
            return await self._hear(conversation_id, place)
        except DeskRefused as refused:
            if refused.status == 404:  # it was deleted over there, or the address is wrong: then opening fails, too
                await self._database.write(linking.forget_place, conversation_id, self._holder)
            raise

    def finish(self, connection: Connection, conversation_id: str, periods: Periods) -> None:
        """Give the link back after a pass that went well. Raises Lost."""
        conversation = conversations.find(connection, conversation_id)
        if conversation is None:
            raise Lost(conversation_id)
        now = self._now()
        linking.finish(connection, conversation_id, self._holder, periods.next_look(conversation, now), now)

    def fail(self, connection: Connection, conversation_id: str, periods: Periods, retry_after: float | None) -> None:
        """Give the link back after a pass that failed. Raises Lost."""
        link = linking.held(connection, conversation_id, self._holder)
        next_at = periods.next_try(link.failures + 1, retry_after, self._now())
        linking.fail(connection, conversation_id, self._holder, next_at)

    def _plan(self, connection: Connection, conversation_id: str) -> Plan:
        return plan(connection, self._desk.policy, self._desk.words, conversation_id, self._holder, now=self._now())

    async def _open(self, conversation_id: str, wanted: Plan) -> Place:
        """Where the conversation is over there; made if need be, and each id written down at once."""
        place = wanted.place
        if place.remote_id:
            return place
        if not place.contact_id:
            place = await asyncio.to_thread(self._other.open_contact, wanted.ticket)
            await self._database.write(linking.put, conversation_id, self._holder, place)
        place = await asyncio.to_thread(self._other.open_conversation, wanted.ticket, place)
        await self._database.write(linking.put, conversation_id, self._holder, place)
        return place

    async def _tell(self, conversation_id: str, place: Place, wanted: Plan) -> None:
        """Do the steps in order, each but once: what an earlier pass may have posted is looked for first."""
        our_ids = [step.tell.our_id for step in wanted.steps if isinstance(step.tell, Post)]
        posted = set[str]()
        if our_ids:
            posted = await asyncio.to_thread(self._other.posted, place, our_ids, wanted.heard_id)
        for step in wanted.steps:
            await self._do(conversation_id, place, step, posted)
            if step.seq or step.change:
                await self._database.write(linking.told, conversation_id, self._holder, step.seq, step.change)

    async def _do(self, conversation_id: str, place: Place, step: Step, posted: set[str]) -> None:
        tell = step.tell
        if isinstance(tell, Post):
            if tell.our_id not in posted:
                await asyncio.to_thread(self._post, conversation_id, place, tell)
        elif tell is not None:
            await asyncio.to_thread(self._other.set, place, tell)

    def _post(self, conversation_id: str, place: Place, tell: Post) -> None:
        """Write a message with its files; one that is gone is only named."""
        files, text = list[File](), tell.text
        for each in tell.uploads:
            try:
                content = (self._uploads / conversation_id / each.id).read_bytes()
            except OSError:
                text = f"{text}\n[file not found: {each.name}]".strip()
            else:
                files.append((each.name, each.media_type, content))
        self._other.post(place, replace(tell, text=text), files)

    async def _hear(self, conversation_id: str, place: Place) -> bool:
        after = await self._database.read(self._heard_id, conversation_id)
        seen = await asyncio.to_thread(self._other.see, place, after)
        return await self._database.write(hearing.hear, self._desk, conversation_id, self._holder, seen, self._now())

    def _heard_id(self, connection: Connection, conversation_id: str) -> int:
        return linking.held(connection, conversation_id, self._holder).heard_id
