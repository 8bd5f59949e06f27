"""The buyers of `doorstep demo --queue`: what they do when the chat says wait, and what is told when they cannot."""

from __future__ import annotations

from datetime import datetime, timezone

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep import demo
from doorstep.commands.demo_queue import Buyer, DemoQueueError, check_orders, check_running, talks
from doorstep.languages import SPOKEN

SESSION = {"session_token": "token", "conversation_id": "one"}


class Chat:
    """A chat API that gives these answers to messages and 200 to everything else; keeps what was sent and waited."""

    def __init__(self, *to_messages: httpx.Response) -> None:
        self.to_messages = list(to_messages)
        self.sent: list[str] = []
        self.waited: list[float] = []

    def buyer(self) -> Buyer:
        client = httpx.Client(base_url="http://127.0.0.1:1", transport=httpx.MockTransport(self._answer))
        return Buyer(client, "en", self.waited.append)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/chat/sessions":
            return httpx.Response(201, json=SESSION)
        if request.method == "GET":
            return httpx.Response(200, json={"messages": [], "last": 0, "pending": False})
        self.sent.append(request.content.decode())
        return self.to_messages.pop(0)


def test_a_buyer_who_is_too_fast_waits_as_long_as_told_and_sends_the_same_message_again() -> None:
    chat = Chat(httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(202, json={}))
    chat.buyer().say("hello")
    assert chat.waited == [7]
    assert chat.sent[0] == chat.sent[1]


def test_a_buyer_told_to_wait_for_long_gives_up_and_says_for_how_long() -> None:
    chat = Chat(httpx.Response(429, headers={"Retry-After": "1800"}))
    with pytest.raises(DemoQueueError, match="in 30 minutes"):
        chat.buyer().say("hello")
    assert chat.waited == []


def test_without_a_running_system_it_is_told_how_to_start_it() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = httpx.Client(base_url="http://127.0.0.1:8080", transport=httpx.MockTransport(nobody))
    with pytest.raises(DemoQueueError, match=r"http://127\.0\.0\.1:8080.*`make run`"):
        check_running(client)


def test_a_system_that_is_not_ready_is_told_with_the_part_that_is_down() -> None:
    body = {"status": "not_ready", "parts": {"rasa": "down", "actions": "ok"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(503, json=body))
    with pytest.raises(DemoQueueError, match=r"not ready \(rasa\)"):
        check_running(httpx.Client(base_url="http://127.0.0.1:8080", transport=transport))


def test_missing_orders_are_named_with_the_command_that_brings_them(sqlite_engine: Engine) -> None:
    with pytest.raises(DemoQueueError, match=r"1004, 1007, 1020, 1019, 1021\. `doorstep demo`"):
        check_orders(sqlite_engine, talks())
    demo.load(sqlite_engine, datetime.now(timezone.utc))
    check_orders(sqlite_engine, talks())


def test_every_talk_is_about_a_demo_order_and_gives_its_proof_and_files_that_are_there() -> None:
    emails = {order["number"]: order["email"] for order in demo.listing()}
    for talk in talks():
        assert talk.language in SPOKEN
        assert emails[talk.order] in talk.says
        assert all((demo.DATA / text[6:]).is_file() for text in talk.says if text.startswith("photo "))
