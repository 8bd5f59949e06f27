"""Chatwoot's client against a server that misbehaves: nothing hangs or is done twice, and the shop is told why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doorstep.adapters.desks import DeskAway, DeskRefused
from doorstep.adapters.desks.chatwoot_api import Chatwoot
from tests.contract import fake_chatwoot
from tests.contract.chatwoot_server import BAD_ANSWERS
from tests.contract.chatwoots import BUYER, OURS, a_client
from tests.contract.fake_chatwoot import FakeChatwoot

IMPATIENT = 0.3  # seconds; only where the server never answers

READS: dict[str, Callable[[Chatwoot, str], object]] = {
    "open_contact": lambda client, remote: client.open_contact("new-buyer", "Bo", "", {}),
    "open_conversation": lambda client, remote: client.open_conversation("s", "11", {}, "c-78"),
    "messages": lambda client, remote: client.messages(remote, 0),
    "post": lambda client, remote: client.post(remote, "Hello", our_id="m-9"),
    "post a photo": lambda client, remote: client.post(
        remote, "Hello", our_id="m-9", attachments=[("a.png", "image/png", b"x" * 300_000)]
    ),
    "find_posted": lambda client, remote: client.find_posted(remote, ["m-9"]),
    "status": lambda client, remote: client.status(remote),
    "label": lambda client, remote: client.label(remote, ["x"]),
    "set_attributes": lambda client, remote: client.set_attributes(remote, {"x": "y"}),
}
WRITES: dict[str, Callable[[Chatwoot, str], object]] = {
    "set_status": lambda client, remote: client.set_status(remote, "open"),
    "unassign": lambda client, remote: client.unassign(remote),
    "set_priority": lambda client, remote: client.set_priority(remote, "high"),
}
EVERY = {**READS, **WRITES}


AWAY = ["429", "429 after 7", "500", "502", "503 after 9", "reset before", "reset after", "cut off"]


@pytest.mark.parametrize("fault", [*AWAY, "html", "truncated", "huge"])
@pytest.mark.parametrize("call", EVERY)
def test_a_server_that_fails_is_away(fake: FakeChatwoot, client: Chatwoot, remote: str, call: str, fault: str) -> None:
    fake.always = fault
    with pytest.raises(DeskAway):
        EVERY[call](client, remote)


@pytest.mark.parametrize("fault", ["nulls", "wrong", "list"])
@pytest.mark.parametrize("call", READS)
def test_an_answer_of_another_shape_is_no_answer(
    fake: FakeChatwoot, client: Chatwoot, remote: str, call: str, fault: str
) -> None:
    fake.always = fault
    with pytest.raises(DeskAway):
        READS[call](client, remote)


@pytest.mark.parametrize("fault", ["hang", "drip", "lost"])
@pytest.mark.parametrize("call", ["messages", "post", "set_status"])
def test_a_server_that_does_not_come_to_an_end_is_left(fake: FakeChatwoot, remote: str, call: str, fault: str) -> None:
    fake.always = fault
    with pytest.raises(DeskAway, match="in time"):
        EVERY[call](a_client(fake, IMPATIENT), remote)


def test_the_connection_of_an_answer_that_does_not_end_is_closed(fake: FakeChatwoot, remote: str) -> None:
    fake.always = "drip"
    with pytest.raises(DeskAway):
        a_client(fake, IMPATIENT).status(remote)
    assert fake.gave_up.wait(30)


@pytest.mark.parametrize("fault", ["400", "401", "402", "403", "404", "405", "413", "422"])
@pytest.mark.parametrize("call", EVERY)
def test_a_server_that_says_no_has_refused(
    fake: FakeChatwoot, client: Chatwoot, remote: str, call: str, fault: str
) -> None:
    fake.always = fault
    with pytest.raises(DeskRefused) as refused:
        EVERY[call](client, remote)
    assert refused.value.status == int(fault)
    assert "Chatwoot" in refused.value.what


def test_a_server_that_is_not_there_is_away_and_used_again_when_it_is_back(
    fake: FakeChatwoot, client: Chatwoot, remote: str
) -> None:
    fake.stop()
    with pytest.raises(DeskAway, match="no connection"):
        client.status(remote)
    fake.start()
    assert client.status(remote).id == remote


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ("429", None),
        ("429 after 7", 7.0),
        ("503 after 120", 120.0),
        ("429 after 99999999999999999999", 3600.0),
        ("429 after Fri, 31 Dec 2100 23:59:59 GMT", 3600.0),
        ("429 after Fri, 31 Dec 1999 23:59:59 GMT", 0.0),
        ("429 after soon", None),
        ("429 after -5", None),
    ],
)
def test_how_long_to_wait_is_what_the_server_asked_for(
    fake: FakeChatwoot, client: Chatwoot, remote: str, fault: str, wait: float | None
) -> None:
    fake.faults = [fault]
    with pytest.raises(DeskAway) as away:
        client.post(remote, "Hello", our_id="m-9")
    assert away.value.retry_after == wait


def test_a_read_is_tried_once_more_and_a_write_is_not(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    fake.faults = ["reset before"]
    assert client.status(remote).id == remote
    fake.faults = ["reset before"]
    with pytest.raises(DeskAway):
        client.post(remote, "Hello", our_id="m-9")
    assert len(fake.called("POST", "/messages")) == 1


def test_a_server_that_asks_to_be_left_alone_is_not_asked_again(
    fake: FakeChatwoot, client: Chatwoot, remote: str
) -> None:
    before = len(fake.calls)
    fake.faults = ["429 after 7"]
    with pytest.raises(DeskAway):
        client.status(remote)
    assert len(fake.calls) == before + 1


@pytest.mark.parametrize("fault", ["lost", "reset after", "cut off"])
def test_a_message_whose_answer_was_lost_is_found_and_not_posted_twice(
    fake: FakeChatwoot, client: Chatwoot, remote: str, fault: str
) -> None:
    fake.faults = [fault]
    with pytest.raises(DeskAway):
        a_client(fake, IMPATIENT if fault == "lost" else 30.0).post(remote, "Hello", our_id="m-9")
    found = client.find_posted(remote, ["m-9"])
    if "m-9" not in found:
        client.post(remote, "Hello", our_id="m-9")
    assert [(message.id, message.our_id) for message in client.messages(remote, 0)] == [(found["m-9"], "m-9")]


@pytest.mark.parametrize("fault", ["hang", "reset before", "502"])
def test_a_message_that_was_never_posted_is_not_found(
    fake: FakeChatwoot, client: Chatwoot, remote: str, fault: str
) -> None:
    fake.faults = [fault]
    with pytest.raises(DeskAway):
        a_client(fake, IMPATIENT if fault == "hang" else 30.0).post(remote, "Hello", our_id="m-9")
    assert client.find_posted(remote, ["m-9"]) == {}


@pytest.mark.parametrize("fault", ["lost", "reset after", "cut off"])
def test_a_conversation_whose_answer_was_lost_is_found_and_not_made_twice(
    fake: FakeChatwoot, client: Chatwoot, fault: str
) -> None:
    contact_id, source_id = client.open_contact(BUYER, "Ana", "", {})
    fake.faults = ["", fault]  # looking for it goes well
    with pytest.raises(DeskAway):
        a_client(fake, IMPATIENT if fault == "lost" else 30.0).open_conversation(source_id, contact_id, {}, OURS)
    (made,) = fake.rows.conversations
    assert client.open_conversation(source_id, contact_id, {}, OURS) == str(made)
    assert len(fake.rows.conversations) == 1


@pytest.mark.parametrize("fault", ["lost", "reset after", "cut off"])
def test_a_contact_whose_answer_was_lost_is_found_and_not_made_twice(
    fake: FakeChatwoot, client: Chatwoot, fault: str
) -> None:
    fake.faults = ["", fault]
    with pytest.raises(DeskAway):
        a_client(fake, IMPATIENT if fault == "lost" else 30.0).open_contact(BUYER, "Ana", "", {})
    contact_id, source_id = client.open_contact(BUYER, "Ana", "", {})
    (contact,) = fake.rows.contacts.values()
    assert (contact_id, [source_id]) == (str(contact["id"]), [each["source_id"] for each in contact["contact_inboxes"]])


def test_pages_that_never_end_are_left(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    for number in range(3):
        client.post(remote, "?", our_id=f"m-{number}")
    fake.ignores_before = True
    before = len(fake.calls)
    with pytest.raises(DeskAway, match="do not end"):
        client.messages(remote, 0)
    assert len(fake.calls) == before + 2


def test_a_text_that_is_too_long_is_refused(client: Chatwoot, remote: str) -> None:
    with pytest.raises(DeskRefused, match="too long"):
        client.post(remote, "x" * 150_001, our_id="m-9")


def test_a_redirect_is_not_followed_and_the_shop_is_told_where_it_leads(
    fake: FakeChatwoot, client: Chatwoot, remote: str
) -> None:
    with fake_chatwoot.running() as elsewhere:
        fake.always = f"302 to {elsewhere.url}/api/v1/profile"
        with pytest.raises(DeskRefused, match=elsewhere.url):
            client.status(remote)
        assert elsewhere.calls == []


def test_a_token_that_the_server_repeats_is_not_repeated(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    fake.always = "409"
    with pytest.raises(DeskRefused) as refused:
        client.status(remote)
    assert "What is …?" in refused.value.what
    assert fake.token not in f"{refused.value.what} {refused.value!r}"


def test_nothing_is_wrong_with_a_server_that_is_set_up_well(client: Chatwoot) -> None:
    assert client.check() == ""


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "token": ({"token": "another"}, {}, "does not know the access token"),
    "account": ({"account_id": 2}, {}, "not a member of the account"),
    "inbox": ({"inbox_id": 5}, {}, "no inbox 5"),
    "a bot's token": ({}, {"role": "bot"}, "token of an agent bot"),
    "an agent's token": ({}, {"role": "agent"}, "token of an administrator"),
    "kind of inbox": ({}, {"channel_type": "Channel::WebWidget"}, "not of the kind API"),
    "not Chatwoot": ({}, {"always": "html"}, "address of Chatwoot"),
    "fails": ({}, {"always": "502"}, "status 502"),
    "header dropped": ({}, {"drops_underscores": True}, "underscores_in_headers on"),
    "moved": ({}, {"always": "301 to https://chat.example/api"}, "to https://chat.example"),
}


@pytest.mark.parametrize(("settings", "there", "said"), WRONG.values(), ids=WRONG)
def test_the_check_says_what_to_mend_and_not_the_token(
    fake: FakeChatwoot, settings: dict[str, Any], there: dict[str, Any], said: str
) -> None:
    for name, value in there.items():
        setattr(fake, name, value)
    found = a_client(fake, **settings).check()
    assert said in found
    assert settings.get("token", fake.token) not in found


def test_the_check_says_that_an_inbox_keeps_one_conversation_for_each_contact(
    fake: FakeChatwoot, client: Chatwoot
) -> None:
    fake.rows.locked = True
    assert "Lock to single conversation" in client.check()


def test_the_check_says_that_nobody_answers_at_the_address(fake: FakeChatwoot, client: Chatwoot) -> None:
    fake.stop()
    assert client.check() == f"Chatwoot at {fake.url} cannot be used: no connection"


@pytest.mark.parametrize(
    "url", ["", "chat.example.com", "ftp://chat.example.com", "https://", "https://a:b@c", "http://a:x"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError):
        Chatwoot(url, 1, 4, "token")


@pytest.mark.parametrize("token", ["", "  ", "two\nlines", "tokén"])
def test_a_token_that_no_header_can_hold_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(ValueError) as wrong:
        Chatwoot("https://chat.example.com", 1, 4, token)
    assert not token.strip() or token not in str(wrong.value)


def test_every_bad_answer_of_the_fake_is_tried_here() -> None:
    assert set(BAD_ANSWERS) == {"html", "truncated", "huge", "nulls", "wrong", "list"}
