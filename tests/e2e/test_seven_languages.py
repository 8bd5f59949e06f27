"""Each thing a buyer comes with, in typed words of each language, from the first message to what is agreed.

What is told is whole in that language, has a feeling first, then the facts, the dates and the choices.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from doorstep.replies.formats import format_value
from doorstep.replies.values import Country
from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations
from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import business_days_after, day, due_day, shop_day
from tests.e2e.orders import email_of
from tests.e2e.orders_gaps import LANGUAGES, LIVES_IN, PARTS, number_of
from tests.e2e.shop import WAREHOUSE, Shop
from tests.e2e.typed import TYPED
from tests.e2e.words import (
    REPLIES,
    day_in,
    english_left,
    english_lines,
    feelings_in,
    foreign_lines,
    is_told,
    label_in,
    money_in,
)

pytestmark = pytest.mark.processes

LOOKED_AT_AGAIN = "notice"  # a date for ourselves, not told


# -- what each conversation must have come to ----------------------------------------------------


def _choices_for_the_wait(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
    order = shop.order(number)
    refund = label_in(language, "choice_then_refund", amount=order.value)
    assert refund in buyer.labels()
    assert order.parcels[0].tracking_number in text_of(buyer.heard[-1:])


def _duty_with_its_last_day(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
    scan = shop.order(number).parcels[0].scans[-1]
    assert scan.amount_due is not None
    assert scan.act_by is not None
    last_day = day_in(language, scan.act_by.astimezone(scan.at.tzinfo).date())
    due = money_in(language, scan.amount_due, scan.amount_currency)
    for fact in (last_day, due):
        assert fact in text_of(buyer.heard[-1:])
    feelings = set(feelings_in(text_of(buyer.heard).split("\n"), language))
    for name in ("utter_feel_customs_why", "utter_feel_customs_refuse"):
        assert feelings & set(REPLIES.variants(name, language)), (name, text_of(buyer.heard))


def _granted(kind: str) -> Callable[[Shop, Buyer, str, str], None]:
    def check(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
        promise = shop.promises(number)[-1]
        assert promise.kind == kind
        assert money_in(language, shop.order(number).total, promise.currency) in text_of(buyer.heard[-1:])

    return check


def _goes_back(letter: str) -> Callable[[Shop, Buyer, str, str], None]:
    def check(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
        assert f"{letter}-{number}-1" in text_of(buyer.heard[-1:])
        assert label_in(language, "choice_return_sent") in buyer.labels()

    return check


def _new_address_and_day(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
    order = shop.order(number)
    assert order.ship_to.line1 in TYPED["address"][language][1]
    assert order.ship_to.line1 != LIVES_IN[language]["line1"]
    assert order.paid_at is not None
    leaves = business_days_after(shop_day(shop.policy, order.paid_at), shop.policy.handling_days)
    for fact in (order.ship_to.line1, order.ship_to.city, day_in(language, leaves)):
        assert fact in text_of(buyer.heard[-1:])


def _a_person_has_it(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
    assert is_told(buyer.heard, "utter_handover_asked", language), text_of(buyer.heard)
    assert is_told(buyer.heard[-1:], "notice_passed_on", language)
    assert shop.owner(buyer) == "queue"


def _stopped_and_taken_up_again(shop: Shop, buyer: Buyer, language: str, number: str) -> None:
    def muted() -> bool:
        mine = conversations.c.id == buyer.conversation_id
        with reading(shop.engine) as connection:
            return connection.execute(select(conversations.c.muted_at).where(mine)).scalar_one() is not None

    assert is_told(buyer.heard[-1:], "utter_messages_stopped", language), text_of(buyer.heard[-1:])
    assert muted()
    told = buyer.choose(label_in(language, "choice_messages_on"))
    assert is_told(told, "utter_messages_resumed", language), text_of(told)
    assert not muted()


ENDS_WITH: dict[str, Callable[[Shop, Buyer, str, str], None]] = {
    "not_received": _choices_for_the_wait,
    "customs": _duty_with_its_last_day,
    "goods": _granted("refund"),
    "return": _goes_back("R"),
    "exchange": _goes_back("E"),
    "cancel": _granted("cancel"),
    "address": _new_address_and_day,
    "person": _a_person_has_it,
    "stop": _stopped_and_taken_up_again,
}


def _address_lines(shop: Shop, language: str, number: str) -> list[str]:
    """The order's address as it is read back: nobody's words but the country's name."""
    to = shop.order(number).ship_to
    country = format_value(Country(to.country), language)
    return [to.name, to.line1, to.line2, f"{to.postcode} {to.city}", country]


# -- the conversations ---------------------------------------------------------------------------


def _talked(shop: Shop, part: str, language: str) -> tuple[Buyer, list[Told]]:
    """A buyer whose page is in another language and who has typed all of it; and the first answer."""
    number = number_of(part, language)
    first, *more = TYPED[part][language]
    buyer = shop.buyer("de" if language == "en" else "en")
    answer = buyer.open(number, email_of(number), first)
    for text in more:
        assert buyer.labels() or shop.owner(buyer) == "queue", text_of(buyer.heard[-1:])
        buyer.say(text)
    return buyer, answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_typed_conversation_comes_to_its_end_in_the_buyers_language(shop: Shop, part: str, language: str) -> None:
    number = number_of(part, language)
    buyer, answer = _talked(shop, part, language)

    assert feelings_in(answer[0].text.split("\n")[:1], language), text_of(answer)
    assert number in text_of(answer)
    assert label_in(language, "choice_talk_to_person") in answer[-1].choices
    ENDS_WITH[part](shop, buyer, language, number)

    text = text_of(buyer.heard)
    feelings = feelings_in(text.split("\n"), language)
    assert len(feelings) == len(set(feelings)), feelings
    due = [due_day(shop.policy, promise) for promise in shop.promises(number) if promise.kind != LOOKED_AT_AGAIN]
    assert [when for when in due if day_in(language, when) not in text] == []
    assert set(foreign_lines(buyer.heard, language)) <= {WAREHOUSE, *_address_lines(shop, language, number)}
    if language != "en":
        assert (english_left(buyer.heard), english_lines(buyer.heard, language)) == ([], [])
        assert [when for when in due if day(when) in text] == []
