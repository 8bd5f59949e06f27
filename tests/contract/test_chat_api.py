"""The chat API by the book: a conversation from start to answer, choices, polls, events, and its document."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import jwt
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.front.schemas import LONGEST_WAIT
from doorstep.settings import Settings
from doorstep.storage.engine import reading, writing
from doorstep.storage.tables import conversations
from tests.contract import chat_client, fake_rasa, fronts, ledger
from tests.contract.fake_rasa import FakeRasa


def test_a_message_is_answered(http: httpx.Client) -> None:
    buyer = chat_client.start(http)
    buyer.say("Where is my parcel?")
    messages = buyer.settled()
    assert [(each["seq"], each["from"], each["text"]) for each in messages] == [
        (1, "buyer", "Where is my parcel?"),
        (2, "assistant", "You said: Where is my parcel?"),
    ]


def test_rasa_hears_the_message_with_its_id_language_shop_and_a_hashed_address(
    small_http: httpx.Client, rasa: FakeRasa, small_settings: Settings
) -> None:
    buyer = chat_client.start(small_http, {"shop": "lantern", "language": "pt-BR"})
    buyer.say("Oi")
    buyer.settled()
    (asked,) = rasa.asked
    assert (asked.conversation_id, asked.message_id, asked.text) == (buyer.conversation_id, "1", "Oi")
    assert asked.metadata == {
        "language": "pt",
        "foreign_language": "",
        "shop": "lantern",
        "address": small_settings.fingerprint("address", "127.0.0.1"),
        "attachments": 0,
        "handed_back": False,
    }


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("mein Paket ist noch nicht angekommen", "de", ""),
        ("RB123456785CN", "en", ""),
        ("dove si trova il mio pacco per favore", "es", "it"),
    ],
)
def test_rasa_hears_the_language_that_a_message_is_plainly_in(
    small_http: httpx.Client, rasa: FakeRasa, text: str, language: str, foreign: str
) -> None:
    buyer = chat_client.start(small_http, {"language": "en"})
    buyer.say(text)
    buyer.settled()
    (asked,) = rasa.asked
    assert (asked.metadata["language"], asked.metadata["foreign_language"]) == (language, foreign)


def test_the_language_stays_with_the_conversation(
    small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(small_http, {"language": "en"})
    buyer.say("mein Paket ist noch nicht angekommen")
    buyer.settled()
    buyer.say("1002")
    buyer.settled()
    assert [asked.metadata["language"] for asked in rasa.asked] == ["de", "de"]
    assert _row(sqlite_engine, buyer)["language"] == "de"


@pytest.mark.parametrize(("tag", "kept"), [("zh-Hans-CN", "zh"), ("DE", "de"), ("fil", "en"), ("", "en"), ("e1", "en")])
def test_the_first_two_letters_of_a_language_tag_are_kept(
    small_http: httpx.Client, sqlite_engine: Engine, tag: str, kept: str
) -> None:
    buyer = chat_client.start(small_http, {"language": tag})
    assert _row(sqlite_engine, buyer)["language"] == kept


def test_replies_keep_their_order_cards_and_choices(small_http: httpx.Client, rasa: FakeRasa) -> None:
    card = {"type": "tracking", "order_number": "1001", "parcels": []}
    rasa.answers["1001"] = [
        fake_rasa.reply("Here it is.", card=card),
        fake_rasa.reply("What shall we do?", [("Send it again", '/take{"option":"resend"}'), ("Refund", "/refund")]),
    ]
    buyer = chat_client.start(small_http)
    buyer.say("1001")
    _, first, second = buyer.settled()
    assert (first["text"], first["card"]) == ("Here it is.", card)
    assert [choice["label"] for choice in second["choices"]] == ["Send it again", "Refund"]


def test_a_payload_never_leaves_the_server(small_http: httpx.Client, rasa: FakeRasa) -> None:
    rasa.answers["hi"] = [fake_rasa.reply("Pick.", [("Refund", '/take_option{"key":"secret-part"}')])]
    buyer = chat_client.start(small_http)
    buyer.say("hi")
    assert "secret-part" not in json.dumps(buyer.settled())


def test_a_choice_taken_reads_as_its_label_and_reaches_rasa_as_its_payload(
    small_http: httpx.Client, rasa: FakeRasa
) -> None:
    buyer, choices = _offered(small_http, rasa)
    buyer.take(choices[1]["token"])
    assert buyer.settled()[-2]["text"] == "Full refund"
    assert rasa.texts[-1] == "/refund"


@pytest.mark.parametrize("text", ["full REFUND ", "2", "2.", "２", " 2) "])
def test_writing_a_choices_label_or_number_takes_it(small_http: httpx.Client, rasa: FakeRasa, text: str) -> None:
    buyer, _ = _offered(small_http, rasa)
    buyer.say(text)
    assert buyer.settled()[-2]["text"] == "Full refund"
    assert rasa.texts[-1] == "/refund"


@pytest.mark.parametrize("text", ["3", "0", "22", "2 days", "order 2", "refund"])
def test_other_words_and_numbers_stay_what_they_are(small_http: httpx.Client, rasa: FakeRasa, text: str) -> None:
    buyer, _ = _offered(small_http, rasa)
    buyer.say(text)
    buyer.settled()
    assert rasa.texts[-1] == text


def test_a_number_takes_nothing_once_the_newest_message_offers_nothing(
    small_http: httpx.Client, rasa: FakeRasa
) -> None:
    buyer, _ = _offered(small_http, rasa)
    buyer.say("wait a moment")
    buyer.settled()
    buyer.say("2")
    buyer.settled()
    assert rasa.texts[-1] == "2"


def test_an_older_choice_can_still_be_taken_by_its_token(small_http: httpx.Client, rasa: FakeRasa) -> None:
    buyer, choices = _offered(small_http, rasa)
    buyer.say("wait a moment")
    buyer.settled()
    buyer.take(choices[0]["token"])
    buyer.settled()
    assert rasa.texts[-1] == "/resend"


def test_a_poll_is_held_until_the_reply_is_there(small_http: httpx.Client, rasa: FakeRasa) -> None:
    rasa.faults = ["hang"]
    buyer = chat_client.start(small_http)
    seq = buyer.say("hello")["seq"]
    assert buyer.read(after=seq) == {"messages": [], "last": seq, "pending": True, "owner": "assistant", "name": ""}
    threading.Timer(0.3, rasa.let_go.set).start()
    page = buyer.read(after=seq, wait=20)
    assert [message["from"] for message in page["messages"]] == ["assistant"]


def test_a_poll_hears_of_what_another_process_wrote(http: httpx.Client, engine: Engine) -> None:
    buyer = chat_client.start(http)

    def write() -> None:
        with writing(engine) as connection:
            ledger.write(connection, buyer, "Hello, Ana here.")

    threading.Timer(0.2, write).start()
    page = buyer.read(wait=20)
    assert [(each["from"], each["text"]) for each in page["messages"]] == [("agent", "Hello, Ana here.")]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=٣", f"wait={LONGEST_WAIT + 1}", "wait=1.5", "after="])
def test_a_wrong_number_in_the_query_is_refused(small_http: httpx.Client, query: str) -> None:
    buyer = chat_client.start(small_http)
    response = small_http.get(f"/api/chat/messages?{query}", headers=buyer.headers)
    chat_client.check_answer(response)
    assert response.status_code == 422


def test_a_long_conversation_is_given_in_pages(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = chat_client.start(small_http)
    with writing(sqlite_engine) as connection:
        for number in range(205):
            ledger.write(connection, buyer, str(number))
    first = buyer.read()
    second = buyer.read(after=first["last"])
    assert (len(first["messages"]), first["last"]) == (200, 200)
    assert [message["text"] for message in second["messages"]] == ["200", "201", "202", "203", "204"]


def test_a_live_session_is_renewed_for_the_same_conversation(small_http: httpx.Client) -> None:
    buyer = chat_client.start(small_http)
    assert chat_client.start(small_http, None, **buyer.headers).conversation_id == buyer.conversation_id


def test_without_a_live_session_a_new_conversation_begins(small_http: httpx.Client) -> None:
    first = chat_client.start(small_http)
    second = chat_client.start(small_http, None, Authorization=f"Bearer {first.token}x")
    assert second.conversation_id != first.conversation_id


def test_a_session_lasts_a_day(small_http: httpx.Client) -> None:
    response = small_http.post("/api/chat/sessions", json={})
    left = datetime.fromisoformat(response.json()["expires_at"]) - datetime.now(timezone.utc)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


def test_the_probe_key_marks_the_conversation(
    small_http: httpx.Client, small_settings: Settings, sqlite_engine: Engine
) -> None:
    probe = chat_client.start(small_http, None, **{"X-Doorstep-Probe": small_settings.key("probe")})
    other = chat_client.start(small_http, None, **{"X-Doorstep-Probe": "guessed"})
    assert [_row(sqlite_engine, each)["channel"] for each in (probe, other)] == ["probe", "web"]


def test_an_identity_token_of_the_shop_is_kept_as_a_hash(
    small_http: httpx.Client, small_settings: Settings, sqlite_engine: Engine
) -> None:
    buyer = chat_client.start(small_http, {"identity_token": _identity(" Ana@Example.com")})
    row = _row(sqlite_engine, buyer)
    assert row["email_key"] == small_settings.fingerprint("email", "ana@example.com")
    assert "ana@" not in json.dumps(row, default=str).casefold()


@pytest.mark.parametrize(
    "token",
    [
        "rubbish",
        pytest.param(jwt.encode({"email": "a@example.com", "exp": 4e9}, "x" * 40, "HS256"), id="other secret"),
        pytest.param(jwt.encode({"email": "a@example.com", "exp": 4e9}, None, "none"), id="unsigned"),
        pytest.param(jwt.encode({"email": "a@example.com"}, fronts.IDENTITY_SECRET, "HS256"), id="endless"),
        pytest.param(jwt.encode({"exp": 4e9}, fronts.IDENTITY_SECRET, "HS256"), id="without e-mail"),
        pytest.param(jwt.encode({"email": "a@b.c", "exp": 1}, fronts.IDENTITY_SECRET, "HS256"), id="expired"),
        pytest.param(jwt.encode({"email": ["a@b"], "exp": 4e9}, fronts.IDENTITY_SECRET, "HS256"), id="a list"),
    ],
)
def test_a_wrong_identity_token_starts_no_session(small_http: httpx.Client, sqlite_engine: Engine, token: str) -> None:
    response = small_http.post("/api/chat/sessions", json={"identity_token": token})
    chat_client.check_answer(response)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "identity_token_invalid")
    with reading(sqlite_engine) as connection:
        assert connection.execute(select(conversations.c.id)).all() == []


# -- helpers -------------------------------------------------------------------------------


def _offered(http: httpx.Client, rasa: FakeRasa) -> tuple[chat_client.Buyer, list[dict[str, str]]]:
    """A buyer who was just offered "Send it again" and "Full refund"."""
    rasa.answers["lost"] = [fake_rasa.reply("Pick one.", [("Send it again", "/resend"), ("Full refund", "/refund")])]
    buyer = chat_client.start(http)
    buyer.say("lost")
    return buyer, buyer.settled()[-1]["choices"]


def _identity(email: str) -> str:
    return str(jwt.encode({"email": email, "exp": 4e9}, fronts.IDENTITY_SECRET, "HS256"))


def _row(engine: Engine, buyer: chat_client.Buyer) -> dict[str, Any]:
    with reading(engine) as connection:
        query = select(conversations).where(conversations.c.id == buyer.conversation_id)
        return dict(connection.execute(query).one()._mapping)
