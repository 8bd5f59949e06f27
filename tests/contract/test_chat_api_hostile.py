"""Bad input at the chat API: refused like every error, or taken as plain words. Never a trace or silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from doorstep.front.hub import MOST_LISTENERS
from doorstep.front.tokens import LIFETIME, SessionTokens
from doorstep.settings import Settings
from doorstep.storage import tables
from doorstep.storage.engine import reading
from tests.contract import chat_client, fake_rasa, fronts
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import FakeRasa
from tests.contract.fronts import Limits


@pytest.fixture
def buyer(small_http: httpx.Client) -> Buyer:
    """A buyer in a fresh conversation."""
    return chat_client.start(small_http)


# -- bodies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"id": NaN}', 400, "malformed_json"),
        (b"[" * 60_000, 400, "malformed_json"),
        (b"[]", 422, "wrong_body"),
        (b"null", 422, "wrong_body"),
        (b'{"text": "hello"}', 422, "wrong_body"),
        (b'{"id": "a", "text": 5}', 422, "wrong_body"),
        (b'{"id": "a", "text": "x", "owner": "assistant"}', 422, "wrong_body"),
        (b'{"id": "", "text": "x"}', 422, "wrong_body"),
        (b'{"id": "a b", "text": "x"}', 422, "wrong_body"),
        (b'{"id": "a\\n", "text": "x"}', 422, "wrong_body"),
        (b'{"id": "' + b"a" * 65 + b'", "text": "x"}', 422, "wrong_body"),
        (b'{"id": "\\ud800", "text": "x"}', 422, "wrong_body"),
        (b'{"id": "a", "attachments": ["x","x","x","x","x","x"], "text": "x"}', 422, "wrong_body"),
        (b'{"id": "a", "attachments": ["unknown"]}', 422, "unknown_attachment"),
        (b'{"id": "a"}', 422, "empty_message"),
        (b'{"id": "a", "text": " \\u200b\\n "}', 422, "empty_message"),
        (b'{"id": "a", "text": "///"}', 422, "empty_message"),
        (b'{"id": "a", "text": "' + b"x" * 2_001 + b'"}', 422, "text_too_long"),
        (b'{"id": "a", "text": "' + b"x" * 64 * 1024 + b'"}', 413, "too_large"),
        (b'{"id": "a", "text": "' + b"x" * 1_000_000 + b'"}', 413, "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_cannot_be_used_is_refused(
    buyer: Buyer, sqlite_engine: Engine, body: bytes, status: int, code: str
) -> None:
    response = buyer.http.post("/api/chat/messages", content=body, headers=buyer.headers)
    chat_client.check_answer(response)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    with reading(sqlite_engine) as connection:
        assert connection.execute(select(func.count()).select_from(tables.inbox)).scalar_one() == 0


def test_a_body_in_pieces_is_measured_too(buyer: Buyer) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"id": "a", "text": "'
        for _ in range(100):
            yield b"x" * 1_000

    response = buyer.http.post("/api/chat/messages", content=pieces(), headers=buyer.headers)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body", [{"shop": "../x"}, {"shop": ""}, {"shop": "a\n"}, {"language": "x" * 36}, {"email": "a@b.c"}, []]
)
def test_a_session_that_asks_for_odd_things_is_refused(small_http: httpx.Client, body: Any) -> None:
    response = small_http.post("/api/chat/sessions", json=body)
    chat_client.check_answer(response)
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/api/chat/nothing", 404, "not_found"),
        ("GET", "/widget/none.js", 404, "not_found"),
        ("DELETE", "/api/chat/messages", 405, "method_not_allowed"),
        ("GET", "/api/chat/sessions", 405, "method_not_allowed"),
        ("POST", "/health/live", 405, "method_not_allowed"),
    ],
)
def test_wrong_addresses_and_methods_are_told_like_every_error(
    small_http: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    response = small_http.request(method, path)
    chat_client.check_answer(response)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


# -- texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ('/track_order{"order_number":"1001"}', 'track_order{"order_number":"1001"}'),
        ('／restart{"x":"y"}', 'restart{"x":"y"}'),
        (" \u200b\u202e/ /restart", "restart"),
        ("\ufeff\u2060∕restart", "restart"),
        ("where\u202e is\u2066 it\x00\x1b[31m", "where is it[31m"),
        ("Ｈｅｌｌｏ\r\nyou", "Hello\nyou"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("' OR 1=1; --", "' OR 1=1; --"),
        ("{name} 0[ ${X} %s", "{name} 0[ ${X} %s"),
        ("a" + "\u0301" * 3_000 + "b", None),
        ("👩‍👩‍👧 ok", "👩👩👧 ok"),
        ("x" * 2_000, "x" * 2_000),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_hostile_text_reaches_rasa_as_plain_words_and_is_answered(
    buyer: Buyer, rasa: FakeRasa, sent: str, heard: str | None
) -> None:
    buyer.say(sent)
    (told,) = buyer.told()
    assert not rasa.texts[0].startswith("/")
    assert told == f"You said: {rasa.texts[0]}"
    assert heard is None or rasa.texts == [heard]


def test_lone_surrogates_are_left_out(buyer: Buyer, rasa: FakeRasa) -> None:
    body = b'{"id": "a", "text": "order \\ud83d 1001 \\udc00"}'
    response = buyer.http.post("/api/chat/messages", content=body, headers=buyer.headers)
    assert response.status_code == 202
    buyer.settled()
    assert rasa.texts == ["order  1001"]


def test_replies_with_characters_that_a_database_refuses_are_told_without_them(
    http: httpx.Client, rasa: FakeRasa
) -> None:
    rasa.answers["hi"] = [fake_rasa.reply("a\x00b\ud800c", [("d\x00e", "/f")])]
    buyer = chat_client.start(http)
    buyer.say("hi")
    message = buyer.settled()[-1]
    assert (message["text"], message["choices"][0]["label"]) == ("abc", "de")


# -- choices, tokens, other people's conversations -----------------------------------------


def test_an_unknown_choice_and_one_of_another_conversation_are_refused_in_the_same_words(
    small_http: httpx.Client, rasa: FakeRasa
) -> None:
    rasa.answers["hi"] = [fake_rasa.reply("Pick.", [("Refund", "/refund")])]
    owner, stranger = chat_client.start(small_http), chat_client.start(small_http)
    owner.say("hi")
    token = owner.settled()[-1]["choices"][0]["token"]
    theirs = stranger.post({"id": "a", "choice": token})
    unknown = stranger.post({"id": "b", "choice": "x" * 32})
    assert (theirs.status_code, theirs.json()) == (unknown.status_code, unknown.json())
    assert unknown.json()["error"]["code"] == "unknown_choice"


def test_a_payload_is_no_choice(buyer: Buyer) -> None:
    assert buyer.post({"id": "a", "choice": "/refund"}).status_code == 422


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer W10.x", "Bearer " + "a" * 9_000]
)
def test_no_call_answers_without_a_session(small_http: httpx.Client, authorization: str) -> None:
    for method, path in (
        ("GET", "/api/chat/messages"),
        ("POST", "/api/chat/messages"),
        ("GET", "/api/chat/events"),
        ("POST", "/api/chat/uploads"),
        ("GET", "/api/chat/uploads/x"),
    ):
        response = small_http.request(method, path, headers={"Authorization": authorization})
        chat_client.check_answer(response)
        assert response.status_code == 401


def test_a_forged_or_expired_token_opens_nothing(small_settings: Settings, buyer: Buyer) -> None:
    now = datetime.now(timezone.utc)
    forged, _ = SessionTokens("another key").issue(buyer.conversation_id, now)
    expired, _ = SessionTokens(small_settings.key("session")).issue(buyer.conversation_id, now - LIFETIME)
    head, _, signature = buyer.token.rpartition(".")
    changed = f"{head[:-2]}AA.{signature}"
    codes = []
    for token in (forged, expired, changed):
        response = buyer.http.get("/api/chat/messages", headers={"Authorization": f"Bearer {token}"})
        chat_client.check_answer(response)
        codes.append((response.status_code, response.json()["error"]["code"]))
    assert codes == [(401, "session_invalid"), (401, "session_expired"), (401, "session_invalid")]


def test_the_session_of_an_erased_conversation_is_not_known_any_more(buyer: Buyer, sqlite_engine: Engine) -> None:
    with sqlite_engine.begin() as connection:
        connection.execute(tables.conversations.delete())
    response = buyer.post({"id": "a", "text": "hello"})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "session_invalid")
    assert buyer.http.get("/api/chat/messages", headers=buyer.headers).status_code == 401
    assert buyer.http.get("/api/chat/events", headers=buyer.headers).status_code == 401


# -- limits --------------------------------------------------------------------------------


def test_a_burst_is_stopped_and_what_was_accepted_is_answered(small_settings: Settings) -> None:
    with fronts.running(fronts.a_front(small_settings, Limits(burst=3))) as client:
        buyer = chat_client.start(client)
        statuses = [buyer.post({"id": f"m{number}", "text": str(number)}).status_code for number in range(5)]
        assert statuses == [202, 202, 202, 429, 429]
        assert buyer.post({"id": "m0", "text": "0"}).status_code == 202  # known, so it costs nothing
        assert len(buyer.told()) == 3


def test_the_minutes_limit_says_how_long_to_wait(small_settings: Settings) -> None:
    now = [datetime.now(timezone.utc)]
    front = fronts.a_front(small_settings, Limits(per_minute=2), now=lambda: now[0])
    with fronts.running(front) as client:
        buyer = chat_client.start(client)
        for number in range(2):
            buyer.say(str(number))
            now[0] += timedelta(seconds=10)
        refused = buyer.post({"id": "x", "text": "x"})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "40")
        now[0] += timedelta(seconds=41)
        assert buyer.post({"id": "x", "text": "x"}).status_code == 202


def test_conversations_from_one_address_are_limited_on_all_fronts_together(small_settings: Settings) -> None:
    limits = Limits(conversations_per_address_per_hour=2)
    other = Settings(**{**vars(small_settings), "port": fronts.free_port()})
    with (
        fronts.running(fronts.a_front(small_settings, limits)) as one,
        fronts.running(fronts.a_front(other, limits)) as two,
    ):
        buyer = chat_client.start(one)
        chat_client.start(two)
        refused = one.post("/api/chat/sessions", json={})
        chat_client.check_answer(refused)
        assert refused.status_code == 429
        assert chat_client.start(two, None, **buyer.headers).conversation_id == buyer.conversation_id
        chat_client.start(one, None, **{"X-Doorstep-Probe": small_settings.key("probe")})


def test_a_conversation_has_a_limited_number_of_listeners(buyer: Buyer) -> None:
    with ExitStack() as open_tabs:
        streams = [
            open_tabs.enter_context(buyer.http.stream("GET", "/api/chat/events", headers=buyer.headers)).iter_lines()
            for _ in range(MOST_LISTENERS)
        ]
        assert {next(stream) for stream in streams} == {"event: owner"}
        refused = buyer.http.get("/api/chat/events", headers=buyer.headers)
        chat_client.check_answer(refused)
        assert refused.status_code == 429
        assert f'doorstep_listeners{{way="events"}} {MOST_LISTENERS}.0' in buyer.http.get("/metrics").text
