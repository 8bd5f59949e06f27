"""An order in several parts: each is told on its own, and the choices say which part they mean."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from doorstep import promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.orders import Money
from doorstep.parcels import Destination
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Situation
from tests.builders import a_line, a_parcel, a_scan, days_ago
from tests.telling import (
    WORDS,
    a_delivered_parcel,
    a_late_parcel,
    a_policy,
    a_situation,
    labels,
    promised,
    told,
    told_by,
)

LINES = (a_line(), a_line(sku="CASE", title="Case", unit_price=Decimal("10.50")))


def _situation() -> Situation:
    late = a_late_parcel(skus=("HP-200-BK",))
    lost = a_parcel(id=2, tracking_number="RB200000005CN", status="lost", skus=("CASE",))
    return a_situation(late, lost, lines=LINES, total=Decimal("35.00"))


def _label(part: str, name: str, amount: str = "0") -> str:
    return f"{part}: {told_by(Reply(name, {'amount': Money(Decimal(amount), 'USD')}))}"


def test_one_parcel_is_told_without_part_numbers() -> None:
    assert "Part 1" not in told(settle_tracking(a_situation()))


def test_each_part_is_told_with_its_content() -> None:
    text = told(settle_tracking(_situation()))
    assert "Order 1001 comes in 2 parts." in text
    first = text.index("Part 1 (Headphones):\nOrder 1001 was sent with China Post, tracking number RB123456785CN")
    assert first < text.index("Part 2 (Case):\nChina Post reports parcel RB200000005CN (order 1001) as lost")


def test_the_feeling_is_said_once_for_all_parts() -> None:
    assert told(settle_tracking(_situation())).lower().count("sorry") == 1


def test_all_choices_stand_under_the_last_reply_and_name_their_part() -> None:
    settled = settle_tracking(_situation())
    assert [len(reply.choices) for reply in settled.replies[:-1]] == [0, 0]
    assert labels(settled) == [
        _label("Part 1", "choice_then_resend"),
        _label("Part 1", "choice_then_refund", "24.50"),
        _label("Part 1", "choice_then_wait"),
        _label("Part 2", "choice_now_resend"),
        _label("Part 2", "choice_now_refund", "10.50"),
        told_by(Reply("choice_talk_to_person")),
    ]
    assert "$24.50" in labels(settled)[1]
    assert "$10.50" in labels(settled)[4]


def test_each_choice_takes_the_offer_of_its_own_part() -> None:
    payloads = [choice.payload for choice in WORDS.word(settle_tracking(_situation()).replies[-1], "en").choices]
    assert payloads[1] == '/choose_option{"offer": "after_wait/1/1", "option": "refund"}'
    assert payloads[4] == '/choose_option{"offer": "now/1/2", "option": "refund"}'


def test_every_part_keeps_its_promise_and_offer() -> None:
    settled = settle_tracking(_situation())
    assert [(promise.kind, promise.subject) for promise in settled.promises] == [("grace", "1"), ("trace", "2")]
    assert [(offer.kind, offer.subject) for offer in settled.offers] == [("after_wait", "1"), ("now", "2")]


def test_parts_that_need_a_person_are_all_named_in_the_note() -> None:
    elsewhere = a_delivered_parcel(delivered_to=Destination(postcode="13010-111"))
    returning = a_parcel(id=2, status="returning")
    handover = settle_tracking(a_situation(elsewhere, returning)).handover
    assert handover is not None
    assert handover.reason == "delivered_elsewhere"
    assert handover.note["part 1"] == "delivered_elsewhere"
    assert handover.note["part 2"] == "returning"
    assert "13010-111" in handover.note["part 1, delivered_to"]


def test_what_has_not_left_is_the_last_part() -> None:
    settled = settle_tracking(a_situation(a_parcel(skus=("HP-200-BK",)), lines=LINES, total=Decimal("35.00")))
    assert "Part 2 (Case):\nOrder 1001 (Case)" in told(settled)


def test_the_card_goes_with_the_first_reply_and_an_order_without_parcel_has_none() -> None:
    settled = settle_tracking(_situation())
    assert [reply.card is not None for reply in settled.replies] == [True, False, False]
    assert settle_tracking(a_situation(a_parcel(shipped_at=None, scans=()))).replies[0].card is not None


def test_the_same_parts_are_told_in_the_same_words_when_asked_again() -> None:
    settled = settle_tracking(_situation())
    first = told(settled)
    again = told(settled, [WORDS.word(reply, "en").text for reply in settled.replies])
    assert again.split("\n\n", 1)[1] == first.split("\n\n", 1)[1]


def _wished(subject: str) -> Promise:
    return Promise(promises.GRACE, subject, days_ago(1), remedy="refund")


def test_two_parcels_that_may_each_hold_all_of_it_are_not_both_paid_back_on_the_promised_day() -> None:
    other = a_late_parcel(id=2, tracking_number="RB200000005CN")
    situation = a_situation(a_late_parcel(), other, promises=(_wished("1"), _wished("2")))
    settled = settle_tracking(situation)
    assert [kind for kind, _ in promised(settled)] == ["refund"]
    assert settled.handover is not None
    assert settled.handover.reason == "given_for_other_parcel"


def test_what_the_shop_has_to_do_for_a_part_is_on_its_list() -> None:
    other = a_late_parcel(id=2, tracking_number="RB200000005CN", skus=("CASE",))
    settled = settle_tracking(replace(_situation(), promises=(_wished("1"),)))
    assert [(task.kind, task.note["subject"]) for task in settled.tasks] == [("refund", "1")]
    held = a_scan(status="customs_held", reason="duties_due", amount_due=Decimal(9))
    parcels = (a_parcel(scans=(held,), skus=("HP-200-BK",)), other)
    settled = settle_tracking(a_situation(*parcels, lines=LINES, policy=a_policy(customs={"duties": "shop"})))
    assert [task.kind for task in settled.tasks] == ["pay_duty"]
    assert [(step.kind, step.subject) for step in settled.cases] == [("customs", "1")]
