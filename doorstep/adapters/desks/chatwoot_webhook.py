"""What Chatwoot calls us with: proves that it is Chatwoot, and reads what happened over there."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from doorstep.adapters.desks import chatwoot_shapes as shapes
from doorstep.adapters.desks.chatwoot_shapes import RemoteFile

SIGNATURE, TIMESTAMP, DELIVERY = "x-chatwoot-signature", "x-chatwoot-timestamp", "x-chatwoot-delivery"
TOLERANCE = timedelta(minutes=5)  # between the clock of Chatwoot and ours
_STATUS_EVENTS = {"conversation_status_changed", "conversation_opened", "conversation_resolved"}


class BadSignature(Exception):
    """The call is not proven to be Chatwoot's, or it is an old one."""


class Malformed(Exception):
    """The body is not JSON."""


@dataclass(frozen=True)
class HeardMessage:
    """A message was written over there: by the buyer, an agent, a bot, a rule, or by us, when `our_id` is not "".

    `message_type` is incoming, outgoing, activity, template or unknown; `agent_name` is "" unless a person wrote it.
    A private one is a note that buyers must not see. `content` may be "" when there are attachments.
    """

    id: int
    remote_conversation: str
    content: str
    agent_name: str
    private: bool
    message_type: str
    our_id: str
    attachments: tuple[RemoteFile, ...]


@dataclass(frozen=True)
class HeardStatus:
    """A conversation is now open, resolved, pending, snoozed or unknown.

    `by` is who has it then, "" if nobody: Chatwoot does not tell who changed it.
    """

    remote_conversation: str
    status: str
    by: str


@dataclass(frozen=True)
class HeardAssignee:
    """A conversation now belongs to the person of this name; None when nobody, or a bot, has it."""

    remote_conversation: str
    name: str | None


Heard = HeardMessage | HeardStatus | HeardAssignee


def needs_path_secret(headers: Mapping[str, str]) -> bool:
    """Whether the call bears no signature, as from older servers: then only a secret in its path can prove it."""
    return _header(headers, SIGNATURE) is None


def verify(headers: Mapping[str, str], raw_body: bytes, secret: str, now: datetime) -> None:
    """Raises BadSignature unless the body was signed with `secret`, at most 5 minutes from `now` (aware).

    The signature is `sha256=` and the lower-case hex of HMAC-SHA256 over timestamp, ".", and the body as it came
    (Chatwoot, lib/webhooks/trigger.rb, v4). A valid call may be repeated within the 5 minutes: look at its ids.
    """
    given, stamp = _header(headers, SIGNATURE), _header(headers, TIMESTAMP)
    if given is None or stamp is None:
        raise BadSignature("no signature or no timestamp")
    if not secret:
        raise BadSignature("signed, but no secret is known here")
    made = hmac.new(secret.encode(), stamp.encode("utf-8", "replace") + b"." + raw_body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"sha256={made}".encode(), given.encode("utf-8", "replace")):
        raise BadSignature("the signature is not that of this body")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise BadSignature("the timestamp is no number of seconds")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadSignature("the timestamp is more than 5 minutes off")


def delivery_id(headers: Mapping[str, str]) -> str:
    """What Chatwoot calls this delivery, "" from older servers. It is not signed: good for logs alone."""
    return _header(headers, DELIVERY) or ""


def parse(raw_body: bytes) -> list[Heard]:
    """What the call tells; nothing, if it is none of our business or has another shape. Raises Malformed."""
    try:
        data = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not JSON") from error
    return list(_heard(shapes.mapping(data)))


def _heard(data: Mapping[str, Any]) -> Iterator[Heard]:
    event = shapes.text(data.get("event"))
    if event == "message_created":
        yield from _message(data)
    elif event in _STATUS_EVENTS or event == "conversation_updated":
        yield from _change(event, data)


def _message(data: Mapping[str, Any]) -> Iterator[HeardMessage]:
    message_id = shapes.number(data.get("id"))
    remote = shapes.number(shapes.mapping(data.get("conversation")).get("id"))
    if message_id and remote:
        yield HeardMessage(
            id=message_id,
            remote_conversation=str(remote),
            content=shapes.text(data.get("content")),
            agent_name=shapes.agent_name(data),
            private=shapes.is_private(data),
            message_type=shapes.message_type(data.get("message_type")),
            our_id=shapes.our_id(data),
            attachments=shapes.files(data),
        )


def _change(event: str, data: Mapping[str, Any]) -> Iterator[HeardStatus | HeardAssignee]:
    remote = shapes.number(data.get("id"))
    if not remote:
        return
    assignee = shapes.assignee(data)
    name = None if assignee is None else shapes.person(assignee)
    if event in _STATUS_EVENTS:
        yield HeardStatus(str(remote), shapes.status(data.get("status")), name or "")
    elif _tells_assignee(data):
        yield HeardAssignee(str(remote), name)


def _tells_assignee(data: Mapping[str, Any]) -> bool:
    """Whether an update is about who has the conversation; one that does not say what changed may be."""
    changed = data.get("changed_attributes")
    if not isinstance(changed, list) or not changed:
        return "assignee" in shapes.mapping(data.get("meta"))
    return any("assignee_id" in shapes.mapping(each) for each in changed)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)
