"""Hands out the seller's coupon codes: each code to one order, and one code to an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from doorstep.goods.goodwill import told_with
from doorstep.settlement import Settlement, Situation
from doorstep.storage.tables import coupons_given


def is_free(connection: Connection, codes: Sequence[str], order_id: int) -> bool:
    """Whether a code could be handed to an order: it has none yet, and one of the seller's codes is left."""
    return bool(codes) and not _code_of(connection, order_id) and bool(_left(connection, codes))


def take(connection: Connection, codes: Sequence[str], conversation_id: str, order_id: int, now: datetime) -> str:
    """The code of an order: the one it was given before, else the next that is left, which is its own from now on.

    "" when no code is left.
    """
    given = _code_of(connection, order_id)
    if given:
        return given
    for code in _left(connection, codes):
        row = {"code": code, "order_id": order_id, "conversation_id": conversation_id, "at": now}
        try:
            with connection.begin_nested():
                connection.execute(insert(coupons_given).values(**row))
        except IntegrityError:
            continue  # another transaction was faster
        return code
    return ""


def fill_in(connection: Connection, conversation_id: str, situation: Situation, settled: Settlement) -> Settlement:
    """The settlement with the order's code in its replies, where it gives one; a code is handed out by this."""
    if not settled.coupon:
        return settled
    policy = situation.policy
    code = take(connection, policy.goods.coupons, conversation_id, situation.order.id, situation.now)
    told = told_with(code, policy)
    return replace(settled, replies=tuple(replace(r, values={**r.values, **told}) for r in settled.replies))


def _code_of(connection: Connection, order_id: int) -> str:
    mine = select(coupons_given.c.code).where(coupons_given.c.order_id == order_id).order_by(coupons_given.c.at)
    return str(connection.execute(mine).scalars().first() or "")


def _left(connection: Connection, codes: Sequence[str]) -> list[str]:
    gone = set(connection.execute(select(coupons_given.c.code).where(coupons_given.c.code.in_(codes))).scalars())
    return [code for code in codes if code not in gone]
