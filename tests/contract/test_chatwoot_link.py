"""Chatwoot beside a running front: what it is told, and webhooks that are lost, repeated, late, forged or mixed up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.desk.linking import Periods
from doorstep.front.desk_link import Pace
from doorstep.settings import Settings
from tests.contract import chat_client, desk_port, desk_talk, desks
from tests.contract.chat_client import Buyer
from tests.contract.desk_port import ASKS, MEI, until
from tests.contract.desks import AtChatwoot
from tests.contract.fake_chatwoot import SECRET
from tests.contract.fake_rasa import FakeRasa
from tests.contract.test_chat_api_uploads import JPEG

NEVER = timedelta(days=1)
SELDOM = Pace(Periods(with_people=NEVER, after=NEVER, first=timedelta(seconds=0.05)), look=0.05)  # webhooks alone tell


@pytest.fixture
def people(small_settings: Settings, sqlite_engine: Engine, rasa: FakeRasa) -> Iterator[AtChatwoot]:
    """People at Chatwoot, which is polled all the time."""
    with desks.open_shop(desk_port.CHATWOOT, small_settings, sqlite_engine, rasa) as opened:
        assert isinstance(opened, AtChatwoot)
        yield opened


@pytest.fixture
def unpolled(small_settings: Settings, sqlite_engine: Engine, rasa: FakeRasa) -> Iterator[AtChatwoot]:
    """People at Chatwoot, of whom only webhooks tell."""
    with desks.open_shop(desk_port.CHATWOOT, small_settings, sqlite_engine, rasa, SELDOM) as opened:
        assert isinstance(opened, AtChatwoot)
        yield opened


def helped(people: AtChatwoot) -> Buyer:
    """A buyer who talks to Mei, and everything is told."""
    buyer = people.shop.buyer(ASKS)
    people.sees_waiting(buyer)
    people.claims(buyer)
    people.has(buyer)
    people.comes_to_rest(buyer)
    return buyer


# -- what it is told -------------------------------------------------------------------------


def test_a_hand_over_shows_who_it_is_and_how_urgent(people: AtChatwoot) -> None:
    buyer = people.shop.buyer(ASKS, language="fr")
    people.sees_waiting(buyer)
    until(lambda: people.reads(buyer) == [ASKS])
    row = people.row(buyer)
    contact = people.fake.rows.contacts[row["contact_id"]]
    order = desk_talk.recent_order()
    assert contact["name"] == order.buyer.name
    assert contact["identifier"] == buyer.conversation_id
    assert {"asked", "care", "fr"} <= set(row["labels"])
    assert row["priority"] == "medium"
    told = row["custom_attributes"]
    assert (told["language"], told["orders"], told["reason"]) == ("fr", order.number, "asked")
    assert told["country"] == order.ship_to.country


def test_photos_go_along_those_from_before_the_hand_over_too(people: AtChatwoot) -> None:
    buyer = people.shop.buyer()
    send_photo(buyer, "before.jpg", "p1", "It came like this")
    buyer.say(ASKS)
    buyer.settled()
    people.sees_waiting(buyer)
    send_photo(buyer, "after.jpg", "p2", "")
    until(lambda: len(people.reads(buyer)) == 2)
    files = {
        str(each["attachments"][0]["data_url"]): each for each in people.row(buyer)["messages"] if each["attachments"]
    }
    before, after = files["https://chat.example/before.jpg"], files["https://chat.example/after.jpg"]
    assert (before["private"], after["private"], after["message_type"]) == (True, False, "incoming")
    assert after["attachments"][0]["file_size"] == len(JPEG)


def test_a_photo_whose_file_is_gone_is_named(people: AtChatwoot, small_settings: Settings) -> None:
    buyer = helped(people)
    upload = uploaded(buyer, "gone.jpg")
    (small_settings.data_dir / "uploads" / buyer.conversation_id / upload).unlink()
    buyer.post({"id": "gone", "text": "", "attachments": [upload]})
    until(lambda: people.reads(buyer)[-1] == "[file not found: gone.jpg]")


def test_a_persons_files_are_links_below_their_words(people: AtChatwoot) -> None:
    buyer = helped(people)
    files = (("file", "https://chat.example/label.pdf", 9), ("file", "http://elsewhere.example/x", 9))
    people.fake.agent_replies(people.remote(buyer), None, files=files)
    until(lambda: desk_talk.said(buyer) == ["https://chat.example/label.pdf"])


def test_what_a_person_took_back_before_it_was_heard_is_not_said(people: AtChatwoot) -> None:
    buyer = helped(people)
    said = people.fake.rows.add_message(
        people.row(buyer), "outgoing", "This message was deleted", sender=people.fake.rows.user(MEI),
        content_attributes={"deleted": True},
    )  # fmt: skip
    people.says(buyer, "Hello!")
    assert said["private"] is False
    assert desk_talk.said(buyer) == ["Hello!"]


def test_what_robots_and_rules_write_is_not_a_persons(people: AtChatwoot) -> None:
    buyer = helped(people)
    for kind in ("outgoing", "template"):
        people.fake.bot_writes(people.remote(buyer), "Rate our robot!", kind)
    people.says(buyer, "Hello!")
    assert desk_talk.said(buyer) == ["Hello!"]


def test_a_conversation_that_was_deleted_there_is_opened_again_with_everything(people: AtChatwoot) -> None:
    buyer = helped(people)
    people.says(buyer, "Hello!")
    del people.fake.rows.conversations[int(people.remote(buyer))]
    buyer.say("Are you there?")
    until(lambda: people.row(buyer) and "Are you there?" in people.reads(buyer))
    assert "Why:" in people.page(buyer)
    people.says(buyer, "Yes.")
    assert desk_talk.said(buyer) == ["Hello!", "Yes."]


# -- webhooks --------------------------------------------------------------------------------


def test_a_webhook_brings_a_persons_words_at_once(unpolled: AtChatwoot) -> None:
    buyer = helped(unpolled)
    unpolled.says(buyer, "Hello!")
    unpolled.closes(buyer)


def test_words_of_which_no_webhook_told_are_found(settings: Settings, engine: Engine, rasa: FakeRasa) -> None:
    with desks.open_shop(desk_port.CHATWOOT, settings, engine, rasa) as people:
        assert isinstance(people, AtChatwoot)
        people.fake.lose_webhooks(10_000)
        buyer = people.shop.buyer(ASKS)
        people.sees_waiting(buyer)
        people.says(buyer, "Hello!")
        people.says(buyer, "It comes tomorrow.")
        people.closes(buyer)
        assert desk_talk.said(buyer) == ["Hello!", "It comes tomorrow."]


def test_webhooks_that_come_three_times_do_everything_once(unpolled: AtChatwoot) -> None:
    unpolled.fake.repeat_webhooks(3)
    buyer = helped(unpolled)
    unpolled.says(buyer, "Hello!")
    unpolled.closes(buyer)
    assert desk_talk.said(buyer) == ["Hello!"]
    assert len([text for text in desk_talk.said(buyer, "notice") if MEI in text]) == 2  # came, closed


@pytest.mark.parametrize("reverse", [False, True])
def test_webhooks_that_come_late_or_in_another_order_do_what_is_true_now(unpolled: AtChatwoot, reverse: bool) -> None:
    buyer = helped(unpolled)
    remote = unpolled.remote(buyer)
    unpolled.fake.delay_webhooks()
    for text in ("One", "Two", "Three"):
        unpolled.fake.agent_replies(remote, text)
    unpolled.fake.resolve(remote)
    unpolled.fake.reopen(remote)
    assert desk_talk.said(buyer) == []
    unpolled.fake.release(reverse=reverse)
    until(lambda: desk_talk.said(buyer) == ["One", "Two", "Three"])
    assert unpolled.shop.owner(buyer) == ("agent", MEI)


def test_an_old_webhook_that_says_closed_does_not_close_what_was_handed_over_again(unpolled: AtChatwoot) -> None:
    buyer = helped(unpolled)
    unpolled.fake.delay_webhooks()
    unpolled.fake.resolve(unpolled.remote(buyer))
    unpolled.fake.reopen(unpolled.remote(buyer))
    unpolled.fake.release()
    unpolled.says(buyer, "Still here.")
    assert unpolled.shop.owner(buyer) == ("agent", MEI)


def test_a_forged_or_old_webhook_is_refused_and_changes_nothing(unpolled: AtChatwoot) -> None:
    buyer = helped(unpolled)
    hooks = unpolled.fake.hooks
    before = len(unpolled.fake.calls)
    for secret, skew in (("another secret", 0), (SECRET, -400), (SECRET, 400)):
        hooks.secret, hooks.skew = secret, skew
        unpolled.fake.agent_replies(unpolled.remote(buyer), "Forged")
        assert hooks.sent[-1].status == 401
    hooks.signs = False
    unpolled.fake.agent_replies(unpolled.remote(buyer), "Not signed")
    assert hooks.sent[-1].status == 401
    assert desk_talk.said(buyer) == []
    assert len(unpolled.fake.calls) == before


def test_an_older_server_proves_itself_by_the_secret_in_the_path(unpolled: AtChatwoot) -> None:
    buyer = helped(unpolled)
    hooks = unpolled.fake.hooks
    hooks.signs = False
    right = hooks.url
    hooks.url = f"{right}/not-{SECRET}"
    unpolled.fake.agent_replies(unpolled.remote(buyer), "One")
    assert hooks.sent[-1].status == 401
    hooks.url = f"{right}/{SECRET}"
    unpolled.fake.agent_replies(unpolled.remote(buyer), "Two")
    assert hooks.sent[-1].status == 200
    until(lambda: desk_talk.said(buyer) == ["One", "Two"])


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 200), (b'{"event": "message_created"}', 200), (b"x" * 1_100_000, 413)]
)
def test_a_webhook_that_makes_no_sense_does_no_harm(people: AtChatwoot, body: bytes, status: int) -> None:
    response = people.shop.http.post(f"/api/desk/chatwoot/{SECRET}", content=body)
    assert response.status_code == status


def test_without_chatwoot_nobody_listens_for_it(small_http: httpx.Client) -> None:
    assert small_http.post(f"/api/desk/chatwoot/{SECRET}", content=b"{}").status_code == 404


def send_photo(buyer: Buyer, name: str, message_id: str, text: str) -> None:
    response = buyer.post({"id": message_id, "text": text, "attachments": [uploaded(buyer, name)]})
    assert response.status_code == 202
    buyer.settled()


def uploaded(buyer: Buyer, name: str) -> str:
    response = buyer.http.post("/api/chat/uploads", files={"file": (name, JPEG)}, headers=buyer.headers)
    chat_client.check_answer(response)
    upload: Any = response.json()
    return str(upload["id"])
