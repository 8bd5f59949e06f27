"""What a person grants is told, promised, carried out and closed as when the assistant grants it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from doorstep import cases, promises
from doorstep.cases import Case
from doorstep.orders import Money
from doorstep.people.granting import grant
from doorstep.replies.values import Reply
from tests.builders import a_parcel, a_scan, days_ago
from tests.telling import a_delivered_parcel, a_policy, a_situation, spaced, told
from tests.unit.grant_talk import LOST, a_promise, after, by_key, granted, steps, waiting, why_not


def test_a_refund_of_a_parcel_is_the_assistants_own_in_words_promise_task_and_case() -> None:
    situation = a_situation(LOST, cases=(waiting(cases.NOT_RECEIVED, "1"),))
    settled = granted(situation, "refund", "1")
    assert spaced(told(settled)).startswith("That's done. For order 1001, we'll send $24.50 back by Mon, Jun 23, 2025")
    (promise,), (task,) = settled.promises, settled.tasks
    assert (promise.kind, promise.subject, promise.remedy, promise.amount) == (
        "refund", "1", "refund", Money(Decimal("24.50"), "USD"),
    )  # fmt: skip
    assert dict(task.note) == {
        "promise": "refund", "subject": "1", "parcel": "RB123456785CN", "amount": "24.50 USD", "by": "2025-06-23",
    }  # fmt: skip
    assert steps(settled) == [(cases.NOT_RECEIVED, "1", cases.AGREED)]


def test_a_refund_of_a_parcel_that_came_opens_no_case_of_a_missing_one() -> None:
    assert granted(a_situation(a_delivered_parcel()), "refund", "1").cases == ()


def test_an_item_that_is_wrong_is_sent_again_as_goods() -> None:
    case = waiting(cases.GOODS, "HP-200-BK", problem="missing_parts")
    settled = granted(a_situation(a_delivered_parcel(), cases=(case,)), "resend", "HP-200-BK")
    assert "We'll send the missing part" in told(settled)
    assert (settled.tasks[0].kind, settled.tasks[0].note["case"]) == ("resend", "X-1001-1")
    assert (steps(settled), settled.asks) == ([(cases.GOODS, "HP-200-BK", cases.AGREED)], "")


def test_a_part_of_the_money_carries_the_case_that_waited_and_closes_the_others() -> None:
    two = (waiting(cases.NOT_RECEIVED, "1"), Case("R-1001-2", cases.RETURN, "HP-200-BK", cases.PERSON, id=2))
    settled = granted(a_situation(a_delivered_parcel(), cases=two), "part_refund", "", "7.25")
    assert steps(settled) == [
        (cases.NOT_RECEIVED, "1", cases.AGREED),
        (cases.RETURN, "HP-200-BK", cases.CLOSED),
    ]
    assert settled.cases[0].facts == {"remedy": "part_refund", "by": "2025-06-23", "amount": "7.25 USD"}
    assert settled.cases[1].facts == {"closed_for": "X-1001-1"}
    assert settled.tasks[0].note["case"] == "X-1001-1"


def test_a_case_about_something_else_goes_on_waiting() -> None:
    address = waiting(cases.ADDRESS, "")
    assert granted(a_situation(LOST, cases=(address,)), "part_refund", "", "5.00").cases == ()


def test_goodwill_is_bounded_by_what_the_policy_sets_aside_for_the_tier() -> None:
    policy = a_policy(customers={"currency": "EUR", "rates": {"EUR": 1, "USD": 0.5}, "goodwill": {"gold": 4}})
    gold = by_key(a_situation(policy=policy, tier="gold"))["goodwill", "goodwill"]
    assert gold.most == Money(Decimal("8.00"), "USD")
    none = by_key(a_situation(policy=policy, tier="regular"))["goodwill", "goodwill"].why
    assert none == Reply("term_grant_why_no_goodwill")


def test_goodwill_is_money_beside_a_part_refund_and_leaves_what_is_owed_waiting() -> None:
    case = waiting(cases.GOODS, "HP-200-BK", problem="damaged")
    settled = granted(a_situation(a_delivered_parcel(), cases=(case,), tier="gold"), "goodwill", "goodwill", "3.00")
    assert spaced(told(settled)).startswith("For the trouble you've had with order 1001, we'd like to give you $3.00.")
    assert (settled.promises[0].kind, settled.promises[0].subject) == ("part_refund", "goodwill")
    assert (settled.cases, settled.tasks[0].kind) == ((), "part_refund")


def test_a_code_settles_only_a_disappointment() -> None:
    situation = a_situation(a_delivered_parcel(), coupon=True, policy=a_policy(goods={"coupons": ["SORRY-1"]}))
    for problem, expected in (("disappointed", [(cases.GOODS, "HP-200-BK", cases.CLOSED)]), ("damaged", [])):
        case = waiting(cases.GOODS, "HP-200-BK", problem=problem)
        settled = granted(replace(situation, cases=(case,)), "coupon", "")
        assert (steps(settled), settled.coupon) == (expected, True)
    assert why_not(replace(situation, coupon=False), "coupon", "").startswith("No code: ")


def test_a_share_of_a_duty_is_in_its_own_currency_and_up_to_the_duty() -> None:
    held = a_scan(status="customs_held", reason="duties_due", amount_due=Decimal("43.20"), amount_currency="BRL")
    situation = a_situation(a_parcel(scans=(a_scan(), held)), cases=(waiting(cases.CUSTOMS, "1"),))
    limits = {"BRL": Decimal(1000)}
    found = by_key(situation, limits)["duty_share", "1"]
    assert found.most == Money(Decimal("43.20"), "BRL")
    settled = grant(situation, "duty_share", "1", Decimal(40), limits=limits)
    assert (settled.promises[0].kind, settled.promises[0].amount) == ("duty_share", Money(Decimal("40.00"), "BRL"))
    assert (settled.tasks[0].kind, steps(settled)) == ("pay_duty_share", [(cases.CUSTOMS, "1", cases.AGREED)])
    assert by_key(after(situation, settled), limits)["duty_share", "1"].why == Reply("term_grant_why_granted")


def test_a_return_is_agreed_though_its_time_is_over_and_a_person_is_not_called_again() -> None:
    came = a_delivered_parcel(delivered_at=days_ago(200))
    settled = granted(a_situation(came), "return", "HP-200-BK")
    assert "Your return is set up" in told(settled)
    assert (settled.tasks[0].kind, settled.handover) == ("expect_return", None)
    assert steps(settled) == [(cases.RETURN, "HP-200-BK", cases.AGREED)]


def test_an_order_that_was_refunded_as_a_whole_counts_for_each_of_its_parcels() -> None:
    whole = a_promise("refund", "")
    assert promises.granted((whole,), "1") == promises.granted((whole,), promises.REST) == whole
