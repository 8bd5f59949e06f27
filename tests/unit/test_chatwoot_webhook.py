"""Chatwoot's webhooks: only calls that it signed count, and they only tell which conversation they are about."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.adapters.desks.chatwoot_webhook import BadSignature, Malformed, concerned, needs_path_secret, verify

SECRET = "s3cret-of-the-inbox"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=timezone.utc)
STAMP = str(int(NOW.timestamp()))
BODY = '{"event": "message_created", "id": 7, "content": "Grüße — 您好"}'.encode()
# Made with: printf '%s' '1777896000.<body>' | openssl dgst -sha256 -hmac 's3cret-of-the-inbox'
KNOWN = "sha256=fc2b4838c73c9800989f8cde2aa4d318ae7b9834d8ed6e32cec6ecc94faef7e8"


def signed(body: bytes, stamp: str = STAMP, secret: str = SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Chatwoot-Signature": f"sha256={made}", "X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Delivery": "d-1"}


def seconds_off(seconds: int) -> str:
    return str(int(STAMP) + seconds)


def message(event: str | None = "message_created", **changed: Any) -> bytes:
    return json.dumps({"event": event, "id": 501, "content": "?", "conversation": {"id": 12}, **changed}).encode()


def conversation(event: str, **changed: Any) -> bytes:
    return json.dumps({"event": event, "id": 12, "status": "open", "meta": {}, **changed}).encode()


def test_a_signature_made_by_another_program_is_accepted() -> None:
    verify({"X-Chatwoot-Signature": KNOWN, "X-Chatwoot-Timestamp": STAMP}, BODY, SECRET, NOW)


@pytest.mark.parametrize("off", [-300, 0, 300])
def test_a_signed_call_of_the_last_and_the_next_five_minutes_is_accepted(off: int) -> None:
    verify(signed(BODY, seconds_off(off)), BODY, SECRET, NOW)


def test_header_names_may_be_written_in_any_case() -> None:
    verify({name.lower(): value for name, value in signed(BODY).items()}, BODY, SECRET, NOW)


UPPER = {**signed(BODY), "X-Chatwoot-Signature": "sha256=" + signed(BODY)["X-Chatwoot-Signature"][7:].upper()}
BAD = {
    "tampered body": (signed(BODY), BODY.replace(b"7", b"8"), SECRET),
    "wrong secret": (signed(BODY, secret="another"), BODY, SECRET),
    "too old": (signed(BODY, seconds_off(-301)), BODY, SECRET),
    "in the future": (signed(BODY, seconds_off(301)), BODY, SECRET),
    "another timestamp than was signed": ({**signed(BODY), "X-Chatwoot-Timestamp": seconds_off(1)}, BODY, SECRET),
    "no signature": ({"X-Chatwoot-Timestamp": STAMP}, BODY, SECRET),
    "no timestamp": ({"X-Chatwoot-Signature": signed(BODY)["X-Chatwoot-Signature"]}, BODY, SECRET),
    "empty signature": ({**signed(BODY), "X-Chatwoot-Signature": ""}, BODY, SECRET),
    "body written again from its JSON": (signed(BODY), json.dumps(json.loads(BODY)).encode(), SECRET),
    "upper-case hex": (UPPER, BODY, SECRET),
    "no name of the digest": (
        {**signed(BODY), "X-Chatwoot-Signature": UPPER["X-Chatwoot-Signature"][7:]},
        BODY,
        SECRET,
    ),
    "letters outside ASCII": ({**signed(BODY), "X-Chatwoot-Signature": "sha256=ü"}, BODY, SECRET),
    "signed without a secret": (signed(BODY, secret=""), BODY, ""),
    "signed words for a timestamp": (signed(BODY, "now"), BODY, SECRET),
    "a signed timestamp of a thousand digits": (signed(BODY, "1" * 1000), BODY, SECRET),
}


@pytest.mark.parametrize(("headers", "body", "secret"), BAD.values(), ids=BAD)
def test_every_other_call_is_refused(headers: dict[str, str], body: bytes, secret: str) -> None:
    with pytest.raises(BadSignature):
        verify(headers, body, secret, NOW)


def test_only_a_call_without_a_signature_needs_a_secret_in_its_path() -> None:
    assert needs_path_secret({"X-Chatwoot-Timestamp": STAMP})
    assert not needs_path_secret({"x-chatwoot-signature": ""})


@pytest.mark.parametrize("event", ["message_created", "message_updated"])
def test_a_message_is_about_its_conversation_and_not_about_its_own_number(event: str) -> None:
    assert concerned(message(event)) == "12"


@pytest.mark.parametrize("change", ["created", "updated", "status_changed", "opened", "resolved"])
def test_a_change_of_a_conversation_is_about_it(change: str) -> None:
    assert concerned(conversation(f"conversation_{change}")) == "12"


def test_that_somebody_types_is_no_news() -> None:
    assert concerned(json.dumps({"event": "conversation_typing_on", "conversation": {"id": 12}}).encode()) == ""


NO_NUMBERS: list[Any] = [0, -1, None, "12", True, 1.5, [12]]
NO_CONVERSATIONS: list[Any] = [None, 12, [], {}, *({"id": each} for each in NO_NUMBERS)]
NO_EVENTS: list[Any] = [7, ["message_created"], {}, True]


@pytest.mark.parametrize(
    "body",
    [
        *[message("webwidget_triggered"), message("contact_updated"), message("message_"), message(None)],
        *[message(conversation=each) for each in NO_CONVERSATIONS],
        *[conversation("conversation_resolved", id=each) for each in NO_NUMBERS],
        *[conversation("conversation"), conversation("Conversation_resolved")],
        *[json.dumps({"event": each, "id": 12}).encode() for each in NO_EVENTS],
        b"[]",
        b"null",
        b'"message_created"',
        b"{}",
    ],
)
def test_what_is_about_no_conversation_or_has_another_shape_concerns_none(body: bytes) -> None:
    assert concerned(body) == ""


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"event": ', b"\xff\xfe", b"[" * 100_000, b"1" * 10_000])
def test_a_body_that_is_not_json_is_said_to_be_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        concerned(body)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.sampled_from(["message_created", "conversation_updated"]) | ANYTHING
SHAPES = st.fixed_dictionaries({"event": EVENTS}, optional={"id": ANYTHING, "conversation": ANYTHING}) | ANYTHING


@given(SHAPES)
def test_no_shape_of_a_body_breaks_the_reading(data: Any) -> None:
    found = concerned(json.dumps(data).encode())
    assert found == "" or int(found) > 0


def test_the_tolerance_is_counted_in_the_zone_of_the_given_moment() -> None:
    verify(signed(BODY), BODY, SECRET, NOW.astimezone(timezone(timedelta(hours=8))))
