"""Customs: why a parcel is held, what can be done, and the shop's share, by choices and in typed words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from doorstep.orders import Money
from doorstep.parcels import Scan
from doorstep.storage.engine import reading
from doorstep.storage.tables import shop_tasks
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import assert_told, business_days_after, day, due_day, label, money, shop_day
from tests.e2e.orders import document, email_of
from tests.e2e.shop import Shop
from tests.e2e.talk import PERSON, asked

pytestmark = pytest.mark.processes

WHY, REFUSE = label("choice_customs_why"), label("choice_customs_refuse")
PROMISED, PAPERS = label("choice_customs_promised"), label("choice_customs_papers")
WARNING = label("term_customs_warning")


def _wants(shop: Shop, number: str, wish: str) -> tuple[Buyer, list[Told]]:
    buyer = shop.buyer()
    return buyer, buyer.open(number, email_of(number), wish)


def _held(shop: Shop, number: str) -> Scan:
    return shop.order(number).parcels[0].scans[-1]


def _share(shop: Shop, scan: Scan) -> Money:
    assert scan.amount_due is not None
    rules = shop.policy.customs
    half = (scan.amount_due * rules.share_percent / 100).quantize(Decimal("0.01"))
    return Money(min(half, rules.share_caps[scan.amount_currency]), scan.amount_currency)


def _give(share: Money) -> str:
    return label("choice_duty_share_yes", share=share)


def _shares(shop: Shop, number: str) -> list[Money]:
    made = [promise for promise in shop.promises(number) if promise.kind == "duty_share"]
    return [Money(Decimal(promise.amount), promise.currency) for promise in made]


def _tasks(shop: Shop, number: str) -> list[str]:
    mine = shop_tasks.c.order_id == shop.order(number).id
    with reading(shop.engine) as connection:
        return list(connection.execute(select(shop_tasks.c.kind).where(mine).order_by(shop_tasks.c.id)).scalars())


def _goes_on(shop: Shop, number: str, folder: Path, status: str) -> None:
    """The carrier scans the parcel once more, an hour after customs did."""
    (order,) = (each for each in document(datetime.now().astimezone())["orders"] if each["number"] == number)
    held = order["parcels"][0]["events"][-1]
    at = datetime.fromisoformat(held["at"]).replace(minute=59).isoformat()
    order["parcels"][0]["events"].append({"at": at, "status": status, "location": held["location"], "country": "BR"})
    imported = shop.import_orders({"shop": "default", "orders": [order]}, folder)
    assert imported.returncode == 0, imported.stderr


def test_duty_is_explained_by_choices_and_its_share_is_arranged_once(shop: Shop) -> None:
    scan = _held(shop, "7208")
    share, due = _share(shop, scan), money(scan.amount_due, scan.amount_currency)
    buyer, told = asked(shop, "7208")
    assert scan.act_by is not None
    last_day = day(scan.act_by.astimezone(scan.at.tzinfo))
    assert_told(told, "7208", due, scan.location, day(scan.at), last_day, "YunExpress", WARNING)
    assert buyer.labels() == [_give(share), WHY, REFUSE, PROMISED, PERSON]

    assert_told(buyer.choose(WHY), "7208", due, "customs of Brazil", WARNING)
    assert_told(buyer.choose(REFUSE), "7208", "can't promise you a refund now", last_day, WARNING)
    assert_told(buyer.choose(PROMISED), "7208", "look at the listing", money(share.amount, share.currency), WARNING)
    assert _shares(shop, "7208") == []

    told = buyer.choose(_give(share))
    promise = next(made for made in shop.promises("7208") if made.kind == "duty_share")
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.remedies.refund_within_days)
    assert due_day(shop.policy, promise) == by
    assert_told(told, "7208", money(share.amount, share.currency), day(by), "D-7208-1")
    assert (_shares(shop, "7208"), _tasks(shop, "7208")) == ([share], ["pay_duty_share"])

    assert_told(buyer.choose(_give(share)), "As arranged", day(by))
    other, told = asked(shop, "7208")
    assert_told(told, "7208", "As arranged", day(by))
    assert _give(share) not in other.labels()
    assert (_shares(shop, "7208"), _tasks(shop, "7208")) == ([share], ["pay_duty_share"])


def test_three_complaints_about_duty_in_typed_words_are_three_conversations(shop: Shop) -> None:
    due = money(_held(shop, "7209").amount_due, "BRL")
    buyer, told = _wants(shop, "7209", "Why do I have to pay import tax on my order?")
    assert_told(told, "7209", due, "None of it goes to us", WARNING)
    told = buyer.say("I refuse to pay this customs duty, take the parcel back")
    assert_told(told, "7209", "can't promise you a refund now", WARNING)
    told = buyer.say("Your listing said no tax and no customs fees!")
    assert_told(told, "7209", "look at the listing", WARNING)
    assert (shop.owner(buyer), _shares(shop, "7209")) == ("assistant", [])


def test_papers_that_customs_want_are_promised_by_a_day(shop: Shop) -> None:
    buyer, told = asked(shop, "7210")
    assert_told(told, "7210", label("term_reason_documents_missing"), WARNING)
    told = buyer.choose(PAPERS)
    (promise,) = (made for made in shop.promises("7210") if made.kind == "papers")
    by = business_days_after(shop_day(shop.policy, promise.made_at), shop.policy.customs.papers_within_days)
    assert due_day(shop.policy, promise) == by
    assert_told(told, "7210", "YunExpress", day(by), "description of the goods", WARNING)
    told = buyer.say("customs is asking me for an invoice and a description of the goods")
    assert_told(told, "7210", day(by))
    assert _tasks(shop, "7210") == ["customs_papers"]


def test_share_offered_before_the_parcel_was_released_is_still_given(shop: Shop, tmp_path: Path) -> None:
    share = _share(shop, _held(shop, "7211"))
    buyer, _ = _wants(shop, "7211", "customs is asking me to pay duties for order")
    _goes_on(shop, "7211", tmp_path, "customs_released")
    told = buyer.say("what about customs now?")
    assert_told(told, "7211", "Customs released", WARNING)
    assert_told(buyer.choose(_give(share)), "7211", money(share.amount, share.currency))
    assert _shares(shop, "7211") == [share]


def test_message_that_may_be_false_is_not_to_be_paid(shop: Shop) -> None:
    wish = "I got a text message with a link to pay a customs fee, is it a scam? My order is"
    buyer, told = _wants(shop, "7212", wish)
    tracking_number = shop.order("7212").parcels[0].tracking_number
    assert_told(told, "7212", "don't open the link", "YunExpress", tracking_number, WARNING)
    assert shop.owner(buyer) == "assistant"


def test_duty_of_which_nobody_knows_the_amount_is_for_a_person(shop: Shop) -> None:
    buyer, told = asked(shop, "7213")
    assert "Amount due" not in text_of(told)
    told = buyer.say("I already paid the customs duty to the courier and want it back from you")
    assert_told(told, "7213", "how much you paid", WARNING)
    assert (shop.owner(buyer), _shares(shop, "7213")) == ("queue", [])


def test_duty_in_a_currency_without_a_cap_is_for_a_person(shop: Shop) -> None:
    buyer, told = asked(shop, "7214")
    assert_told(told, "7214", money(_held(shop, "7214").amount_due, "CHF"))
    told = buyer.choose(PROMISED)
    assert_told(told, "7214", "look at what the listing said")
    assert (shop.owner(buyer), _shares(shop, "7214")) == ("queue", [])


def test_of_two_parcels_the_held_one_is_told_of(shop: Shop) -> None:
    held, other = shop.order("7215").parcels
    _, told = _wants(shop, "7215", "why do I have to pay customs for order")
    assert_told(told, "7215", f"For parcel {held.tracking_number}", WARNING)
    assert other.tracking_number not in text_of(told)


def test_share_is_taken_with_a_yes(shop: Shop) -> None:
    share = _share(shop, _held(shop, "7216"))
    buyer, _ = _wants(shop, "7216", "I paid the customs duty for my order")
    told = buyer.say("yes please")
    assert_told(told, "7216", money(share.amount, share.currency))
    assert _shares(shop, "7216") == [share]


def test_before_anything_is_held_no_tariff_is_made_up(shop: Shop) -> None:
    buyer, told = _wants(shop, "7217", "Will I have to pay customs duties for order")
    assert_told(told, "7217", "Germany", "can't know it beforehand", WARNING)
    assert (shop.owner(buyer), shop.promises("7217")) == ("assistant", [])


def test_share_of_a_parcel_that_went_back_is_for_a_person(shop: Shop, tmp_path: Path) -> None:
    share = _share(shop, _held(shop, "7218"))
    buyer, _ = asked(shop, "7218")
    _goes_on(shop, "7218", tmp_path, "returned")
    told = buyer.choose(_give(share))
    assert_told(told, "7218", "Things have changed")
    assert (shop.owner(buyer), _shares(shop, "7218")) == ("queue", [])
