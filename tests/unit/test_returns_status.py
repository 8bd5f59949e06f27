"""Where is my return, where is my refund: what is known is told, and what is overdue goes to a person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from doorstep import cases, offers, promises
from doorstep.cases import Case
from doorstep.delivery.tracking import settle_tracking
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.returns.agreed import settle_return_arrived
from doorstep.settlement import Handover
from tests.builders import a_line, a_parcel, a_scan, days_ago
from tests.telling import a_parcel_in_brazil, promised, told
from tests.unit.returns_talk import SHIRT, Talk, agreed
from tests.unit.test_returns import PERSON, UNUSED

UNTRACKED = "Sent without a tracking number"
REASONS = ["It's broken, wrong or incomplete", "I don't want to keep it", "It hasn't arrived", PERSON]
WHOLE = Money(Decimal("24.50"), "USD")


def _arrived(talk: Talk) -> Talk:
    return talk.keep(settle_return_arrived(talk.situation, talk.situation.cases[0]))


# -- sending it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("RR123456785BR", "RR123456785BR"),
        ("it's rr 123 456 785 br", "RR123456785BR"),
        ("number 00340434161094015902, sent yesterday", "00340434161094015902"),
        ("1Z999AA10123456784", "1Z999AA10123456784"),
    ],
)
def test_a_tracking_number_is_found_in_the_buyers_words(text: str, number: str) -> None:
    talk = agreed().pick("I've sent it").tell(text)
    assert f"Tracking number: {number}" in talk.text
    assert talk.situation.cases[0].facts["tracking_number"] == number


def test_words_without_a_tracking_number_are_asked_about_again_with_a_way_out() -> None:
    talk = agreed().pick("I've sent it").tell("I brought it to the post office on the 12th")
    assert talk.said.asks == "return_tracking/1/HP-200-BK"
    talk.pick(UNTRACKED)
    assert "is on its way to us" in talk.text
    assert "Tracking number" not in talk.text


def test_what_was_sent_is_told_with_its_number_and_no_date_for_the_money() -> None:
    talk = agreed().pick("I've sent it").tell("RR123456785BR").pass_days(4).wish("return_item", "status")
    assert "You told me on Wed, Jun 18, 2025" in talk.text
    assert "Tracking number: RR123456785BR" in talk.text
    assert "within 5 business days" in talk.text
    assert talk.said.promises == ()


def test_asking_for_a_return_not_sent_yet_tells_the_deadline_and_asks_for_the_number() -> None:
    talk = agreed().wish("return_item", "status")
    assert "Wed, Jul 2, 2025" in talk.text
    assert talk.labels == [UNTRACKED, PERSON]
    assert "Tracking number: RR123456785BR" in talk.tell("RR123456785BR").text


def test_past_the_deadline_it_is_said_and_a_person_decides_about_what_was_sent() -> None:
    talk = agreed().pass_days(20).wish("return_item", "status")
    assert "The last day to send it was Wed, Jul 2, 2025" in talk.text
    talk.tell("RR123456785BR")
    assert talk.said.handover is not None
    assert talk.said.handover.reason == "return_late"


def test_a_passed_deadline_is_not_moved_by_asking_for_an_exchange() -> None:
    talk = agreed().pass_days(20).wish("return_item", "exchange")
    assert "The last day to send it was" in talk.text
    assert talk.cases == [("return", "agreed")]


# -- it is in ------------------------------------------------------------------------------


def test_when_it_is_in_the_money_is_promised_by_a_date_and_listed() -> None:
    talk = _arrived(agreed())
    assert "reached us on Wed, Jun 18, 2025" in talk.text
    assert "send $24.50 back by Wed, Jun 25, 2025" in talk.text
    assert promised(talk.said) == [("return_refund", "2025-06-25")]
    assert talk.tasks[-1].kind == "refund_return"
    assert (talk.tasks[-1].note["amount"], talk.tasks[-1].note["by"]) == ("24.50 USD", "2025-06-25")
    assert talk.cases == [("return", "agreed")]


def test_told_again_that_it_is_in_the_first_day_holds() -> None:
    talk = _arrived(agreed())
    _arrived(talk.pass_days(3))
    assert "reached us on Wed, Jun 18, 2025" in talk.text
    assert "by Wed, Jun 25, 2025" in talk.text
    assert len(talk.tasks) == 2


def test_what_was_given_meanwhile_is_taken_off() -> None:
    talk = agreed()
    part = Promise(promises.PART_REFUND, "HP-200-BK", days_ago(1), amount=Money(Decimal("10.00"), "USD"))
    talk.situation = replace(talk.situation, promises=(*talk.situation.promises, part))
    assert "send $14.50 back" in _arrived(talk).text


def test_when_all_was_given_before_a_person_looks_at_it() -> None:
    talk = agreed()
    whole = Promise(promises.REFUND, "", days_ago(1), amount=WHOLE)
    talk.situation = replace(talk.situation, promises=(*talk.situation.promises, whole))
    _arrived(talk)
    assert talk.said.promises == ()
    assert talk.said.handover is not None
    assert talk.cases == [("return", "person")]


def test_the_order_number_is_no_tracking_number() -> None:
    talk = agreed(number="112-4455667-8899001").pick("I've sent it").tell("it is for order 112-4455667-8899001")
    assert talk.said.asks == "return_tracking/1/HP-200-BK"


@pytest.mark.parametrize("wish", ["return_item", "refund"])
def test_the_refund_of_a_return_is_told_with_its_date(wish: str) -> None:
    talk = _arrived(agreed()).wish(wish, "status")
    assert "Refund for your return (Headphones, order 1001): $24.50." in talk.text
    assert "by Wed, Jun 25, 2025" in talk.text


def test_a_refund_past_its_date_goes_to_a_person() -> None:
    talk = _arrived(agreed()).pass_days(10).wish("refund", "status")
    note = {"promised": "return_refund", "by": "2025-06-25", "subject": "HP-200-BK"}
    assert talk.said.handover == Handover("promise_overdue", note)


def test_a_refund_that_was_paid_is_told_as_done_after_the_case_was_closed() -> None:
    talk = _arrived(agreed())
    paid = tuple(replace(p, state="kept") for p in talk.situation.promises)
    closed = tuple(replace(case, state=cases.CLOSED) for case in talk.situation.cases)
    talk.situation = replace(talk.situation, promises=paid, cases=closed)
    assert "We've already sent the money back" in talk.wish("return_item", "status").text
    assert "We've already sent the money back" in talk.wish("return_item", "return").text


def test_a_return_with_a_person_is_told_as_that() -> None:
    case = Case("R-1001-1", cases.RETURN, "HP-200-BK", cases.PERSON)
    assert "A colleague is looking after return R-1001-1" in Talk(cases=(case,)).wish("return_item", "status").text


def test_two_returns_are_both_told() -> None:
    both = (Case("R-1-1", cases.RETURN, "HP-200-BK", cases.AGREED), Case("R-1-2", cases.RETURN, "SHIRT", cases.PERSON))
    text = Talk(lines=(a_line(), SHIRT), cases=both).wish("return_item", "status").text
    assert "R-1-1" in text
    assert "R-1-2" in text


def test_an_unknown_return_is_told_as_not_known_with_ways_on() -> None:
    talk = Talk().wish("return_item", "status")
    assert "can't see a return for order 1001" in talk.text
    assert talk.labels == ["I want to return or exchange it", PERSON]
    assert UNUSED in talk.pick("I want to return or exchange it").labels


def test_a_parcel_going_back_is_what_the_buyer_means() -> None:
    talk = Talk(parcels=(a_parcel(scans=(a_scan(status="returning", reason="refused", at=days_ago(1)),)),))
    assert told(talk.wish("return_item", "status").said) == told(settle_tracking(talk.situation))


# -- money back ----------------------------------------------------------------------------


def test_for_delivered_goods_the_reason_is_asked_in_one_question() -> None:
    talk = Talk().wish("refund", "want")
    assert talk.text.count("?") == 1
    assert talk.labels == REASONS
    assert UNUSED in talk.pick("I don't want to keep it").labels


def test_for_goods_that_did_not_come_the_parcel_is_looked_at() -> None:
    talk = Talk(parcels=(a_parcel_in_brazil(at=days_ago(1)),))
    assert told(talk.wish("refund", "want").said) == told(settle_tracking(talk.situation))


def test_a_refund_nobody_granted_is_told_as_not_agreed() -> None:
    talk = Talk().wish("refund", "status")
    assert "No refund has been agreed for order 1001" in talk.text
    assert talk.labels == REASONS


@pytest.mark.parametrize("kind", [promises.REFUND, promises.CANCEL])
def test_money_granted_before_is_told_with_its_date(kind: str) -> None:
    talk = Talk(promises=(Promise(kind, "", days_ago(-2), amount=WHOLE),)).wish("refund", "want")
    assert "$24.50" in talk.text
    assert "by Fri, Jun 20, 2025" in talk.text
    assert talk.labels == [PERSON]


def test_after_a_partial_refund_another_reason_can_be_told() -> None:
    part = Promise(promises.PART_REFUND, "HP-200-BK", days_ago(-2), amount=Money(Decimal("7.35"), "USD"))
    talk = Talk(promises=(part,)).wish("refund", "want")
    assert "Partial refund (Headphones, order 1001): $7.35." in talk.text
    assert talk.labels == REASONS


def test_the_shops_share_of_a_duty_is_money_too() -> None:
    share = Promise(promises.DUTY_SHARE, "1", days_ago(-2), amount=Money(Decimal("5.00"), "USD"))
    assert "Our share of the import duty (order 1001): $5.00." in Talk(promises=(share,)).wish("refund", "status").text


def test_my_money_back_for_an_agreed_return_tells_where_it_is() -> None:
    talk = agreed().wish("refund", "want")
    assert "Return R-1001-1" in talk.text
    assert talk.said.asks == "return_tracking/1/HP-200-BK"


def test_sent_is_not_taken_for_a_return_that_is_in() -> None:
    talk = agreed()
    choice = talk.choice("I've sent it")
    _arrived(talk).take(choice)
    assert "$24.50" in talk.text
    assert offers.RETURN_SENT not in [offer.kind for offer in talk.said.offers]
