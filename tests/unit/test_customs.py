"""What a buyer is told about customs: held parcels, who pays, refusing, false messages, and released parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, promises
from doorstep.customs import wishes as customs
from doorstep.customs.replies import ABOUT, PAID, PAPERS, PROMISED, REFUSE, SUSPICIOUS, WHY
from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import DUTY, DUTY_ASKED
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.replies.values import Reply, Value
from tests.builders import BRAZIL, a_parcel, days_ago
from tests.held_parcels import GIVE, NO_SHARE, SHOP_BEARS, a_held_parcel, asked, gone_on
from tests.telling import a_policy, a_situation, labels, told, told_by

WARNING = told_by(Reply("term_customs_warning"))
NAMED: dict[str, Value] = {"carrier": "China Post", "tracking_number": "RB123456785CN"}
STEPS = ("term_customs_pay", "term_customs_papers", "term_customs_ask")


def _words(name: str, **values: Value) -> str:
    return told_by(Reply(name, values))


# -- held --------------------------------------------------------------------------------------


@pytest.mark.parametrize("settle", [settle_tracking, customs.settle])
def test_a_held_parcel_is_told_with_why_where_how_much_and_by_when(settle: Any) -> None:
    settled = settle(a_situation(a_held_parcel()))
    text = told(settled)
    assert "Customs has held parcel RB123456785CN from order 1001 since Mon, Jun 16, 2025." in text
    assert f"Reason: {_words('term_reason_duties_due')}." in text
    assert "Place: Curitiba." in text
    assert "Amount due: R$86.40." in text
    assert _words("term_customs_pay", **NAMED) in text
    assert "by Fri, Jun 27, 2025. If nothing is done by then, the parcel will be sent back or destroyed." in text
    assert "by the customs of Brazil and are paid by the importer" in text
    ways = [GIVE, "Why must I pay?", "I don't want to pay", "It was said to be tax-free", "Talk to a person"]
    assert labels(settled) == ways


def test_an_amount_nobody_gave_is_not_told_and_a_person_looks_at_the_share() -> None:
    settled = asked("", a_held_parcel(amount_due=None, act_by=None))
    text = told(settled)
    assert "Amount due" not in text
    assert _words("term_customs_pay", **NAMED) in text
    assert _words("term_customs_deadline") in text
    assert _words("term_duty_share_person") in text
    assert [offer.kind for offer in settled.offers] == [DUTY_ASKED]


def test_an_amount_without_currency_is_in_the_orders() -> None:
    settled = asked("", a_held_parcel(amount_due=Decimal(5), amount_currency=""))
    assert "Amount due: $5.00." in told(settled)
    assert settled.offers[0].amount == Money(Decimal("2.50"), "USD")


@pytest.mark.parametrize(
    ("reason", "step"),
    [
        ("duties_due", "term_customs_pay"),
        ("documents_missing", "term_customs_papers"),
        ("inspection", "term_customs_ask"),
        ("", "term_customs_ask"),
    ],
)
def test_what_to_do_fits_the_reason(reason: str, step: str) -> None:
    settled = settle_tracking(a_situation(a_held_parcel(reason=reason, amount_due=None)))
    text = told(settled)
    assert [name for name in STEPS if _words(name, **NAMED) in text] == [step]
    assert ("Reason:" in text) is bool(reason)
    assert (("Why must I pay?" in labels(settled)), ("They want papers" in labels(settled))) == (
        reason == "duties_due",
        reason != "duties_due",
    )


@pytest.mark.parametrize("about", ["", WHY, REFUSE, PAPERS])
def test_a_last_day_that_has_passed_is_told_as_passed(about: str) -> None:
    text = told(asked(about, a_held_parcel(act_by=days_ago(1))))
    assert "The last day given was Tue, Jun 17, 2025. Please ask China Post at once" in text
    assert "by Tue, Jun 17" not in text
    assert "clear it is" not in text


def test_the_last_day_is_the_one_of_the_place_where_the_parcel_is() -> None:
    evening = datetime(2025, 6, 27, 23, 30, tzinfo=BRAZIL).astimezone(timezone.utc)
    assert "by Fri, Jun 27, 2025" in told(asked("", a_held_parcel(act_by=evening)))


def test_the_tracking_number_of_a_parcel_that_has_none_is_not_asked_for() -> None:
    for about in ("", *ABOUT):
        assert "the tracking number" not in told(asked(about, replace(a_held_parcel(), tracking_number="")))


def test_where_the_buyer_could_read_who_pays_is_told_when_the_policy_says_it() -> None:
    policy = a_policy(customs={"told_in": "“Shipping and duties” in each listing"})
    assert "You can read this here: “Shipping and duties” in each listing." in told(asked("", policy=policy))
    assert "read this" not in told(asked(""))


@pytest.mark.parametrize("about", ["", *ABOUT])
@pytest.mark.parametrize("parcel", [a_held_parcel(), gone_on("customs_released"), a_parcel()])
@pytest.mark.parametrize("policy", [a_policy(), SHOP_BEARS, NO_SHARE])
def test_every_answer_warns_of_false_messages_and_names_the_order(about: str, parcel: Parcel, policy: Any) -> None:
    text = told(asked(about, parcel, policy=policy))
    assert text.count(WARNING) == 1
    assert "1001" in text


# -- the conversations -------------------------------------------------------------------------


@pytest.mark.parametrize("about", [WHY, "before"])
def test_why_is_answered_with_who_sets_it_and_what_the_carrier_names(about: str) -> None:
    settled = asked(about)
    text = told(settled)
    assert "For parcel RB123456785CN, the carrier names R$86.40." in text
    assert "set by the customs of Brazil" in text
    assert "None of it goes to us." in text
    assert _words("term_customs_pay", **NAMED) in text
    assert "China Post can tell you how the amount is made up" in text
    assert "I don't want to pay" in labels(settled)


def test_refusing_is_told_with_what_follows_and_promises_no_refund_before_it_is_in() -> None:
    settled = asked(REFUSE)
    text = told(settled)
    assert "send the parcel back to us or destroy it" in text
    assert "I can't promise you a refund now" in text
    assert "The last day to clear it is Fri, Jun 27, 2025." in text
    assert labels(settled) == [GIVE, "Why must I pay?", "They want papers", "Talk to a person"]
    assert settled.promises == ()
    assert {offer.kind for offer in settled.offers} == {DUTY, DUTY_ASKED}


@pytest.mark.parametrize("parcel", [gone_on("returning"), a_parcel(status="returning")])
def test_a_refused_parcel_that_goes_back_is_told_as_going_back(parcel: Parcel) -> None:
    settled = asked(REFUSE, parcel)
    assert "is on its way back to us" in told(settled)
    assert settled.offers == ()


def test_who_was_told_of_no_tax_is_offered_the_share_and_a_look_at_the_listing() -> None:
    settled = asked(PROMISED)
    text = told(settled)
    assert "goodwill" in text
    assert "A colleague can also look at the listing with you." in text
    assert labels(settled)[0] == GIVE
    assert settled.handover is None


@pytest.mark.parametrize(
    ("parcel", "policy"),
    [
        (a_held_parcel(amount_due=None), a_policy()),
        (a_held_parcel(amount_currency="CHF"), a_policy()),
        (a_held_parcel(), NO_SHARE),
    ],
)
def test_who_was_told_of_no_tax_gets_a_person_where_no_share_can_be_given(parcel: Parcel, policy: Any) -> None:
    settled = asked(PROMISED, parcel, policy=policy)
    assert settled.handover is not None
    assert (settled.handover.reason, settled.handover.note["parcel"]) == ("customs_promised", "RB123456785CN")
    assert "look at what the listing said and answer you here within 24 hours" in told(settled)
    assert [(step.kind, step.subject, step.state) for step in settled.cases] == [(cases.CUSTOMS, "1", cases.PERSON)]


def test_before_anything_is_held_the_facts_are_told_and_no_tariff() -> None:
    settled = asked("before", a_parcel())
    text = told(settled)
    assert "goes to Brazil, and I can't see that customs is holding any of it." in text
    assert "• Parcel RB123456785CN: left the country of origin" in text
    assert "I can't know it beforehand." in text
    assert not any(sign in text for sign in ("%", "$", "per cent"))
    assert settled.promises == ()


def test_a_shop_that_bears_duties_says_so_beforehand() -> None:
    text = told(asked("before", a_parcel(), policy=SHOP_BEARS))
    assert _words("term_customs_shop_bears") in text
    assert "importer" not in text


@pytest.mark.parametrize("parcel", [a_held_parcel(), gone_on("customs_released"), gone_on("delivered")])
def test_who_has_paid_is_offered_the_share_and_a_photo_is_no_must(parcel: Parcel) -> None:
    settled = asked(PAID, parcel)
    assert "The carrier names R$86.40." in told(settled)
    assert "It works without, too." in told(settled)
    assert labels(settled) == [GIVE, "No, thank you", "Talk to a person"]


@pytest.mark.parametrize(
    ("parcel", "policy"),
    [
        (a_parcel(), a_policy()),
        (a_held_parcel(amount_due=None), a_policy()),
        (a_held_parcel(amount_currency="CHF"), a_policy()),
        (a_held_parcel(), SHOP_BEARS),
        (gone_on("returned"), a_policy()),
    ],
)
def test_who_has_paid_gets_a_person_where_nobody_can_count_the_share(parcel: Parcel, policy: Any) -> None:
    settled = asked(PAID, parcel, policy=policy)
    assert "Please write here how much you paid" in told(settled)
    assert settled.handover is not None
    assert settled.handover.reason == "duty_paid"
    assert DUTY not in [offer.kind for offer in settled.offers]


def test_a_policy_without_share_gives_none_and_calls_nobody_for_it() -> None:
    settled = asked(PAID, policy=NO_SHARE)
    assert (settled.handover, labels(settled)) == (None, ["Talk to a person"])
    assert _words("term_duty_share_person") not in told(asked("", policy=NO_SHARE))


@pytest.mark.parametrize(
    ("parcel", "seen"),
    [
        (a_held_parcel(), "The carrier does say that duty has to be paid (R$86.40)."),
        (gone_on("customs_released"), "I can't see that the carrier or customs is waiting for a payment."),
        (a_parcel(), "I can't see that the carrier or customs is waiting for a payment."),
    ],
)
def test_a_strange_message_is_not_to_be_paid_and_what_is_known_is_told(parcel: Parcel, seen: str) -> None:
    text = told(asked(SUSPICIOUS, parcel))
    assert "Please don't pay and don't open the link." in text
    assert seen in text
    assert "China Post's own website yourself and enter the tracking number RB123456785CN" in text


@pytest.mark.parametrize("statuses", [("returning",), ("lost",), ("customs",), ("customs_released", "lost")])
def test_what_will_not_come_is_not_told_as_released(statuses: tuple[str, ...]) -> None:
    assert "released" not in told(asked("", gone_on(*statuses)))


def test_no_last_day_is_named_for_a_parcel_that_customs_let_go() -> None:
    assert "last day" not in told(asked(PROMISED, gone_on("customs_released"), policy=NO_SHARE))


def test_a_released_parcel_is_told_with_its_day_and_when_it_should_be_there() -> None:
    settled = asked("", gone_on("customs_released"))
    text = told(settled)
    assert "Customs released parcel RB123456785CN from order 1001. We've had this news since Tue, Jun 17, 2025." in text
    assert "It should be with you by Tue, Jul 29, 2025." in text
    assert labels(settled) == [GIVE, "I've already paid", "Where is my order?", "Talk to a person"]


def test_a_released_parcel_that_is_late_is_given_no_day_that_has_passed() -> None:
    text = told(asked("", replace(gone_on("customs_released"), shipped_at=days_ago(60))))
    assert "should be with you" not in text


def test_money_given_back_before_settles_questions_about_the_duty() -> None:
    refund = Promise(promises.REFUND, "1", days_ago(-2))
    for about in ("", WHY, REFUSE):
        settled = asked(about, promises=(refund,))
        assert "This is already arranged" in told(settled)
        assert settled.offers == ()
