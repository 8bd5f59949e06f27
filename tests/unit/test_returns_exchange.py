"""Other goods instead: what is wanted in the buyer's words, read back, agreed, and minds that change."""

from __future__ import annotations

from dataclasses import replace

from doorstep import offers, promises
from doorstep.returns.agreed import settle_return_arrived
from doorstep.settlement import Handover
from tests.builders import days_ago
from tests.unit.returns_talk import ADDRESS, SHIRT, Talk, a_return_policy, agreed
from tests.unit.test_returns import EXCHANGE, PERSON, RETURN, UNUSED

RIGHT, OTHER = "Yes, that's right", "No, something else"


def _read_back(text: str = "in L, please") -> Talk:
    return Talk(lines=(SHIRT,)).wish("return_item", "exchange").pick(UNUSED).tell(text)


def test_what_is_wanted_instead_is_asked_and_read_back_for_a_yes() -> None:
    talk = Talk(lines=(SHIRT,)).wish("return_item", "exchange").pick(UNUSED)
    assert "instead of Shirt (black, M)" in talk.text
    assert talk.said.asks == "wanted_instead/1/SHIRT"
    talk.tell("  the same\nin L ")
    assert "What you'd like instead: the same in L" in talk.text
    assert talk.labels == [RIGHT, OTHER, PERSON]
    assert talk.situation.promises == ()


def test_an_agreed_exchange_tells_what_comes_and_when_it_leaves() -> None:
    talk = _read_back().pick(RIGHT)
    assert "What you'd like instead: in L, please" in talk.text
    assert "Return number: E-1001-1" in talk.text
    assert ADDRESS in talk.text
    assert "the new one will leave within 3 business days" in talk.text
    assert talk.cases == [("exchange", "agreed")]
    assert talk.tasks[0].note["wanted"] == "in L, please"


def test_a_plain_yes_or_no_answers_what_was_read_back() -> None:
    assert _read_back().option(offers.EXCHANGE, offers.YES).cases == [("exchange", "agreed")]
    again = _read_back().option(offers.EXCHANGE, offers.NO)
    assert again.said.asks == "wanted_instead/1/SHIRT"
    assert "in XL" in again.tell("in XL").text


def test_a_yes_to_what_was_taken_back_since_asks_again() -> None:
    talk = _read_back()
    choice = talk.choice(RIGHT)
    assert talk.pick(OTHER).take(choice).said.asks == "wanted_instead/1/SHIRT"
    assert talk.situation.promises == ()


def test_words_that_say_nothing_are_asked_for_again() -> None:
    assert _read_back(" ?! ").said.asks == "wanted_instead/1/SHIRT"


def test_an_address_in_the_buyers_words_is_not_told_again() -> None:
    assert "Augusta" not in _read_back("size L to Rua Augusta 1508").text


def test_the_condition_told_for_a_return_is_not_asked_again_for_an_exchange() -> None:
    talk = Talk().wish("return_item").pick(UNUSED).pick(EXCHANGE)
    assert talk.said.asks == "wanted_instead/1/HP-200-BK"
    assert talk.cases == [("return", "closed"), ("exchange", "asking")]
    assert talk.situation.cases[1].facts["condition"] == "unused"


def test_a_shop_without_exchange_says_so_and_offers_the_return() -> None:
    talk = Talk(policy=a_return_policy(exchange=False)).wish("return_item", "exchange").pick(UNUSED)
    talk.wish("return_item", "exchange")
    assert "we can't exchange items" in talk.text
    assert talk.labels == [RETURN, PERSON]


def test_an_agreed_return_becomes_an_exchange_with_the_same_deadline() -> None:
    talk = agreed(lines=(SHIRT,)).pass_days(3).wish("return_item", "exchange").tell("in L").pick(RIGHT)
    assert talk.cases == [("exchange", "agreed"), ("return", "closed")]
    assert "Send the first one by Wed, Jul 2, 2025" in talk.text


def test_a_mind_changed_to_money_ends_the_exchange() -> None:
    talk = _read_back().pick(RIGHT).wish("return_item", "return").pick(RETURN)
    assert talk.cases == [("return", "agreed"), ("exchange", "closed")]
    assert "we'll send $24.50 back" in talk.text


def test_once_it_is_sent_a_person_changes_it() -> None:
    talk = _read_back().pick(RIGHT).pick("I've sent it").tell("RR123456785BR").wish("return_item", "return")
    assert talk.said.handover == Handover("return_change", {"case": "E-1001-1", "wanted": "return"})
    assert talk.cases == [("exchange", "agreed")]


def test_an_old_choice_does_not_change_what_is_agreed_back_and_forth() -> None:
    talk = _read_back()
    choice = talk.choice(RIGHT)
    first = talk.take(choice).text
    assert talk.take(choice).text.splitlines()[2:] == first.splitlines()[2:]
    assert talk.cases == [("exchange", "agreed")]


def test_when_it_is_in_the_other_goods_are_promised_and_listed() -> None:
    talk = _read_back().pick(RIGHT)
    talk.keep(settle_return_arrived(talk.situation, talk.situation.cases[0]))
    assert "reached us on Wed, Jun 18, 2025" in talk.text
    assert "It will leave by Mon, Jun 23, 2025" in talk.text
    assert [task.kind for task in talk.tasks] == ["expect_return", "send_exchange"]
    assert promises.given(talk.situation.promises) == talk.situation.order.total
    assert "the other product for order 1001" in talk.wish("return_item", "status").text


def test_a_refund_granted_meanwhile_ends_the_exchange() -> None:
    talk = _read_back()
    refund = promises.Promise(promises.REFUND, "", days_ago(-2), amount=talk.situation.order.value)
    choice = talk.choice(RIGHT)
    talk.situation = replace(talk.situation, promises=(refund,))
    assert "send the money back by" in talk.take(choice).text
    assert talk.cases == [("exchange", "asking")]
