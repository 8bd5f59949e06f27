"""Handing over: what the buyer is told, what the person reads, and when the logistics team takes over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doorstep import answers
from doorstep.offers import PERSON
from doorstep.parcels import Parcel
from doorstep.people import logistics
from doorstep.people import replies as handover_replies
from doorstep.people.handovers import LOGISTICS, REASONS, UNKNOWN, note_of, reason_of
from doorstep.people.replies import THREATS, left_over
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Situation
from tests.builders import NOW, a_parcel, a_scan, an_address, days_ago
from tests.telling import WORDS, a_late_parcel, a_situation, spaced, told, told_by

# Noon in UTC is 20:00 in Shanghai: closed. At 14:00 in Shanghai it is 3:00 in São Paulo.
WHILE_OPEN = NOW.replace(hour=6)
NOWHERE = an_address(country="US", region="")  # one of several time zones


def handed(reason: str = "asked", situation: Situation | None = None, *wishes: str, **note: str) -> str:
    situation = situation or a_situation()
    reply = handover_replies.told(Handover(reason, note), situation.policy, situation.now, situation, wishes)
    return spaced(told_by(reply))


# -- by when a person answers --------------------------------------------------------------


def test_while_the_shop_is_open_the_latest_time_is_told_on_the_buyers_clock() -> None:
    text = handed(situation=a_situation(now=WHILE_OPEN))
    assert "Our team is here right now" in text
    assert "by Thu, Jun 19, 2025, 3:00 AM (your local time)" in text


def test_while_it_is_closed_it_is_told_when_it_opens_too() -> None:
    text = handed()
    assert "back on Wed, Jun 18, 2025, 10:00 PM" in text
    assert "by Thu, Jun 19, 2025, 10:00 PM at the latest (your local time)" in text


def test_a_buyer_whose_clock_is_not_known_is_told_how_long_it_takes_and_no_time_of_day() -> None:
    text = handed(situation=a_situation(ship_to=NOWHERE))
    assert "back in 13 hours" in text
    assert "within 24 hours" in text
    assert "local time" not in text
    assert "within 24 hours" in handed(situation=a_situation(ship_to=NOWHERE, now=WHILE_OPEN))


def test_without_a_proven_order_no_clock_is_guessed() -> None:
    policy = a_situation().policy
    text = told_by(handover_replies.told(Handover("asked"), policy, NOW, None))
    assert "back in 13 hours" in text


@pytest.mark.parametrize("name", ["utter_handover_asked", "utter_handover_angry", "utter_handover_not_understood"])
def test_the_buyer_is_always_told_that_they_can_go_on_writing(name: str) -> None:
    assert all(any(word in text for word in ("writ", "add")) for text in WORDS.variants(name, "en"))


# -- what waits for the person -------------------------------------------------------------


def test_wishes_that_nobody_answered_are_named_by_what_they_are_about() -> None:
    text = handed("asked", None, "customs/refuse", "customs/why", "stock", "complaint_escalation/legal", "human_agent")
    assert text.count(told_by(Reply("choice_wish_customs"))) == 1
    assert told_by(Reply("choice_wish_stock")) in text
    assert text.count("• ") == 2


def test_where_nothing_waits_nothing_is_named() -> None:
    assert "also asked" not in handed()
    assert left_over(("human_agent", "complaint_escalation/review")) == ()


def test_the_person_is_told_what_else_was_asked_and_what_was_threatened() -> None:
    stated = ("not_received", "customs/refuse", "complaint_escalation/dispute", "human_agent")
    assert note_of(stated) == {"wishes": "not_received, customs/refuse", "threat": "dispute"}
    assert note_of(("human_agent",)) == {}


# -- threats -------------------------------------------------------------------------------


@pytest.mark.parametrize("threat", THREATS)
def test_each_threat_is_met_with_its_own_words_and_the_facts(threat: str) -> None:
    text = handed("angry", None, threat=threat)
    first = text.splitlines()[0]
    assert first == told_by(Reply(THREATS[threat]))
    assert "order 1001 (Headphones, $24.50)" in text
    assert "Parcel RB123456785CN: left the country of origin" in text
    others = {told_by(Reply(name)) for kind, name in THREATS.items() if kind != threat}
    assert first not in others


def test_anger_without_a_threat_is_met_too() -> None:
    assert handed("angry").splitlines()[0] == told_by(Reply(THREATS["anger"]))


def test_the_same_words_for_the_same_threat_are_not_said_twice() -> None:
    situation = a_situation()
    reply = handover_replies.told(Handover("angry", {"threat": "dispute"}), situation.policy, NOW, situation)
    first = WORDS.word(reply, "en").text
    second = WORDS.word(reply, "en", [first]).text
    assert second.splitlines()[0] != first.splitlines()[0]


def test_what_has_not_left_is_not_told_as_a_parcel() -> None:
    text = handed("angry", a_situation(a_parcel(shipped_at=None, status="label_created")))
    assert "order 1001" in text
    assert "Parcel" not in text


def test_who_only_asks_for_a_person_is_not_shown_the_order() -> None:
    assert "1001" not in handed("asked")


# -- to the logistics team -----------------------------------------------------------------


def failed(times: int, **changes: str) -> Parcel:
    tries = [
        a_scan(at=days_ago(5 - each), status="delivery_failed", description="Nobody at home", reason="nobody_home")
        for each in range(times)
    ]
    return a_parcel(scans=(a_scan(), *tries), **changes)


def test_after_two_failed_deliveries_the_logistics_team_takes_over() -> None:
    settled = answers.settle(a_situation(failed(2)), "track_order")
    assert settled.handover == Handover(
        "delivery_failed_again", {"parcel": "RB123456785CN", "failed_attempts": "2", "contacts": "0"}
    )
    assert settled.replies[0].name == "utter_parcel_delivery_failed"  # the facts first
    assert "China Post" in told(settled)
    assert "logistics team" in told(settled)
    assert "at the latest" in told(settled)
    assert all(PERSON not in reply.choices for reply in settled.replies)  # a person is there already
    assert REASONS["delivery_failed_again"].team == LOGISTICS


def test_after_one_failed_delivery_the_buyer_is_told_how_to_get_it() -> None:
    assert answers.settle(a_situation(failed(1)), "not_received").handover is None


@pytest.mark.parametrize(("contacts", "takes_over"), [(2, False), (3, True)])
def test_who_wrote_on_three_days_about_a_parcel_that_waits_gets_the_logistics_team(
    contacts: int, takes_over: bool
) -> None:
    settled = answers.settle(a_situation(failed(1), contacts=contacts), "not_received")
    assert (settled.handover is not None and settled.handover.reason == "many_contacts") is takes_over


def test_who_only_asks_where_it_is_is_not_handed_over_for_writing_often() -> None:
    situation = replace(a_situation(failed(1), contacts=9), complaint=False)
    assert answers.settle(situation, "track_order").handover is None


def test_a_parcel_on_its_way_is_not_handed_over_however_often_it_is_asked_about() -> None:
    assert answers.settle(a_situation(contacts=9), "not_received").handover is None


def test_what_the_buyer_can_choose_comes_first() -> None:
    settled = answers.settle(a_situation(failed(2), replace(a_late_parcel(), id=2), contacts=9), "not_received")
    assert settled.offers
    assert settled.handover is None


def test_what_was_granted_is_not_handed_over_again() -> None:
    granted = Promise("refund", "1", NOW + timedelta(days=3), remedy="refund")
    assert answers.settle(a_situation(failed(2), promises=(granted,)), "not_received").handover is None


# -- what the person reads -----------------------------------------------------------------


@pytest.mark.parametrize("name", REASONS)
def test_every_reason_says_what_it_means_and_what_to_do(name: str) -> None:
    reason = reason_of(name)
    for words in (reason.means, reason.next_step):
        assert len(told_by(Reply(words)).split()) >= 5
    assert reason.urgency in (1, 2, 3)


def test_a_reason_that_is_not_known_is_still_passed_on() -> None:
    assert reason_of("something new") is UNKNOWN


def test_the_buyer_is_told_the_hours_for_exactly_the_reasons_that_say_so() -> None:
    told_hours = {*handover_replies._TOLD, *logistics._TOLD}
    assert {name for name, reason in REASONS.items() if reason.tells_hours} == told_hours
