"""What Chatwoot calls us with: proves that it is Chatwoot, and reads which conversation a call is about."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from doorstep.adapters.desks import chatwoot_shapes as shapes

SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
TOLERANCE = timedelta(minutes=5)  # between the clock of Chatwoot and ours
_MESSAGE_EVENTS = ("message_created", "message_updated")


class BadSignature(Exception):
    """The call is not proven to be Chatwoot's, or it is an old one."""


class Malformed(Exception):
    """The body is not JSON."""


def needs_path_secret(headers: Mapping[str, str]) -> bool:
    """Whether the call bears no signature, as from older servers: then only a secret in its path can prove it."""
    return _header(headers, SIGNATURE) is None


def verify(headers: Mapping[str, str], raw_body: bytes, secret: str, now: datetime) -> None:
    """Raises BadSignature unless the body was signed with `secret`, at most 5 minutes from `now` (aware).

    The signature is `sha256=` and the lower-case hex of HMAC-SHA256 over timestamp, ".", and the body as it came
    (Chatwoot, lib/webhooks/trigger.rb, v4). A valid call may be repeated within the 5 minutes.
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


def concerned(raw_body: bytes) -> str:
    """The number of the conversation over there that a call is about.

    "" if it is about none, or has another shape. Raises Malformed.
    """
    try:
        data = shapes.mapping(json.loads(raw_body))
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not JSON") from error
    event, found = shapes.text(data.get("event")), 0
    if event in _MESSAGE_EVENTS:
        found = shapes.number(shapes.mapping(data.get("conversation")).get("id"))
    elif event.startswith("conversation_"):
        found = shapes.number(data.get("id"))
    return str(found) if found else ""


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)
