"""An action is called with what it needs, over one connection, and its answer is judged as Rasa judges it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientConnectionError, web
from aiohttp.test_utils import unused_port
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from doorstep.nlu.speedups.actions import TURNS_SENT, action_call_format, kept_session, validate_action_result
from tests.speedups.events import tracker_of

ACTION = RemoteAction("action_answer_wish", EndpointConfig("http://127.0.0.1:1", selective_domain=True))
RIGHT: list[Any] = [
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "wish", "value": None, "timestamp": None}], "responses": [{"text": "hi"}]},
]
WRONG: list[Any] = [
    {"events": [{"event": "slot"}], "responses": []},
    {"events": {}, "responses": []},
    {"events": [], "responses": ["hi"]},
    [],
    None,
]


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_answer_is_taken(answer: Any) -> None:
    assert validate_action_result(ACTION, answer) is ACTION._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_is_refused_in_rasas_words(answer: Any) -> None:
    with pytest.raises(ValidationError) as stock:
        ACTION._validate_action_result(answer)
    with pytest.raises(ValidationError) as ours:
        validate_action_result(ACTION, answer)
    assert str(ours.value) == str(stock.value)


KINDS = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]]
NAMES = sorted({name for kind in EVENT_SCHEMA["oneOf"] for name in kind["properties"]} - {"event"})
VALUE = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3), st.booleans(), st.just([]), st.just({}))


@given(
    st.lists(
        st.fixed_dictionaries({"event": st.sampled_from([*KINDS, "unheard_of", 7, None])}).flatmap(
            lambda event: st.dictionaries(st.sampled_from(NAMES), VALUE, max_size=5).map(lambda rest: event | rest)
        ),
        max_size=3,
    )
)
def test_events_of_every_kind_are_judged_as_rasa_judges_them(events: list[Any]) -> None:
    def verdict(validate: Callable[[Any], bool]) -> bool:
        try:
            return validate({"events": events, "responses": []})
        except ValidationError:
            return False

    assert verdict(lambda answer: validate_action_result(ACTION, answer)) == verdict(ACTION._validate_action_result)


def turns(count: int) -> list[Event]:
    return [
        event
        for number in range(count)
        for event in (
            ActionExecuted("action_listen"),
            UserUttered(f"message {number}", {"name": "inform"}, message_id=str(number)),
            ActionExecuted("action_answer_wish"),
            BotUttered(f"answer {number}"),
        )
    ]


@pytest.mark.parametrize("count", [0, 1, TURNS_SENT])
def test_a_short_conversation_is_sent_whole(count: int) -> None:
    tracker = tracker_of(turns(count)[1:])
    assert action_call_format(ACTION, tracker, Domain.empty()) == ACTION._action_call_format(tracker, Domain.empty())


def test_of_a_long_one_only_old_events_are_missing() -> None:
    tracker = tracker_of(turns(40))
    sent, stock = (
        call(ACTION, tracker, Domain.empty()) for call in (action_call_format, RemoteAction._action_call_format)
    )
    events, all_events = sent["tracker"].pop("events"), stock["tracker"].pop("events")
    assert sent == stock
    assert events == all_events[-len(events) :]
    assert [event["text"] for event in events if event["event"] == "user"] == [f"message {n}" for n in range(35, 40)]
    assert len(tracker.events) == 160


class Server:
    """Answers every POST with what it was asked, after the status says so, and counts its connections."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.connections: set[Any] = set()
        self.status = 200
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername"))
        return web.json_response(await request.json(), status=self.status)


def with_server(work: Callable[[Server, EndpointConfig], Awaitable[None]], patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EndpointConfig, "session", kept_session)

    async def run() -> None:
        server = Server()
        await server.start()
        endpoint = EndpointConfig(f"http://127.0.0.1:{server.port}/webhook")
        try:
            await work(server, endpoint)
        finally:
            await server.stop()
            await endpoint.__dict__["_kept_session"][1].close()

    asyncio.run(run())


def test_many_calls_share_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: Server, endpoint: EndpointConfig) -> None:
        for number in range(5):
            assert await endpoint.request(json={"n": number}) == {"n": number}
        assert len(server.connections) == 1

    with_server(work, monkeypatch)


def test_calls_at_the_same_time_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: Server, endpoint: EndpointConfig) -> None:
        answers = await asyncio.gather(*(endpoint.request(json={"n": number}) for number in range(8)))
        assert answers == [{"n": number} for number in range(8)]
        assert len(server.connections) > 1

    with_server(work, monkeypatch)


def test_a_server_that_went_away_and_came_back_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: Server, endpoint: EndpointConfig) -> None:
        await endpoint.request(json={})
        await server.stop()
        with pytest.raises(ClientConnectionError):
            await endpoint.request(json={})
        await server.start()
        assert await endpoint.request(json={"n": 1}) == {"n": 1}

    with_server(work, monkeypatch)


def test_a_refusal_is_told_as_rasa_tells_it_and_the_next_call_works(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: Server, endpoint: EndpointConfig) -> None:
        server.status = 400
        with pytest.raises(ClientResponseError) as error:
            await endpoint.request(json={"action_name": "action_x"})
        assert (error.value.status, b"action_x" in error.value.text) == (400, True)
        server.status = 200
        assert await endpoint.request(json={}) == {}

    with_server(work, monkeypatch)
