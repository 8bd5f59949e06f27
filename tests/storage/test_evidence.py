"""What a case leaves behind: all that happened, in order, and nothing that can be changed unnoticed. Both databases."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from doorstep import cases, evidence, promises
from doorstep.cases import Case, CaseStep
from doorstep.evidence import Entry
from doorstep.settlement import Handover, Settlement, ShopTask
from doorstep.storage import conversations, messages, tables, uploads
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading, writing
from doorstep.storage.evidence import Evidence
from doorstep.storage.messages import Outgoing
from doorstep.storage.orders import Orders
from doorstep.storage.uploads import Upload
from tests.builders import NOW, a_parcel, a_scan, an_order, days_ago
from tests.storage.shop import Chat, Shop, sold
from tests.telling import a_delivered_parcel, a_late_parcel, a_parcel_in_brazil, a_policy

LOST = a_parcel(status="lost", packing_photos=("https://shop.example/pack/1.jpg",))


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


def cases_of(shop: Shop, order_id: int) -> tuple[Case, ...]:
    with reading(shop.engine) as connection:
        return Cases(connection).of_order(order_id)


def chain_of(shop: Shop, order_id: int, place: int = 0) -> tuple[Entry, ...]:
    with reading(shop.engine) as connection:
        return Evidence(connection).chain(cases_of(shop, order_id)[place].id)


def facts_of(shop: Shop, order_id: int, kind: str) -> list[Mapping[str, Any]]:
    return [entry.facts for entry in chain_of(shop, order_id) if entry.kind == kind]


def writes(chat: Chat, text: str, *replies: str) -> None:
    with writing(chat.shop.engine) as connection:
        locked = conversations.lock(connection, chat.id)
        assert locked
        number = f"m{locked.last_seq}"
        incoming = messages.accept(connection, locked, number, text=text, now=chat.shop.clock.now())
        locked = conversations.lock(connection, chat.id)
        assert locked
        said = [Outgoing("assistant", reply) for reply in replies]
        messages.post(connection, locked, said, chat.shop.clock.now(), incoming.id)


def catch_up(shop: Shop, order_id: int) -> None:
    with writing(shop.engine) as connection:
        order = Orders(connection).get(order_id)
        assert order
        Evidence(connection).catch_up(Cases(connection).of_order(order_id)[0], order, shop.clock.now())


# -- a case for each complaint that matters ---------------------------------------------------


@pytest.mark.parametrize(
    ("parcel", "state", "problem"),
    [
        (LOST, cases.ASKING, "not_received"),
        (a_late_parcel(), cases.ASKING, "late"),
        (a_parcel_in_brazil(), cases.ASKING, "late"),
        (a_delivered_parcel(), cases.ASKING, "not_received"),
        (a_parcel(status="returning"), cases.PERSON, "returned"),
    ],
    ids=["lost", "late", "in the country", "delivered", "going back"],
)
def test_a_missing_parcel_becomes_a_case(shop: Shop, parcel: Any, state: str, problem: str) -> None:
    order_id = sold(shop, parcel)
    shop.chat("1001").asks()
    (case,) = cases_of(shop, order_id)
    assert (case.number, case.kind, case.state) == ("N-1001-1", cases.NOT_RECEIVED, state)
    assert case.facts["problem"] == problem


@pytest.mark.parametrize("wish", ["track_order", "delivery_time", "stock"])
def test_who_only_asks_opens_no_case(shop: Shop, wish: str) -> None:
    order_id = sold(shop, a_late_parcel())
    shop.chat("1001").asks(wish)
    assert cases_of(shop, order_id) == ()


def test_a_parcel_within_its_usual_time_is_no_case(shop: Shop) -> None:
    order_id = sold(shop, a_parcel())
    shop.chat("1001").asks()
    assert cases_of(shop, order_id) == ()


def test_the_case_holds_what_was_granted(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    chat.picks(chat.asks(), "Refund")
    (case,) = cases_of(shop, order_id)
    assert (case.state, case.facts["remedy"], case.facts["amount"]) == (cases.AGREED, "refund", "24.50 USD")


def test_asking_twice_is_one_case(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    chat.asks()
    chat.asks()
    shop.chat("1001").asks()
    assert len(cases_of(shop, order_id)) == 1


# -- what is put in ----------------------------------------------------------------------------


def test_a_chain_begins_with_the_order_and_holds_each_step(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    writes(chat, "Where is my parcel?")
    settled = chat.asks()
    shop.days_pass(0.01)
    writes(chat, "Refund please", "Here is what I can do")
    chat.picks(settled, "Refund")

    chain = chain_of(shop, order_id)
    assert evidence.problems(chain) == []
    kinds = [entry.kind for entry in chain]
    assert kinds[:4] == ["order", "packing", "parcel", "message"]
    assert [kind for kind in kinds if kind in ("offer", "taken")] == ["offer", "taken"]
    assert facts_of(shop, order_id, "order")[0]["lines"][0]["unit_price"] == "24.50"
    assert facts_of(shop, order_id, "packing")[0]["photos"] == ["https://shop.example/pack/1.jpg"]
    texts = [said["text"] for said in facts_of(shop, order_id, "message")]
    assert texts == ["Where is my parcel?", "Refund please", "Here is what I can do"]
    assert facts_of(shop, order_id, "taken")[0]["option"] == "refund"
    assert facts_of(shop, order_id, "taken")[0]["amount"] == "24.50 USD"
    assert {promise["kind"] for promise in facts_of(shop, order_id, "promise")} == {"trace", "refund"}
    assert facts_of(shop, order_id, "reply")[-1]["reply"]["v"][0] == "utter_granted_refund"


def test_a_parcel_is_put_in_again_only_when_it_has_moved(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    chat = shop.chat("1001")
    chat.asks()
    chat.asks()
    assert len(facts_of(shop, order_id, "parcel")) == 1
    moved = a_late_parcel(scans=(a_scan(), a_scan(at=days_ago(1), status="sorting_centre", country="BR")))
    shop.sells(an_order(parcels=(moved,)))
    chat.asks()
    assert [len(parcel["scans"]) for parcel in facts_of(shop, order_id, "parcel")] == [1, 2]


def test_tasks_and_handovers_are_put_in(shop: Shop) -> None:
    order_id = sold(shop, a_parcel(status="returning"))
    chat = shop.chat("1001")
    with writing(shop.engine) as connection:
        situation = shop.assistant._situation(connection, chat.id, order_id, complaint=True)
        assert situation
        step = CaseStep(cases.GOODS, "HP-200-BK", cases.PERSON, {"problem": "damaged"})
        settled = Settlement((), (), (), Handover("above_limit", {"value": "1"}), (step,), None, (ShopTask("refund"),))
        shop.assistant._keep(connection, chat.id, situation, settled)
    assert [task["kind"] for task in facts_of(shop, order_id, "task")] == ["refund"]
    (handover,) = facts_of(shop, order_id, "handover")
    assert (handover["reason"], handover["note"]) == ("above_limit", {"value": "1"})


def test_what_is_written_after_the_last_step_is_there_when_somebody_asks(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    chat.asks()
    writes(chat, "And now?", "We are on it")
    with writing(shop.engine) as connection:
        photo = Upload("u1", chat.id, "box.jpg", "image/jpeg", 3, "a" * 64, NOW)
        uploads.add(connection, photo)
    catch_up(shop, order_id)
    catch_up(shop, order_id)
    assert [said["text"] for said in facts_of(shop, order_id, "message")] == ["And now?", "We are on it"]
    assert [photo["sha256"] for photo in facts_of(shop, order_id, "photo")] == ["a" * 64]


def test_a_promise_that_was_kept_is_put_in_as_kept(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    shop.chat("1001").asks()
    with writing(shop.engine) as connection:
        connection.execute(tables.promises.update().values(state="kept"))
    catch_up(shop, order_id)
    assert [promise["state"] for promise in facts_of(shop, order_id, "promise")] == ["open", "kept"]


def test_what_is_talked_about_long_after_the_closing_stays_out(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chat = shop.chat("1001")
    chat.asks()
    with writing(shop.engine) as connection:
        (case,) = Cases(connection).of_order(order_id)
        step = CaseStep(case.kind, case.subject, cases.CLOSED)
        Cases(connection).step(chat.id, order_id, "1001", step, shop.clock.now())
    writes(chat, "Thank you!")
    shop.days_pass(3)
    writes(chat, "Do you sell lamps?")
    catch_up(shop, order_id)
    assert [said["text"] for said in facts_of(shop, order_id, "message")] == ["Thank you!"]


# -- nothing is changed ------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["UPDATE evidence SET content = '{}'", "DELETE FROM evidence WHERE position = 2"])
def test_the_database_itself_refuses_to_change_evidence(shop: Shop, change: str) -> None:
    order_id = sold(shop, LOST)
    shop.chat("1001").asks()
    before = chain_of(shop, order_id)
    with pytest.raises(DBAPIError, match="evidence"), writing(shop.engine) as connection:
        connection.execute(text(change))
    assert chain_of(shop, order_id) == before


def test_evidence_goes_when_its_case_goes(shop: Shop) -> None:
    sold(shop, LOST)
    shop.chat("1001").asks()
    with writing(shop.engine) as connection:
        connection.execute(text("DELETE FROM orders"))
    with reading(shop.engine) as connection:
        assert connection.execute(select(tables.evidence)).all() == []


def test_two_conversations_at_once_keep_one_whole_chain(shop: Shop) -> None:
    order_id = sold(shop, LOST)
    chats = [shop.chat("1001") for _ in range(2)]
    chats[0].asks()
    for number, chat in enumerate(chats):
        writes(chat, f"conversation {number}")

    def ask(chat: Chat) -> None:
        for _ in range(5):
            chat.asks()

    threads = [threading.Thread(target=ask, args=(chat,)) for chat in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain = chain_of(shop, order_id)
    assert evidence.problems(chain) == []
    assert [entry.position for entry in chain] == list(range(1, len(chain) + 1))
    texts = sorted(said["text"] for said in facts_of(shop, order_id, "message"))
    assert texts == ["conversation 0", "conversation 1"]
    assert len([entry for entry in chain if entry.kind == "reply"]) == 11


def test_each_open_case_of_an_order_gets_its_own_chain(shop: Shop) -> None:
    first, second = replace(LOST, id=1), replace(LOST, id=2, tracking_number="RB999999999CN")
    order_id = sold(shop, first, second, total=a_policy().remedies.limits["USD"])
    shop.chat("1001").asks()
    chains = [chain_of(shop, order_id, place) for place in range(2)]
    assert [evidence.problems(chain) for chain in chains] == [[], []]
    assert chains[0][-1].hash != chains[1][-1].hash


def test_promises_of_a_case_say_when_they_fall_due(shop: Shop) -> None:
    order_id = sold(shop, a_late_parcel())
    shop.chat("1001").asks()
    (grace,) = shop.promises(order_id)
    (kept,) = facts_of(shop, order_id, "promise")
    assert (grace.kind, kept["due_at"]) == (promises.GRACE, grace.due_at.isoformat())
