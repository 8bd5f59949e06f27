"""Chatwoot's webhooks: only calls that it signed count, and only what concerns us is read from them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.adapters.desks.chatwoot_shapes import RemoteFile
from doorstep.adapters.desks.chatwoot_webhook import (
    BadSignature,
    HeardAssignee,
    HeardMessage,
    HeardStatus,
    Malformed,
    delivery_id,
    needs_path_secret,
    parse,
    verify,
)

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


def message(**changed: Any) -> bytes:
    data = {
        "event": "message_created",
        "id": 501,
        "content": "I look into it",
        "message_type": "outgoing",
        "private": False,
        "content_attributes": {},
        "sender": {"id": 3, "name": "Mei Lin", "type": "user"},
        "conversation": {"id": 12, "status": "open"},
        "account": {"id": 1},
    }
    return json.dumps({**data, **changed}).encode()


def conversation(event: str, **changed: Any) -> bytes:
    data = {"event": event, "id": 12, "status": "open", "meta": {"assignee": {"id": 3, "name": "Mei", "type": "user"}}}
    return json.dumps({**data, **changed}).encode()


def only_message(body: bytes) -> HeardMessage:
    (heard,) = parse(body)
    assert isinstance(heard, HeardMessage)
    return heard


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


def test_a_delivery_has_a_name_from_newer_servers_alone() -> None:
    assert (delivery_id(signed(BODY)), delivery_id({})) == ("d-1", "")


def test_an_agents_answer_is_heard_with_the_name_that_buyers_read() -> None:
    sender = {"id": 3, "name": "Mei Lin Chen", "available_name": "Mei", "type": "user"}
    assert parse(message(sender=sender)) == [
        HeardMessage(501, "12", "I look into it", "Mei", False, "outgoing", "", ())
    ]


def test_a_message_without_words_is_heard_for_its_files() -> None:
    files = [{"id": 1, "file_type": "image", "data_url": "https://chat.example/photo", "file_size": 900}, {"id": 2}, 5]
    heard = only_message(message(content=None, attachments=files))
    assert (heard.content, heard.attachments) == ("", (RemoteFile("https://chat.example/photo", "image", 900),))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *[(0, "incoming"), (1, "outgoing"), (2, "activity"), (3, "template"), ("incoming", "incoming")],
        *[(4, "unknown"), (-1, "unknown"), (True, "unknown"), (None, "unknown"), ("memo", "unknown"), ([1], "unknown")],
    ],
)
def test_the_type_of_a_message_is_read_from_numbers_and_words(written: Any, kind: str) -> None:
    assert only_message(message(message_type=written)).message_type == kind


@pytest.mark.parametrize("private", [True, "true", "false", 1, 0, None, [], "no"])
def test_what_is_not_plainly_public_is_private(private: Any) -> None:
    assert only_message(message(private=private)).private


@pytest.mark.parametrize(
    "places",
    [
        {"content_attributes": {"our_id": "m-4"}},
        {"source_id": "doorstep:m-4"},
        {"content_attributes": None, "source_id": "doorstep:m-4"},
    ],
)
def test_a_message_of_ours_is_known_again_by_either_of_its_two_marks(places: dict[str, Any]) -> None:
    assert only_message(message(**places)).our_id == "m-4"


@pytest.mark.parametrize("source", ["m-4", "wamid.HBgLMTIzNDU2Nzg5", 4, None])
def test_the_source_id_of_others_is_not_taken_for_ours(source: Any) -> None:
    assert only_message(message(source_id=source)).our_id == ""


@pytest.mark.parametrize(
    "change",
    [{"sender": {"id": 1, "name": "Robot", "type": "agent_bot"}}, {"sender": None}, {"message_type": "incoming"}],
    ids=["a bot", "a rule", "the buyer"],
)
def test_only_people_have_an_agents_name(change: dict[str, Any]) -> None:
    assert only_message(message(**change)).agent_name == ""


@pytest.mark.parametrize("event", ["conversation_status_changed", "conversation_resolved", "conversation_opened"])
def test_a_change_of_status_is_heard(event: str) -> None:
    assert parse(conversation(event, status="resolved")) == [HeardStatus("12", "resolved", "Mei")]


@pytest.mark.parametrize("status", ["archived", 5, None])
def test_a_status_that_we_do_not_know_is_heard_as_unknown(status: Any) -> None:
    assert parse(conversation("conversation_status_changed", status=status)) == [HeardStatus("12", "unknown", "Mei")]


def test_a_new_owner_is_heard() -> None:
    changed = [{"assignee_id": {"previous_value": None, "current_value": 3}}]
    assert parse(conversation("conversation_updated", changed_attributes=changed)) == [HeardAssignee("12", "Mei")]


@pytest.mark.parametrize(
    "meta",
    [
        {},
        None,
        {"assignee": None},
        {"assignee": {"id": 4, "name": "Robot", "type": "agent_bot"}},
        {"assignee": {"id": 4}, "assignee_type": "AgentBot"},
    ],
)
def test_nobody_and_a_bot_are_no_owner(meta: Any) -> None:
    changed: list[dict[str, Any]] = [{"assignee_id": {}}]
    heard = parse(conversation("conversation_updated", changed_attributes=changed, meta=meta))
    assert heard == [HeardAssignee("12", None)]


def test_an_update_that_does_not_say_what_changed_tells_the_owner() -> None:
    assert parse(conversation("conversation_updated")) == [HeardAssignee("12", "Mei")]


@pytest.mark.parametrize(
    "body",
    [
        conversation("conversation_updated", changed_attributes=[{"priority": {}}]),
        conversation("conversation_updated", meta={}),
        conversation("conversation_created"),
        message(event="message_updated"),
        message(event="webwidget_triggered"),
        message(event=None),
        message(id=None),
        message(id=True),
        message(id="501"),
        message(id=-1),
        message(conversation=None),
        message(conversation={"id": "12"}),
        conversation("conversation_resolved", id=0),
        b"[]",
        b"null",
        b'"message_created"',
        b"{}",
    ],
)
def test_what_is_none_of_our_business_or_has_another_shape_tells_nothing(body: bytes) -> None:
    assert parse(body) == []


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"event": ', b"\xff\xfe", b"[" * 100_000, b"1" * 10_000])
def test_a_body_that_is_not_json_is_said_to_be_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.sampled_from(["message_created", "conversation_updated", "conversation_status_changed"])
KEYS = ["id", "content", "message_type", "private", "sender", "conversation", "content_attributes", "source_id"]
SHAPES = st.fixed_dictionaries(
    {"event": EVENTS},
    optional=dict.fromkeys([*KEYS, "attachments", "meta", "status", "changed_attributes"], ANYTHING),
)


@given(SHAPES)
def test_no_shape_of_a_body_breaks_the_reading(data: dict[str, Any]) -> None:
    assert isinstance(parse(json.dumps(data).encode()), list)


def test_the_tolerance_is_counted_in_the_zone_of_the_given_moment() -> None:
    verify(signed(BODY), BODY, SECRET, NOW.astimezone(timezone(timedelta(hours=8))))
