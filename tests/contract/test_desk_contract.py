"""What every desk keeps: people get everything, each message arrives once, and exactly one side has a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from doorstep.settings import Settings
from tests.contract import desk_port, desk_talk, desks, fake_rasa
from tests.contract.chat_client import Buyer
from tests.contract.desk_port import ASKS, LI, MEI, PersonAtDesk, Shop, until
from tests.contract.fake_rasa import FakeRasa


@pytest.fixture(params=[desk_port.OWN, desk_port.CHATWOOT])
def people(
    request: pytest.FixtureRequest, small_settings: Settings, sqlite_engine: Engine, rasa: FakeRasa
) -> Iterator[PersonAtDesk]:
    """People at a desk of each kind."""
    with desks.open_shop(request.param, small_settings, sqlite_engine, rasa) as opened:
        yield opened


@pytest.fixture
def shop(people: PersonAtDesk) -> Shop:
    return people.shop


def waiting(people: PersonAtDesk, *before: str) -> Buyer:
    """A buyer who was handed over, and whom people see in the queue."""
    buyer = people.shop.buyer(*before, ASKS)
    people.sees_waiting(buyer)
    return buyer


def helped(people: PersonAtDesk) -> Buyer:
    """A buyer who talks to Mei."""
    buyer = waiting(people)
    people.claims(buyer)
    people.has(buyer)
    return buyer


def notices(buyer: Buyer) -> list[str]:
    return desk_talk.said(buyer, "notice")


def test_who_takes_over_sees_the_brief_and_all_that_was_said(people: PersonAtDesk) -> None:
    buyer = waiting(people, "Where is my parcel?")
    until(lambda: ASKS in people.page(buyer))
    page = people.page(buyer)
    order = desk_talk.recent_order()
    for told in (order.number, order.buyer.name, order.lines[0].title, order.parcels[0].tracking_number):
        assert told in page
    assert "Where is my parcel?" in page
    assert "You said: Where is my parcel?" in page


def test_a_buyers_messages_reach_people_in_order_and_once(people: PersonAtDesk) -> None:
    buyer = helped(people)
    texts = [f"Message {number}" for number in range(5)]
    for text in texts:
        buyer.say(text)
    until(lambda: people.reads(buyer)[-5:] == texts)
    assert [text for text in people.reads(buyer) if text != ASKS] == texts


def test_a_persons_words_reach_the_buyer_once_as_a_persons(people: PersonAtDesk) -> None:
    buyer = helped(people)
    people.says(buyer, "I've found your parcel.")
    people.says(buyer, "It comes tomorrow.")
    people.sees_waiting(waiting(people))  # another conversation, so that this one was looked at again
    assert desk_talk.said(buyer) == ["I've found your parcel.", "It comes tomorrow."]


def test_the_assistant_is_silent_while_a_person_has_it(people: PersonAtDesk, shop: Shop) -> None:
    buyer = helped(people)
    before = len(shop.rasa.asked)
    buyer.say("Are you there?")
    until(lambda: "Are you there?" in people.reads(buyer))
    assert not buyer.read()["pending"]
    assert len(shop.rasa.asked) == before


def test_notes_stay_with_people(people: PersonAtDesk) -> None:
    buyer = helped(people)
    people.notes(buyer, "He writes often.")
    people.says(buyer, "Hello!")
    assert not any("He writes often." in text for text in buyer.told())


def test_the_buyer_is_told_of_each_change_in_their_language(people: PersonAtDesk) -> None:
    buyer = people.shop.buyer(ASKS, language="de")
    people.sees_waiting(buyer)
    before = len(notices(buyer))
    people.claims(buyer)
    people.has(buyer)
    people.hands_back(buyer)
    joined, back = notices(buyer)[before:]
    assert MEI in joined
    assert MEI in back
    assert "Assistent" in back


def test_after_a_hand_back_the_assistant_answers(people: PersonAtDesk, shop: Shop) -> None:
    buyer = helped(people)
    people.hands_back(buyer)
    buyer.say("And my refund?")
    until(lambda: "You said: And my refund?" in desk_talk.said(buyer, "assistant"))
    assert shop.owner(buyer) == ("assistant", "")


def test_a_closed_conversation_asks_for_a_rating_and_thanks_leave_it_closed(people: PersonAtDesk, shop: Shop) -> None:
    shop.rasa.answers["Thanks!"] = [{**fake_rasa.reply("You're welcome!"), "name": "utter_thank"}]
    buyer = helped(people)
    people.closes(buyer)
    asked = next(m for m in buyer.settled() if m["from"] == "notice" and MEI in m["text"] and m["choices"])
    buyer.take(asked["choices"][0]["token"])
    buyer.say("Thanks!")
    buyer.settled()
    assert [row.score for row in desk_talk.rows(shop.engine, "ratings")] == ["good"]
    assert shop.owner(buyer) == ("closed", "")


def test_of_two_people_one_has_it_and_the_buyer_hears_of_that_one(people: PersonAtDesk, shop: Shop) -> None:
    buyer = waiting(people)
    people.claims(buyer, LI)
    people.claims(buyer, MEI)
    people.says(buyer, "Hello!", LI)
    assert shop.owner(buyer) == ("agent", LI)
    assert any(LI in text for text in notices(buyer))
    assert not any(MEI in text for text in notices(buyer))


def test_a_buyer_goes_back_to_the_assistant_from_the_queue(people: PersonAtDesk, shop: Shop) -> None:
    buyer = waiting(people)
    buyer.say("Hello?")
    offered = next(m for m in reversed(buyer.settled()) if m["choices"])
    buyer.take(offered["choices"][0]["token"])
    buyer.settled()
    assert shop.owner(buyer) == ("assistant", "")
    until(lambda: not people.is_waiting(buyer), "people still see it in the queue")
    buyer.say("Where is it?")
    until(lambda: "You said: Where is it?" in desk_talk.said(buyer, "assistant"))
    assert "Where is it?" not in people.reads(buyer) or isinstance(people, desks.AtOurOwn)  # ours shows all of it


def test_an_agent_who_goes_silent_loses_it_and_somebody_else_can_take_it(people: PersonAtDesk, shop: Shop) -> None:
    buyer = helped(people)
    buyer.say("Hello?")
    until(lambda: "Hello?" in people.reads(buyer))
    shop.clock.ahead += timedelta(minutes=16)
    people.sees_waiting(buyer)
    assert shop.owner(buyer) == ("queue", "")
    people.claims(buyer, LI)
    people.has(buyer, LI)


def test_a_second_hand_over_tells_what_was_said_since(people: PersonAtDesk) -> None:
    buyer = helped(people)
    people.hands_back(buyer)
    buyer.say("And my other parcel?")
    until(lambda: "You said: And my other parcel?" in desk_talk.said(buyer, "assistant"))
    buyer.say(ASKS)
    people.sees_waiting(buyer)
    until(lambda: "And my other parcel?" in people.page(buyer))
    people.claims(buyer, LI)
    people.has(buyer, LI)
    people.says(buyer, "I'm Li.", LI)
    assert desk_talk.said(buyer) == ["I'm Li."]


def test_where_there_is_no_conversation_of_theirs_nothing_is_done(people: PersonAtDesk, shop: Shop) -> None:
    buyer = waiting(people)
    before = buyer.settled()
    people.meddles(buyer)
    people.sees_waiting(waiting(people))
    assert buyer.settled() == before
    assert shop.owner(buyer) == ("queue", "")
