"""Sending something back for money: whether it may, why not, and all that the buyer needs to do it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, offers, promises
from doorstep.settlement import Handover
from tests.builders import a_line, a_parcel, days_ago
from tests.telling import a_delivered_parcel, a_policy, promised
from tests.unit.returns_talk import ADDRESS, SHIRT, Talk, agreed

PERSON = "Talk to a person"
UNUSED, USED = "Yes, it's unused", "No, it has been used"
RETURN, EXCHANGE = "Yes, return it for my money", "Exchange it instead"
TWO: dict[str, Any] = {"lines": (a_line(), SHIRT), "total": Decimal("49.00")}


def a_goods_case(subject: str = "HP-200-BK", state: str = cases.AGREED) -> cases.Case:
    return cases.Case("G-1001-1", cases.GOODS, subject, state)


# -- the way there -------------------------------------------------------------------------


def test_the_condition_is_asked_in_one_question() -> None:
    talk = Talk().wish("return_item")
    assert "Headphones from order 1001" in talk.text
    assert talk.text.count("?") == 1
    assert talk.labels == [UNUSED, USED, PERSON]
    assert talk.said.promises == ()


def test_before_anything_is_agreed_the_amount_and_the_postage_are_told_and_a_yes_is_asked_for() -> None:
    talk = Talk().wish("return_item").pick(UNUSED)
    assert "we'll give you $24.50 back" in talk.text
    assert "postage back to us would be yours to pay" in talk.text
    assert talk.labels == [RETURN, EXCHANGE, PERSON]
    assert talk.cases == [("return", "asking")]
    assert talk.situation.promises == ()


def test_an_agreed_return_tells_number_address_deadline_page_and_when_the_money_follows() -> None:
    talk = agreed()
    assert "Return number: R-1001-1" in talk.text
    assert ADDRESS in talk.text
    assert "Send it by Wed, Jul 2, 2025" in talk.text
    assert "https://help.example/returns/R-1001-1" in talk.text
    assert "within 5 business days" in talk.text
    assert "postage is yours to pay" in talk.text
    assert talk.labels == ["I've sent it", PERSON]
    assert talk.cases == [("return", "agreed")]
    assert promised(talk.said) == [("return", "2025-07-02")]


def test_no_money_is_promised_by_a_date_before_the_goods_are_in() -> None:
    assert [p.kind for p in agreed().situation.promises] == [promises.RETURN]
    assert promises.given(agreed().situation.promises) == 0


def test_the_number_told_is_the_one_the_case_gets() -> None:
    talk = agreed(cases=(a_goods_case("OTHER"),))
    assert [case.number for case in talk.situation.cases if case.kind == cases.RETURN] == ["R-1001-2"]
    assert "R-1001-2" in talk.text


def test_a_plain_yes_answers_each_question() -> None:
    talk = Talk().wish("return_item").option(offers.CONDITION, offers.YES).option(offers.RETURN, offers.YES)
    assert "Return number: R-1001-1" in talk.text


def test_my_money_back_in_words_takes_the_return_on_offer() -> None:
    talk = Talk().wish("return_item").pick(UNUSED).option(offers.RETURN, offers.REFUND)
    assert talk.cases == [("return", "agreed")]


def test_saying_return_again_once_it_is_offered_is_a_yes() -> None:
    talk = Talk().wish("return_item", "return").pick(UNUSED).wish("return_item", "return")
    assert "Return number: R-1001-1" in talk.text


def test_asking_again_tells_the_same_number_and_deadline() -> None:
    first = agreed()
    talk = first.pass_days(2).wish("return_item", "return")
    assert "Return number: R-1001-1" in talk.text
    assert "Wed, Jul 2, 2025" in talk.text
    assert len(talk.situation.cases) == 1


def test_the_same_choice_taken_twice_gives_the_same_answer_and_nothing_new() -> None:
    talk = Talk().wish("return_item").pick(UNUSED)
    choice = talk.choice(RETURN)
    first = talk.take(choice).text
    assert talk.take(choice).text.splitlines()[2:] == first.splitlines()[2:]
    assert (len(talk.tasks), talk.cases) == (1, [("return", "agreed")])


def test_without_a_warehouse_a_person_gives_the_address() -> None:
    talk = agreed(policy=a_policy())
    assert "A colleague will send you the address" in talk.text
    assert talk.said.handover == Handover("return_address", {"case": "R-1001-1"})
    assert "Return number: R-1001-1" in talk.text


def test_the_warehouse_is_that_of_the_buyers_country() -> None:
    talk = agreed(policy=a_policy(returns={"warehouses": {"default": "Elsewhere 1", "BR": "Rua do Porto 9"}}))
    assert "Rua do Porto 9" in talk.text
    assert "Elsewhere" not in talk.text


def test_several_pieces_are_told_as_such() -> None:
    talk = agreed(lines=(a_line(quantity=2),), total=Decimal("49.00"))
    assert "all 2 pieces" in talk.text


def test_the_shop_is_told_what_comes_back() -> None:
    (task,) = agreed().tasks
    assert (task.kind, task.note["case"], task.note["items"]) == ("expect_return", "R-1001-1", "1 x Headphones")


def test_above_the_limit_a_return_is_agreed_since_money_follows_only_once_it_is_in() -> None:
    dear = a_line(unit_price=Decimal(900))
    talk = agreed(lines=(dear,), total=Decimal(900))
    assert "$900.00" in talk.text
    assert talk.said.handover is None


# -- several lines -------------------------------------------------------------------------


def test_of_several_items_the_one_meant_is_asked_first() -> None:
    talk = Talk(**TWO).wish("return_item", "return")
    assert talk.labels == ["Headphones", "Shirt (black, M)", PERSON]
    talk.pick("Shirt (black, M)")
    assert "Shirt (black, M) from order 1001" in talk.text
    talk.pick(UNUSED).pick(RETURN)
    assert [case.subject for case in talk.situation.cases] == ["SHIRT"]


@pytest.mark.parametrize("text", ["the shirt please", "the black one", "SHIRTS"])
def test_the_item_can_be_named_in_words(text: str) -> None:
    assert "Shirt (black, M) from order 1001" in Talk(**TWO).wish("return_item").tell(text).text


@pytest.mark.parametrize("text", ["that one", "headphones and shirt", ""])
def test_words_that_name_no_item_or_two_are_asked_about_again(text: str) -> None:
    assert Talk(**TWO).wish("return_item").tell(text).labels == ["Headphones", "Shirt (black, M)", PERSON]


def test_an_item_still_on_its_way_is_not_among_them() -> None:
    came = replace(a_delivered_parcel(days_ago(2)), skus=("SHIRT",))
    talk = Talk(parcels=(came, a_parcel(id=2, skus=("HP-200-BK",))), **TWO).wish("return_item")
    assert "Shirt (black, M) from order 1001" in talk.text
    assert talk.labels == [UNUSED, USED, PERSON]


def test_the_item_whose_problem_is_just_being_told_is_the_one_meant() -> None:
    talk = Talk(cases=(a_goods_case("SHIRT", cases.ASKING),), **TWO).wish("return_item")
    assert "Shirt (black, M)" in talk.text
    assert talk.labels == [RETURN, EXCHANGE, PERSON]


def test_one_of_two_items_brings_back_what_it_cost() -> None:
    talk = Talk(**TWO).wish("return_item").pick("Headphones").pick(UNUSED)
    assert "$24.50" in talk.text
