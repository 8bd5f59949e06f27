"""A turn in the action server without Rasa: what an action says and which events it gives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher

from actions import details_form, human_agent, options, order_form, wishes
from doorstep import reviews
from doorstep.access import Asked, Heard, Step
from doorstep.replies.values import Reply, from_json
from doorstep.settlement import Settlement
from tests.unit.actions.telling import a_tracker


@dataclass
class FakeAssistant:
    """Answers every call with what the test put in, and keeps what it was asked."""

    step: Step = field(default_factory=Step)
    settlement: Settlement | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)  # for review: conversation and text of the message
    engine: object = None
    clock: object = None

    def _take(self, *call: object) -> Settlement | None:
        self.asked.append(call)
        return self.settlement

    def open_order(self, conversation_id: str, shop: str, address: str, heard: Heard, asked: Asked) -> Step:
        self._take("open_order", conversation_id, shop, address, heard, asked)
        return self.step

    def settle_all(self, conversation_id: str, wishes: Sequence[str]) -> Settlement | None:
        return self._take("settle_all", conversation_id, tuple(wishes))

    def take_option(self, conversation_id: str, offer_key: str, option: str) -> Settlement | None:
        return self._take("take_option", conversation_id, offer_key, option)

    def answer_offer(self, conversation_id: str, option: str) -> Settlement | None:
        return self._take("answer_offer", conversation_id, option)

    def take_details(self, conversation_id: str, asked: str, text: str) -> Settlement | None:
        return self._take("take_details", conversation_id, asked, text)

    def hear_mood(self, conversation_id: str, mood: str) -> None:
        self._take("hear_mood", conversation_id, mood)

    def hand_over(self, conversation_id: str, reason: str, wishes: Sequence[str] = ()) -> Settlement | None:
        return self._take("hand_over", conversation_id, reason, tuple(wishes))


@dataclass(frozen=True)
class Done:
    """What an action did."""

    replies: list[Reply]
    events: list[dict[str, Any]]

    @property
    def names(self) -> list[str]:
        return [reply.name for reply in self.replies]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def ends_here(self) -> bool:
        kinds = [(event["event"], event.get("name")) for event in self.events]
        return ("active_loop", None) in kinds and ("followup", "action_listen") in kinds


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """The assistant that every action of the test asks."""
    fake = FakeAssistant()

    def keep(_engine: object, _clock: object, conversation_id: str, heard: list[dict[str, Any]]) -> None:
        fake.kept.append((conversation_id, heard[-1]["text"]))

    monkeypatch.setattr(reviews, "keep", keep)
    for module in (details_form, human_agent, options, order_form, wishes):
        monkeypatch.setattr(module, "assistant", lambda: fake)
    return fake


Run = Callable[..., Done]


@pytest.fixture
def run(assistant: FakeAssistant) -> Run:
    """Run an action on a conversation whose latest message is `message`."""

    def work(action: Action, message: dict[str, Any], **tracker: Any) -> Done:
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, a_tracker(message, **tracker), {}))
        said = [from_json(each["reply"]) for each in dispatcher.messages]
        assert [each["response"] for each in dispatcher.messages] == [reply.name for reply in said]
        return Done(said, events)

    return work
