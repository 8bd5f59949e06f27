"""The buyer's typing: told to people alone, ended by what was typed, and cheap however often it is called."""

from __future__ import annotations

from datetime import datetime, timezone

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.storage import desk
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import By, Move, move
from tests.contract import chat_client
from tests.contract.chat_client import Buyer

ANNA = By("Anna", 1)


def _typing_until(engine: Engine, buyer: Buyer) -> datetime | None:
    with reading(engine) as connection:
        return desk.typing_until(connection, buyer.conversation_id, desk.BUYER)


def _types(buyer: Buyer) -> None:
    answer = buyer.http.post("/api/chat/typing", headers=buyer.headers)
    assert (answer.status_code, answer.content) == (204, b"")


def _goes_to(engine: Engine, buyer: Buyer, owner: str) -> None:
    with writing(engine) as connection:
        move(connection, buyer.conversation_id, Move(owner, by=ANNA), datetime.now(timezone.utc))


@pytest.mark.parametrize(
    ("owner", "is_told"), [("assistant", False), ("queue", True), ("agent", True), ("closed", False)]
)
def test_typing_is_told_only_while_people_have_the_conversation(
    small_http: httpx.Client, sqlite_engine: Engine, owner: str, is_told: bool
) -> None:
    buyer = chat_client.start(small_http)
    _goes_to(sqlite_engine, buyer, owner)
    _types(buyer)
    assert (_typing_until(sqlite_engine, buyer) is not None) == is_told


def test_a_call_right_after_another_writes_nothing(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = chat_client.start(small_http)
    _goes_to(sqlite_engine, buyer, "agent")
    _types(buyer)
    first = _typing_until(sqlite_engine, buyer)
    for _ in range(5):
        _types(buyer)
    assert _typing_until(sqlite_engine, buyer) == first


def test_typing_ends_with_the_message(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = chat_client.start(small_http)
    _goes_to(sqlite_engine, buyer, "agent")
    _types(buyer)
    buyer.say("Here is the number")
    assert _typing_until(sqlite_engine, buyer) is None


def test_typing_of_nobody_is_refused(small_http: httpx.Client) -> None:
    assert small_http.post("/api/chat/typing").status_code == 401
