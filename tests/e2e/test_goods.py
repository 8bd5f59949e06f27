"""Goods with a problem, from the complaint to what is agreed: by buttons, by typed words, and by a photo alone."""

from __future__ import annotations

from typing import Any

import pytest

from doorstep.cases import Case
from doorstep.offers import REFUND
from doorstep.orders import Money
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading
from tests.e2e.buyer import Buyer, Told
from tests.e2e.facts import assert_told, business_days_after, day, label, money, shop_day
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop
from tests.e2e.talk import PERSON, only_promise

pytestmark = pytest.mark.processes

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(2_000)
PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(2_000)
RESEND, NONE_OF_THESE = label("choice_goods_resend"), label("choice_goods_none")
SENT, NO_PHOTO = label("choice_goods_photo_sent"), label("choice_goods_photo_none")
DAMAGED, NOT_WORKING = label("choice_goods_damaged"), label("choice_goods_not_working")
WORKS, NOT_YET = label("choice_goods_works"), label("choice_goods_works_not")
ITS_DAMAGED = "It arrived damaged, the glass is smashed. Order"


def _complains(shop: Shop, number: str, wish: str = ITS_DAMAGED) -> tuple[Buyer, list[Told]]:
    """A new buyer who complains about an order and proves that it is theirs."""
    buyer = shop.buyer()
    return buyer, buyer.open(number, email_of(number), wish)


def _upload(buyer: Buyer, content: bytes) -> Any:
    return buyer.http.post("/api/chat/uploads", files={"file": ("p.jpg", content, "image/jpeg")}, headers=buyer.headers)


def _sends_photo(buyer: Buyer, text: str = "") -> list[Told]:
    photo = _upload(buyer, JPEG).json()["id"]
    buyer.send(attachments=[photo], **({"text": text} if text else {}))
    return buyer.listen()


def _case(shop: Shop, number: str) -> Case:
    with reading(shop.engine) as connection:
        (case,) = Cases(connection).of_order(shop.order(number).id)
    return case


def _keep_label(shop: Shop, number: str) -> str:
    order = shop.order(number)
    share = Money((order.total * shop.policy.goods.part_refund_percent / 100).quantize(order.total), order.currency)
    return label("choice_goods_part_refund", amount=share)


def test_a_photo_alone_moves_the_conversation_on_to_an_agreement(shop: Shop) -> None:
    buyer, told = _complains(shop, "7220")
    assert_told(told, "7220", "the packing", "the label on the parcel")
    assert buyer.labels() == [SENT, NO_PHOTO, PERSON]

    told = _sends_photo(buyer)
    assert_told(told, "7220", "added your photos")
    assert_told(_sends_photo(buyer), "added your photos")
    assert RESEND in buyer.labels()

    told = buyer.choose(RESEND)
    promise = only_promise(shop, "7220", "resend")
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.remedies.resend_within_days)
    case = _case(shop, "7220")
    assert_told(told, "7220", day(by), case.number)
    assert (case.state, len(case.facts["photos"].split())) == ("agreed", 2)


def test_who_has_no_photo_and_then_sends_one_goes_on_all_the_same(shop: Shop) -> None:
    buyer, told = _complains(shop, "7221", "Something is wrong with my item, order")
    assert_told(told, "7221")
    if DAMAGED in buyer.labels():
        buyer.choose(DAMAGED)
    buyer.choose(NO_PHOTO)
    assert {RESEND, SENT} <= set(buyer.labels())
    assert_told(_sends_photo(buyer), "added your photos")

    told = buyer.say(_keep_label(shop, "7221"))
    promise = only_promise(shop, "7221", "part_refund")
    assert_told(told, "7221", money(promise.amount, "GBP"))


def test_of_several_items_one_can_be_named_and_then_another(shop: Shop) -> None:
    buyer, told = _complains(shop, "7222")
    assert_told(told, "7222")
    drone, case = (label("choice_goods_item", title=line.title, chosen=", ".join(line.options.values()) or None)
                   for line in shop.order("7222").lines)  # fmt: skip
    assert buyer.labels() == [drone, case, PERSON]
    told = buyer.say("the carrying case")
    assert_told(told, "Carrying case")
    buyer.choose(label("choice_goods_another_item"))
    told = buyer.choose(drone)
    assert_told(told, "Mini drone")


def test_what_is_worth_little_is_paid_back_without_photo_or_return(shop: Shop) -> None:
    buyer, told = _complains(shop, "7223")
    assert_told(told, "7223", "don't need to send anything back")
    assert SENT not in buyer.labels()
    buyer.say("I want my money back")
    assert only_promise(shop, "7223", "refund").remedy == REFUND


def test_the_guide_is_walked_by_typed_yes_and_no_to_a_defect(shop: Shop) -> None:
    buyer, told = _complains(shop, "7224", "How do I pair the headphones? I don't know how to use them. Order")
    assert_told(told, "step 1 of 2", "Hold the power button")
    assert_told(buyer.say("no"), "step 2 of 2", "Bluetooth settings")
    told = buyer.say("no")
    assert_told(told, "7224")
    assert buyer.labels()[:2] == [SENT, NO_PHOTO]
    assert _case(shop, "7224").facts["problem"] == "not_working"


def test_who_gets_it_to_work_is_thanked(shop: Shop) -> None:
    buyer, _ = _complains(shop, "7231", "How do I pair the headphones? I don't know how to use them. Order")
    assert_told(buyer.choose(WORKS), "works now", "7231")
    assert _case(shop, "7231").state == "closed"
    assert shop.owner(buyer) == "assistant"


def test_above_the_limit_a_person_takes_over_after_the_photos(shop: Shop) -> None:
    buyer, _ = _complains(shop, "7225")
    told = buyer.choose(NO_PHOTO)
    assert_told(told, "7225", money(shop.order("7225").total, "GBP"))
    assert (shop.owner(buyer), shop.promises("7225")) == ("queue", [])


def test_an_item_claimed_in_two_conversations_is_made_good_once(shop: Shop) -> None:
    first, _ = _complains(shop, "7226")
    first.choose(NO_PHOTO)
    second, _ = _complains(shop, "7226")
    first.choose(RESEND)
    promise = only_promise(shop, "7226", "resend")
    told = second.choose(_keep_label(shop, "7226"))
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.remedies.resend_within_days)
    assert_told(told, "already arranged", "7226", day(by))
    assert_told(first.choose(RESEND), day(by))
    only_promise(shop, "7226", "resend")


def test_whom_nothing_suits_gets_a_person_by_a_typed_yes(shop: Shop) -> None:
    buyer, _ = _complains(shop, "7227")
    buyer.choose(NO_PHOTO)
    told = buyer.choose(NONE_OF_THESE)
    assert_told(told, "7227", "a colleague")
    assert PERSON in buyer.labels()
    buyer.say("yes")
    assert (shop.owner(buyer), shop.promises("7227")) == ("queue", [])


@pytest.mark.parametrize(
    ("number", "content", "status"), [("7228", JPEG + bytes(40 * 1024 * 1024), 413), ("7233", PROGRAM, 415)]
)
def test_after_a_refused_file_the_conversation_goes_on(shop: Shop, number: str, content: bytes, status: int) -> None:
    buyer, _ = _complains(shop, number)
    assert _upload(buyer, content).status_code == status
    assert_told(buyer.choose(NO_PHOTO), number)
    assert RESEND in buyer.labels()


def test_who_is_disappointed_tells_what_was_expected_in_free_words(shop: Shop) -> None:
    buyer, told = _complains(shop, "7229", "I am disappointed, the quality is really poor. Order")
    assert_told(told, "7229", "what did you expect")
    told = buyer.say("a warmer light and a heavier foot")
    assert_told(told, "7229")
    assert _keep_label(shop, "7229") in buyer.labels()
    assert _case(shop, "7229").facts["expected"] == "a warmer light and a heavier foot"


def test_before_it_came_the_buyer_is_told_where_it_is(shop: Shop) -> None:
    buyer, told = _complains(shop, "7230")
    assert_told(told, "7230", shop.order("7230").parcels[0].tracking_number)
    assert told[0].text.splitlines()[2].startswith("As far as I can see, order 7230 hasn't been delivered yet.")
    assert shop.owner(buyer) == "assistant"


def test_who_changes_their_mind_about_the_problem_is_followed(shop: Shop) -> None:
    buyer, _ = _complains(shop, "7232")
    buyer.say("Sorry, I was wrong: one part is missing in the box, the cable is not there")
    assert _case(shop, "7232").facts["problem"] == "missing_parts"
    part = label("choice_goods_part")
    if part not in buyer.labels():
        buyer.choose(NO_PHOTO)
    assert_told(buyer.choose(part), "which part is missing")
    buyer.say("the little screws")
    assert _case(shop, "7232").facts["part"] == "the little screws"


def test_a_photo_with_words_is_kept_with_the_case(shop: Shop) -> None:
    buyer, _ = _complains(shop, "7234")
    told = _sends_photo(buyer, "here you can see that it is damaged, the glass is broken")
    assert_told(told, "added your photos")
    assert len(_case(shop, "7234").facts["photos"].split()) == 1
