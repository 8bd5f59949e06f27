"""Brings together what a person has to know of a conversation, and which orders are likely to be disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from doorstep.offers import Offer
from doorstep.people.briefs import Brief, Known, Talk, brief_of
from doorstep.people.risk import Score, deadline_of, score, signs_of
from doorstep.people.waiting import MOODS
from doorstep.policy.shop import ShopPolicy
from doorstep.settlement import ShopTask, Situation
from doorstep.storage import conversations as conversations_of
from doorstep.storage import customers, uploads
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from doorstep.storage.tables import conversations, inbox, orders, outbox, parcels, shop_tasks, verified_orders


@dataclass(frozen=True)
class AtRisk:
    """An order with its score, and until when the marketplace lets a dispute be opened or answered."""

    number: str
    marketplace: str
    score: Score
    deadline: datetime
    conversation_id: str


def brief(connection: Connection, policy: ShopPolicy, conversation_id: str, now: datetime) -> Brief | None:
    """The brief of a conversation; None when there is no such conversation."""
    talk = _talk(connection, conversation_id)
    if talk is None:
        return None
    ids = Identities(connection).proven_orders(conversation_id)
    known = [each for order_id in ids if (each := _known(connection, policy, order_id, [talk], now))]
    return brief_of(talk, known, _offers(connection, conversation_id, ids))


def at_risk(connection: Connection, policy: ShopPolicy, now: datetime) -> list[AtRisk]:
    """The orders for which a dispute is likely, the highest score first; those without any sign are left out.

    Orders that were never written about count from the day they are late, and no longer than a dispute can be opened.
    """
    asked = select(verified_orders.c.order_id)
    on_its_way = select(parcels.c.order_id).where(parcels.c.shipped_at.is_not(None))
    wanted = (
        select(orders.c.id)
        .where(orders.c.cancelled_at.is_(None), or_(orders.c.id.in_(asked), orders.c.id.in_(on_its_way)))
        .where(or_(orders.c.confirmed_at.is_(None), orders.c.id.in_(asked)))
        .order_by(orders.c.id)
    )
    found = (_at_risk(connection, policy, order_id, now) for order_id in connection.execute(wanted).scalars().all())
    return sorted((each for each in found if each), key=lambda each: (-each.score.points, each.deadline, each.number))


def _at_risk(connection: Connection, policy: ShopPolicy, order_id: int, now: datetime) -> AtRisk | None:
    talks = _talks_about(connection, order_id)
    known = _known(connection, policy, order_id, talks, now)
    if known is None or known.deadline is None:
        return None
    waits = any(talk.owner in ("queue", "agent") for talk in talks)
    open_case = any(case.is_open for case in known.situation.cases)
    has_sign = any(part.reason != "value" for part in known.risk.parts)
    if not has_sign or not (waits or open_case or known.deadline >= now):
        return None
    order = known.situation.order
    return AtRisk(
        order.number, order.marketplace, known.risk, known.deadline, talks[0].conversation_id if talks else ""
    )


def _talk(connection: Connection, conversation_id: str) -> Talk | None:
    c = conversations.c
    row = connection.execute(select(conversations).where(c.id == conversation_id)).first()
    if row is None:
        return None
    counts = [
        connection.execute(
            select(func.count(), func.max(table.c.at)).where(table.c.conversation_id == conversation_id)
        ).one()
        for table in (inbox, outbox)
    ]
    ids = uploads.ids_of(connection, conversation_id)
    photos = tuple(upload.shown() for upload in uploads.find(connection, conversation_id, ids))
    last = max(filter(None, (latest for _, latest in counts)), default=None)
    with_people = row.owner in (conversations_of.QUEUE, conversations_of.AGENT)
    since = (row.queued_at if with_people else None) or row.owner_since
    return Talk(
        row.id, row.channel, row.language, row.owner, since, row.handover_reason, row.handover_note,
        row.mood, photos, sum(count for count, _ in counts), last,
    )  # fmt: skip


def _talks_about(connection: Connection, order_id: int) -> list[Talk]:
    """The conversations that have proven an order, the one that named it last first."""
    query = (
        select(verified_orders.c.conversation_id)
        .where(verified_orders.c.order_id == order_id)
        .order_by(verified_orders.c.named_at.desc())
    )
    ids = connection.execute(query).scalars().all()
    return [talk for each in ids if (talk := _talk(connection, each))]


def _known(
    connection: Connection, policy: ShopPolicy, order_id: int, talks: Sequence[Talk], now: datetime
) -> Known | None:
    order = Orders(connection).get(order_id)
    if order is None:
        return None
    policy = policy.for_(order.shop, order.ship_to.country)
    standing = customers.standing(connection, order, policy.customers, now)
    situation = Situation(
        order,
        policy,
        now,
        Commitments(connection).promises_for(order_id),
        cases=Cases(connection).of_order(order_id),
        tier=standing.tier,
        contacts=customers.contacts(connection, order_id),
    )
    mood = min((talk.mood for talk in talks), key=MOODS.index, default="calm")
    threats = tuple(dict.fromkeys(threat for talk in talks for threat in talk.threats))
    since = min((talk.since for talk in talks if "dispute" in talk.threats), default=None)
    deadline = deadline_of(situation, threats, since)
    return Known(
        situation, standing, _tasks(connection, order_id), deadline, score(signs_of(situation, mood, threats, since))
    )


def _tasks(connection: Connection, order_id: int) -> tuple[ShopTask, ...]:
    undone = (shop_tasks.c.order_id == order_id) & shop_tasks.c.done_at.is_(None)
    query = select(shop_tasks.c.kind, shop_tasks.c.note).where(undone).order_by(shop_tasks.c.id)
    return tuple(ShopTask(row.kind, row.note) for row in connection.execute(query))


def _offers(connection: Connection, conversation_id: str, order_ids: Sequence[int]) -> list[Offer]:
    made = Commitments(connection)
    return [offer for order_id in order_ids for offer in made.offers_of(conversation_id, order_id)]
