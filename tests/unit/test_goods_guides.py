"""Who cannot get it to work is led through the product's own guide, step by step, to an end that is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from doorstep import cases
from tests.builders import a_product
from tests.telling import a_policy, told
from tests.unit.goods_talk import Talk, choices_of, one_item, two_items

WORKS, NOT_YET, PERSON = "Works now", "Still not working", "Talk to a person"
GUIDE = {"HP-200-BK": a_product(guide=("Hold the button.", "Choose HP-200."))}


def _talk(**changes: Any) -> Talk:
    return Talk(one_item(**{"products": GUIDE, **changes}))


def test_the_guide_is_shown_one_step_at_a_time() -> None:
    talk = _talk()
    text = told(talk.says("how_to_use"))
    assert "step 1 of 2:\nHold the button." in text
    assert "Choose HP-200." not in text
    assert talk.labels == [WORKS, NOT_YET, PERSON]
    assert "step 2 of 2:\nChoose HP-200." in told(talk.picks(NOT_YET))
    assert talk.case.facts["step"] == "2"


def test_a_plain_yes_or_no_answers_a_step() -> None:
    talk = _talk()
    (offer,) = talk.says("how_to_use").offers
    assert offer.options == ("yes", "no")


def test_who_gets_it_to_work_is_thanked_and_the_case_is_closed() -> None:
    talk = _talk()
    talk.says("how_to_use")
    settled = talk.picks(WORKS)
    assert "thank you for trying" in told(settled)
    assert "come back to me here with order number 1001" in told(settled)
    assert "code" not in told(settled)
    assert (talk.case.state, settled.coupon) == (cases.CLOSED, False)


def test_a_small_coupon_comes_with_the_thanks_and_only_once() -> None:
    talk = _talk(coupon=True)
    talk.says("how_to_use")
    assert talk.picks(WORKS).coupon
    talk.situation = replace(talk.situation, coupon=False)
    assert talk.picks(WORKS).coupon  # the same answer: the storage gives the order's own code


def test_a_tier_without_goodwill_gets_no_coupon() -> None:
    talk = _talk(coupon=True, policy=a_policy(customers={"goodwill": {"gold": 5, "silver": 1, "regular": 0}}))
    talk.says("how_to_use")
    assert not talk.picks(WORKS).coupon
    assert not talk.picks(WORKS).coupon


def test_after_the_last_step_it_counts_as_not_working() -> None:
    talk = _talk(policy=a_policy(goods={"photo": False}))
    talk.says("how_to_use")
    talk.picks(NOT_YET)
    settled = talk.picks(NOT_YET)
    assert "Send it again" in talk.labels
    assert (talk.case.facts["problem"], talk.case.facts["tried"]) == ("not_working", "2")
    assert "doesn't work" in told(settled)


def test_an_old_choice_leads_to_the_step_the_buyer_has_come_to() -> None:
    talk = _talk(products={"HP-200-BK": a_product(guide=("One.", "Two.", "Three."))})
    old = choices_of(talk.says("how_to_use"))[1][0]
    talk.takes(old)
    assert "step 2 of 3" in told(talk.takes(old))
    talk.picks(NOT_YET)
    assert "step 3 of 3" in told(talk.takes(old))


def test_it_works_can_be_said_late_and_closes_the_case() -> None:
    talk = _talk(policy=a_policy(goods={"photo": False}))
    old = choices_of(talk.says("how_to_use"))[0][0]
    talk.picks(NOT_YET)
    talk.picks(NOT_YET)
    talk.takes(old)
    assert talk.case.state == cases.CLOSED
    assert talk.picks("Send it again").promises == ()


def test_who_comes_back_goes_on_where_they_were() -> None:
    talk = _talk()
    talk.says("how_to_use")
    talk.picks(NOT_YET)
    assert "step 2 of 2" in told(Talk(talk.situation).says("how_to_use"))


def test_without_a_guide_a_person_explains_or_it_counts_as_not_working() -> None:
    talk = _talk(products={}, policy=a_policy(goods={"photo": False}))
    settled = talk.says("how_to_use")
    assert "I don't have instructions" in told(settled)
    assert talk.labels == ["It doesn't work", PERSON]
    assert "pass_on" in [offer.kind for offer in settled.offers]
    talk.picks("It doesn't work")
    assert "Send it again" in talk.labels


def test_of_several_items_the_guide_of_the_one_meant_is_shown() -> None:
    talk = Talk(two_items(products=GUIDE))
    talk.says("how_to_use")
    assert "step 1 of 2" in told(talk.picks("Headphones"))
