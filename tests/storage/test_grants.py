"""What a person grants is stored as the assistant's own grants are: promise, task, case, evidence, each once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import cases, evidence
from doorstep.people.granting import NotAllowed, grant
from doorstep.promises import Promise
from doorstep.settlement import Settlement, Situation
from doorstep.storage import settling, tables, todo
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import reading, writing
from doorstep.storage.evidence import Evidence
from tests.builders import a_parcel
from tests.storage.clockwork import NOON, Front, told
from tests.storage.shop import Chat, Shop, said, sold
from tests.telling import a_delivered_parcel, a_policy

LIMITS = {"USD": Decimal(200)}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    made = Shop(engine, a_policy(goods={"coupons": ["SORRY-1", "SORRY-2"]}, remedies={"limits": {}}))
    made.clock.time = NOON
    return made


def a_situation(shop: Shop, connection: Any, order_id: int) -> Situation:
    Commitments(connection).lock(order_id)
    situation = settling.situation_of(connection, order_id, shop.assistant.policy, shop.clock.now())
    assert situation
    return situation


def grants(chat: Chat, order_id: int, kind: str, subject: str, amount: str = "") -> Settlement:
    with writing(chat.shop.engine) as connection:
        situation = a_situation(chat.shop, connection, order_id)
        settled = grant(situation, kind, subject, Decimal(amount) if amount else None, limits=LIMITS)
        return settling.keep(connection, chat.id, situation, settled)


def tasks_of(shop: Shop) -> list[Any]:
    with reading(shop.engine) as connection:
        return list(connection.execute(select(tables.shop_tasks).order_by(tables.shop_tasks.c.id)))


def states(shop: Shop, order_id: int) -> list[tuple[str, str]]:
    with reading(shop.engine) as connection:
        return [(case.kind, case.state) for case in Cases(connection).of_order(order_id)]


def promised(shop: Shop, order_id: int) -> list[Promise]:
    return [promise for promise in shop.promises(order_id) if promise.amount]


def test_a_refund_stands_as_promise_task_agreed_case_and_in_the_evidence(shop: Shop) -> None:
    order_id = sold(shop, a_parcel(status="lost"))
    chat = shop.chat("1001")
    chat.asks()
    assert states(shop, order_id) == [(cases.NOT_RECEIVED, cases.PERSON)]
    grants(chat, order_id, "refund", str(parcel_id(shop, order_id)))
    (promise,), (task,) = promised(shop, order_id), tasks_of(shop)
    assert (promise.kind, promise.remedy, promise.state) == ("refund", "refund", "open")
    assert (task.kind, task.note["amount"], task.conversation_id) == ("refund", "24.50 USD", chat.id)
    assert states(shop, order_id) == [(cases.NOT_RECEIVED, cases.AGREED)]
    with reading(shop.engine) as connection:
        chain = Evidence(connection).chain(Cases(connection).of_order(order_id)[0].id)
    assert evidence.problems(chain) == []
    amounts = [entry.facts["amount"] for entry in chain if entry.kind == evidence.PROMISE and entry.facts["amount"]]
    replies = [entry.facts["reply"]["v"][0] for entry in chain if entry.kind == evidence.REPLY]
    assert (amounts, replies[-1]) == (["24.50 USD"], "utter_granted_refund")


def parcel_id(shop: Shop, order_id: int) -> int:
    with reading(shop.engine) as connection:
        return a_situation(shop, connection, order_id).order.parcels[0].id


@pytest.mark.parametrize(("kind", "subject", "amount"), [("part_refund", "", "5.00"), ("goodwill", "goodwill", "1.00")])
def test_a_grant_that_is_repeated_is_not_doubled(shop: Shop, kind: str, subject: str, amount: str) -> None:
    order_id = sold(shop, a_delivered_parcel())
    chat = shop.chat("1001")
    grants(chat, order_id, kind, subject, amount)
    with pytest.raises(NotAllowed, match="term_grant_why_granted"):
        grants(chat, order_id, kind, subject, amount)
    assert (len(promised(shop, order_id)), len(tasks_of(shop))) == (1, 1)


def test_a_settlement_that_is_stored_twice_is_there_once(shop: Shop) -> None:
    order_id = sold(shop, a_delivered_parcel())
    chat = shop.chat("1001")
    with writing(shop.engine) as connection:
        situation = a_situation(shop, connection, order_id)
        settled = grant(situation, "part_refund", "", Decimal(5), limits=LIMITS)
        settling.keep(connection, chat.id, situation, settled)
        settling.keep(connection, chat.id, situation, settled)
    assert (len(promised(shop, order_id)), len(tasks_of(shop))) == (1, 1)


def test_what_the_shop_has_done_keeps_the_promise_and_closes_the_case_that_waited(shop: Shop) -> None:
    order_id = sold(shop, a_delivered_parcel())
    chat = shop.chat("1001")
    with writing(shop.engine) as connection:
        step = cases.CaseStep(cases.RETURN, "HP-200-BK", cases.PERSON)
        Cases(connection).step(chat.id, order_id, "1001", step, shop.clock.now())
    grants(chat, order_id, "part_refund", "", "5.00")
    with writing(shop.engine) as connection:
        todo.mark_done(connection, tasks_of(shop)[0].id, shop.clock.now())
    assert [promise.state for promise in promised(shop, order_id)] == ["kept"]
    assert states(shop, order_id) == [(cases.RETURN, cases.CLOSED)]


def test_the_keeper_of_promises_tells_of_a_persons_grant_that_is_overdue(shop: Shop) -> None:
    order_id = sold(shop, a_delivered_parcel())
    chat = shop.chat("1001")
    grants(chat, order_id, "goodwill", "goodwill", "2.00")
    shop.days_pass(7)
    Front(shop, shop.assistant.policy).look()
    assert any("We should have sent you $2.00 for order 1001" in each.text for each in told(chat))
    assert [promise.state for promise in promised(shop, order_id)] == ["broken"]


def test_an_order_has_one_code_whoever_hands_it_over(shop: Shop) -> None:
    order_id = sold(shop, a_delivered_parcel())
    chat = shop.chat("1001")
    assert "SORRY-1" in said(grants(chat, order_id, "coupon", ""))
    with pytest.raises(NotAllowed, match="term_grant_why_no_code"):
        grants(chat, order_id, "coupon", "")


def test_calling_off_what_has_not_left_cancels_the_order(shop: Shop) -> None:
    order_id = sold(shop)
    grants(shop.chat("1001"), order_id, "cancel", "", "24.50")
    with reading(shop.engine) as connection:
        assert a_situation(shop, connection, order_id).order.cancelled_at == NOON + timedelta(seconds=1)
    assert [task.kind for task in tasks_of(shop)] == ["cancel"]
