"""Sending something back, for money or for other goods, by choices and in typed words, until the money is promised."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest

from doorstep.settings import ROOT
from doorstep.storage.cases import Cases
from doorstep.storage.engine import reading
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import assert_told, business_days_after, day, due_day, label, shop_day, total_of
from tests.e2e.orders import email_of
from tests.e2e.shop import WAREHOUSE, Shop
from tests.e2e.talk import PERSON

pytestmark = pytest.mark.processes

UNUSED, USED = label("choice_return_unused"), label("choice_return_used")
RETURN, EXCHANGE, SENT = label("choice_return_it"), label("choice_exchange_it"), label("choice_return_sent")


def _wants(shop: Shop, number: str, wish: str) -> tuple[Buyer, list[Told]]:
    buyer = shop.buyer()
    return buyer, buyer.open(number, email_of(number), wish)


def _cases(shop: Shop, number: str) -> list[tuple[str, str]]:
    with reading(shop.engine) as connection:
        return [(case.kind, case.state) for case in Cases(connection).of_order(shop.order(number).id)]


def _link(told: list[Told]) -> str:
    found = re.search(r"http://\S+/returns/\S+", text_of(told))
    assert found, text_of(told)
    return found.group()


def test_a_return_by_choices_ends_with_number_address_deadline_and_page(shop: Shop) -> None:
    buyer, told = _wants(shop, "7250", "I want to return my order")
    assert buyer.labels() == [UNUSED, USED, PERSON]
    told = buyer.choose(UNUSED)
    assert_told(told, "7250", total_of(shop.order("7250")))
    assert buyer.labels() == [RETURN, EXCHANGE, PERSON]
    told = buyer.choose(RETURN)

    (promise,) = shop.promises("7250")
    by = shop_day(shop.policy, promise.made_at) + timedelta(days=shop.policy.returns.ship_within_days)
    assert (promise.kind, due_day(shop.policy, promise)) == ("return", by)
    assert_told(told, "R-7250-1", WAREHOUSE, day(by), f"{shop.policy.returns.refund_within_days} business days")
    assert _cases(shop, "7250") == [("return", "agreed")]

    page = httpx.get(_link(told), trust_env=False)
    assert page.status_code == 200
    for shown in ("R-7250-1", WAREHOUSE, day(by), "Aurora&lt;/b&gt;"):
        assert shown in page.text
    assert httpx.get(_link(told)[:-1], trust_env=False).status_code == 404

    assert buyer.choose(RETURN)
    assert [made.kind for made in shop.promises("7250")] == ["return"]


def test_a_return_in_typed_words_is_agreed_and_its_tracking_number_kept(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7251", "I would like to send back my order")
    buyer.say("yes")
    told = buyer.say("yes please")
    assert_told(told, "R-7251-1", WAREHOUSE)
    buyer.choose(SENT)
    told = buyer.say("RR123456785GB")
    assert_told(told, "R-7251-1", "RR123456785GB")
    told = buyer.say("I sent my return back last week, has it arrived at your warehouse?")
    assert_told(told, "R-7251-1", "RR123456785GB")
    assert [made.kind for made in shop.promises("7251")] == ["return"]


def test_an_exchange_reads_back_what_is_wanted(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7252", "Can I exchange it for another colour? Order")
    buyer.choose(UNUSED)
    told = buyer.say("the green one please")
    assert_told(told, "7252", "the green one please")
    told = buyer.say("yes")
    assert_told(told, "E-7252-1", "the green one please", WAREHOUSE)
    assert ("exchange", "agreed") in _cases(shop, "7252")


def test_an_exchange_can_be_turned_into_money(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7261", "I want to return my order")
    buyer.choose(UNUSED)
    buyer.choose(EXCHANGE)
    buyer.say("the blue one")
    buyer.choose(label("choice_exchange_yes"))
    buyer.say("I changed my mind, I want to return it and not exchange it")
    if RETURN in buyer.labels():
        buyer.choose(RETURN)
    told = buyer.say("I want my money back")
    assert "7261" in text_of(told)
    open_ones = [kind for kind, state in _cases(shop, "7261") if state == "agreed"]
    assert len(open_ones) == 1


def test_a_return_nobody_knows_is_told_as_that(shop: Shop) -> None:
    buyer, told = _wants(shop, "7253", "Did my return arrive at your warehouse? My order is")
    assert_told(told, "7253")
    assert buyer.labels() == [label("choice_wish_return_item"), PERSON]
    assert (_cases(shop, "7253"), shop.promises("7253")) == ([], [])


def test_money_back_for_delivered_goods_is_asked_the_reason_first(shop: Shop) -> None:
    buyer, told = _wants(shop, "7254", "I want a refund for order")
    assert_told(told, "7254")
    reasons = [label(f"choice_refund_{why}") for why in ("problem", "unwanted", "missing")]
    assert buyer.labels() == [*reasons, PERSON]
    buyer.choose(reasons[1])
    assert buyer.labels() == [UNUSED, USED, PERSON]
    buyer.choose(UNUSED)
    told = buyer.say("refund please")
    assert_told(told, "R-7254-1")
    assert [made.kind for made in shop.promises("7254")] == ["return"]


def test_after_the_window_a_return_is_refused_with_the_days(shop: Shop) -> None:
    order = shop.order("7255")
    buyer, told = _wants(shop, "7255", "I want to return my order")
    delivered = shop_day(shop.policy, order.parcels[0].scans[-1].at)
    until = delivered + timedelta(days=shop.policy.returns.window_days)
    assert_told(told, "7255", day(delivered), day(until))
    assert RETURN not in buyer.labels()
    assert (_cases(shop, "7255"), shop.promises("7255")) == ([], [])


def test_used_goods_are_refused(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7259", "I want to return my order")
    told = buyer.say("no")
    assert_told(told, "7259")
    assert (_cases(shop, "7259"), shop.promises("7259")) == ([("return", "closed")], [])


def test_of_two_items_the_one_named_goes_back(shop: Shop) -> None:
    buyer, told = _wants(shop, "7256", "I want to return something from order")
    assert "Blue mug" in buyer.labels()
    told = buyer.say("the mug")
    assert_told(told, "Blue mug", "7256")
    buyer.choose(UNUSED)
    told = buyer.choose(RETURN)
    assert_told(told, "R-7256-1", "Blue mug")


def test_where_there_is_no_warehouse_a_person_gives_the_address(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7257", "I want to return my order")
    buyer.choose(UNUSED)
    told = buyer.choose(RETURN)
    assert_told(told, "R-7257-1")
    assert shop.owner(buyer) == "queue"


def test_what_is_still_on_its_way_is_not_taken_back_yet(shop: Shop) -> None:
    order = shop.order("7260")
    _, told = _wants(shop, "7260", "I want to return my order")
    assert_told(told, "7260", order.parcels[0].tracking_number)
    assert (_cases(shop, "7260"), shop.promises("7260")) == ([], [])


def test_once_it_is_in_the_money_is_promised_and_told(shop: Shop) -> None:
    buyer, _ = _wants(shop, "7258", "I want to return my order")
    buyer.choose(UNUSED)
    buyer.choose(RETURN)
    command = [sys.executable, "-m", "doorstep.cli", "returned"]
    done, wrong = (
        subprocess.run(
            [*command, number],
            cwd=ROOT,
            env=shop.process.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for number in ("R-7258-1", "R-7258-9")
    )
    promise = shop.promises("7258")[-1]
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.returns.refund_within_days)
    assert (promise.kind, due_day(shop.policy, promise)) == ("return_refund", by)
    assert done.stdout == f"R-7258-1: pay {shop.order('7258').total} GBP back by {by.isoformat()}.\n"
    assert (wrong.returncode, "R-7258-9" in wrong.stderr) == (1, True)

    told = buyer.say("where is my refund?")
    assert_told(told, "7258", total_of(shop.order("7258")), day(by))
