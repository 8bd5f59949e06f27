"""Proofs and failed tries are kept by conversation, address and order, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection, Engine

from doorstep.identity import OrderContact
from doorstep.storage import conversations
from doorstep.storage.engine import reading, writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_buyer, an_order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def store(connection: Connection) -> Identities:
    return Identities(connection)


def _order(connection: Connection, number: str = "1001") -> int:
    return Orders(connection).save("default", an_order(number=number))


def test_the_contact_of_an_order_is_found_however_its_number_is_written(
    connection: Connection, store: Identities
) -> None:
    order_id = _order(connection, "112-4455667-8899001")
    expected = OrderContact(order_id, "ana.souza@example.com", "01304-001")
    assert store.contacts_of("default", ["#112 4455667 8899001", "9999"]) == {"11244556678899001": expected}
    assert store.contacts_of("another", ["112-4455667-8899001"]) == {}


def test_an_order_without_email_has_an_empty_one(connection: Connection, store: Identities) -> None:
    Orders(connection).save("default", an_order(buyer=a_buyer(email="")))
    assert store.contacts_of("default", ["1001"])["1001"].email == ""


def test_failed_tries_are_counted_for_conversation_address_and_order(store: Identities) -> None:
    store.record_failure("c1", "a1", ["o1"], NOW)
    store.record_failure("c1", "a1", ["o2"], NOW)
    store.record_failure("c2", "a1", ["o1"], NOW)
    store.record_failure("c3", "a2", ["o1"], NOW)
    assert store.failed_tries("c1", "a1", ["o1"], NOW) == (2, 3, 3)
    assert store.failed_tries("c9", "a9", ["o9"], NOW) == (0, 0, 0)


def test_tries_of_an_address_count_for_an_hour_and_of_an_order_for_a_day(store: Identities) -> None:
    store.record_failure("c1", "a1", ["o1"], NOW)
    assert store.failed_tries("c1", "a1", ["o1"], NOW + HOUR - timedelta(seconds=1)) == (1, 1, 1)
    assert store.failed_tries("c1", "a1", ["o1"], NOW + HOUR) == (1, 0, 1)
    assert store.failed_tries("c1", "a1", ["o1"], NOW + DAY) == (1, 0, 0)


def test_addresses_nobody_knows_are_not_counted_together(store: Identities) -> None:
    store.record_failure("c1", "", ["o1"], NOW)
    assert store.failed_tries("c2", "", ["o2"], NOW) == (0, 0, 0)


def test_a_failed_try_at_several_orders_counts_once_for_the_conversation_and_for_each_order(store: Identities) -> None:
    store.record_failure("c1", "a1", ["o1", "o2"], NOW)
    assert store.failed_tries("c1", "a1", ["o1"], NOW) == (1, 1, 1)
    assert store.failed_tries("c2", "a2", ["o2"], NOW) == (0, 0, 1)
    assert store.failed_tries("c2", "a2", ["o1", "o2"], NOW) == (0, 0, 2)


def test_of_several_orders_those_proven_here_are_told(connection: Connection, store: Identities) -> None:
    first, second = _order(connection), _order(connection, "1002")
    store.record_proof("c1", second, "email", NOW)
    assert store.verified_among("c1", [0, first, second]) == {second}
    assert store.verified_among("c2", [first, second]) == set()


def test_a_proof_holds_for_its_conversation_and_order(connection: Connection, store: Identities) -> None:
    first, second = _order(connection), _order(connection, "1002")
    store.record_proof("c1", first, "email", NOW)
    assert store.is_verified("c1", first)
    assert not store.is_verified("c1", second)
    assert not store.is_verified("c2", first)


def test_the_order_named_last_is_the_one_talked_about(connection: Connection, store: Identities) -> None:
    first, second = _order(connection), _order(connection, "1002")
    assert store.current_order("c1") is None
    store.record_proof("c1", first, "email", NOW)
    store.record_proof("c1", second, "email", NOW + HOUR)
    assert store.current_order("c1") == second
    store.record_proof("c1", first, "", NOW + DAY)
    assert store.current_order("c1") == first


def test_a_proven_email_is_kept_with_its_conversation(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation = conversations.start(
            connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
        )
        Identities(connection).remember_email(conversation.id, "hash")
    with reading(engine) as connection:
        assert Identities(connection).proven_email(conversation.id) == "hash"
        assert Identities(connection).proven_email("another") == ""
