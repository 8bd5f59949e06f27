"""Chatwoot's webhooks on their way from its fake: signed as documented, lost, repeated, late and replayed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from doorstep.adapters.desks.chatwoot_api import Chatwoot
from doorstep.adapters.desks.chatwoot_webhook import BadSignature, concerned, needs_path_secret, verify
from tests.contract import fake_chatwoot
from tests.contract.chatwoots import a_client, a_conversation
from tests.contract.fake_chatwoot import SECRET, FakeChatwoot


class Ears(ThreadingHTTPServer):
    """Takes webhooks and answers `status`; a call that verify refuses is answered with 401."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.status = 200
        self.heard: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/desk/chatwoot"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class Ear(BaseHTTPRequestHandler):
    """One call."""

    server: Ears

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.status
        try:
            if not needs_path_secret(self.headers):  # type: ignore[arg-type]
                verify(dict(self.headers), raw, SECRET, datetime.now(timezone.utc))
            self.server.heard.append(json.loads(raw))
        except BadSignature:
            status = 401
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def ears() -> Iterator[Ears]:
    server = Ears()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fake(ears: Ears) -> Iterator[FakeChatwoot]:
    with fake_chatwoot.running(ears.url) as running:
        yield running


@pytest.fixture
def remote(fake: FakeChatwoot, client: Chatwoot, ears: Ears) -> str:
    """A conversation; that it was made is no longer among what was heard."""
    made = a_conversation(client)
    fake.hooks.settle()
    ears.heard.clear()
    return made


def contents(ears: Ears) -> list[str]:
    return [each["content"] for each in ears.heard if each["event"] == "message_created"]


def test_what_an_agent_does_is_told_once_and_in_order(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.assign(remote, "Mei")
    fake.reopen(remote)
    fake.agent_replies(remote, "Hello")
    fake.resolve(remote)
    fake.assign(remote, None)
    assert [each["event"] for each in ears.heard] == [
        "conversation_updated",
        *["conversation_status_changed", "conversation_updated"],
        "message_created",
        *["conversation_status_changed", "conversation_updated"],
        "conversation_updated",
    ]
    told = [(each["status"], each["meta"]["assignee"]) for each in ears.heard if each["event"] != "message_created"]
    assert [(status, user and user["available_name"]) for status, user in told] == [
        ("pending", "Mei"),
        *[("open", "Mei")] * 2,
        *[("resolved", "Mei")] * 2,
        ("resolved", None),
    ]


def test_everything_that_is_told_of_a_conversation_is_about_it(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.assign(remote, "Mei")
    fake.reopen(remote)
    fake.agent_replies(remote, "Hello")
    assert (fake.hooks.sent[0].event, len(ears.heard)) == ("conversation_created", 4)
    assert [concerned(each.body) for each in fake.hooks.sent] == [remote] * 5


def test_private_notes_are_told_too(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.agent_replies(remote, "Hello")
    fake.agent_notes(remote, "A hard case", "Omar")
    shown = [(each["content"], each["sender"]["available_name"], each["private"]) for each in ears.heard]
    assert shown == [("Hello", "Mei", False), ("A hard case", "Omar", True)]


def test_what_we_post_is_told_to_us_too(fake: FakeChatwoot, client: Chatwoot, ears: Ears, remote: str) -> None:
    posted = client.post(remote, "Known facts", kind="outgoing", private=True, our_id="m-1")
    fake.hooks.settle()
    (heard,) = ears.heard
    assert (heard["event"], heard["id"], heard["private"]) == ("message_created", posted, True)


def test_with_a_bot_in_the_inbox_a_handover_and_an_end_are_told_as_events_too(ears: Ears) -> None:
    with fake_chatwoot.running(ears.url, bot=True) as fake:
        client = a_client(fake)
        remote = a_conversation(client)
        client.set_status(remote, "open")
        fake.resolve(remote)
        client.post(remote, "Wait", our_id="m-1")
        fake.hooks.settle()
        events = [each["event"] for each in ears.heard]
        assert (events.count("conversation_opened"), events.count("conversation_resolved")) == (1, 1)
        told = [each["status"] for each in ears.heard if each["event"] == "conversation_status_changed"]
        assert (told, client.status(remote).status) == (["open", "resolved", "pending"], "pending")


def test_a_conversation_opened_with_an_agents_token_is_theirs_at_once(
    fake: FakeChatwoot, client: Chatwoot, ears: Ears, remote: str
) -> None:
    fake.role = "agent"
    client.set_status(remote, "open")
    fake.hooks.settle()
    assert client.status(remote).assignee_name == "Doorstep"
    assert ears.heard[-1]["meta"]["assignee"]["available_name"] == "Doorstep"


def test_lost_webhooks_are_told_to_nobody_and_a_look_finds_what_they_told(
    fake: FakeChatwoot, client: Chatwoot, ears: Ears, remote: str
) -> None:
    fake.lose_webhooks(2)
    for text in ("one", "two", "three"):
        fake.agent_replies(remote, text)
    assert contents(ears) == ["three"]
    assert [message.content for message in client.messages(remote, 0)] == ["one", "two", "three"]


def test_repeated_webhooks_tell_of_the_same_message_id(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.repeat_webhooks(3)
    posted = fake.agent_replies(remote, "Hello")
    assert [each["id"] for each in ears.heard] == [posted] * 3


@pytest.mark.parametrize(("reverse", "order"), [(False, ["one", "two"]), (True, ["two", "one"])])
def test_webhooks_can_be_late_and_out_of_order(
    fake: FakeChatwoot, ears: Ears, remote: str, reverse: bool, order: list[str]
) -> None:
    fake.delay_webhooks()
    fake.agent_replies(remote, "one")
    fake.agent_replies(remote, "two")
    assert contents(ears) == []
    fake.release(reverse=reverse)
    fake.agent_replies(remote, "three")
    assert contents(ears) == [*order, "three"]


@pytest.mark.parametrize(("skew", "status"), [(0, 200), (240, 200), (-240, 200), (400, 401), (-400, 401)])
def test_a_clock_that_is_too_far_off_is_not_believed(
    fake: FakeChatwoot, ears: Ears, remote: str, skew: int, status: int
) -> None:
    fake.hooks.skew = skew
    fake.agent_replies(remote, "Hello")
    assert fake.hooks.sent[-1].status == status
    assert contents(ears) == (["Hello"] if status == 200 else [])


def test_a_replayed_webhook_bears_its_old_signature(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.agent_replies(remote, "Hello")
    assert fake.hooks.replay(-1) == 200
    assert fake.hooks.sent[-1].headers == fake.hooks.sent[-2].headers
    assert contents(ears) == ["Hello", "Hello"]


def test_another_secret_is_not_believed(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.hooks.secret = "another"
    fake.agent_replies(remote, "Hello")
    assert (fake.hooks.sent[-1].status, ears.heard) == (401, [])


def test_an_older_server_signs_nothing(fake: FakeChatwoot, ears: Ears, remote: str) -> None:
    fake.hooks.signs = False
    fake.agent_replies(remote, "Hello")
    assert needs_path_secret(fake.hooks.sent[-1].headers)
    assert contents(ears) == ["Hello"]


def test_a_webhook_that_is_not_taken_is_sent_once_and_its_message_marked_as_failed(
    fake: FakeChatwoot, ears: Ears, remote: str
) -> None:
    ears.status = 500
    before = len(fake.hooks.sent)
    fake.agent_replies(remote, "Hello")
    assert [each.status for each in fake.hooks.sent[before:]] == [500]
    assert fake.rows.conversations[int(remote)]["messages"][-1]["status"] == "failed"
