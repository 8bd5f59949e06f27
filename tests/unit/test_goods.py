"""Goods with a problem: which item, what is wrong, and what happens when nothing can be settled by rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from doorstep import cases, promises
from doorstep.cases import Case
from doorstep.promises import Promise
from tests.builders import NOW, a_line, a_parcel, a_product, a_scan, days_ago
from tests.telling import a_delivered_parcel, a_policy, a_situation, told
from tests.unit.goods_talk import CAME, CASE_LINE, Talk, on_the_way, one_item, two_items

PROBLEMS = [
    "It doesn't work",
    "It came damaged",
    "It's the wrong item, size or colour",
    "Something is missing",
    "I can't get it to work",
    "It isn't what I expected",
]
PERSON = "Talk to a person"
ANOTHER = "It's about another item"


# -- which item, and what is wrong? --------------------------------------------------------


def test_a_problem_that_is_not_named_is_asked_for_once() -> None:
    talk = Talk(one_item())
    text = told(talk.says())
    assert "sorry" in text
    assert '"Headphones" from order 1001' in text
    assert talk.labels == [*PROBLEMS, PERSON]
    assert (talk.case.kind, talk.case.subject, talk.case.state) == (cases.GOODS, "HP-200-BK", cases.ASKING)


def test_of_several_items_the_one_meant_is_asked_for_and_what_was_said_is_kept() -> None:
    talk = Talk(two_items())
    assert "Which item of order 1001" in told(talk.says(about="damaged"))
    assert talk.labels == ["Headphones", "Carrying case", PERSON]
    talk.picks("Carrying case")
    assert (talk.case.subject, talk.case.facts["problem"]) == ("CASE", "damaged")
    assert "What is the problem" not in told(talk.heard[-1])


def test_items_of_one_title_are_told_apart_by_what_was_chosen() -> None:
    lines = (a_line(options={"colour": "black"}), a_line(sku="HP-200-WH", options={"colour": "white"}))
    talk = Talk(two_items(lines=lines))
    talk.says()
    assert talk.labels == ["Headphones (black)", "Headphones (white)", PERSON]


def test_an_offer_comes_after_two_questions_at_most() -> None:
    talk = Talk(two_items())
    talk.says()
    talk.picks("Headphones")
    settled = talk.picks("It came damaged")
    assert "this is what we can do" in told(settled)
    assert "If you have photos that show it, just send them here." in told(settled)
    assert "I've sent the photos" in talk.labels


def test_an_item_can_be_named_in_words() -> None:
    talk = Talk(two_items())
    talk.says(about="damaged")
    talk.tells("the CASE, I mean the carrying thing")
    assert talk.case.subject == "CASE"


def test_words_that_name_no_item_are_asked_for_again() -> None:
    talk = Talk(two_items())
    talk.says(about="damaged")
    assert "Which item of order 1001" in told(talk.tells("the blue one"))
    talk.picks("Headphones")
    assert talk.case.facts["problem"] == "damaged"


def test_another_item_can_be_meant_at_any_time() -> None:
    talk = Talk(two_items())
    talk.says()
    talk.picks("Headphones")
    talk.picks(ANOTHER)
    assert talk.labels == ["Headphones", "Carrying case", PERSON]
    talk.picks("Carrying case")
    talk.picks("It doesn't work")
    assert [(case.subject, case.facts.get("problem")) for case in talk.situation.cases] == [
        ("HP-200-BK", None),
        ("CASE", "not_working"),
    ]


def test_who_changes_their_mind_about_the_problem_goes_on_with_the_new_one() -> None:
    talk = Talk(two_items())
    talk.says(about="damaged")
    talk.picks("Headphones")
    settled = talk.says(about="missing_parts")
    assert (talk.case.subject, talk.case.facts["problem"]) == ("HP-200-BK", "missing_parts")
    assert "Send the missing part" in talk.labels
    assert '"Headphones"' in told(settled)


def test_who_was_disappointed_and_says_it_is_broken_is_asked_how() -> None:
    talk = Talk(one_item())
    talk.says("quality_complaint")
    assert "What is the problem" in told(talk.says())
    talk.picks("It doesn't work")
    assert "this is what we can do" in told(talk.says())  # said once more: on with what is known


def test_only_what_came_can_have_a_problem() -> None:
    parcels = (replace(CAME, skus=("HP-200-BK",)), a_parcel(id=2, tracking_number="RB2", skus=("CASE",)))
    talk = Talk(a_situation(*parcels, lines=(a_line(), CASE_LINE), total=Decimal("49.00")))
    talk.says()
    assert talk.labels == [*PROBLEMS, PERSON]
    assert talk.case.subject == "HP-200-BK"


def test_before_anything_came_the_buyer_is_told_where_it_is_and_to_come_back() -> None:
    talk = Talk(on_the_way())
    text = told(talk.says(about="damaged"))
    assert "hasn't been delivered yet" in text
    assert "RB123456785CN" in text
    assert "come back to me" in text
    assert talk.situation.cases == ()
    assert PERSON in talk.labels


def test_unregistered_mail_can_have_come_without_a_scan() -> None:
    mail = a_parcel(tracking_number="", service="", carrier="x", scans=(), shipped_at=days_ago(20))
    talk = Talk(a_situation(mail))
    assert "What is the problem" in told(talk.says())


def test_unregistered_mail_of_yesterday_has_not_come() -> None:
    mail = a_parcel(tracking_number="", service="", carrier="x", scans=(), shipped_at=days_ago(1))
    assert "hasn't been delivered yet" in told(Talk(a_situation(mail)).says())


# -- to a person ---------------------------------------------------------------------------


def test_a_problem_told_after_the_days_of_the_policy_goes_to_a_person() -> None:
    talk = Talk(one_item(policy=a_policy(goods={"report_within_days": 2})))
    settled = talk.says(about="damaged")
    assert "came on Sun, Jun 15, 2025" in told(settled)
    assert "within 2 days" in told(settled)
    assert settled.handover is not None
    assert settled.handover.reason == "reported_late"
    assert talk.case.state == cases.PERSON


def test_a_problem_told_in_time_may_take_its_time() -> None:
    talk = Talk(one_item(policy=a_policy(goods={"report_within_days": 4, "photo": False})))
    talk.says()
    talk.days_pass(5)
    assert talk.picks("It doesn't work").handover is None


def test_above_the_limit_a_person_decides_and_gets_what_was_found_out() -> None:
    talk = Talk(one_item(policy=a_policy(remedies={"limits": {"USD": 20}})))
    talk.says(about="not_working")
    talk.sends("p1")
    settled = talk.picks("I've sent the photos")
    assert settled.handover is not None
    assert settled.handover.reason == "above_limit"
    assert settled.handover.note == {
        "item": "Headphones", "problem": "not_working", "value": "24.50 USD", "photos": "1",
    }  # fmt: skip
    assert "won't have to repeat it" in told(settled)
    assert (talk.case.state, settled.promises, settled.offers) == (cases.PERSON, (), ())


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ({"remedies": {"refund": False, "resend": False}}, "not_in_policy"),
        ({"remedies": {"limits": {}}}, "above_limit"),
    ],
)
def test_what_the_policy_does_not_give_goes_to_a_person(policy: dict[str, object], why: str) -> None:
    settled = Talk(one_item(policy=a_policy(goods={"photo": False}, **policy))).says(about="damaged")
    assert settled.handover is not None
    assert settled.handover.reason == why


@pytest.mark.parametrize("subject", ["1", "CASE", ""])
def test_what_was_given_for_the_order_is_not_given_a_second_time(subject: str) -> None:
    before = Promise(promises.RESEND, subject, NOW + timedelta(days=1), amount=one_item().order.value)
    talk = Talk(one_item(promises=(before,), policy=a_policy(goods={"photo": False, "part_refund_percent": 0})))
    settled = talk.says(about="damaged")
    assert (settled.promises, settled.offers) == ((), ())
    assert settled.handover is not None
    assert settled.handover.reason == "given_for_other_parcel"


def test_an_item_whose_case_a_person_has_stays_with_the_person() -> None:
    case = Case("G-1001-1", cases.GOODS, "HP-200-BK", cases.PERSON, {"problem": "damaged"})
    settled = Talk(one_item(cases=(case,))).says(about="wrong_item")
    assert "already with my colleagues" in told(settled)
    assert settled.handover is not None
    assert settled.handover.note["case"] == "G-1001-1"


def test_an_item_on_its_way_back_gets_nothing_more() -> None:
    case = Case("R-1001-1", cases.RETURN, "HP-200-BK", cases.AGREED)
    talk = Talk(one_item(cases=(case,)))
    assert "A return is already arranged" in told(talk.says(about="damaged"))
    assert talk.labels == ["About my return", PERSON]


def test_a_sold_out_item_is_not_sent_again() -> None:
    products = {"HP-200-BK": a_product(in_stock=False)}
    talk = Talk(one_item(products=products, policy=a_policy(goods={"photo": False})))
    talk.says(about="damaged")
    assert talk.labels == ["Keep it, $7.35 back", "Send it back", "None of these", PERSON]


def test_a_late_scan_is_counted_from_the_day_it_came() -> None:
    came = a_delivered_parcel(NOW - timedelta(days=91))
    assert Talk(a_situation(came)).says(about="damaged").handover is not None


def test_what_went_back_since_the_item_was_asked_for_is_told_as_where_it_is() -> None:
    talk = Talk(two_items())
    talk.says()
    back = a_parcel(scans=(*CAME.scans, a_scan(at=NOW, status="returning")))
    talk.situation = replace(talk.situation, order=replace(talk.situation.order, parcels=(back,)))
    assert talk.tells("headphones").replies[0].name == "utter_goods_not_here_yet"
