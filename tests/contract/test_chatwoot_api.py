"""Chatwoot's client against a server that keeps the contract: what it makes, reads and changes there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from doorstep.adapters.desks import DeskRefused
from doorstep.adapters.desks.chatwoot_api import Chatwoot
from doorstep.adapters.desks.chatwoot_shapes import RemoteFile
from tests.contract.chatwoots import BUYER, OURS, a_client, a_conversation
from tests.contract.fake_chatwoot import INBOX, FakeChatwoot


def test_a_buyer_becomes_one_contact_however_often_they_are_handed_over(fake: FakeChatwoot, client: Chatwoot) -> None:
    first = client.open_contact(BUYER, "Ana", "ana@example.com", {"language": "es"})
    assert client.open_contact(BUYER, "Ana", "ana@example.com", {}) == first
    (contact,) = fake.rows.contacts.values()
    assert (contact["identifier"], contact["email"], contact["custom_attributes"]) == (
        BUYER,
        "ana@example.com",
        {"language": "es"},
    )
    assert first == (str(contact["id"]), contact["contact_inboxes"][0]["source_id"])


def test_a_contact_that_others_made_meanwhile_is_taken(fake: FakeChatwoot, client: Chatwoot) -> None:
    first = client.open_contact(BUYER, "Ana", "", {})
    fake.blind_searches = 1
    assert client.open_contact(BUYER, "Ana", "", {}) == first


def test_a_contact_of_another_inbox_is_put_into_ours(fake: FakeChatwoot, client: Chatwoot) -> None:
    fake.rows.add_contact({"identifier": BUYER})["contact_inboxes"].append({"source_id": "w", "inbox": {"id": 9}})
    contact_id, source_id = client.open_contact(BUYER, "Ana", "", {})
    assert (contact_id, source_id != "w") == ("11", True)
    assert client.open_contact(BUYER, "Ana", "", {}) == (contact_id, source_id)


def test_a_contact_is_found_among_many_with_a_longer_identifier(fake: FakeChatwoot, client: Chatwoot) -> None:
    for number in range(40):
        fake.rows.add_contact({"identifier": f"{BUYER}{number}"})
    wanted = fake.rows.add_contact({"identifier": BUYER})
    assert client.open_contact(BUYER, "Ana", "", {})[0] == str(wanted["id"])


@pytest.mark.parametrize("email", ["Ana@example.com", "not an address"])
def test_an_address_of_another_contact_or_of_none_leads_into_no_history(
    fake: FakeChatwoot, client: Chatwoot, email: str
) -> None:
    other, _ = client.open_contact("someone-else", "Ana", "ana@example.com", {})
    contact_id, _ = client.open_contact(BUYER, "Ana", email, {"language": "es"})
    assert contact_id != other
    made = fake.rows.contacts[int(contact_id)]
    assert (made["email"], made["custom_attributes"]) == (None, {"language": "es", "email": email})


def test_a_conversation_is_made_once_and_pending_with_what_is_known(fake: FakeChatwoot, client: Chatwoot) -> None:
    remote = a_conversation(client)
    assert a_conversation(client) == remote
    (made,) = fake.rows.conversations.values()
    assert made["status"] == "pending"
    assert made["custom_attributes"] == {"case": "DS-1", "doorstep_conversation": OURS}


def test_another_conversation_of_the_same_buyer_is_another_one_there(client: Chatwoot, remote: str) -> None:
    assert a_conversation(client, "c-78") != remote


def test_an_inbox_that_gives_an_older_conversation_instead_is_refused(fake: FakeChatwoot, client: Chatwoot) -> None:
    a_conversation(client)
    fake.rows.locked = True
    with pytest.raises(DeskRefused, match="Lock to single conversation"):
        a_conversation(client, "c-78")


def test_all_messages_are_read_in_order_over_as_many_pages_as_there_are(client: Chatwoot, remote: str) -> None:
    posted = [client.post(remote, f"Line {number}", our_id=f"m-{number}") for number in range(65)]
    read = client.messages(remote, 0)
    assert [message.id for message in read] == posted
    assert [message.content for message in read] == [f"Line {number}" for number in range(65)]


@pytest.mark.parametrize("known", [0, 1, 19, 20, 21, 40, 44, 45])
def test_only_what_came_after_a_message_is_read(client: Chatwoot, remote: str, known: int) -> None:
    posted = [client.post(remote, "?", our_id=f"m-{number}") for number in range(45)]
    after = posted[known - 1] if known else 0
    assert [message.id for message in client.messages(remote, after)] == posted[known:]


def test_the_usual_look_for_news_is_one_call(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    posted = [client.post(remote, "?", our_id=f"m-{number}") for number in range(45)]
    before = len(fake.calls)
    assert len(client.messages(remote, posted[-2])) == 1
    assert len(fake.calls) == before + 1


def test_a_conversation_without_messages_has_none(client: Chatwoot, remote: str) -> None:
    assert client.messages(remote, 0) == []


def test_what_people_bots_and_chatwoot_itself_write_is_told_apart(
    fake: FakeChatwoot, client: Chatwoot, remote: str
) -> None:
    client.post(remote, "Hello?", our_id="m-1")
    fake.agent_replies(remote, None, "Mei", files=(("image", "https://chat.example/label.png", 900),))
    fake.agent_notes(remote, "Check the address", "Omar")
    fake.bot_writes(remote, "Beep")
    fake.bot_writes(remote, "How was it?", "template")
    fake.resolve(remote)
    shown = [(m.message_type, m.content, m.private, m.agent_name, m.our_id) for m in client.messages(remote, 0)]
    assert shown == [
        ("incoming", "Hello?", False, "", "m-1"),
        ("outgoing", "", False, "Mei", ""),
        ("outgoing", "Check the address", True, "Omar", ""),
        ("outgoing", "Beep", False, "", ""),
        ("template", "How was it?", False, "", ""),
        ("activity", "Conversation was marked resolved", False, "", ""),
    ]
    assert client.messages(remote, 0)[1].attachments == (RemoteFile("https://chat.example/label.png", "image", 900),)


@pytest.mark.parametrize(("kind", "private"), [("incoming", False), ("outgoing", False), ("outgoing", True)])
def test_a_message_is_posted_as_what_it_is(
    fake: FakeChatwoot, client: Chatwoot, remote: str, kind: str, private: bool
) -> None:
    posted = client.post(remote, "您好 — Grüße", kind=kind, private=private, our_id="m-1")  # type: ignore[arg-type]
    (message,) = fake.rows.conversations[int(remote)]["messages"]
    assert (message["id"], message["content"]) == (posted, "您好 — Grüße")
    assert (message["message_type"], message["private"]) == (kind, private)


@pytest.mark.parametrize("private", [False, True])
def test_photos_are_posted_with_their_names_types_and_bytes(
    fake: FakeChatwoot, client: Chatwoot, remote: str, private: bool
) -> None:
    photos = [("Foto ñ 破.jpg", "image/jpeg", b"\xff\xd8\r\n--\x00"), ('a"b\r\nX: 1.pdf', "application/pdf", b"%PDF")]
    posted = client.post(remote, "Broken", kind="outgoing", private=private, our_id="m-1", attachments=photos)
    sent = fake.called("POST", "/messages")[-1].body["attachments"]
    assert [(media_type, data) for _, media_type, data in sent] == [(kind, data) for _, kind, data in photos]
    assert sent[0][0] == "Foto ñ 破.jpg"
    (message,) = client.messages(remote, 0)
    assert (message.id, message.private, message.our_id, len(message.attachments)) == (posted, private, "m-1", 2)


@pytest.mark.parametrize("with_file", [False, True])
@pytest.mark.parametrize("dropped", ["keeps_content_attributes", "keeps_source_id"])
def test_our_messages_are_found_on_servers_that_keep_one_of_the_two_marks(
    fake: FakeChatwoot, client: Chatwoot, remote: str, dropped: str, with_file: bool
) -> None:
    setattr(fake, dropped, False)
    files = [("a.txt", "text/plain", b"a")] if with_file else []
    posted = {f"m-{number}": client.post(remote, "?", our_id=f"m-{number}", attachments=files) for number in range(25)}
    fake.agent_replies(remote, "Hello")
    assert client.find_posted(remote, ["m-0", "m-24", "m-99"]) == {"m-0": posted["m-0"], "m-24": posted["m-24"]}
    assert client.find_posted(remote, ["m-0", "m-24"], after_id=posted["m-3"]) == {"m-24": posted["m-24"]}


def test_looking_for_nothing_asks_nothing(fake: FakeChatwoot, client: Chatwoot) -> None:
    assert (client.find_posted("101", []), fake.calls) == ({}, [])


def test_how_a_conversation_stands_is_read(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    fake.rows.conversations[int(remote)]["team"] = {"id": 2, "name": "claims"}
    fake.assign(remote, "Mei")
    client.set_status(remote, "open")
    client.set_priority(remote, "high")
    client.label(remote, ["damage"])
    read = client.status(remote)
    assert (read.id, read.status, read.priority, read.team, read.labels) == (
        remote,
        "open",
        "high",
        "claims",
        ("damage",),
    )
    assert (read.assignee_id, read.assignee_name) == (1, "Mei")
    assert read.attributes == {"case": "DS-1", "doorstep_conversation": OURS}


def test_nobody_and_a_bot_have_no_name(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    for assignee in (None, {"id": 8, "name": "Robot", "type": "agent_bot"}):
        fake.rows.conversations[int(remote)]["assignee"] = assignee
        read = client.status(remote)
        assert (read.assignee_id, read.assignee_name) == (None, "")


def test_a_conversation_can_be_taken_from_its_agent(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    fake.assign(remote, "Mei")
    client.unassign(remote)
    client.unassign(remote)
    assert client.status(remote).assignee_name == ""


@pytest.mark.parametrize(("there", "read"), [("snoozed", "snoozed"), ("archived", "unknown"), (None, "unknown")])
def test_a_status_of_theirs_never_breaks_the_reading(
    fake: FakeChatwoot, client: Chatwoot, remote: str, there: str | None, read: str
) -> None:
    fake.rows.conversations[int(remote)]["status"] = there
    assert client.status(remote).status == read


def test_a_priority_can_be_taken_back(client: Chatwoot, remote: str) -> None:
    client.set_priority(remote, "urgent")
    client.set_priority(remote, None)
    assert client.status(remote).priority == ""


def test_labels_of_agents_stay(fake: FakeChatwoot, client: Chatwoot, remote: str) -> None:
    fake.rows.conversations[int(remote)]["labels"] = ["vip", "damage"]
    client.label(remote, ["damage", "doorstep", "doorstep"])
    client.label(remote, ["doorstep"])
    assert client.status(remote).labels == ("vip", "damage", "doorstep")
    assert len(fake.called("POST", "/labels")) == 1


@pytest.mark.parametrize("merges", [True, False], ids=["new server", "old server"])
def test_attributes_that_are_set_leave_the_others(
    fake: FakeChatwoot, client: Chatwoot, remote: str, merges: bool
) -> None:
    fake.merges = merges
    client.set_attributes(remote, {"case": "DS-2", "order": "1001"})
    assert client.status(remote).attributes == {"case": "DS-2", "order": "1001", "doorstep_conversation": OURS}


def test_a_message_of_the_buyer_opens_a_resolved_conversation_again(
    fake: FakeChatwoot, client: Chatwoot, remote: str
) -> None:
    fake.resolve(remote)
    client.post(remote, "One more thing", our_id="m-2")
    assert client.status(remote).status == "open"


def test_several_threads_may_share_a_client(client: Chatwoot, remote: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        posted = list(threads.map(lambda n: client.post(remote, f"{n}", our_id=f"m-{n}"), range(40)))
    assert sorted(posted) == [message.id for message in client.messages(remote, 0)]


def test_every_call_bears_the_token_and_none_asks_a_proxy_of_the_environment(
    fake: FakeChatwoot, remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    a_client(fake).status(remote)
    assert {call.headers.get("api_access_token") for call in fake.calls} == {fake.token}
    assert fake.rows.conversations[int(remote)]["inbox_id"] == INBOX
