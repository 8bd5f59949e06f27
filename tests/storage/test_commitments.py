"""Offers and promises are made once, and an option is granted once, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.engine import Connection, Engine

from doorstep import offers
from doorstep.offers import NewOffer, Offer
from doorstep.orders import Money
from doorstep.promises import GRACE, REFUND, RETURN, Promise
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, an_order

LATER = NOW + timedelta(hours=1)
GRACE_OF_1 = Promise(GRACE, "1", NOW + timedelta(days=2))
REFUND_NOW = NewOffer(offers.NOW, "1", ("resend", "refund"), NOW + timedelta(days=14), Money(Decimal("24.50"), "USD"))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def order_id(connection: Connection) -> int:
    return Orders(connection).save("default", an_order())


@pytest.fixture
def store(connection: Connection) -> Commitments:
    return Commitments(connection)


def _found(store: Commitments, order_id: int, offer: NewOffer = REFUND_NOW, conversation: str = "c1") -> Offer:
    found = store.find_offer(conversation, order_id, offer.subject, offer.kind)
    assert found is not None
    return found


# -- promises ------------------------------------------------------------------------------


def test_a_promise_comes_back_as_it_was_made(store: Commitments, order_id: int) -> None:
    store.promise("c1", order_id, replace(GRACE_OF_1, remedy="refund"), NOW)
    assert store.promises_for(order_id) == (replace(GRACE_OF_1, remedy="refund"),)
    assert store.promises_for(order_id + 1) == ()


def test_the_first_promise_of_its_kind_holds_whoever_repeats_it(store: Commitments, order_id: int) -> None:
    store.promise("c1", order_id, GRACE_OF_1, NOW)
    store.promise("c2", order_id, replace(GRACE_OF_1, due_at=NOW + timedelta(days=9)), LATER)
    assert store.promises_for(order_id) == (GRACE_OF_1,)


def test_a_return_that_is_over_can_be_promised_anew_and_what_was_given_cannot(
    store: Commitments, order_id: int
) -> None:
    for kind in (RETURN, REFUND):
        store.promise("c1", order_id, Promise(kind, "A", NOW + timedelta(days=2)), NOW)
        store.change_state(order_id, kind, "A", "cancelled")
        store.promise("c1", order_id, Promise(kind, "A", NOW + timedelta(days=9)), LATER)
    days = {promise.kind: (promise.state, promise.due_at - NOW) for promise in store.promises_for(order_id)}
    assert days == {RETURN: ("open", timedelta(days=9)), REFUND: ("cancelled", timedelta(days=2))}


def test_promises_of_other_kinds_and_subjects_stand_beside_it(store: Commitments, order_id: int) -> None:
    made = (GRACE_OF_1, replace(GRACE_OF_1, subject="2"), replace(GRACE_OF_1, kind=REFUND))
    for promise in made:
        store.promise("c1", order_id, promise, NOW)
    assert store.promises_for(order_id) == made


def test_a_wish_is_noted_on_the_promise_it_belongs_to(store: Commitments, order_id: int) -> None:
    store.promise("c1", order_id, GRACE_OF_1, NOW)
    store.promise("c1", order_id, replace(GRACE_OF_1, subject="2"), NOW)
    store.choose_remedy(order_id, GRACE, "2", "refund")
    assert [promise.remedy for promise in store.promises_for(order_id)] == ["", "refund"]


# -- offers --------------------------------------------------------------------------------


def test_an_offer_comes_back_as_it_was_made(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    found = _found(store, order_id)
    assert (found.kind, found.subject, found.options) == ("now", "1", ("resend", "refund"))
    assert (found.expires_at, found.amount, found.chosen) == (REFUND_NOW.expires_at, REFUND_NOW.amount, "")


def test_an_offer_belongs_to_its_conversation(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    assert store.find_offer("c2", order_id, "1", offers.NOW) is None


def test_an_offer_made_again_is_renewed_in_its_place(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    first = _found(store, order_id)
    longer = replace(REFUND_NOW, options=("refund",), expires_at=NOW + timedelta(days=30))
    store.offer("c1", order_id, longer, LATER)
    renewed = _found(store, order_id)
    assert (renewed.id, renewed.options, renewed.expires_at) == (first.id, ("refund",), longer.expires_at)


def test_an_offer_of_which_something_was_granted_stays_as_it_is(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    assert store.take(_found(store, order_id), "refund", NOW)
    store.offer("c1", order_id, replace(REFUND_NOW, options=("resend",)), LATER)
    assert (_found(store, order_id).chosen, _found(store, order_id).options) == ("refund", ("resend", "refund"))


@pytest.mark.parametrize(
    ("kind", "option"), [(offers.UNSHIPPED, "wait"), (offers.SIGNER, "yes"), (offers.PASS_ON, "no")]
)
def test_a_question_that_granted_nothing_can_be_asked_anew(
    store: Commitments, order_id: int, kind: str, option: str
) -> None:
    offer = NewOffer(kind, "", (option, "other"), NOW + timedelta(days=14))
    store.offer("c1", order_id, offer, NOW)
    store.take(_found(store, order_id, offer), option, NOW)
    assert store.newest_offers("c1", order_id, NOW) == ()
    store.offer("c1", order_id, offer, LATER)
    assert [found.chosen for found in store.newest_offers("c1", order_id, LATER)] == [""]


def test_the_offer_made_last_is_the_newest(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    store.offer("c1", order_id, replace(REFUND_NOW, kind=offers.PASS_ON, subject=""), LATER)
    assert [offer.kind for offer in store.newest_offers("c1", order_id, LATER)] == ["pass_on"]


def test_offers_made_together_are_newest_together(store: Commitments, order_id: int) -> None:
    for subject in ("2", "1"):
        store.offer("c1", order_id, replace(REFUND_NOW, subject=subject), NOW)
    assert [offer.subject for offer in store.newest_offers("c1", order_id, NOW)] == ["1", "2"]


def test_an_offer_that_ran_out_or_of_another_order_or_conversation_is_not_the_newest(
    connection: Connection, store: Commitments, order_id: int
) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    assert store.newest_offers("c1", order_id, REFUND_NOW.expires_at + timedelta(seconds=1)) == ()
    assert store.newest_offers("c2", order_id, NOW) == ()
    other = Orders(connection).save("default", an_order(number="1002"))
    assert store.newest_offers("c1", other, NOW) == ()


def test_a_wish_for_later_stays_open_to_another(store: Commitments, order_id: int) -> None:
    wish = replace(REFUND_NOW, kind=offers.AFTER_WAIT)
    store.offer("c1", order_id, wish, NOW)
    store.take(_found(store, order_id, wish), "refund", NOW)
    (found,) = store.newest_offers("c1", order_id, NOW)
    assert found.chosen == "refund"
    assert store.take(found, "resend", NOW)
    assert _found(store, order_id, wish).chosen == "resend"


def test_an_option_can_be_taken_twice_and_another_after_it_not(store: Commitments, order_id: int) -> None:
    store.offer("c1", order_id, REFUND_NOW, NOW)
    as_read = _found(store, order_id)
    assert store.take(as_read, "refund", NOW)
    assert store.take(as_read, "refund", LATER)
    assert not store.take(as_read, "resend", LATER)
    assert _found(store, order_id).chosen == "refund"


def test_of_two_at_the_same_time_one_takes_its_option(engine: Engine) -> None:
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order())
        Commitments(connection).offer("c1", order_id, REFUND_NOW, NOW)
        as_read = _found(Commitments(connection), order_id)

    def take(option: str) -> bool:
        with writing(engine) as connection:
            store = Commitments(connection)
            store.lock(order_id)
            return store.take(as_read, option, NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ("refund", "resend"))) == [False, True]


def test_a_promise_made_twice_at_the_same_time_stands_once(engine: Engine) -> None:
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order())

    def promise(conversation: str) -> None:
        with writing(engine) as connection:
            store = Commitments(connection)
            store.lock(order_id)
            store.promise(conversation, order_id, GRACE_OF_1, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(promise, "abcd"))
    with reading(engine) as connection:
        assert Commitments(connection).promises_for(order_id) == (GRACE_OF_1,)
