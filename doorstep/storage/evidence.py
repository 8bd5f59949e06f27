"""Keeps the evidence of cases: entries are added, never changed; a trigger in the database refuses that, too.

What has happened since the last entry (messages, photos, what was offered, taken and promised) is put in whenever an
order with an open case is settled, when a dossier is made, and so at the latest when somebody asks. Times are aware.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from doorstep import evidence as rules
from doorstep.cases import Case
from doorstep.evidence import Entry, Note
from doorstep.orders import Order
from doorstep.replies.values import to_json
from doorstep.settlement import Settlement, Situation
from doorstep.storage import transcript
from doorstep.storage.cases import Cases
from doorstep.storage.messages import Shown
from doorstep.storage.orders import Orders
from doorstep.storage.tables import cases, conversations, evidence, offers, promises, shop_tasks, uploads

NEWEST = 2**31 - 1  # above the number of any message
LAST_WORDS = timedelta(minutes=10)  # what was said about the closing of a case is told after it is closed


class Evidence:
    """Works in the transaction of the connection it is given; whoever adds to a case has locked its order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def chain(self, case_id: int) -> tuple[Entry, ...]:
        """All entries of a case, oldest first."""
        query = select(evidence).where(evidence.c.case_id == case_id).order_by(evidence.c.position)
        return tuple(
            Entry(row.position, rules.stamp(row.at), row.kind, row.content, row.previous, row.hash)
            for row in self._connection.execute(query)
        )

    def keep(self, conversation_id: str, situation: Situation, settled: Settlement) -> None:
        """Put a settlement into the evidence of each open case of its order, and of each that it closed.

        Call it once the settlement is stored.
        """
        if not settled.cases and not any(case.is_open for case in situation.cases):
            return
        known = {case.id for case in situation.cases}
        order = Orders(self._connection).get(situation.order.id) or situation.order
        for case in Cases(self._connection).of_order(order.id):
            if case.is_open or case.closed_at == situation.now:
                opening = [] if case.id in known else [rules.order_note(situation.order)]
                said = [_reply(settled, place) for place in range(len(settled.replies))]
                self._add(case, order, situation.now, conversation_id=conversation_id, opening=opening, said=said)

    def catch_up(self, case: Case, order: Order, now: datetime) -> None:
        """Put in what has happened since the last entry."""
        self._add(case, order, now)

    def _add(
        self,
        case: Case,
        order: Order,
        now: datetime,
        *,
        conversation_id: str = "",
        opening: Sequence[Note] = (),
        said: Sequence[Note] = (),
    ) -> None:
        chain = self.chain(case.id)
        told = [entry.facts for entry in chain if entry.kind == rules.MESSAGE]
        here = {conversation_id} if conversation_id else set()
        seen = dict.fromkeys({self._opened_in(case), *here}, 0) | {each["conversation"]: each["seq"] for each in told}
        notes = [*opening, rules.order_note(order), *rules.parcel_notes(order)]
        for conversation, seq in sorted(seen.items()):
            notes += self._written(conversation, seq, _heard_until(case, now))
            notes += self._photos(conversation, _heard_until(case, now))
        notes += [*self._taken(order, case), *said, *self._offers(order, case), *self._promises(order)]
        notes += [*self._tasks(order), *self._handovers(sorted(seen))]
        notes.append(Note(rules.CASE, case.number, {"state": case.state, "facts": dict(case.facts)}))
        rows = [
            {**vars(entry), "case_id": case.id, "at": datetime.fromisoformat(entry.at)}
            for entry in rules.appended(chain, notes, now)
        ]
        if rows:
            self._connection.execute(insert(evidence), rows)

    def _opened_in(self, case: Case) -> str:
        query = select(cases.c.conversation_id).where(cases.c.id == case.id)
        return str(self._connection.execute(query).scalar_one())

    def _written(self, conversation_id: str, after: int, until: datetime) -> Iterator[Note]:
        while page := transcript.shown_between(self._connection, conversation_id, after, NEWEST):
            yield from (_message(conversation_id, shown) for shown in page if shown.at <= until)
            after = page[-1].seq
            if len(page) < transcript.PAGE:
                return

    def _photos(self, conversation_id: str, until: datetime) -> Iterator[Note]:
        mine = (uploads.c.conversation_id == conversation_id) & (uploads.c.at <= until)
        for row in self._connection.execute(select(uploads).where(mine).order_by(uploads.c.at, uploads.c.id)):
            names = ("name", "media_type", "size", "sha256", "at")
            content = {name: getattr(row, name) for name in names}
            yield Note(rules.PHOTO, row.id, {"conversation": conversation_id, **content})

    def _offers(self, order: Order, case: Case) -> Iterator[Note]:
        for row in self._offered(order, case):
            names = ("kind", "subject", "made_at", "expires_at")
            content = {name: getattr(row, name) for name in names}
            yield Note(rules.OFFER, row.id, {**content, "options": list(row.options), "amount": _amount(row)})

    def _taken(self, order: Order, case: Case) -> Iterator[Note]:
        for row in self._offered(order, case):
            if row.chosen:
                content = {"kind": row.kind, "subject": row.subject, "option": row.chosen, "at": row.chosen_at}
                yield Note(rules.TAKEN, row.id, {**content, "amount": _amount(row)})

    def _offered(self, order: Order, case: Case) -> list[Any]:
        """The offers of an order that were made, or of which an option was taken, since its case was opened."""
        since = (offers.c.made_at >= case.opened_at) | (offers.c.chosen_at >= case.opened_at)
        mine = (offers.c.order_id == order.id) & since
        return list(self._connection.execute(select(offers).where(mine).order_by(offers.c.made_at, offers.c.id)))

    def _promises(self, order: Order) -> Iterator[Note]:
        query = select(promises).where(promises.c.order_id == order.id).order_by(promises.c.id)
        for row in self._connection.execute(query):
            names = ("kind", "subject", "remedy", "made_at", "due_at", "state")
            content = {name: getattr(row, name) for name in names}
            yield Note(rules.PROMISE, str(row.id), {**content, "amount": _amount(row)})

    def _tasks(self, order: Order) -> Iterator[Note]:
        query = select(shop_tasks).where(shop_tasks.c.order_id == order.id).order_by(shop_tasks.c.id)
        for row in self._connection.execute(query):
            content = {"kind": row.kind, "note": dict(row.note), "made_at": row.made_at, "done_at": row.done_at}
            yield Note(rules.TASK, str(row.id), content)

    def _handovers(self, conversation_ids: list[str]) -> Iterator[Note]:
        c = conversations.c
        wanted = c.id.in_(conversation_ids) & (c.handover_reason != "")
        for row in self._connection.execute(select(conversations).where(wanted).order_by(c.id)):
            content = {"owner": row.owner, "since": row.owner_since, "reason": row.handover_reason}
            yield Note(rules.HANDOVER, row.id, {**content, "note": dict(row.handover_note)})


def _heard_until(case: Case, now: datetime) -> datetime:
    """Until when what is written belongs to a case."""
    return case.closed_at + LAST_WORDS if case.closed_at else now


def _message(conversation_id: str, shown: Shown) -> Note:
    content = {
        "conversation": conversation_id,
        "seq": shown.seq,
        "at": shown.at,
        "from": shown.sender,
        "text": shown.text,
        "choices": [choice.label for choice in shown.choices],
        "photos": [attachment.get("id", "") for attachment in shown.attachments],
    }
    return Note(rules.MESSAGE, f"{conversation_id}/{shown.seq}", content)


def _reply(settled: Settlement, place: int) -> Note:
    return Note(rules.REPLY, "", {"reply": to_json(replace(settled.replies[place], card=None))})


def _amount(row: Any) -> str:
    return f"{row.amount:.2f} {row.currency}" if row.amount is not None else ""
