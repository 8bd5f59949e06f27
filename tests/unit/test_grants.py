"""What a person may grant: up to their limit, never twice, and never more than the order cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep import cases, promises
from doorstep.orders import Money
from doorstep.parcels import Stage
from doorstep.people.granting import grant
from doorstep.people.grants import KINDS, grants_for
from doorstep.promises import GIVES
from doorstep.replies.values import Reply
from doorstep.settlement import Situation
from tests.builders import a_line, a_parcel, a_product, days_ago
from tests.telling import a_delivered_parcel, a_situation, told_by
from tests.unit.grant_talk import AGENT, LEAD, LOST, TWO, a_promise, after, by_key, granted, waiting, why_not
from tests.unit.test_any_settlement import situations

# -- what there is to grant -------------------------------------------------------------------


def test_a_parcel_that_left_can_be_refunded_and_sent_again_by_its_worth() -> None:
    found = by_key(a_situation(LOST))
    assert [found["refund", "1"].amount, found["resend", "1"].amount] == [Money(Decimal("24.50"), "USD")] * 2
    assert ("refund", "") not in found  # the parcel is all there is


def test_of_several_parcels_each_has_its_part_and_the_whole_order_is_there_too() -> None:
    parcels = (a_parcel(skus=("HP-200-BK",)), a_parcel(id=2, skus=("CASE",)))
    found = by_key(a_situation(*parcels, lines=TWO, total=Decimal("34.50")))
    amounts = [found["refund", subject].amount for subject in ("1", "2", "")]
    assert [money.amount for money in amounts if money] == [Decimal("24.50"), Decimal(10), Decimal("34.50")]


def test_what_has_not_left_is_called_off_and_not_just_paid_back() -> None:
    situation = replace(a_situation(), order=replace(a_situation().order, parcels=()))
    found = by_key(situation)
    assert found["cancel", ""].amount == Money(Decimal("24.50"), "USD")
    assert not any(kind in ("refund", "resend") for kind, _ in found)


def test_an_item_that_a_case_says_is_wrong_is_settled_as_that_item() -> None:
    found = by_key(a_situation(a_delivered_parcel(), cases=(waiting(cases.GOODS, "HP-200-BK"),)))
    assert {("refund", "HP-200-BK"), ("resend", "HP-200-BK"), ("part_refund", "HP-200-BK")} <= found.keys()
    assert not {("refund", "1"), ("refund", ""), ("part_refund", "")} & found.keys()


def test_an_amount_to_choose_goes_up_to_the_limit_and_the_value_of_the_order() -> None:
    most = [
        by_key(a_situation(total=Decimal(total)))["part_refund", ""].most for total in ("24.50", "200.00", "700.00")
    ]
    assert [money.amount for money in most if money] == [Decimal("24.50"), Decimal(200), Decimal(200)]


def test_every_kind_has_words_and_every_grant_says_what_it_is_about() -> None:
    label = told_by(by_key(a_situation(LOST))["resend", "1"].label)
    assert label == "Send again: parcel RB123456785CN (Headphones)"
    assert all(told_by(Reply(f"term_grant_{kind}", {"what": "x"})) for kind in KINDS)


# -- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "why"),
    [
        ("200.00", None),
        ("200.01", "Above your limit of $200.00. A lead can grant it."),
        ("1000.01", "Above your limit of $200.00."),
    ],
)
def test_a_fixed_amount_above_the_limit_is_for_a_lead_or_for_nobody(total: str, why: str | None) -> None:
    situation = a_situation(LOST, total=Decimal(total), lines=(a_line(unit_price=Decimal(total)),))
    found = by_key(situation)["refund", "1"]
    assert (found.why and told_by(found.why)) == why
    if why:
        assert why_not(situation, "refund", "1") == why


def test_a_lead_grants_what_an_agent_cannot() -> None:
    situation = a_situation(LOST, total=Decimal(500), lines=(a_line(unit_price=Decimal(500)),))
    settled = grant(situation, "refund", "1", limits=LEAD)
    assert settled.promises[0].amount == Money(Decimal(500), "USD")


def test_in_a_currency_without_a_limit_nothing_is_granted() -> None:
    situation = a_situation(LOST, currency="JPY")
    told_why = {told_by(one.why) for one in grants_for(situation, AGENT) if one.why and one.kind != "goodwill"}
    assert told_why == {"Your shop's rules set no limit in JPY, so nothing can be granted in it."}


def test_a_chosen_amount_above_the_limit_is_refused_with_the_limit() -> None:
    situation = a_situation(total=Decimal(700))
    assert why_not(situation, "part_refund", "", "200.01") == "Above your limit of $200.00. A lead can grant it."


@pytest.mark.parametrize("amount", ["", "0", "0.004", "-5", "1.999", "NaN", "Infinity", "24.51"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    expected = "Please give an amount up to $24.50, with at most two decimals."
    assert why_not(a_situation(), "part_refund", "", amount) == expected


def test_a_fixed_amount_that_has_changed_since_it_was_seen_is_refused() -> None:
    expected = "Things have changed. The amount is $24.50 now."
    assert why_not(a_situation(LOST), "refund", "1", "30.00") == expected
    assert granted(a_situation(LOST), "refund", "1", "24.50").promises


def test_what_is_not_there_to_grant_is_refused() -> None:
    expected = "This cannot be granted for the order as it is now."
    assert why_not(a_situation(), "refund", "7") == why_not(a_situation(), "castle", "") == expected


def test_calling_off_what_never_left_has_no_limit() -> None:
    order = replace(a_situation().order, parcels=(), total=Decimal(5000))
    settled = grant(replace(a_situation(), order=order), "cancel", "", limits={})
    assert settled.promises[0].amount == Money(Decimal(5000), "USD")


# -- never twice, never more than the order ---------------------------------------------------


@pytest.mark.parametrize(("kind", "subject", "amount"), [("refund", "1", ""), ("part_refund", "", "5.00")])
def test_nothing_is_granted_twice(kind: str, subject: str, amount: str) -> None:
    situation = a_situation(LOST)
    once = granted(situation, kind, subject, amount)
    assert why_not(after(situation, once), kind, subject, amount) == "Already granted."


def test_what_was_refunded_is_not_sent_again_nor_its_item_refunded() -> None:
    parcels = (a_delivered_parcel(), a_parcel(id=2, skus=("CASE",)))
    first = replace(parcels[0], skus=("HP-200-BK",))
    situation = a_situation(first, parcels[1], lines=TWO, total=Decimal("34.50"))
    situation = replace(situation, promises=(a_promise("refund", "1"),))
    found = by_key(situation)
    for key in (("resend", "1"), ("refund", "HP-200-BK"), ("part_refund", "HP-200-BK"), ("refund", "")):
        assert found[key].why == Reply("term_grant_why_granted"), key
    assert found["refund", "2"].why is None


def test_after_a_part_only_the_rest_is_paid_back() -> None:
    situation = a_situation(LOST, promises=(a_promise("part_refund", "", "5.00"),))
    assert by_key(situation)["refund", "1"].amount == Money(Decimal("19.50"), "USD")
    expected = "More than what is left of the order's value: $19.50."
    assert why_not(situation, "resend", "1") == expected  # the part and the goods would be more than the order


def test_a_new_parcel_that_is_lost_too_gave_nothing() -> None:
    again = a_parcel(id=2, status="lost", tracking_number="RB2")
    situation = a_situation(LOST, again, promises=(a_promise("resend", "1"),))
    assert by_key(situation)["refund", "2"].why is None
    on_its_way = a_situation(LOST, a_parcel(id=2), promises=(a_promise("resend", "1"),))
    assert by_key(on_its_way)["refund", "2"].why == Reply("term_grant_why_granted")


@pytest.mark.parametrize("state", ["kept", "broken", "cancelled"])
def test_a_promise_that_is_there_in_any_state_is_not_made_again(state: str) -> None:
    situation = a_situation(LOST, promises=(a_promise("part_refund", "", "1.00", state=state),))
    assert why_not(situation, "part_refund", "", "2.00") == "Already granted."


def test_a_cancelled_order_sends_nothing_but_its_money_can_still_be_paid_back() -> None:
    nothing_left = replace(a_situation().order, parcels=(), cancelled_at=days_ago(1))
    assert granted(replace(a_situation(), order=nothing_left), "refund", "").promises[0].amount
    assert why_not(a_situation(LOST, cancelled_at=days_ago(1)), "resend", "1") == "The order was cancelled."


def test_an_order_that_nobody_paid_gets_nothing() -> None:
    order = replace(a_situation().order, parcels=(), paid_at=None)
    found = grants_for(replace(a_situation(), order=order), AGENT, LEAD)
    assert {one.why.name for one in found if one.why} == {"term_grant_why_unpaid"}
    assert all(one.why for one in found)


def test_what_is_sold_out_is_not_sent_again() -> None:
    gone = {"HP-200-BK": a_product(in_stock=False)}
    assert why_not(a_situation(LOST, products=gone), "resend", "1") == "It is sold out."


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), st.data())
def test_whatever_the_order_all_grants_together_never_come_to_more_than_it_cost(
    situation: Situation, data: Any
) -> None:
    limits = {"USD": Decimal(10_000)}
    situation = replace(situation, promises=())
    for _ in range(6):
        options = [one for one in grants_for(situation, limits) if one.why is None]
        if not options:
            break
        one = data.draw(st.sampled_from(options))
        settled = grant(situation, one.kind, one.subject, one.most.amount if one.most else None, limits=limits)
        made = {(p.kind, p.subject) for p in situation.promises}
        assert not made & {(p.kind, p.subject) for p in settled.promises if p.kind in GIVES}
        situation = replace(after(situation, settled), cases=())
        resent = any(p.kind == promises.RESEND for p in situation.promises)
        lost_again = resent and situation.stage(situation.order.parcels[-1]) in (Stage.LOST, Stage.GOING_BACK)
        assert lost_again or promises.given(situation.promises) <= situation.order.total
        assert settled.handover is None
        assert not any(reply.choices for reply in settled.replies)
