"""What a buyer is told and promised about a parcel that was delivered, or is on its way and in time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from doorstep import promises
from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import NOW, SIGNER
from doorstep.orders import Money
from doorstep.parcels import Destination
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from tests.builders import a_parcel, days_ago
from tests.telling import (
    a_delivered_parcel,
    a_late_parcel,
    a_parcel_in_brazil,
    a_policy,
    a_situation,
    asked_again,
    labels,
    later,
    offered,
    promised,
    told,
    told_by,
)

ABOVE_LIMIT = {"total": Decimal("100.01")}
NO_REMEDIES = a_policy(remedies={"resend": False, "refund": False})
NEXT_WEEK = days_ago(-9)


# -- delivered (A1, A2) --------------------------------------------------------------------


def test_a_delivered_parcel_is_told_with_day_place_signer_and_masked_address() -> None:
    to = Destination("Rua Augusta 1508", "São Paulo", "01304-001", "BR")
    text = told(settle_tracking(a_situation(a_delivered_parcel(signed_by="A. SOUZA", delivered_to=to))))
    assert "delivered on Tue, Jun 17, 2025" in text
    assert "Place: São Paulo." in text
    assert "Signed for by: A. SOUZA." in text
    assert "It went to this address: Rua Augusta …, São Paulo, 0130…, Brazil." in text


def test_where_it_was_left_is_told() -> None:
    text = told(settle_tracking(a_situation(a_delivered_parcel(left_at="mailbox"))))
    assert "Left at: mailbox." in text
    assert "Signed for by" not in text


def test_an_address_the_carrier_did_not_name_is_not_told_as_the_one_it_went_to() -> None:
    text = told(settle_tracking(a_situation(a_delivered_parcel())))
    assert "It went to" not in text
    assert "It was sent to this address: Rua Augusta …" in text


def test_a_delivered_parcel_that_is_missing_is_traced_after_the_wait_of_the_policy() -> None:
    settled = settle_tracking(a_situation(a_delivered_parcel(), policy=a_policy(waits={"delivered_days": 4})))
    assert "missing after Sun, Jun 22, 2025" in told(settled)
    assert promised(settled) == [(promises.TRACE, "2025-06-22")]
    assert labels(settled) == ["Talk to a person"]


def test_the_day_promised_for_the_trace_stays_when_the_buyer_asks_again() -> None:
    situation = a_situation(a_delivered_parcel())
    first = settle_tracking(situation)
    again = asked_again(situation, first, days=1)
    assert "after Fri, Jun 20, 2025" in told(first)
    assert "after Fri, Jun 20, 2025" in told(again)
    assert promised(again) == promised(first)


def test_still_missing_after_the_wait_goes_to_a_person_at_once() -> None:
    situation = a_situation(a_delivered_parcel(signed_by="Marcos Oliveira"))
    again = asked_again(situation, settle_tracking(situation), days=3)
    assert again.handover == Handover("delivered_not_received")
    assert "As promised" in told(again)
    assert "the carrier to trace it" in told(again)
    assert again.offers == ()


def test_a_stranger_who_signed_is_named_and_asked_about() -> None:
    settled = settle_tracking(a_situation(a_delivered_parcel(signed_by="Marcos Oliveira")))
    text = told(settled)
    assert "It was signed for by Marcos Oliveira, and the order is for Ana." in text
    assert "family, a colleague or a neighbour?" in text
    assert text.count("?") == 1
    assert labels(settled) == ["Yes, I know them", "No, I don't"]
    assert offered(settled) == [(SIGNER, ("yes", "no"))]
    assert promised(settled) == [(promises.TRACE, "2025-06-20")]


def test_a_recipient_without_a_name_can_still_be_asked_about_the_signer() -> None:
    order = a_situation().order
    nameless = replace(order.ship_to, name=" ")
    settled = settle_tracking(a_situation(a_delivered_parcel(signed_by="Marcos"), ship_to=nameless))
    assert "delivered on Tue, Jun 17, 2025" in told(settled)


def test_a_delivery_elsewhere_goes_to_a_person_with_the_address_as_evidence() -> None:
    to = Destination("Rua Chile 99", "Campinas", "13010-111", "BR")
    settled = settle_tracking(a_situation(a_delivered_parcel(delivered_to=to)))
    text = told(settled)
    assert "It went to Rua Chile …, Campinas, 1301…, Brazil, but your order is for Rua Augusta …" in text
    assert "within 24 hours" in text
    assert settled.handover == Handover("delivered_elsewhere", {"delivered_to": "Rua Chile 99, Campinas 13010-111 BR"})


def test_a_buyer_who_only_asks_is_not_told_that_a_delivered_parcel_is_missing() -> None:
    asked, missing = told_by(Reply("utter_feel_asked")), told_by(Reply("utter_feel_missing"))
    calm = told(settle_tracking(a_situation(a_delivered_parcel(), complaint=False)))
    assert calm.startswith(asked)
    assert missing not in calm
    assert told(settle_tracking(a_situation(a_delivered_parcel()))).startswith(missing)


def test_only_who_says_that_it_is_missing_is_promised_a_trace() -> None:
    asked = settle_tracking(a_situation(a_delivered_parcel(), complaint=False))
    missed = settle_tracking(a_situation(a_delivered_parcel()))
    assert asked.promises == ()
    assert promised(missed) == [(promises.TRACE, "2025-06-20")]


@pytest.mark.parametrize("signer", ["", "Marcos Oliveira"])
def test_a_delivered_parcel_is_asked_about_by_its_tracking_number_if_it_has_one(signer: str) -> None:
    numbered = told(settle_tracking(a_situation(a_delivered_parcel(signed_by=signer))))
    assert "the tracking number RB123456785CN" in numbered
    mail = replace(a_delivered_parcel(signed_by=signer), tracking_number="")
    text = told(settle_tracking(a_situation(mail)))
    assert "at the local post office" in text
    assert "the tracking number" not in text


# -- on the way (A3, A7) -------------------------------------------------------------------


def test_a_parcel_in_time_is_told_with_number_carrier_dates_and_usual_days() -> None:
    settled = settle_tracking(a_situation())
    text = told(settled)
    assert "with China Post, tracking number RB123456785CN" in text
    assert "It was sent on Tue, Jun 10, 2025." in text
    assert "Latest news: Fri, Jun 13, 2025" in text
    assert "to Brazil" in text
    assert "15–35 business days" in text
    assert "should be with you by Tue, Jul 29, 2025" in text
    assert "look at it again on Wed, Jul 30, 2025" in text
    assert (promised(settled), settled.offers, settled.handover) == ([(promises.NOTICE, "2025-07-30")], (), None)


def test_the_day_to_look_again_stays_when_the_policy_changes_meanwhile() -> None:
    situation = a_situation()
    slower = a_policy(usual_days={"default": [10, 60], "services": {}})
    again = settle_tracking(replace(later(situation, settle_tracking(situation), 1), policy=slower))
    assert "look at it again on Wed, Jul 30, 2025" in told(again)


def test_a_sending_date_that_is_not_known_is_left_out_and_the_order_still_named() -> None:
    text = told(settle_tracking(a_situation(a_parcel(shipped_at=None))))
    assert "It was sent on" not in text
    assert "Order 1001 is on its way with China Post" in text
    assert "should be with you by" in text


def test_unregistered_mail_in_time_is_told_with_service_and_days_under_way() -> None:
    settled = settle_tracking(a_situation(a_parcel(tracking_number="", service="small-packet", scans=())))
    text = told(settled)
    assert "on Tue, Jun 10, 2025 with China Post (small packet)" in text
    assert "no tracking number" in text
    assert "20–40 business days" in text
    assert "for 8 days" in text
    assert "until Tue, Aug 5, 2025" in text
    assert promised(settled) == [(promises.NOTICE, "2025-08-06")]


def test_unregistered_mail_of_an_unnamed_service_loses_no_other_fact() -> None:
    text = told(settle_tracking(a_situation(a_parcel(tracking_number="", service="", scans=()))))
    assert "Order 1001" in text
    assert "on Tue, Jun 10, 2025 with China Post." in text


def test_late_unregistered_mail_is_waited_for_and_then_made_good() -> None:
    situation = a_situation(a_late_parcel(tracking_number="", scans=()))
    first = settle_tracking(situation)
    assert "unregistered mail with China Post" in told(first)
    assert "no tracking number" in told(first)
    assert "12 days late" in told(first)
    assert promised(first) == [(promises.GRACE, "2025-06-20")]
    then = asked_again(situation, first, days=3)
    assert f"{told_by(Reply('term_parcel'))} didn't arrive" in told(then)
    assert offered(then) == [(NOW, ("resend", "refund"))]


# -- arrived in the country (A4) -----------------------------------------------------------


def test_a_sorting_centre_is_told_with_scans_newest_first_and_a_day_to_wait_for() -> None:
    settled = settle_tracking(a_situation(a_parcel_in_brazil()))
    text = told(settled)
    assert text.index("Arrived at the centre (Curitiba)") < text.index("Departed from office of exchange (Guangzhou)")
    assert "parcel RB123456785CN has reached Brazil" in text
    assert "until Fri, Jun 20, 2025" in text
    assert " or ".join(told_by(Reply(f"term_remedy_{remedy}")) for remedy in ("resend", "refund")) in text
    amount = Money(Decimal("24.50"), "USD")
    names = ("choice_then_resend", "choice_then_refund", "choice_then_wait", "choice_talk_to_person")
    assert labels(settled) == [told_by(Reply(name, {"amount": amount})) for name in names]
    assert "$24.50" in labels(settled)[1]
    assert promised(settled) == [(promises.GRACE, "2025-06-20")]


def test_after_the_wait_at_the_sorting_centre_the_buyer_chooses() -> None:
    situation = a_situation(a_parcel_in_brazil())
    then = asked_again(situation, settle_tracking(situation), days=3)
    assert "will not ask you to wait any longer" in told(then)
    assert labels(then) == ["Send it again", "Refund $24.50", "Talk to a person"]


def test_a_local_parcel_past_its_window_is_late() -> None:
    late = replace(a_parcel_in_brazil(), shipped_at=days_ago(60))
    assert "12 days late" in told(settle_tracking(a_situation(late)))
