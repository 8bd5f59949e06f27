"""Rasa's one way in: who may use it, what a turn gives back, and a turn that is asked for again."""

from __future__ import annotations

import asyncio
import gc
import socket
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from doorstep import settings
from doorstep.nlu import channel
from doorstep.nlu.channel import DoorstepInput, replies_to

SECRET = "a-secret-of-the-tests"
TURN = {"conversation_id": "c-1", "message_id": "7", "text": "hello", "metadata": {"language": "en"}}
HELLO: dict[str, Any] = {"text": "Hello!", "choices": [], "card": None, "name": ""}
_numbers = count(1)


def heard(message_id: str, text: str = "hello") -> UserUttered:
    return UserUttered(text, {"name": "greet"}, message_id=message_id)


def a_conversation(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c-1", list(events))


class FakeAgent:
    """Rasa's agent as far as the channel looks at it; it answers every message with a greeting and a choice."""

    def __init__(self, *events: Event, ready: bool = True) -> None:
        self.tracker_store = self
        self.worked: list[UserMessage] = []
        self._kept = a_conversation(*events) if events else None
        self._ready = ready

    def is_ready(self) -> bool:
        return self._ready

    async def retrieve(self, conversation_id: str) -> DialogueStateTracker | None:
        assert conversation_id == "c-1"
        return self._kept

    async def on_new_message(self, message: UserMessage) -> None:
        self.worked.append(message)
        buttons = [{"title": "Yes", "payload": "/affirm"}]
        await message.output_channel.send_response("c-1", {"text": "Shall I?", "buttons": buttons})
        await message.output_channel.send_response("c-1", {"text": "", "card": {"type": "tracking"}})


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """What the channel of this test expects from the front."""
    monkeypatch.setenv("DOORSTEP_SECRET", SECRET)
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))
    return settings.load().key("rasa-channel")


def call(agent: FakeAgent | None, method: str, path: str, key: str = "", body: Any = None) -> httpx.Response:
    """One call to the channel as the front makes it."""
    app = Sanic(f"channel_{next(_numbers)}", configure_logging=False)
    app.ctx.agent = agent
    Sanic.test_mode = True  # Sanic's own switch: several servers in one process
    app.blueprint(DoorstepInput().blueprint(agent.on_new_message if agent else None))  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def send() -> httpx.Response:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = await app.create_server(sock=listening, return_asyncio_server=True)
            assert server is not None
            await server.startup()
            await server.start_serving()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
                answer = await client.request(method, path, headers=headers, json=body)
            server.close()
            await server.wait_closed()
            return answer

    return asyncio.run(send())


def test_a_turn_gives_text_choices_and_card_in_order(key: str) -> None:
    agent = FakeAgent()
    answer = call(agent, "POST", "/turn", key, TURN)
    assert answer.json()["replies"] == [
        {"text": "Shall I?", "choices": [{"label": "Yes", "payload": "/affirm"}], "card": None, "name": ""},
        {"text": "", "choices": [], "card": {"type": "tracking"}, "name": ""},
    ]
    message = agent.worked[0]
    assert (message.text, message.sender_id, message.message_id) == ("hello", "c-1", "7")
    assert message.metadata == {"language": "en"}


@pytest.mark.parametrize("wrong", ["", "guessed", SECRET])
def test_a_turn_without_the_fronts_key_is_refused_and_not_worked(key: str, wrong: str) -> None:
    agent = FakeAgent()
    assert call(agent, "POST", "/turn", wrong, TURN).status_code == 401
    assert agent.worked == []


def test_a_turn_that_was_answered_is_answered_alike_and_not_worked_again(key: str) -> None:
    agent = FakeAgent(heard("7"), BotUttered("Hello!"))
    assert call(agent, "POST", "/turn", key, TURN).json()["replies"] == [HELLO]
    assert agent.worked == []


def test_a_turn_that_got_no_answer_is_worked_again(key: str) -> None:
    agent = FakeAgent(heard("7"), ActionExecuted("action_listen"))
    assert len(call(agent, "POST", "/turn", key, TURN).json()["replies"]) == 2
    assert len(agent.worked) == 1


def test_the_front_can_say_that_a_turn_is_new(key: str) -> None:
    agent = FakeAgent(heard("7"), BotUttered("Hello!"))
    call(agent, "POST", "/turn", key, {**TURN, "again": False})
    assert len(agent.worked) == 1


@pytest.mark.parametrize(
    ("agent", "status"), [(FakeAgent(), 200), (FakeAgent(ready=False), 503), (None, 503)], ids=["up", "loading", "none"]
)
def test_it_is_healthy_only_once_a_model_is_loaded(key: str, agent: FakeAgent | None, status: int) -> None:
    assert call(agent, "GET", "/health").status_code == status


def test_what_is_loaded_when_it_is_healthy_is_left_alone_by_the_garbage_collector(key: str) -> None:
    channel._leave_loaded_alone.cache_clear()
    gc.unfreeze()
    try:
        assert call(FakeAgent(ready=False), "GET", "/health").status_code == 503
        assert gc.get_freeze_count() == 0
        assert call(FakeAgent(), "GET", "/health").status_code == 200
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_the_replies_to_the_latest_message_are_found_in_their_order() -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    told = a_conversation(
        heard("6"), BotUttered("Earlier."), heard("7"), BotUttered("Hello!"), ActionExecuted("action_listen"),
        BotUttered("Shall I?", {"buttons": buttons, "card": {"type": "tracking"}}),
    )  # fmt: skip
    question = {
        "text": "Shall I?",
        "choices": [{"label": "Yes", "payload": "/affirm"}],
        "card": {"type": "tracking"},
        "name": "",
    }
    assert replies_to(told, "7") == [HELLO, question]


@pytest.mark.parametrize(
    "conversation",
    [None, a_conversation(), a_conversation(BotUttered("Hello!")), a_conversation(heard("6"), BotUttered("Hello!"))],
    ids=["unknown", "empty", "nothing said", "another message"],
)
def test_a_new_message_has_no_replies(conversation: DialogueStateTracker | None) -> None:
    assert replies_to(conversation, "7") == []


def test_of_a_message_asked_twice_the_answered_time_counts() -> None:
    assert replies_to(a_conversation(heard("7"), heard("7"), BotUttered("Hello!")), "7") == [HELLO]


def test_a_reply_that_needs_no_action_is_named() -> None:
    assert channel.as_reply({"text": "You're welcome!", "utter_action": "utter_thank"})["name"] == "utter_thank"
