"""Reads what a decision looks at, and keeps what was decided: shared by the answers and by what is said first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from doorstep.policy.shop import ShopPolicy
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.storage import coupons, customers, ownership
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.evidence import Evidence
from doorstep.storage.orders import Orders


def situation_of(connection: Connection, order_id: int, policy: ShopPolicy, now: datetime) -> Situation | None:
    """All that is known of an order at `now`, with its own policy; None when there is no such order (any more)."""
    orders = Orders(connection)
    order = orders.get(order_id)
    if order is None:
        return None
    skus = {line.sku for line in order.lines}
    products = orders.products(order.shop, sorted(skus))
    similar = {sku for product in products.values() for sku in product.similar} - skus
    products |= orders.products(order.shop, sorted(similar)) if similar else {}
    policy = policy.for_(order.shop, order.ship_to.country)
    return Situation(
        order,
        policy,
        now,
        Commitments(connection).promises_for(order_id),
        products,
        cases=Cases(connection).of_order(order_id),
        tier=customers.standing(connection, order, policy.customers, now).tier,
        contacts=customers.contacts(connection, order_id),
        coupon=coupons.is_free(connection, policy.goods.coupons, order_id),
    )


def keep(connection: Connection, conversation_id: str, situation: Situation, settled: Settlement) -> Settlement:
    """Store all that a settlement promises, offers, opens, asks of the shop and changes, and who takes over.

    Gives what is to be said: the settlement with the coupon's code where it names one.
    """
    order, now = situation.order, situation.now
    commitments, cases = Commitments(connection), Cases(connection)
    for promise in settled.promises:
        commitments.promise(conversation_id, order.id, promise, now)
    for offer in settled.offers:
        commitments.offer(conversation_id, order.id, offer, now)
    for step in settled.cases:
        cases.step(conversation_id, order.id, order.number, step, now)
    for task in settled.tasks:
        cases.add_task(conversation_id, order.id, task, now)
    if settled.change:
        cases.change_order(order.id, settled.change)
    if settled.handover:
        hand_over(connection, conversation_id, settled.handover, now)
    settled = coupons.fill_in(connection, conversation_id, situation, settled)
    Evidence(connection).keep(conversation_id, situation, settled)
    return settled


def hand_over(connection: Connection, conversation_id: str, handover: Handover, now: datetime) -> None:
    """Put a conversation of the assistant's into the queue, one that was closed too."""
    ownership.hand_over(connection, conversation_id, now, handover.reason, handover.note)
