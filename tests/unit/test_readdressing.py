"""What a buyer is told, and what is done, when an order is to go to another address."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, promises
from doorstep.changes.readdressing import settle_answer as answer_address
from doorstep.changes.readdressing import settle_details
from doorstep.changes.wishes import settle_address
from doorstep.offers import NO, YES
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from tests.builders import a_parcel, a_product, an_address, days_ago
from tests.changing import after, coming_back, unsent
from tests.telling import (
    a_delivered_parcel,
    a_late_parcel,
    a_policy,
    a_situation,
    labels,
    promised,
    spaced,
    stored,
    told,
    told_by,
)

NEW = "Rua Chile 99, Campinas, 13010-111"
NEW_ADDRESS = an_address(line1="Rua Chile 99", city="Campinas", postcode="13010-111", region="")


# -- another address for what has not left --------------------------------------------------


def test_the_address_of_an_unsent_order_is_asked_for_with_the_old_one_masked() -> None:
    settled = settle_address(unsent())
    assert "hasn't been sent yet, so its address can still be changed" in told(settled)
    assert "Rua Augusta …, São Paulo, 0130…, Brazil" in told(settled)
    assert "1508" not in told(settled)
    assert settled.asks == "new_address/1/"


def test_a_new_address_is_read_back_in_full_before_anything_changes() -> None:
    settled = settle_details(unsent(), "", NEW)
    assert "Ana Souza\nRua Chile 99\n13010-111 Campinas\nBrazil" in told(settled)
    assert labels(settled) == ["Yes, that's right", "No, change it", "Talk to a person"]
    assert (settled.change, settled.tasks, settled.asks) == (None, (), "")


def test_a_yes_changes_the_order_and_tells_the_shop() -> None:
    situation = unsent()
    asked = settle_details(situation, "", NEW)
    settled = answer_address(after(situation, asked), stored(asked), YES)
    assert "Rua Chile 99\n13010-111 Campinas" in told(settled)
    assert settled.change is not None
    assert settled.change.ship_to == NEW_ADDRESS
    (task,) = settled.tasks
    assert task.kind == "change_address"
    assert task.note["address"] == "Ana Souza, Rua Chile 99, 13010-111 Campinas, BR"
    assert "It should leave by Thu, Jun 19, 2025." in told(settled)
    assert promised(settled) == [("ship", "2025-06-19")]
    changed = after(situation, asked, settled)
    (case,) = changed.cases
    assert (case.state, "pending" in case.facts) == (cases.AGREED, False)
    assert json.loads(case.facts["replaced"]) == [asdict(situation.order.ship_to)]

    again = answer_address(changed, stored(asked), YES)
    assert "Rua Chile 99" in told(again)
    assert (again.change, again.tasks) == (None, ())


@pytest.mark.parametrize(
    "unsure", [{"paid_at": None}, {"paid_at": days_ago(9)}, {"products": {"HP-200-BK": a_product(in_stock=False)}}]
)
def test_no_day_is_told_where_none_is_sure(unsure: dict[str, Any]) -> None:
    situation = unsent(**unsure)
    asked = settle_details(situation, "", NEW)
    settled = answer_address(after(situation, asked), stored(asked), YES)
    assert "It should leave by" not in told(settled)
    assert promised(settled) == []


def test_a_second_change_remembers_every_address_it_replaced() -> None:
    situation = unsent()
    for text in (NEW, "Rua Peru 7, Santos, 11010-000"):
        asked = settle_details(situation, "", text)
        situation = after(situation, asked)
        situation = after(situation, answer_address(situation, stored(asked), YES))
    (case,) = situation.cases
    assert [each["line1"] for each in json.loads(case.facts["replaced"])] == ["Rua Augusta 1508", "Rua Chile 99"]
    assert situation.order.ship_to.line1 == "Rua Peru 7"


def test_a_no_asks_for_the_address_again() -> None:
    asked = settle_details(unsent(), "", NEW)
    settled = answer_address(after(unsent(), asked), stored(asked), NO)
    assert settled.asks == "new_address/1/"
    assert settled.change is None


def test_what_is_missing_is_named_twice_and_then_a_person_takes_over() -> None:
    first = settle_details(unsent(), "", "Rua Chile 99, Campinas")
    assert told_by(Reply("term_address_postcode")) in told(first)
    assert told_by(Reply("term_address_street")) not in told(first)
    second = settle_details(unsent(), first.asks.split("/")[2], "Campinas")
    assert second.asks == "new_address/1/2"
    third = settle_details(unsent(), "2", "Campinas")
    assert (third.asks, third.handover) == ("", Handover("address_not_read"))


def test_a_question_back_is_answered_with_the_masked_address_and_is_no_try() -> None:
    settled = settle_details(unsent(), "2", "which address do you have?")
    assert "Rua Augusta …" in told(settled)
    assert (settled.asks, settled.handover) == ("new_address/1/2", None)


def test_another_country_is_for_a_person() -> None:
    settled = settle_details(unsent(), "", "12 rue de la Paix, 75002 Paris, France")
    assert "France" in told(settled)
    assert settled.handover is not None
    assert settled.handover.reason == "address_other_country"
    assert "75002 Paris" in settled.handover.note["wanted_address"]
    assert settled.change is None


@pytest.mark.parametrize(
    "changes", [{"cancelled_at": days_ago(1)}, {"promises": (Promise("cancel", "", days_ago(-2)),)}]
)
def test_a_cancelled_order_gets_no_new_address(changes: dict[str, Any]) -> None:
    for settled in (settle_address(unsent(**changes)), settle_details(unsent(**changes), "", NEW)):
        assert "cancelled" in told(settled)
        assert (settled.asks, settled.offers) == ("", ())


# -- another address for what has left ------------------------------------------------------


def test_an_address_agreed_while_it_left_is_for_a_person_to_ask_the_carrier() -> None:
    asked = settle_details(unsent(), "", NEW)
    left = replace(after(unsent(), asked), order=a_situation().order)
    settled = answer_address(left, stored(asked), YES)
    assert "ask China Post" in told(settled)
    assert settled.change is None
    assert settled.handover is not None
    assert settled.handover.reason == "address_shipped"
    assert settled.handover.note["parcels"] == "RB123456785CN"
    assert "Rua Chile 99" in settled.handover.note["address"]
    assert [task.kind for task in settled.tasks] == ["ask_carrier_for_address"]


@pytest.mark.parametrize(
    "parcel", [a_parcel(), a_parcel(status="delivery_failed"), a_parcel(status="ready_for_pickup"), a_late_parcel()]
)
def test_for_a_parcel_on_its_way_the_address_is_asked_for_without_a_promise(parcel: Parcel) -> None:
    settled = settle_address(a_situation(parcel))
    assert "parcel RB123456785CN is with China Post, so we can't change the address ourselves" in told(settled)
    assert (settled.asks, settled.promises) == ("new_address/1/", ())


def test_a_delivered_order_is_told_where_it_went() -> None:
    settled = settle_address(a_situation(a_delivered_parcel()))
    assert "has already been delivered, so its address can't be changed" in told(settled)
    assert "as delivered on" in told(settled)
    assert settled.asks == ""


def test_a_parcel_that_is_back_is_sent_again_by_a_date_to_the_new_address() -> None:
    situation = coming_back("returned")
    assert "It will leave within 3 business days" in spaced(told(settle_address(situation)))
    asked = settle_details(situation, "", NEW)
    settled = answer_address(after(situation, asked), stored(asked), YES)
    assert promised(settled) == [("resend", "2025-06-23")]
    assert (settled.promises[0].subject, settled.promises[0].amount) == ("1", Money(Decimal("24.50"), "USD"))
    assert "leave by Mon, Jun 23, 2025" in told(settled)
    assert [(task.kind, task.note["by"]) for task in settled.tasks] == [("resend", "2025-06-23")]
    assert (settled.tasks[0].note["promise"], settled.tasks[0].note["subject"]) == ("resend", "1")  # kept once done
    assert settled.change is not None
    again = settle_address(after(situation, asked, settled))
    assert "leave by Mon, Jun 23, 2025" in told(again)
    assert again.asks == ""


def test_a_parcel_on_its_way_back_is_sent_again_only_once_it_is_in() -> None:
    situation = coming_back("returning")
    asked = settle_details(situation, "", NEW)
    agreed = answer_address(after(situation, asked), stored(asked), YES)
    assert told_by(Reply("term_when_back_resend")) in told(agreed)
    assert (agreed.promises, [task.kind for task in agreed.tasks]) == ((), ["resend_when_back"])
    assert [(step.kind, step.state) for step in agreed.cases] == [(cases.ADDRESS, cases.AGREED)]

    known = after(situation, asked, agreed)
    back = replace(known, order=replace(coming_back("returned").order, ship_to=NEW_ADDRESS))
    read_back = settle_address(back)
    assert "Rua Chile 99" in told(read_back)
    settled = answer_address(after(back, read_back), stored(read_back), YES)
    assert promised(settled) == [("resend", "2025-06-23")]


@pytest.mark.parametrize("changes", [{"total": Decimal(500)}, {"policy": a_policy(remedies={"resend": False})}])
def test_beyond_the_policy_a_person_decides_what_becomes_of_what_came_back(changes: dict[str, Any]) -> None:
    situation = coming_back("returned", **changes)
    asked = settle_details(situation, "", NEW)
    settled = answer_address(after(situation, asked), stored(asked), YES)
    assert settled.promises == ()
    assert settled.handover is not None
    assert settled.handover.reason == "address_correction"
    assert "free" not in told(settled)


def test_a_parcel_that_was_refunded_gets_no_new_address() -> None:
    refunded = Promise(promises.REFUND, "1", days_ago(-2))
    settled = settle_address(coming_back("returned", promises=(refunded,)))
    assert "send the money for order 1001 back to you by Fri, Jun 20, 2025" in told(settled)
    assert settled.asks == ""
