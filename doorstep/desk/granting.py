"""What the person who has a conversation can grant in it: what there is, how it will read, and granting it once.

`now` is an aware time. The rules are in `doorstep.people.grants` and `doorstep.people.granting`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from doorstep.desk.view import GRANT, possible
from doorstep.desk.work import GONE, IS_CLOSED, NOT_YOURS, TAKEN, Desk, Refused
from doorstep.goods.goodwill import told_with
from doorstep.orders import Money
from doorstep.people.agents import AGENT, LEAD
from doorstep.people.granting import NotAllowed, grant
from doorstep.people.grants import Grant, Limits, grants_for
from doorstep.replies.values import Reply
from doorstep.settlement import Settlement, Situation
from doorstep.storage import conversations, messages, settling, uploads
from doorstep.storage.commitments import Commitments
from doorstep.storage.conversations import CLOSED, Conversation
from doorstep.storage.identities import Identities
from doorstep.storage.messages import Shown
from doorstep.storage.ownership import By

_UNKNOWN_CODE = "…"  # of a coupon that is handed out only when it is granted


@dataclass(frozen=True)
class OnOrder:
    """What can be granted for one proven order.

    `limit` is the most that the person may grant at once in the order's currency, `lead_limit` what a lead may; None
    where the shop sets none, `lead_limit` also for a lead.
    """

    order_id: int
    number: str
    grants: tuple[Grant, ...]
    currency: str = ""
    limit: Money | None = None
    lead_limit: Money | None = None


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to grant; `amount` is in the grant's currency, None where it is fixed."""

    order_id: int
    kind: str
    subject: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Preview:
    """A grant before it is made: `text` as the buyer will read it; `label` and `amount` are for the person."""

    text: str
    buyer: str
    number: str
    label: Reply
    amount: Money | None


def offered(connection: Connection, desk: Desk, conversation_id: str, by: By, now: datetime) -> tuple[OnOrder, ...]:
    """What `by` can grant for each proven order, the one talked about first; what cannot be granted says why."""
    found = []
    for order_id in Identities(connection).proven_orders(conversation_id):
        situation = settling.situation_of(connection, order_id, desk.policy, now)
        if situation:
            found.append(_on_order(situation, order_id, by))
    return tuple(found)


def _on_order(situation: Situation, order_id: int, by: By) -> OnOrder:
    limits, of_lead = _limits(situation, by), _limits_of_lead(situation)
    order = situation.order
    return OnOrder(
        order_id,
        order.number,
        grants_for(situation, limits, of_lead),
        order.currency,
        _limit(limits, order.currency),
        None if by.is_lead else _limit(of_lead, order.currency),
    )


def _limit(limits: Limits, currency: str) -> Money | None:
    return Money(limits[currency], currency) if limits.get(currency) else None


def preview(  # noqa: PLR0917 - as `give`
    connection: Connection, desk: Desk, conversation_id: str, by: By, wanted: Wanted, now: datetime
) -> Preview:
    """What would be granted, and what the buyer will read of it; nothing is kept. Raises Refused, NotAllowed."""
    conversation = _held(connection, conversation_id, by)
    situation = _situation(connection, desk, conversation, wanted, now)
    settled = _granted(situation, wanted, by)
    if settled.coupon:
        told = told_with(_UNKNOWN_CODE, situation.policy)
        settled = replace(settled, replies=tuple(replace(r, values={**r.values, **told}) for r in settled.replies))
    order, found = situation.order, _found(situation, wanted, by)
    amount = Money(wanted.amount, found.most.currency) if found.most and wanted.amount else found.amount
    text = _text(connection, desk, conversation, settled)
    return Preview(text, order.buyer.name, order.number, found.label, amount)


def give(  # noqa: PLR0917 - who grants what, and when: read in this order
    connection: Connection, desk: Desk, conversation_id: str, by: By, wanted: Wanted, key: str, now: datetime
) -> Shown | None:
    """Grant something and tell the buyer, in one transaction; None when it was done before under the same key.

    Raises Refused, NotAllowed.
    """
    Commitments(connection).lock(wanted.order_id)  # before the conversation, as everybody does who locks both
    if messages.was_posted(connection, conversation_id, key):
        return None
    conversation = _held(connection, conversation_id, by)
    situation = _situation(connection, desk, conversation, wanted, now)
    settled = settling.keep(connection, conversation_id, situation, _granted(situation, wanted, by))
    return desk.say(connection, conversation_id, by, _text(connection, desk, conversation, settled), key, now)


def _held(connection: Connection, conversation_id: str, by: By) -> Conversation:
    conversation = conversations.find(connection, conversation_id)
    if conversation is None:
        raise Refused(GONE)
    if GRANT in possible(conversation, by):
        return conversation
    if conversation.owner == CLOSED:
        raise Refused(IS_CLOSED)
    raise Refused(TAKEN if conversation.owner == conversations.AGENT else NOT_YOURS, conversation.agent_name)


def _situation(
    connection: Connection, desk: Desk, conversation: Conversation, wanted: Wanted, now: datetime
) -> Situation:
    proven = Identities(connection).is_verified(conversation.id, wanted.order_id)
    situation = settling.situation_of(connection, wanted.order_id, desk.policy, now) if proven else None
    if situation is None:
        raise NotAllowed(Reply("term_grant_why_unknown"))
    return replace(situation, photos=uploads.ids_of(connection, conversation.id), page_of=desk.page_of)


def _granted(situation: Situation, wanted: Wanted, by: By) -> Settlement:
    limits, above = _limits(situation, by), _limits_of_lead(situation)
    return grant(situation, wanted.kind, wanted.subject, wanted.amount, limits=limits, above=above)


def _found(situation: Situation, wanted: Wanted, by: By) -> Grant:
    grants = grants_for(situation, _limits(situation, by), _limits_of_lead(situation))
    return next(each for each in grants if (each.kind, each.subject) == (wanted.kind, wanted.subject))


def _text(connection: Connection, desk: Desk, conversation: Conversation, settled: Settlement) -> str:
    said = messages.said(connection, conversation.id)
    texts = (desk.words.word(reply, conversation.language, said).text for reply in settled.replies)
    return "\n\n".join(text for text in texts if text)


def _limits(situation: Situation, by: By) -> Limits:
    return situation.policy.desk.limits_of(LEAD if by.is_lead else AGENT)


def _limits_of_lead(situation: Situation) -> Limits:
    return situation.policy.desk.limits_of(LEAD)
