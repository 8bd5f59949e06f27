"""Photos of goods with a problem: asked for by what is wrong, kept in the case, and never a condition."""

from __future__ import annotations

import pytest

from doorstep.offers import NO, YES
from tests.telling import a_policy, told
from tests.unit.goods_talk import Talk, choices_of, one_item

SENT, NONE = "I've sent the photos", "I have no photos"
OFFERED = "this is what we can do"
ADDED = "I've added your photos to your case"


@pytest.mark.parametrize(
    ("about", "slots"),
    [
        ("damaged", ["so that the problem can be seen", "the packing", "the label on the parcel"]),
        ("wrong_item", ["so that the problem can be seen", "the label on the parcel"]),
        ("not_working", ["a short video"]),
        ("missing_parts", ["laid out side by side"]),
    ],
)
def test_photos_are_asked_for_by_what_is_wrong(about: str, slots: list[str]) -> None:
    talk = Talk(one_item())
    text = told(talk.says(about=about))
    assert talk.labels == [SENT, NONE, "Talk to a person"]
    assert len([line for line in text.splitlines() if line.startswith("•")]) == len(slots)
    assert [slot for slot in slots if slot not in text] == []


def test_photos_that_were_sent_are_kept_in_the_case_and_an_offer_follows() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    talk.sends("p1", "p2")
    text = told(talk.picks(SENT))
    assert ADDED in text
    assert OFFERED in text
    assert talk.case.facts["photos"] == "p1 p2"


def test_without_photos_it_goes_on_all_the_same() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    text = told(talk.picks(NONE))
    assert OFFERED in text
    assert ADDED not in text


def test_a_photo_after_all_is_added_and_the_offer_stands() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    talk.picks(NONE)
    assert SENT in talk.labels
    talk.sends("p1")
    text = told(talk.picks(SENT))
    assert ADDED in text
    assert OFFERED in text
    assert talk.case.facts["photos"] == "p1"


def test_photos_that_come_one_by_one_are_all_kept() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    talk.sends("p1")
    talk.picks(SENT)
    talk.sends("p2")
    assert ADDED in told(talk.picks("I've sent more photos"))
    assert talk.case.facts["photos"] == "p1 p2"


def test_who_says_sent_without_a_photo_is_told_once_and_then_goes_on() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    assert "I can't see a photo" in told(talk.picks(SENT))
    assert talk.labels[:2] == [SENT, NONE]
    assert OFFERED in told(talk.picks(SENT))


def test_a_photo_sent_before_the_problem_was_told_is_not_asked_for_again() -> None:
    talk = Talk(one_item())
    talk.sends("p1")
    text = told(talk.says(about="damaged"))
    assert OFFERED in text
    assert ADDED in text
    assert talk.case.facts["photos"] == "p1"


def test_a_photo_sent_after_the_agreement_is_added_to_the_case() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    talk.picks(NONE)
    talk.picks("Send it again")
    talk.sends("p1")
    assert ADDED in told(talk.says(about="damaged"))
    assert (talk.case.facts["photos"], talk.case.state) == ("p1", "agreed")


def test_an_old_photo_choice_after_the_agreement_gives_nothing_more() -> None:
    talk = Talk(one_item())
    talk.says(about="damaged")
    talk.picks(NONE)
    talk.picks("Send it again")
    settled = talk.takes(choices_of(talk.heard[0])[1][0])
    assert "already arranged" in told(settled)
    assert settled.offers == ()


@pytest.mark.parametrize(("word", "said"), [(NO, OFFERED), (YES, "I can't see a photo")])
def test_a_plain_yes_or_no_answers_whether_there_are_photos(word: str, said: str) -> None:
    talk = Talk(one_item())
    settled = talk.says(about="damaged")
    (offer,) = settled.offers
    assert word in offer.options
    choice = choices_of(settled)[0][0]
    assert said in told(talk.takes(type(choice)(choice.label, choice.intent, {**choice.entities, "option": word})))


def test_a_shop_that_wants_no_photos_asks_for_none() -> None:
    talk = Talk(one_item(policy=a_policy(goods={"photo": False})))
    assert OFFERED in told(talk.says(about="damaged"))
    assert SENT not in talk.labels
