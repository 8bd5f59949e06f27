"""A photo without words answers the question for photos, as if its choice had been taken, and nothing else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from doorstep.storage.engine import writing
from doorstep.storage.tables import conversations
from tests.contract import chat_client, fake_rasa
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import FakeRasa

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(2_000)
SENT = '/choose_option{"offer": "photo/1/HP", "option": "sent"}'
ASKED = [("I have none", '/choose_option{"offer": "photo/1/HP", "option": "none"}'), ("I've sent them", SENT)]


@pytest.fixture
def buyer(small_http: httpx.Client, rasa: FakeRasa) -> Buyer:
    """A buyer who was asked for photos."""
    rasa.answers["it broke"] = [fake_rasa.reply("Please send a photo.", ASKED)]
    buyer = chat_client.start(small_http)
    buyer.say("it broke")
    buyer.settled()
    return buyer


def _photo(buyer: Buyer) -> Any:
    answer = buyer.http.post("/api/chat/uploads", files={"file": ("p.jpg", JPEG)}, headers=buyer.headers)
    assert answer.status_code == 201
    return answer.json()["id"]


def test_a_photo_alone_is_taken_as_the_choice_that_says_it_was_sent(buyer: Buyer, rasa: FakeRasa) -> None:
    photo = _photo(buyer)
    assert buyer.post({"id": "a", "attachments": [photo]}).status_code == 202
    *_, sent, _ = buyer.settled()
    assert rasa.texts[-1] == SENT
    assert ([each["id"] for each in sent["attachments"]], sent["text"]) == ([photo], "I've sent them")


def test_a_photo_with_a_caption_is_that_choice_too_and_the_caption_is_kept(buyer: Buyer, rasa: FakeRasa) -> None:
    assert buyer.post({"id": "a", "text": "see here", "attachments": [_photo(buyer)]}).status_code == 202
    *_, sent, _ = buyer.settled()
    assert (rasa.texts[-1], sent["text"]) == (SENT, "see here")


def test_a_photo_with_more_than_a_caption_is_read_by_its_words(buyer: Buyer, rasa: FakeRasa) -> None:
    words = "here it is, but what I really want to know is when the other parcel comes"
    assert buyer.post({"id": "a", "text": words, "attachments": [_photo(buyer)]}).status_code == 202
    buyer.settled()
    assert rasa.texts[-1] == words


def test_once_something_else_was_answered_a_photo_alone_is_only_acknowledged(buyer: Buyer, rasa: FakeRasa) -> None:
    buyer.say("and where is it?")
    buyer.settled()
    assert buyer.post({"id": "a", "attachments": [_photo(buyer)]}).status_code == 202
    *_, told = buyer.settled()
    assert told["from"] == "notice"
    assert rasa.texts[-1] == "and where is it?"


def test_a_photo_for_a_person_is_left_to_the_person(buyer: Buyer, rasa: FakeRasa, sqlite_engine: Engine) -> None:
    mine = conversations.c.id == buyer.conversation_id
    with writing(sqlite_engine) as connection:
        connection.execute(update(conversations).where(mine).values(owner="queue"))
    assert buyer.post({"id": "a", "attachments": [_photo(buyer)]}).status_code == 202
    buyer.settled()
    assert rasa.texts[-1] == "it broke"
