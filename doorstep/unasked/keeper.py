"""Says first what nobody asked for, and keeps what was promised, each in one transaction of its own.

Used by the front's clock. A notice is settled, said and marked as sent at once, with its order locked: two fronts say
it once, and one that dies in the middle leaves it planned. No words are made here but by the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from doorstep.desk.telling import Words, as_notice
from doorstep.policy.shop import ShopPolicy
from doorstep.settlement import Settlement, Situation
from doorstep.storage import conversations, messages, settling
from doorstep.storage.commitments import Commitments
from doorstep.storage.notices import Notice, Notices, Reach
from doorstep.unasked import followups, keeping, notices
from doorstep.unasked.daytime import is_day
from doorstep.unasked.keeping import Kept

NEWS = (
    *notices.OF_PARCEL,
    *(notices.LATE, notices.UNPAID, notices.BACK_IN_STOCK, notices.RETURN_DEADLINE, notices.CASE),
)
ASKED, UNREACHABLE = "asked", "unreachable"
_WITH_PERSON, _MUTED = timedelta(minutes=10), timedelta(hours=6)  # looked at again after


@dataclass(frozen=True)
class Keeper:
    """The work of the clock. Each method is the work of one transaction; `now` is an aware time."""

    policy: ShopPolicy
    words: Words

    def to_plan(self, connection: Connection, now: datetime, limit: int) -> list[int]:
        """Orders for which it is not planned yet what is said first."""
        kept = Notices(connection)
        found = [*kept.marked(now, limit), *kept.with_open_cases(now, limit)]
        return list(dict.fromkeys(found))[:limit]

    def plan(self, connection: Connection, order_ids: Sequence[int], now: datetime) -> None:
        """Plan for some orders."""
        kept = Notices(connection)
        for order_id in sorted(order_ids):
            Commitments(connection).lock(order_id)
            situation = settling.situation_of(connection, order_id, self.policy, now)
            if situation:
                plan = followups.plan(situation, kept.states_of(order_id), kept.is_new(order_id))
                kept.keep(order_id, plan)

    def due(self, connection: Connection, now: datetime, limit: int) -> list[Notice]:
        """What is to be said now."""
        return Notices(connection).due(now, limit)

    def tidy(self, connection: Connection, now: datetime) -> None:
        """Drop the news that has grown old while nobody could be told."""
        Notices(connection).drop_old(NEWS, now)

    def put_off(self, connection: Connection, notice: Notice, now: datetime) -> None:
        """Have a notice that could not be said looked at again later."""
        Notices(connection).postpone(notice, now + _MUTED)

    def tell(self, connection: Connection, notice: Notice, now: datetime) -> str:
        """Say what a notice says, or note why not; gives the conversation in which there is news, or ""."""
        kept = Notices(connection)
        Commitments(connection).lock(notice.order_id)
        situation = settling.situation_of(connection, notice.order_id, self.policy, now)
        if situation is None or not kept.still_planned(notice):
            return ""
        hours, country = situation.policy.notices, situation.order.ship_to.country
        if not is_day(now, country, hours.earliest, hours.latest):
            kept.postpone(notice, followups.next_buyer_day(situation.policy, country, now))
            return ""
        reach = kept.reach(notice.order_id, now)
        if reach and reach.owner not in (conversations.ASSISTANT, conversations.CLOSED):
            kept.postpone(notice, now + _WITH_PERSON)
            return ""
        if reach and reach.is_busy:
            return ""  # not between a question and its answer; soon
        if notice.kind == notices.PROMISE:
            silent = notice.kind in hours.leave_out or not hours.on
            return self._keep_promise(connection, notice, situation, None if silent else reach)
        return self._say_news(connection, notice, situation, reach)

    def _say_news(self, connection: Connection, notice: Notice, situation: Situation, reach: Reach | None) -> str:
        kept = Notices(connection)
        why = followups.LEFT_OUT if followups.is_left_out(situation.policy, notice.kind) else ""
        if not why and reach and reach.named_at >= notice.due_at and notice.kind != notices.CASE:
            why = ASKED  # the buyer has asked since, and was told how things stand
        said = followups.Said(why=why) if why else followups.say(situation, notice.kind, notice.subject)
        if said.reply is None:
            kept.drop(notice, said.why)
            return ""
        if reach is None or reach.muted:
            kept.postpone(notice, situation.now + _MUTED)
            return ""
        if notice.kind == notices.UNPAID:
            kept.drop_earlier(notice, notices.UNPAID, followups.OVERTAKEN)
        return self._post(connection, notice, reach.conversation_id, situation, Settlement((said.reply,)))

    def _keep_promise(self, connection: Connection, notice: Notice, situation: Situation, reach: Reach | None) -> str:
        kept, commitments = Notices(connection), Commitments(connection)
        promise = followups.promise_named(situation, notice.subject)
        if promise is None or promise.state not in (keeping.OPEN, keeping.KEPT):
            kept.drop(notice, followups.SETTLED)
            return ""
        if promise.state == keeping.OPEN and not promise.is_due(situation.now):  # it was put off
            kept.postpone(notice, promise.due_at + timedelta(seconds=1))
            return ""
        order_id = notice.order_id
        if promise.state == keeping.KEPT:
            outcome = keeping.carried_out(situation, promise)
        else:
            outcome = keeping.keep(situation, promise, kept.tasks_of(order_id), kept.told(order_id))
        can_tell = reach is not None and not reach.muted
        if not can_tell and _needs_the_buyer(outcome):
            kept.postpone(notice, situation.now + _MUTED)
            return ""
        commitments.change_state(order_id, promise.kind, promise.subject, outcome.state)
        told = outcome.said is not None and bool(outcome.said.replies)
        if outcome.said and told and reach and can_tell:
            return self._post(connection, notice, reach.conversation_id, situation, outcome.said)
        if outcome.said:
            where = reach.conversation_id if reach else kept.made_in(order_id, promise.kind, promise.subject)
            settling.keep(connection, where, situation, replace(outcome.said, replies=()))
        kept.drop(notice, UNREACHABLE if told else outcome.state)
        return ""

    def _post(
        self, connection: Connection, notice: Notice, conversation_id: str, situation: Situation, settled: Settlement
    ) -> str:
        """Store what is decided and say it; the last message has the way to stop such messages."""
        settled = settling.keep(connection, conversation_id, situation, settled)
        conversation = conversations.lock(connection, conversation_id)
        assert conversation is not None  # noqa: S101 - it was read in this transaction, and only an erasure deletes one
        said = messages.said(connection, conversation_id)
        replies = (*settled.replies[:-1], notices.with_stop(settled.replies[-1]))
        worded = [self.words.word(reply, conversation.language, said) for reply in replies]
        shown = messages.post(connection, conversation, [as_notice(each) for each in worded], situation.now)
        Notices(connection).sent(notice, conversation_id, shown[-1].seq, situation.now)
        return conversation_id


def _needs_the_buyer(outcome: Kept) -> bool:
    """Whether the outcome waits for an answer; without it nothing is kept or broken."""
    return outcome.said is not None and (bool(outcome.said.offers) or outcome.state == keeping.OPEN)
