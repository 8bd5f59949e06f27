"""What is given for goods with a problem: by problem and worth, once, and never more than was paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, promises
from doorstep.cases import Case
from doorstep.orders import Money
from doorstep.promises import Promise
from tests.builders import NOW, a_line
from tests.telling import a_delivered_parcel, a_policy, a_situation, told
from tests.unit.goods_talk import Talk, choices_of, one_item, two_items

PERSON = "Talk to a person"
KEEP = "Keep it, $7.35 back"
NO_PHOTO: dict[str, Any] = {"photo": False}
CODES: dict[str, Any] = {"photo": False, "coupons": ["SORRY-1"], "coupon_worth": "10%"}


def _talk(**changes: Any) -> Talk:
    return Talk(one_item(**{"policy": a_policy(goods=NO_PHOTO), **changes}))


def _cheap(**changes: Any) -> Talk:
    cheap = {"lines": (a_line(unit_price=Decimal("9.00")),), "total": Decimal("9.00")}
    return Talk(one_item(**cheap, **changes))


@pytest.mark.parametrize("about", ["not_working", "damaged", "wrong_item"])
def test_a_defect_can_be_made_good_in_three_ways(about: str) -> None:
    talk = _talk()
    text = told(talk.says(about=about))
    assert talk.labels == ["Send it again", KEEP, "Send it back", "None of these", PERSON]
    assert "It leaves by Mon, Jun 23, 2025" in text
    assert "$7.35 back by Mon, Jun 23, 2025" in text


def test_of_what_is_incomplete_only_the_part_is_sent() -> None:
    talk = _talk()
    talk.says(about="missing_parts")
    assert talk.labels[:2] == ["Send the missing part", KEEP]
    settled = talk.picks("Send the missing part")
    assert "the missing part" in told(settled)
    assert "which part is missing?" in told(settled)
    assert settled.tasks[0].note["remedy"] == "part"


def test_which_part_is_missing_reaches_the_shop() -> None:
    talk = _talk()
    talk.says(about="missing_parts")
    talk.picks("Send the missing part")
    settled = talk.tells("the left ear pad")
    assert talk.case.facts["part"] == "the left ear pad"
    assert (settled.tasks[0].kind, settled.tasks[0].note["part"]) == ("part_named", "the left ear pad")
    assert talk.case.state == cases.AGREED


def test_what_is_worth_little_is_paid_back_or_sent_again_without_photo_and_return() -> None:
    talk = _cheap()
    text = told(talk.says(about="damaged"))
    assert talk.labels == ["Send it again", "Refund $9.00", "None of these", PERSON]
    assert "You don't need to send anything back." in text
    talk.picks("Refund $9.00")
    assert [(p.kind, p.amount) for p in talk.situation.promises] == [("refund", Money(Decimal("9.00"), "USD"))]


@pytest.mark.parametrize(
    ("label", "kind", "amount", "said"),
    [
        ("Send it again", "resend", "24.50", "will leave by Mon, Jun 23, 2025"),
        (KEEP, "part_refund", "7.35", "$7.35 back by Mon, Jun 23, 2025"),
    ],
)
def test_what_is_taken_is_promised_put_in_the_case_and_on_the_shops_list(
    label: str, kind: str, amount: str, said: str
) -> None:
    talk = _talk()
    talk.says(about="damaged")
    settled = talk.picks(label)
    (promise,), (task,) = settled.promises, settled.tasks
    assert (promise.kind, promise.subject, promise.amount) == (kind, "HP-200-BK", Money(Decimal(amount), "USD"))
    assert said in told(settled)
    assert "case number is G-1001-1" in told(settled)
    assert "come back to me here" in told(settled)
    assert (talk.case.state, talk.case.facts["remedy"]) == (cases.AGREED, kind)
    assert (task.kind, task.note["sku"], task.note["case"]) == (kind, "HP-200-BK", "G-1001-1")


def test_a_part_is_rounded_down_and_a_part_of_nothing_is_not_offered() -> None:
    talk = _talk(lines=(a_line(unit_price=Decimal("15.99")),), total=Decimal("15.99"))
    talk.says(about="damaged")
    assert "Keep it, $4.79 back" in talk.labels
    free = _talk(lines=(a_line(title="Sticker", unit_price=Decimal("0.01")), a_line(sku="B")), total=Decimal("24.51"))
    free.says("quality_complaint")
    free.picks("Sticker")
    free.tells("a bit more")
    assert free.heard[-1].offers == ()


def test_an_item_of_several_is_worth_its_share_of_what_was_paid() -> None:
    talk = Talk(two_items(total=Decimal("40.00"), policy=a_policy(goods=NO_PHOTO)))
    talk.says(about="damaged")
    talk.picks("Headphones")
    assert "Keep it, $6.00 back" in talk.labels


def test_after_the_return_window_sending_back_is_no_way() -> None:
    came = a_delivered_parcel(NOW - timedelta(days=40))
    talk = Talk(a_situation(came, policy=a_policy(goods=NO_PHOTO)))
    talk.says(about="damaged")
    assert talk.labels == ["Send it again", KEEP, "None of these", PERSON]


# -- once ----------------------------------------------------------------------------------


def test_a_choice_taken_twice_gives_the_same_answer_and_nothing_more() -> None:
    talk = _talk()
    talk.says(about="damaged")
    first = talk.picks("Send it again")
    talk.days_pass(1)
    again = talk.takes(choices_of(talk.heard[0])[0][0])
    assert told(again) == told(first)
    assert (again.promises, again.tasks) == ((), ())


def test_what_another_conversation_granted_is_told_and_not_given_again() -> None:
    first = _talk()
    first.says(about="damaged")
    second = Talk(first.situation)
    second.says(about="damaged")
    first.picks("Send it again")
    second.situation = first.situation
    settled = second.picks(KEEP)
    assert "already arranged" in told(settled)
    assert (settled.promises, settled.tasks, settled.handover) == ((), (), None)
    assert "already arranged" in told(second.says(about="wrong_item"))


def test_of_one_item_a_second_conversation_gets_nothing_though_the_order_has_more() -> None:
    first = Talk(two_items(policy=a_policy(goods=NO_PHOTO)))
    first.says(about="damaged")
    first.picks("Headphones")
    second = Talk(first.situation)
    second.says(about="damaged")
    first.picks("Send it again")
    second.situation = first.situation
    settled = second.picks(KEEP)
    assert (settled.promises, settled.replies[0].name) == ((), "utter_goods_agreed_resend")


def test_after_the_parcel_was_sent_again_only_a_person_gives_more() -> None:
    again = Promise(promises.RESEND, "1", NOW - timedelta(days=9), state="kept")  # of before amounts were kept
    settled = _talk(promises=(again,)).says(about="damaged")
    assert (settled.offers, settled.handover and settled.handover.reason) == ((), "given_for_other_parcel")


def test_what_does_not_cover_the_item_any_more_is_not_offered_to_be_sent_back() -> None:
    some = Promise(promises.PART_REFUND, "OTHER", NOW, amount=Money(Decimal("10.00"), "USD"))
    talk = _talk(promises=(some,))
    talk.says(about="damaged")
    assert talk.labels == [KEEP, "None of these", PERSON]


def test_after_its_day_an_agreement_goes_to_a_person_unless_it_was_kept() -> None:
    talk = _talk()
    talk.says(about="damaged")
    talk.picks(KEEP)
    talk.days_pass(9)
    settled = talk.says(about="damaged")
    assert settled.handover is not None
    assert settled.handover.reason == "promise_overdue"
    broken = tuple(replace(promise, state="broken") for promise in talk.situation.promises)
    talk.situation = replace(talk.situation, promises=broken)
    assert (talk.says(about="damaged").offers, talk.says(about="damaged").handover) == ((), settled.handover)
    kept = tuple(replace(promise, state="kept") for promise in talk.situation.promises)
    talk.situation = replace(talk.situation, promises=kept)
    assert "has been done" in told(talk.says(about="damaged"))


def test_two_items_together_never_get_more_than_was_paid() -> None:
    talk = Talk(two_items(total=Decimal("30.00"), policy=a_policy(goods=NO_PHOTO)))
    for item in ("Headphones", "Carrying case"):
        talk.says(about="damaged")
        talk.picks(item)
        talk.picks("Send it again")
    assert promises.given(talk.situation.promises) <= Decimal("30.00")
    assert len(talk.situation.promises) == 2


def test_an_old_choice_is_looked_at_anew_when_the_amount_has_changed() -> None:
    talk = _talk()
    talk.says(about="damaged")
    talk.situation = replace(talk.situation, policy=a_policy(goods={"photo": False, "part_refund_percent": 10}))
    settled = talk.picks(KEEP)
    assert "Things have changed" in told(settled)
    assert settled.promises == ()
    assert "Keep it, $2.45 back" in talk.labels


def test_an_old_choice_after_the_case_was_closed_asks_what_is_wrong() -> None:
    talk = _talk()
    talk.says(about="damaged")
    closed = tuple(replace(case, state=cases.CLOSED) for case in talk.situation.cases)
    talk.situation = replace(talk.situation, cases=closed)
    settled = talk.picks("Send it again")
    assert "What is the problem" in told(settled)
    assert settled.promises == ()


def test_whom_nothing_suits_is_offered_a_person() -> None:
    talk = _talk()
    talk.says(about="damaged")
    settled = talk.picks("None of these")
    assert "a colleague can look for another way" in told(settled)
    assert talk.labels == ["Send it back", PERSON]
    assert [offer.kind for offer in settled.offers] == ["pass_on"]
    assert talk.case.facts["refused"] == "resend, part_refund"
    assert talk.picks("Send it again").promises != ()  # what was offered stays open


# -- disappointed --------------------------------------------------------------------------


def test_who_is_disappointed_is_asked_what_was_expected_and_then_offered_a_part() -> None:
    talk = _talk()
    settled = talk.says("quality_complaint")
    assert "what did you expect" in told(settled)
    assert talk.asks == "expected/1/HP-200-BK"
    talk.tells("softer ear pads")
    assert talk.labels == [KEEP, "None of these", PERSON]
    assert talk.case.facts["expected"] == "softer ear pads"
    talk.picks(KEEP)
    assert talk.heard[-1].tasks[0].note["expected"] == "softer ear pads"


def test_who_does_not_say_what_was_expected_is_not_asked_twice() -> None:
    talk = _talk()
    talk.says("quality_complaint")
    talk.says("quality_complaint")
    assert talk.labels == [KEEP, "None of these", PERSON]


def test_a_discount_code_is_offered_where_one_is_left() -> None:
    talk = Talk(one_item(policy=a_policy(goods=CODES), coupon=True))
    talk.says("quality_complaint")
    text = told(talk.tells("more"))
    assert "worth 10%" in text
    settled = talk.picks("A discount code")
    assert settled.coupon
    assert (settled.promises, talk.case.state) == ((), cases.CLOSED)
    again = talk.picks("A discount code")
    assert again.coupon
    assert told(again) == told(settled)
    assert "another chance" in told(talk.says("quality_complaint"))


@pytest.mark.parametrize("changes", [{"coupon": False}, {"coupon": True, "tier": "unknown"}])
def test_without_a_code_or_a_budget_no_code_is_offered(changes: dict[str, Any]) -> None:
    talk = Talk(one_item(policy=a_policy(goods=CODES), **changes))
    talk.says("quality_complaint")
    talk.tells("more")
    assert "A discount code" not in talk.labels


def test_an_old_code_choice_is_not_promised_when_none_is_left() -> None:
    talk = Talk(one_item(policy=a_policy(goods=CODES), coupon=True))
    talk.says("quality_complaint")
    talk.tells("more")
    talk.situation = replace(talk.situation, coupon=False)
    settled = talk.picks("A discount code")
    assert "Things have changed" in told(settled)
    assert not settled.coupon


def test_a_code_for_disappointment_does_not_stand_in_the_way_of_a_defect() -> None:
    code = Case("G-1001-1", cases.GOODS, "HP-200-BK", cases.CLOSED, {"problem": "disappointed", "remedy": "discount"})
    talk = _talk(cases=(code,))
    talk.says(about="damaged")
    assert "Send it again" in talk.labels
