"""The conversation goes on in the language that the buyer writes, whatever language the page was in."""

from __future__ import annotations

import pytest

from tests.e2e.buyer import Buyer, Told, text_of
from tests.e2e.facts import day, due_day
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop
from tests.e2e.talk import only_promise
from tests.e2e.words import (
    OTHERS,
    asks,
    day_in,
    english_left,
    foreign_lines,
    is_told,
    label_in,
    money_in,
)

pytestmark = pytest.mark.processes

NOT_RECEIVED = {
    "en": "my order has not arrived, it has been 40 days",
    "de": "Meine Bestellung ist nicht angekommen, es sind schon 40 Tage",
    "es": "mi pedido no ha llegado, ya son 40 días",
    "fr": "ma commande n'est pas arrivée, ça fait déjà 40 jours",
    "pt": "meu pedido não chegou, já são 40 dias",
    "ru": "мой заказ не пришёл, прошло уже 40 дней",
    "zh": "我的订单还没收到，已经40天了",
}
WHERE_IS_IT = {
    "en": "where is my order now, can you please tell me?",
    "de": "Wo ist meine Bestellung jetzt, können Sie mir das bitte sagen?",
    "es": "¿dónde está mi pedido ahora? ¿me lo puede decir, por favor?",
    "fr": "où est ma commande maintenant, pouvez-vous me le dire ?",
    "pt": "onde está o meu pedido agora, você pode me dizer?",
    "ru": "где сейчас мой заказ, подскажите, пожалуйста?",
    "zh": "请问我的订单现在在哪里？",
}
ORDERS = {language: f"72{place:02}" for place, language in enumerate(sorted(NOT_RECEIVED))}
SAY_NOTHING = [
    "ok",
    "OK 👍",
    "40",
    "#7201",
    "thx",
    "??",
    "iPhone 15 Pro",
    "Ana de Souza",
    "https://example.com/donde/esta",
]


def asked_in(shop: Shop, language: str, hint: str = "en") -> Buyer:
    """A buyer whose page is in the language `hint` and who has asked for a missing order in another one."""
    buyer = shop.buyer(hint)
    told = buyer.say(NOT_RECEIVED[language])
    assert asks(told, "order_number", language), text_of(told)
    return buyer


def answered_in(shop: Shop, language: str, hint: str = "en") -> tuple[Buyer, list[Told]]:
    """The same buyer once the order is proven, and the answer."""
    number = ORDERS[language]
    buyer = asked_in(shop, language, hint)
    told = buyer.say(number)
    assert asks(told, "contact_proof", language), text_of(told)
    return buyer, buyer.say(email_of(number))


def hint_beside(language: str) -> str:
    """The language of the page: English, as the widget has it when it is told nothing."""
    return "en" if language != "en" else "de"


@pytest.mark.parametrize("language", sorted(NOT_RECEIVED))
def test_buyer_is_answered_in_the_language_of_the_first_message_with_day_and_amount(shop: Shop, language: str) -> None:
    number = ORDERS[language]
    order = shop.order(number)
    buyer, told = answered_in(shop, language, hint_beside(language))

    due = due_day(shop.policy, only_promise(shop, number, "grace"))
    amount = money_in(language, order.value.amount, order.value.currency)
    assert day_in(language, due) in text_of(told)
    refund = label_in(language, "choice_then_refund", amount=order.value)
    assert amount in refund
    assert [one for one in told if refund in one.choices]
    assert foreign_lines(buyer.heard, language) == []
    if language != "en":
        assert english_left(buyer.heard) == []
        assert day(due) not in text_of(told)


@pytest.mark.parametrize("language", sorted(NOT_RECEIVED))
def test_number_a_word_and_a_plain_ok_leave_the_language_as_it_is(shop: Shop, language: str) -> None:
    buyer, _ = answered_in(shop, language, hint_beside(language))
    told = [*buyer.say(ORDERS[language]), *buyer.say("ok"), *buyer.say("iPhone 15"), *buyer.say("👍")]

    assert text_of(told)
    assert foreign_lines(told, language) == []
    assert language == "en" or english_left(told) == []


@pytest.mark.parametrize("language", OTHERS)
def test_choice_taken_is_answered_in_the_language_written_before(shop: Shop, language: str) -> None:
    buyer, _ = answered_in(shop, language)
    told = buyer.choose(label_in(language, "choice_talk_to_person"))

    assert is_told(told, "utter_handover_asked", language)


@pytest.mark.parametrize(
    ("first", "second"), [("es", "de"), ("de", "en"), ("en", "zh"), ("zh", "ru"), ("pt", "fr"), ("es", "pt")]
)
def test_full_sentence_in_another_language_switches_the_conversation(shop: Shop, first: str, second: str) -> None:
    buyer = asked_in(shop, first)
    told = buyer.say(WHERE_IS_IT[second])
    assert asks(told, "order_number", second), text_of(told)

    told = buyer.say(ORDERS[second])
    assert asks(told, "contact_proof", second), text_of(told)


@pytest.mark.parametrize("said", SAY_NOTHING)
def test_what_is_no_sentence_does_not_switch(shop: Shop, said: str) -> None:
    buyer = asked_in(shop, "ru")
    told = buyer.say(said)

    assert foreign_lines(told, "ru") == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Ana de Souza"),
        ("es", "Elodie Martin"),
        ("fr", "Hans Müller"),
        ("en", "José da Silva Pereira"),
        ("pt", "where.is.my@order.example.com"),
        ("de", "donde.esta.mi.pedido@example.com"),
    ],
)
def test_name_or_address_given_as_proof_does_not_switch(shop: Shop, language: str, said: str) -> None:
    buyer = asked_in(shop, language)
    buyer.say(ORDERS[language])
    told = buyer.say(said)

    assert text_of(told)
    assert foreign_lines(told, language) == []


# -- languages that are not spoken -------------------------------------------------------------

FOREIGN = [
    ("Buongiorno, il mio pacco non è ancora arrivato e vorrei sapere dove si trova", "es"),
    ("Mijn pakket is nog steeds niet aangekomen, waar is het nu?", "de"),
    ("注文した商品がまだ届いていません。どこにありますか", "en"),
    ("주문한 상품이 아직 도착하지 않았습니다", "en"),
    ("لم تصل طلبيتي حتى الآن، أين هي؟", "en"),
]


@pytest.mark.parametrize(("said", "nearest"), FOREIGN, ids=[said[:12] for said, _ in FOREIGN])
def test_language_not_spoken_is_answered_in_english_and_the_nearest_one(shop: Shop, said: str, nearest: str) -> None:
    buyer = shop.buyer()
    told = buyer.say(said)

    assert is_told(told, "utter_language_not_spoken", nearest), text_of(told)
    assert "English" in text_of(told)
    assert buyer.labels() == [label_in(nearest, "choice_talk_to_person")]
    assert shop.owner(buyer) == "assistant"


@pytest.mark.parametrize(("said", "nearest"), FOREIGN[:3], ids=[said[:12] for said, _ in FOREIGN[:3]])
def test_person_can_be_had_from_a_language_not_spoken(shop: Shop, said: str, nearest: str) -> None:
    buyer = shop.buyer()
    buyer.say(said)
    told = buyer.choose(label_in(nearest, "choice_talk_to_person"))

    # Only the message itself is answered in the nearest language: the conversation stays what it was.
    assert is_told(told, "utter_handover_asked", "en"), text_of(told)
    assert shop.owner(buyer) == "queue"


def test_second_message_in_a_language_not_spoken_brings_a_person(shop: Shop) -> None:
    buyer = shop.buyer()
    first = buyer.say(FOREIGN[0][0])
    told = buyer.say("Non capisco, potete rispondermi in italiano per favore?")

    assert shop.owner(buyer) == "queue"
    assert text_of(told) != text_of(first)
    assert is_told(told, "utter_handover_not_understood", "es")


def test_who_goes_on_in_a_language_spoken_is_helped(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.say(FOREIGN[0][0])

    assert asks(buyer.say(WHERE_IS_IT["en"]), "order_number", "en")


def test_language_not_spoken_inside_the_order_form_is_said_to_be_so(shop: Shop) -> None:
    buyer = asked_in(shop, "en")
    told = buyer.say(FOREIGN[0][0])

    assert is_told(told, "utter_language_not_spoken", "es"), text_of(told)
