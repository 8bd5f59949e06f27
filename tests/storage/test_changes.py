"""What was agreed about an order is kept, outlives the shop's next exports, and is ticked off: on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from doorstep.orders import Address, Order
from doorstep.replies.values import Reply
from doorstep.storage import todo
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_parcel, an_address, an_order, days_ago
from tests.storage.shop import Chat, Shop, said, sold
from tests.telling import a_delivered_parcel, a_policy, told_by

UNSENT = an_order(parcels=())
NEW = "Rua Chile 99, Campinas, 13010-111"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


def _order(shop: Shop, order_id: int) -> Order:
    with reading(shop.engine) as connection:
        found = Orders(connection).get(order_id)
    assert found is not None
    return found


def _tasks(shop: Shop) -> list[todo.OpenTask]:
    with reading(shop.engine) as connection:
        return todo.open_tasks(connection)


def _done(shop: Shop, task: todo.OpenTask) -> None:
    with writing(shop.engine) as connection:
        todo.mark_done(connection, task.id, shop.clock.now())


def _states(shop: Shop, order_id: int) -> list[tuple[str, str]]:
    with reading(shop.engine) as connection:
        return [(case.kind, case.state) for case in Cases(connection).of_order(order_id)]


def _cancelled(shop: Shop, **changes: Any) -> tuple[int, Chat]:
    order_id = shop.sells(replace(UNSENT, **changes))
    chat = shop.chat("1001")
    asked = chat.asks("cancel_order")
    if asked.offers:
        chat.says("yes")
    return order_id, chat


def _moved(shop: Shop) -> tuple[int, Address]:
    """An order whose address was changed in the chat, and the new address."""
    order_id = shop.sells(UNSENT)
    chat = shop.chat("1001")
    asked = chat.asks("change_address")
    shop.assistant.take_details(chat.id, asked.asks, NEW)
    chat.says("yes")
    ship_to = _order(shop, order_id).ship_to
    assert ship_to.line1 == "Rua Chile 99"
    return order_id, ship_to


# -- what an export says afterwards --------------------------------------------------------


def test_an_export_with_the_old_address_does_not_undo_the_new_one(shop: Shop) -> None:
    order_id, new = _moved(shop)
    shop.sells(UNSENT)
    assert _order(shop, order_id).ship_to == new


def test_an_export_with_a_third_address_counts(shop: Shop) -> None:
    order_id, _ = _moved(shop)
    third = an_address(line1="Rua Peru 7")
    shop.sells(replace(UNSENT, ship_to=third))
    assert _order(shop, order_id).ship_to == third


def test_once_the_shop_has_ticked_the_change_off_its_export_counts_again(shop: Shop) -> None:
    order_id, _ = _moved(shop)
    _done(shop, _tasks(shop)[0])
    shop.sells(UNSENT)
    assert _order(shop, order_id).ship_to == UNSENT.ship_to


def test_an_export_of_every_other_order_is_taken_as_it_is(shop: Shop) -> None:
    _moved(shop)
    other = shop.sells(replace(UNSENT, number="1002"))
    shop.sells(replace(UNSENT, number="1002", ship_to=an_address(line1="Rua Peru 7")))
    assert _order(shop, other).ship_to.line1 == "Rua Peru 7"


def test_an_export_without_a_cancellation_does_not_undo_the_one_agreed_here(shop: Shop) -> None:
    order_id, chat = _cancelled(shop)
    at = _order(shop, order_id).cancelled_at
    assert at is not None
    shop.sells(UNSENT)
    assert _order(shop, order_id).cancelled_at == at
    assert "order 1001 is cancelled" in said(chat.asks("cancel_order"))
    shop.sells(replace(UNSENT, cancelled_at=days_ago(-1)))
    assert _order(shop, order_id).cancelled_at == days_ago(-1)


def test_a_cancellation_that_the_shop_told_itself_can_be_taken_back_by_it(shop: Shop) -> None:
    order_id = shop.sells(replace(UNSENT, cancelled_at=days_ago(1)))
    shop.sells(UNSENT)
    assert _order(shop, order_id).cancelled_at is None


def test_an_order_called_off_unpaid_and_paid_after_all_is_alive_again(shop: Shop) -> None:
    order_id, _ = _cancelled(shop, paid_at=None)
    shop.sells(replace(UNSENT, paid_at=None))
    assert _order(shop, order_id).cancelled_at is not None
    shop.sells(replace(UNSENT, paid_at=NOW))
    assert _order(shop, order_id).cancelled_at is None


def test_a_receipt_outlives_an_export_that_does_not_know_of_it(shop: Shop) -> None:
    order_id = sold(shop, a_delivered_parcel())
    shop.chat("1001").asks("confirm_receipt")
    assert sold(shop, a_delivered_parcel()) == order_id
    assert _order(shop, order_id).confirmed_at == shop.clock.now()


# -- through the use cases -----------------------------------------------------------------


def test_an_order_is_cancelled_once_however_often_yes_is_said(shop: Shop) -> None:
    order_id = shop.sells(UNSENT)
    chat = shop.chat("1001")
    asked = chat.asks("cancel_order")
    first, again = said(chat.picks(asked, "Yes")), said(chat.picks(asked, "Yes"))
    assert "$24.50 back by Mon, Jun 23, 2025" in first
    assert "by Mon, Jun 23, 2025" in again
    assert [promise.kind for promise in shop.promises(order_id)] == ["cancel"]
    assert [task.kind for task in _tasks(shop)] == ["cancel"]
    assert told_by(Reply("utter_offer_settled")) in said(chat.picks(asked, "No"))


def test_a_yes_after_it_was_sent_cancels_nothing_and_a_later_no_harms_nothing(shop: Shop) -> None:
    order_id = shop.sells(UNSENT)
    chat = shop.chat("1001")
    asked = chat.asks("cancel_order")
    sold(shop, a_parcel())
    assert told_by(Reply("utter_offer_outdated")) in said(chat.picks(asked, "Yes"))
    assert (shop.promises(order_id), _order(shop, order_id).cancelled_at, _tasks(shop)) == ((), None, [])


def test_details_of_an_order_that_was_not_proven_are_not_taken(shop: Shop) -> None:
    order_id = shop.sells(UNSENT)
    settled = shop.assistant.take_details(shop.chat().id, f"new_address/{order_id}/", NEW)
    assert said(settled) == told_by(Reply("utter_order_needed"))
    assert _states(shop, order_id) == []


# -- the shop's list -----------------------------------------------------------------------


def test_a_task_is_listed_until_it_is_done_and_its_case_is_closed_with_it(shop: Shop) -> None:
    order_id, _ = _moved(shop)
    (task,) = _tasks(shop)
    assert (task.kind, task.order_number) == ("change_address", "1001")
    assert task.note["address"] == "Ana Souza, Rua Chile 99, 13010-111 Campinas, BR"
    assert _states(shop, order_id) == [("address", "agreed")]
    _done(shop, task)
    assert _tasks(shop) == []
    assert _states(shop, order_id) == [("address", "closed")]


def test_a_cancellation_ticked_off_is_told_as_paid_back(shop: Shop) -> None:
    order_id, chat = _cancelled(shop)
    _done(shop, _tasks(shop)[0])
    assert [(promise.kind, promise.state) for promise in shop.promises(order_id)] == [("cancel", "kept")]
    assert "already sent your money back" in said(chat.asks("cancel_order"))
    assert _states(shop, order_id) == [("cancel", "closed")]


def test_an_unknown_task_and_one_done_before_are_refused_by_name(shop: Shop) -> None:
    _moved(shop)
    (task,) = _tasks(shop)
    _done(shop, task)
    with pytest.raises(todo.NoSuchTask, match=rf"Task {task.id} was done on 2025-06-18"):
        _done(shop, task)
    with pytest.raises(todo.NoSuchTask, match="Task 999 is not on the list"):
        _done(shop, replace(task, id=999))
