"""What a buyer is told of the queue: their place in it, how long others waited, and by when they are answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from doorstep.people.opening import answer_by, is_open
from doorstep.people.replies import answer_told
from doorstep.people.waiting import in_order
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Hours, Minutes, Reply, Value
from doorstep.settlement import Situation
from doorstep.storage import briefs, conversations, desk, settling
from doorstep.storage.conversations import Conversation
from doorstep.storage.identities import Identities

FEWEST_WAITS = 5  # from fewer than these nothing is told
_SHARE = 0.8  # so many of those that waited had waited no longer
_STEP = 5  # minutes


@dataclass(frozen=True)
class Queue:
    """The queue by a shop's rules. `now` is an aware time."""

    policy: ShopPolicy

    def came_in(self, connection: Connection, conversation: Conversation, now: datetime) -> Reply:
        """Note what decides over the place of a conversation that came into the queue; gives what its buyer is told."""
        policy = self.policy.for_(conversation.shop, "")
        brief = briefs.brief(connection, policy, conversation.id, now)
        order = brief.orders[0] if brief and brief.orders else None
        conversations.change(
            connection,
            conversation.id,
            tier=brief.who.tier if brief else "",
            deadline_at=order.deadline if order else None,
            answer_due_at=answer_by(policy, now),
        )
        asks = not is_open(policy, now) and not conversation.contact_email
        email = Reply("term_queue_email") if asks else None
        return Reply("notice_in_queue", {**self.told(connection, conversation, now), "email": email})

    def told(self, connection: Connection, conversation: Conversation, now: datetime) -> dict[str, Value]:
        """The lines of the place and of the wait; both None while the shop is closed, as nobody moves up then."""
        policy = self.policy.for_(conversation.shop, "")
        if not is_open(policy, now):
            return {"place": None, "wait": None}
        waiting = in_order(desk.waiting(connection, conversation.shop), tuple(policy.customers.tiers), now)
        place = next((at for at, each in enumerate(waiting, 1) if each.conversation_id == conversation.id), None)
        measured = desk.waits_measured(connection, conversation.shop, now)
        wait = usual_wait([wait for came_at, wait in measured if is_open(policy, came_at)])  # a night is no wait
        return {
            "place": place and Reply("term_queue_next" if place == 1 else "term_queue_place", {"place": place}),
            "wait": wait and Reply("term_queue_wait", {"wait": wait}),
        }

    def answer(self, connection: Connection, conversation: Conversation, now: datetime) -> Reply:
        """By when a person answers, on the buyer's clock where an order tells it; what was promised before stands."""
        policy = self.policy.for_(conversation.shop, "")
        situation = situation_talked_about(connection, self.policy, conversation.id, now)
        due = conversation.answer_due_at
        return answer_told(policy, now, situation, due if due and due > now else None)


def usual_wait(measured: Sequence[timedelta]) -> Minutes | Hours | None:
    """How long most of those who waited had to wait at most, rounded up; None where too few were measured."""
    if len(measured) < FEWEST_WAITS:
        return None
    longest = sorted(measured)[math.ceil(_SHARE * len(measured)) - 1]
    minutes = _STEP * max(1, math.ceil(longest / timedelta(minutes=_STEP)))
    return Minutes(minutes) if minutes <= 90 else Hours(math.ceil(minutes / 60))


def situation_talked_about(
    connection: Connection, policy: ShopPolicy, conversation_id: str, now: datetime
) -> Situation | None:
    """The order that a conversation is about just now, as it stands; None where none was proven."""
    order_id = Identities(connection).current_order(conversation_id)
    return None if order_id is None else settling.situation_of(connection, order_id, policy, now)
