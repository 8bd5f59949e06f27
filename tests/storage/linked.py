"""A desk that is not ours, told and heard without the way between, for the tests of links."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from doorstep.desk import hearing, linking
from doorstep.desk.link_plan import Plan, plan
from doorstep.desk.port import Place, Post, Raise, Said, Seen, Stand
from doorstep.storage import ownership
from doorstep.storage.conversations import Lease
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Outgoing, post
from doorstep.storage.ownership import Move
from doorstep.storage.tables import owner_changes
from tests.conversations import locked
from tests.storage.at_the_desk import AtTheDesk

DESK, ME, OTHER = "chatwoot:1", "front/me", "front/other"
PLACE = Place("11", "source", "101")


class Linked(AtTheDesk):
    """A desk that is not ours, told and heard without the way between."""

    def link(self, conversation_id: str) -> None:
        with writing(self.engine) as connection:
            linking.take_in(connection, DESK, self.now)
            assert linking.claim(connection, conversation_id, self.lease(ME), self.now)
            linking.put(connection, conversation_id, ME, PLACE)

    def lease(self, holder: str) -> Lease:
        return Lease(holder, self.now + timedelta(seconds=60))

    def due(self) -> list[str]:
        with reading(self.engine) as connection:
            return linking.due(connection, DESK, self.now, 10)

    def claimed(self, conversation_id: str, holder: str = ME) -> bool:
        with writing(self.engine) as connection:
            return linking.claim(connection, conversation_id, self.lease(holder), self.now)

    def finish(self, conversation_id: str, seconds: float | None = 15) -> None:
        next_at = None if seconds is None else self.now + timedelta(seconds=seconds)
        with writing(self.engine) as connection:
            linking.finish(connection, conversation_id, ME, next_at, self.now)

    def planned(self, conversation_id: str) -> Plan:
        with reading(self.engine) as connection:
            return plan(connection, self.desk.policy, self.desk.words, conversation_id, ME, now=self.now)

    def tell(self, conversation_id: str) -> list[Post | Raise | Stand]:
        """Everything that is to be told, and it is known there now."""
        steps = self.planned(conversation_id).steps
        with writing(self.engine) as connection:
            for step in steps:
                linking.told(connection, conversation_id, ME, step.seq, step.change)
        return [step.tell for step in steps if step.tell]

    def hear(self, conversation_id: str, *said: Said, state: str = "open", who: str = "") -> bool:
        with writing(self.engine) as connection:
            seen = Seen(state, who, said)  # type: ignore[arg-type]
            return hearing.hear(connection, self.desk, conversation_id, ME, seen, self.now)

    def assistant_says(self, conversation_id: str, text: str) -> None:
        with writing(self.engine) as connection:
            post(connection, locked(connection, conversation_id), [Outgoing("assistant", text)], self.now)

    def goes_back(self, conversation_id: str) -> None:
        with writing(self.engine) as connection:
            ownership.move(connection, conversation_id, Move("assistant"), self.now)

    def is_handed_over(self, conversation_id: str) -> None:
        with writing(self.engine) as connection:
            ownership.hand_over(connection, conversation_id, self.now, "asked", {})

    def changes(self, conversation_id: str) -> list[tuple[str, str]]:
        o = owner_changes.c
        with reading(self.engine) as connection:
            rows = connection.execute(select(o.after, o.agent_name).where(o.conversation_id == conversation_id))
            return [tuple(row) for row in rows]


def handed_over(at: Linked) -> str:
    """A conversation in the queue of which the other desk knows everything."""
    conversation_id = at.starts()
    at.writes(conversation_id, "Where is it?")
    at.is_handed_over(conversation_id)
    at.link(conversation_id)
    at.tell(conversation_id)
    return conversation_id
