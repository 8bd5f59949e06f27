"""Papers for customs, several parcels of one order, and choices that lead from one answer about customs to another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from doorstep import cases, promises
from doorstep.answers import settle_option
from doorstep.customs import wishes as customs
from doorstep.customs.replies import PAID, PAPERS, PROMISED, REFUSE, SUSPICIOUS, WHY
from doorstep.offers import DUTY, DUTY_ASKED
from doorstep.promises import Promise
from doorstep.replies.values import Reply, Value
from tests.builders import a_line, a_parcel, days_ago
from tests.held_parcels import GIVE, a_held_parcel, asked, gone_on
from tests.telling import a_policy, a_situation, labels, later, stored, told, told_by

WARNING = told_by(Reply("term_customs_warning"))


def _words(name: str, **values: Value) -> str:
    return told_by(Reply(name, values))


# -- papers ------------------------------------------------------------------------------------


def test_papers_are_promised_by_a_day_and_the_shop_has_to_send_them() -> None:
    settled = asked(PAPERS, a_held_parcel(reason="documents_missing", amount_due=None))
    assert "an invoice with the price, a description of the goods and proof that you paid" in told(settled)
    assert "to China Post for customs by Thu, Jun 19, 2025." in told(settled)
    (promise,) = settled.promises
    assert (promise.kind, promise.subject) == (promises.PAPERS, "1")
    assert [(task.kind, task.note["subject"], task.note["by"]) for task in settled.tasks] == [
        ("customs_papers", "1", "2025-06-19")
    ]
    assert [(step.kind, step.state) for step in settled.cases] == [(cases.CUSTOMS, cases.AGREED)]


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("duties_due", "term_papers_wanted_value"),
        ("restricted_goods", "term_papers_wanted_goods"),
        ("inspection", "term_papers_wanted_any"),
    ],
)
def test_which_papers_are_wanted_fits_the_reason(reason: str, wanted: str) -> None:
    assert _words(wanted) in told(asked(PAPERS, a_held_parcel(reason=reason)))


def test_papers_asked_for_twice_keep_their_day_and_are_one_task() -> None:
    situation = a_situation(a_held_parcel(), about=PAPERS)
    again = customs.settle(later(situation, customs.settle(situation), days=0.5))
    assert "by Thu, Jun 19, 2025" in told(again)
    assert (again.promises, again.tasks) == ((), ())


def test_papers_that_were_sent_or_are_overdue_are_told_so() -> None:
    promise = Promise(promises.PAPERS, "1", days_ago(1))
    sent = asked(PAPERS, promises=(replace(promise, state="kept"),))
    assert "We've already sent the invoice" in told(sent)
    overdue = asked(PAPERS, promises=(promise,))
    assert "should have sent the invoice and a description of the goods by Tue, Jun 17, 2025" in told(overdue)
    assert overdue.handover is not None
    assert overdue.handover.reason == "promise_overdue"


def test_a_shop_that_sends_no_papers_leaves_it_to_a_person() -> None:
    settled = asked(PAPERS, policy=a_policy(customs={"papers": False}))
    assert settled.promises == ()
    assert settled.handover is not None
    assert settled.handover.reason == "not_in_policy"


def test_no_papers_are_sent_for_a_parcel_that_goes_back() -> None:
    settled = asked(PAPERS, gone_on("returning"))
    assert "is on its way back to us" in told(settled)
    assert (settled.promises, settled.tasks) == ((), ())


def test_papers_for_an_order_of_which_nothing_is_held_are_sent_too() -> None:
    settled = asked(PAPERS, a_parcel())
    assert [(promise.kind, promise.subject) for promise in settled.promises] == [(promises.PAPERS, "")]
    assert "has held" not in told(settled)


# -- several parcels, and from one conversation to another -----------------------------------------

LINES = (a_line(), a_line(sku="CASE", title="Case"))


def test_of_several_parcels_the_held_one_is_told_of() -> None:
    other = a_parcel(id=2, tracking_number="RB200000005CN")
    settled = asked(WHY, other, a_held_parcel())
    assert "For parcel RB123456785CN, the carrier names R$86.40." in told(settled)
    assert {offer.subject for offer in settled.offers} == {"1"}


def test_several_held_parcels_are_told_one_by_one_with_choices_by_part() -> None:
    second = replace(a_held_parcel(amount_due=Decimal(10)), id=2, tracking_number="RB200000005CN", skus=("CASE",))
    settled = asked("", replace(a_held_parcel(), skus=("HP-200-BK",)), second, lines=LINES)
    text = told(settled)
    assert text.index("Part 1 (Headphones):") < text.index("R$86.40") < text.index("Part 2 (Case):")
    assert f"Part 1: {GIVE}" in labels(settled)
    assert "Part 2: Yes, pay me R$5.00 back" in labels(settled)
    assert {(offer.kind, offer.subject) for offer in settled.offers} == {
        (kind, subject) for kind in (DUTY, DUTY_ASKED) for subject in ("1", "2")
    }
    assert text.count(WARNING) == 1


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (WHY, "None of it goes to us."),
        (REFUSE, "I can't promise you a refund now"),
        (PROMISED, "look at the listing"),
        (PAPERS, "We'll send the invoice"),
        (PAID, "photo of the receipt"),
        (SUSPICIOUS, "don't open the link"),
    ],
)
def test_a_choice_leads_to_its_conversation(option: str, said: str) -> None:
    situation = a_situation(a_held_parcel())
    assert said in told(settle_option(situation, stored(customs.settle(situation), 1), option))


def test_a_choice_shown_long_ago_is_answered_by_how_things_are_now() -> None:
    shown = stored(customs.settle(a_situation(a_held_parcel())), 1)
    assert "Customs released parcel" in told(settle_option(a_situation(gone_on("delivered")), shown, REFUSE))


def test_a_choice_about_no_parcel_finds_the_one_held_since() -> None:
    shown = stored(asked("before", a_parcel()))
    assert shown.subject == ""
    assert "the carrier names R$86.40" in told(settle_option(a_situation(a_held_parcel()), shown, WHY))
