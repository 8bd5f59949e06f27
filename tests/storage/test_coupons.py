"""Coupon codes and goods with a problem in the database: each code to one buyer, one to an order, nothing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from doorstep.storage import coupons
from doorstep.storage.engine import writing
from tests.builders import NOW, a_product, an_order
from tests.storage.shop import Chat, Shop, said
from tests.telling import a_delivered_parcel, a_policy

GUIDE = a_product(guide=("Hold the button.",))
CODES = ["THANKS-1", "THANKS-2"]
WORKS = "Works now"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy(goods={"coupons": CODES, "coupon_worth": "10%", "photo": False}))


def _bought(shop: Shop, number: str) -> Chat:
    shop.sells(an_order(number=number, parcels=(a_delivered_parcel(),)), GUIDE)
    return shop.chat(number)


def _made_to_work(chat: Chat) -> str:
    return said(chat.picks(chat.asks("how_to_use"), WORKS))


def test_each_code_goes_to_one_buyer_until_none_is_left(shop: Shop) -> None:
    texts = [_made_to_work(_bought(shop, number)) for number in ("1001", "1002", "1003")]
    assert [[code for code in CODES if code in text] for text in texts] == [["THANKS-1"], ["THANKS-2"], []]
    assert ["10%" in text for text in texts] == [True, True, False]
    assert "code" not in texts[2]
    assert "works now" in texts[2]


def test_the_same_choice_shows_the_same_code_and_takes_no_other(shop: Shop) -> None:
    chat = _bought(shop, "1001")
    shown = chat.asks("how_to_use")
    assert said(chat.picks(shown, WORKS)) == said(chat.picks(shown, WORKS))
    assert "THANKS-2" in _made_to_work(_bought(shop, "1002"))


def test_an_order_is_given_one_code_however_often_it_is_asked_about(shop: Shop) -> None:
    chat = _bought(shop, "1001")
    _made_to_work(chat)
    assert "code" not in _made_to_work(chat)
    assert "code" not in _made_to_work(shop.chat("1001"))


def test_two_buyers_at_the_same_time_get_two_codes(shop: Shop) -> None:
    shown = [(chat, chat.asks("how_to_use")) for chat in (_bought(shop, "1001"), _bought(shop, "1002"))]
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda pair: said(pair[0].picks(pair[1], WORKS)), shown))
    assert sorted(code for text in texts for code in CODES if code in text) == CODES


def test_a_code_that_another_took_meanwhile_is_passed_over(shop: Shop) -> None:
    first = shop.sells(an_order(number="1001"))
    second = shop.sells(an_order(number="1002"))
    with writing(shop.engine) as connection:
        assert coupons.take(connection, CODES, "c", first, NOW) == "THANKS-1"
        assert coupons.take(connection, CODES, "c", first, NOW) == "THANKS-1"
        assert coupons.take(connection, CODES[:1], "c", second, NOW) == ""
        assert not coupons.is_free(connection, CODES, first)
        assert coupons.is_free(connection, CODES, second)


def test_a_discount_code_is_handed_over_and_shown_again(shop: Shop) -> None:
    chat = _bought(shop, "1001")
    asked = chat.asks("quality_complaint")
    offered = shop.assistant.take_details(chat.id, asked.asks, "more bass")
    given = said(chat.picks(offered, "A discount code"))
    assert "THANKS-1" in given
    assert "THANKS-1" in said(chat.asks("quality_complaint"))


def test_after_a_discount_a_defect_can_still_be_settled_in_the_same_conversation(shop: Shop) -> None:
    chat = _bought(shop, "1001")
    offered = shop.assistant.take_details(chat.id, chat.asks("quality_complaint").asks, "more bass")
    chat.picks(offered, "A discount code")
    settled = shop.assistant.settle(chat.id, "defective", "not_working")
    assert "will leave by" in said(chat.picks(settled, "Send it again"))


def test_an_item_claimed_in_two_conversations_at_the_same_time_is_made_good_once(shop: Shop) -> None:
    order_id = shop.sells(an_order(parcels=(a_delivered_parcel(),)))
    chats = [shop.chat("1001") for _ in range(2)]
    shown = [(chat, shop.assistant.settle(chat.id, "defective", "damaged")) for chat in chats]
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda pair: said(pair[0].picks(pair[1], "Send it again")), shown))
    assert [promise.kind for promise in shop.promises(order_id)] == ["resend"]
    assert sum("already arranged" in text for text in texts) == 1


def test_plain_yes_and_no_lead_through_the_guide(shop: Shop) -> None:
    chat = _bought(shop, "1001")
    chat.asks("how_to_use")
    assert "this is what we can do" in said(chat.says("no"))
    shop.days_pass(0.01)
    assert "another way" in said(chat.says("no"))
    assert chat.owner[0] == "assistant"
    shop.days_pass(0.01)
    chat.says("yes")
    assert chat.owner == ("queue", "asked")
