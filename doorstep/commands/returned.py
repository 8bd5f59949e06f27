"""`doorstep returned NUMBER`: the goods of a return are in, so the money or the other goods are promised by a date."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import cases, promises
from doorstep.policy.shop import ShopPolicy
from doorstep.returns.agreed import settle_return_arrived
from doorstep.settlement import Settlement
from doorstep.storage import settling
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import writing
from doorstep.storage.tables import cases as case_rows
from doorstep.windows import shop_date


class ReturnError(Exception):
    """What was asked for cannot be done; the message says why."""


def arrived(engine: Engine, policy: ShopPolicy, number: str, now: datetime) -> str:
    """Note that the goods of a return or exchange are in, and promise what follows; gives what to tell the shop.

    Raises ReturnError for a number that is not that of an open return. Told twice, the first day holds.
    """
    with writing(engine) as connection:
        case = Cases(connection).find(number.strip())
        if case is None or case.kind not in (cases.RETURN, cases.EXCHANGE):
            raise ReturnError(f"There is no return with the number {number!r}: they look like R-1044-1.")
        if not case.is_open or case.state == cases.ASKING:
            state = "has not been agreed yet" if case.is_open else "is closed already"
            raise ReturnError(f"Return {case.number} {state}.")
        row = connection.execute(
            select(case_rows.c.order_id, case_rows.c.conversation_id).where(case_rows.c.id == case.id)
        ).one()
        commitments = Commitments(connection)
        commitments.lock(row.order_id)
        situation = settling.situation_of(connection, row.order_id, policy, now)
        if situation is None:
            raise ReturnError(f"The order of return {case.number} is gone.")
        settled = settle_return_arrived(situation, case)
        settling.keep(connection, row.conversation_id, situation, settled)
        if promises.find(situation.promises, promises.RETURN, case.subject):
            commitments.change_state(row.order_id, promises.RETURN, case.subject, "kept")
    return _told(case, settled, policy)


def _told(case: cases.Case, settled: Settlement, policy: ShopPolicy) -> str:
    if not settled.promises:
        return f"{case.number}: everything was given for it before; a person has to look at it."
    promise = settled.promises[0]
    by = shop_date(promise.due_at, policy).isoformat()
    if case.kind == cases.EXCHANGE:
        return f"{case.number}: send {case.facts.get('wanted', 'the other goods')} by {by}."
    amount = f"{promise.amount.amount} {promise.amount.currency}" if promise.amount else "the money"
    return f"{case.number}: pay {amount} back by {by}."
