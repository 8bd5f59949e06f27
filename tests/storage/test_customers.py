"""Customers, briefs, risks and the queue, as they are read from the orders and conversations of either database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Engine

from doorstep.orders import Money
from doorstep.people.customers import Group, Standing
from doorstep.storage import briefs, customers, tables, todo
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_buyer, a_parcel, an_order, days_ago
from tests.storage.shop import Chat, Shop, sold
from tests.telling import a_late_parcel, a_policy

POLICY = a_policy()


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, POLICY)


def buys(shop: Shop, number: str, **changes: Any) -> None:
    shop.sells(an_order(number=number, **changes))


def standing(shop: Shop, number: str) -> Standing:
    with reading(shop.engine) as connection:
        order = Orders(connection).find("default", number)
        assert order is not None
        return customers.standing(connection, order, POLICY.customers, NOW)


def writes(chat: Chat, *days: float) -> None:
    rows = [
        {"conversation_id": chat.id, "message_id": f"m{day}", "seq": place, "at": days_ago(day), "text": "where?"}
        for place, day in enumerate(days, start=1)
    ]
    with writing(chat.shop.engine) as connection:
        connection.execute(insert(tables.inbox), rows)


# -- who a customer is, and what they bought -------------------------------------------------


def test_orders_of_one_address_are_one_customers_however_it_is_written(shop: Shop) -> None:
    buys(shop, "1001", total=Decimal("100.10"), placed_at=days_ago(100))
    buys(shop, "1002", total=Decimal("50.05"), buyer=a_buyer(email="ANA.SOUZA@example.com", id="B-9"))
    buys(shop, "1003", total=Decimal("999.00"), buyer=a_buyer(email="else@example.com"))
    found = standing(shop, "1001")
    assert (found.orders, found.spent) == (2, Money(Decimal("150.15"), "USD"))
    assert found.group == Group(4, 2, 2)  # ten days ago, two orders, between 50 and 200
    assert found == standing(shop, "1002")


def test_without_an_address_the_buyers_id_makes_the_customer_and_without_both_the_order(shop: Shop) -> None:
    for number in ("1001", "1002"):
        buys(shop, number, buyer=a_buyer(email=""))
    for number in ("1003", "1004"):
        buys(shop, number, buyer=a_buyer(email="", id=""))
    assert [standing(shop, number).orders for number in ("1001", "1002", "1003", "1004")] == [2, 2, 1, 1]


def test_the_same_address_in_another_shop_is_another_customer(shop: Shop) -> None:
    buys(shop, "1001")
    with writing(shop.engine) as connection:
        Orders(connection).save("other", an_order(number="1001"))
    assert standing(shop, "1001").orders == 1


def test_what_was_not_paid_or_was_cancelled_does_not_count(shop: Shop) -> None:
    buys(shop, "1001")
    buys(shop, "1002", paid_at=None, placed_at=days_ago(1), total=Decimal(900))
    buys(shop, "1003", cancelled_at=days_ago(1), total=Decimal(900))
    assert (standing(shop, "1001").orders, standing(shop, "1001").spent.amount) == (1, Decimal("24.50"))


def test_currencies_are_converted_by_the_policys_rates(shop: Shop) -> None:
    buys(shop, "1001", currency="EUR", total=Decimal(100))
    buys(shop, "1002", currency="KRW", total=Decimal(90_000))
    found = standing(shop, "1001")
    assert (found.spent, found.no_rate) == (Money(Decimal("110.00"), "USD"), ("KRW",))


def test_the_customers_of_all_shops_add_up(shop: Shop) -> None:
    for number in ("1001", "1002"):
        buys(shop, number)
    buys(shop, "1003", buyer=a_buyer(email="else@example.com"))
    buys(shop, "1004", buyer=a_buyer(email="", id=""))
    buys(shop, "1005", buyer=a_buyer(email="", id=""))
    with reading(shop.engine) as connection:
        found = customers.all_standings(connection, POLICY.customers, NOW)
    assert sorted(each.orders for each in found.values()) == [1, 1, 1, 2]


def test_an_order_whose_address_was_corrected_is_its_new_customers(shop: Shop) -> None:
    buys(shop, "1001")
    buys(shop, "1002", buyer=a_buyer(email="typo@example.com"))
    buys(shop, "1002")
    assert standing(shop, "1001").orders == 2


# -- contacts --------------------------------------------------------------------------------


def test_contacts_are_the_days_on_which_was_written_about_an_order(shop: Shop) -> None:
    order_id = sold(shop, a_parcel())
    writes(shop.chat("1001"), 3, 2.99, 1)
    writes(shop.chat("1001"), 0.2)
    writes(shop.chat(), 8)  # somebody who proved nothing
    with reading(shop.engine) as connection:
        assert customers.contacts(connection, order_id) == 3


def test_a_buyer_who_wrote_on_three_days_about_a_failed_delivery_is_handed_over(shop: Shop) -> None:
    sold(shop, a_parcel(status="delivery_failed"))
    chat = shop.chat("1001")
    writes(chat, 3, 2)
    assert chat.asks().handover is None
    writes(shop.chat("1001"), 0)
    chat.asks()
    assert chat.owner == ("queue", "many_contacts")


# -- the brief -------------------------------------------------------------------------------


def test_the_brief_of_a_conversation_brings_everything_together(shop: Shop) -> None:
    sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    chat.picks(chat.asks(), "refund")
    writes(chat, 1)
    shop.assistant.hear_mood(chat.id, "upset")
    shop.assistant.hand_over(chat.id, "angry", ("stock", "complaint_escalation/legal"))
    with reading(shop.engine) as connection:
        found = briefs.brief(connection, POLICY, chat.id, shop.clock.now())
    assert found is not None
    assert (found.owner, found.reason, found.mood, found.messages) == ("queue", "angry", "upset", 1)
    assert (found.wishes, found.threats) == (("stock",), ("legal",))
    order = found.orders[0]
    assert [promise["kind"] for promise in order.promises] == ["grace"]
    assert [(offer["kind"], offer["chosen"]) for offer in found.offered] == [("after_wait", "refund")]
    assert {part["reason"] for part in order.risk_parts} >= {"late", "mood", "threat"}
    assert [case["kind"] for case in order.cases] == ["not_received"]


def test_the_order_talked_about_last_comes_first(shop: Shop) -> None:
    for number in ("1001", "1002"):
        buys(shop, number)
    chat = shop.chat("1001", "1002", "1001")
    with reading(shop.engine) as connection:
        found = briefs.brief(connection, POLICY, chat.id, NOW)
    assert found is not None
    assert [order.number for order in found.orders] == ["1001", "1002"]


def test_of_a_conversation_that_proved_nothing_no_order_is_told(shop: Shop) -> None:
    buys(shop, "1001")
    chat = shop.chat()
    with reading(shop.engine) as connection:
        found = briefs.brief(connection, POLICY, chat.id, NOW)
        assert briefs.brief(connection, POLICY, "no such conversation", NOW) is None
    assert found is not None
    assert (found.orders, found.who.name) == ((), "")


# -- the queue and the risks -----------------------------------------------------------------


def test_the_queue_shows_tier_mood_deadline_and_risk_in_its_order(shop: Shop) -> None:
    for number in ("1001", "1002", "1003", "1004"):
        buys(shop, number, total=Decimal(300))
    buys(shop, "2001", buyer=a_buyer(email="new@example.com"), marketplace="ebay")
    calm, angry = shop.chat(), shop.chat("1001")
    calm.opens("1002")
    upset = shop.chat()
    upset.opens("2001", "new@example.com")
    shop.assistant.hear_mood(upset.id, "upset")
    shop.assistant.hear_mood(angry.id, "angry")
    for chat in (upset, calm, angry):
        shop.assistant.hand_over(chat.id, "asked")
        shop.clock.time += timedelta(minutes=5)
    with reading(shop.engine) as connection:
        waiting = todo.waiting_for_person(connection, POLICY, shop.clock.now())
    assert [(each.conversation_id, each.tier, each.mood) for each in waiting] == [
        (angry.id, "gold", "angry"),
        (calm.id, "gold", "calm"),
        (upset.id, "regular", "upset"),
    ]
    assert all(each.deadline and each.team == "care" for each in waiting)


def test_the_orders_at_risk_come_with_the_highest_score_first(shop: Shop) -> None:
    buys(shop, "1001")
    buys(shop, "1002", parcels=(a_late_parcel(),), marketplace="ebay")
    buys(shop, "1003", parcels=(a_late_parcel(),), marketplace="ebay", buyer=a_buyer(email="x@example.com"))
    buys(shop, "1004", parcels=(a_late_parcel(),), cancelled_at=days_ago(1))
    chat = shop.chat()
    chat.opens("1003", "x@example.com")
    shop.assistant.hand_over(chat.id, "angry", ("complaint_escalation/dispute",))
    with reading(shop.engine) as connection:
        found = briefs.at_risk(connection, POLICY, shop.clock.now())
    assert [each.number for each in found] == ["1003", "1002"]
    assert found[0].conversation_id == chat.id
    assert found[0].score.points > found[1].score.points > 0


def test_an_order_that_nobody_can_dispute_any_more_is_left_out(shop: Shop) -> None:
    buys(shop, "1002", parcels=(a_late_parcel(),), marketplace="aliexpress")
    shop.days_pass(60)
    with reading(shop.engine) as connection:
        assert briefs.at_risk(connection, POLICY, shop.clock.now()) == []
