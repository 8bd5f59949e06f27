"""The shop's share of a duty: offered, accepted once, told again; and the shop that bears duties itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from doorstep import cases, offers, promises
from doorstep.customs import wishes as customs
from doorstep.customs.replies import ABOUT, PAID, PROMISED, REFUSE, WHY
from doorstep.offers import DUTY, DUTY_ASKED
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.settlement import Handover
from tests.builders import NOW, days_ago
from tests.held_parcels import NO_SHARE, SHARE, SHOP_BEARS, a_held_parcel, accepted, asked, gone_on, taken
from tests.telling import a_policy, a_situation, later, told

# -- the shop's share --------------------------------------------------------------------------


def test_the_share_is_offered_with_its_amount() -> None:
    (offer, talk) = asked("").offers
    assert (offer.kind, offer.subject, offer.options, offer.amount) == (DUTY, "1", ("yes", "no"), SHARE)
    assert (talk.kind, talk.options) == (DUTY_ASKED, ABOUT)


def test_the_share_is_not_more_than_the_cap() -> None:
    (offer, _) = asked("", a_held_parcel(amount_due=Decimal(900))).offers
    assert offer.amount == Money(Decimal(50), "BRL")


def test_a_yes_is_promised_with_amount_and_day_and_put_on_the_shops_list() -> None:
    settled = accepted()
    text = told(settled)
    assert "we'll send R$43.20 of the duty back to you by Mon, Jun 23, 2025" in text
    assert "Your case number is D-1001-1." in text
    assert "Please pay the duty to China Post" in text
    (promise,) = settled.promises
    assert (promise.kind, promise.subject, promise.amount) == (promises.DUTY_SHARE, "1", SHARE)
    assert promises.given(settled.promises) == 0
    (task,) = settled.tasks
    assert task.kind == "pay_duty_share"
    assert {"subject": "1", "share": "43.20 BRL", "duty": "86.40 BRL", "by": "2025-06-23"}.items() <= task.note.items()
    assert [(step.kind, step.subject, step.state) for step in settled.cases] == [(cases.CUSTOMS, "1", cases.AGREED)]


def test_a_no_costs_nothing_and_can_be_changed() -> None:
    situation = a_situation(a_held_parcel())
    settled = taken(situation, customs.settle(situation), "no")
    assert "stands until Wed, Jul 2, 2025" in told(settled)
    assert (settled.promises, settled.tasks) == ((), ())
    assert not offers.grants(DUTY, "no")


@pytest.mark.parametrize("parcel", [gone_on("customs_released"), gone_on("delivered")])
def test_the_share_is_still_given_after_customs_let_the_parcel_go(parcel: Parcel) -> None:
    settled = accepted(parcel)
    assert [promise.amount for promise in settled.promises] == [SHARE]
    assert "Please pay the duty" not in told(settled)


@pytest.mark.parametrize(
    ("parcel", "changes"),
    [
        (gone_on("returning"), {}),
        (gone_on("returned"), {}),
        (gone_on("destroyed"), {}),
        (a_held_parcel(amount_due=None), {}),
        (a_held_parcel(amount_currency="CHF"), {}),
        (a_held_parcel(), {"policy": NO_SHARE}),
        (a_held_parcel(), {"policy": SHOP_BEARS}),
    ],
)
def test_a_yes_that_comes_too_late_gives_nothing_and_calls_a_person(parcel: Parcel, changes: Any) -> None:
    settled = accepted(parcel, **changes)
    assert (settled.promises, settled.tasks) == ((), ())
    assert settled.handover is not None
    assert settled.handover.reason == "duty_share"
    assert "Things have changed since I offered you that. Order 1001, parcel RB123456785CN" in told(settled)


def test_a_duty_that_became_less_is_shared_as_it_is_now() -> None:
    settled = accepted(a_held_parcel(amount_due=Decimal(40)))
    assert [promise.amount for promise in settled.promises] == [Money(Decimal(20), "BRL")]
    assert "R$20.00" in told(settled)


def test_an_amount_of_an_earlier_hold_counts_only_once_the_parcel_is_free() -> None:
    first = a_held_parcel()
    again = replace(first.scans[-1], reason="inspection", amount_due=None)
    held = replace(first, scans=(*first.scans, again))
    assert [offer.kind for offer in asked("", held).offers] == [DUTY_ASKED]
    free = replace(held, scans=(*held.scans, gone_on("customs_released").scans[-1]))
    assert asked("", free).offers[0].amount == SHARE


def test_a_yes_for_a_parcel_that_was_paid_back_gives_nothing() -> None:
    settled = accepted(promises=(Promise(promises.REFUND, "1", days_ago(-2)),))
    assert "already arranged" in told(settled)
    assert settled.promises == ()


@pytest.mark.parametrize("parcel", [a_held_parcel(), gone_on("delivered"), gone_on("returned")])
def test_a_second_yes_is_answered_with_what_was_arranged(parcel: Parcel) -> None:
    settled = accepted(parcel, promises=accepted().promises)
    assert "As arranged, we'll send R$43.20 of the duty back to you by Mon, Jun 23, 2025." in told(settled)
    assert (settled.promises, settled.tasks, settled.cases) == ((), (), ())


@pytest.mark.parametrize("about", ["", WHY, REFUSE, PROMISED, PAID])
def test_an_arranged_share_is_told_and_not_offered_again(about: str) -> None:
    settled = asked(about, promises=accepted().promises)
    assert "As arranged, we'll send R$43.20" in told(settled)
    assert DUTY not in [offer.kind for offer in settled.offers]
    assert settled.handover is None


def test_a_share_that_was_paid_out_is_told_as_paid() -> None:
    (promise,) = accepted().promises
    assert "We've already sent R$43.20" in told(asked("", promises=(replace(promise, state="kept"),)))


@pytest.mark.parametrize("changes", [{"due_at": days_ago(1)}, {"state": "broken"}])
def test_a_share_that_is_overdue_goes_to_a_person(changes: Any) -> None:
    (promise,) = accepted().promises
    settled = asked("", promises=(replace(promise, **changes),))
    assert "should have been sent back to you" in told(settled)
    assert settled.handover is not None
    assert settled.handover.reason == "promise_overdue"
    assert settled.replies[-1].choices == ()


def test_the_photos_sent_so_far_stand_in_the_case() -> None:
    settled = accepted(photos=("photo-1", "photo-2"))
    assert settled.cases[0].facts["photos"] == "photo-1, photo-2"


def test_an_offer_ends_with_the_days_of_the_policy() -> None:
    (offer, _) = asked("", policy=a_policy(remedies={"offer_valid_days": 3})).offers
    assert (offer.expires_at - NOW).days == 3


# -- the shop bears the duties -------------------------------------------------------------------


@pytest.mark.parametrize("about", ["", WHY, REFUSE, PROMISED])
def test_a_shop_that_bears_duties_pays_them_itself(about: str) -> None:
    settled = asked(about, policy=SHOP_BEARS)
    text = told(settled)
    assert "The duties and VAT for this order are on us. Please don't pay anything yourself." in text
    assert "We'll settle it with China Post by Mon, Jun 23, 2025." in text
    assert [(task.kind, task.note["duty"]) for task in settled.tasks] == [("pay_duty", "86.40 BRL")]
    assert [(promise.kind, promise.subject) for promise in settled.promises] == [(promises.DUTY, "1")]
    assert DUTY not in [offer.kind for offer in settled.offers]


def test_a_shop_that_bears_duties_pays_before_the_last_day() -> None:
    text = told(asked("", a_held_parcel(act_by=days_ago(-1)), policy=SHOP_BEARS))
    assert "We'll settle it with China Post by Thu, Jun 19, 2025." in text


def test_what_the_shop_said_it_pays_keeps_its_day_and_is_one_task() -> None:
    situation = a_situation(a_held_parcel(), policy=SHOP_BEARS)
    first = customs.settle(situation)
    again = customs.settle(later(situation, first, days=1))
    assert "by Mon, Jun 23, 2025" in told(again)
    assert (again.promises, again.tasks) == ((), ())
    overdue = customs.settle(later(situation, first, days=9))
    assert overdue.handover == Handover("promise_overdue", {"promised": "duty", "by": "2025-06-23", "subject": "1"})
