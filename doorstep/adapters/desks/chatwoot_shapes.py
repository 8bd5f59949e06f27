"""Reads the parts of Chatwoot's answers and its webhooks; odd parts are left out, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARK = "doorstep_conversation"  # the custom attribute that holds our conversation's id
OUR_ID = "our_id"
SOURCE = "doorstep:"  # before our id in a message's source_id
UNKNOWN = "unknown"
# Chatwoot's enums, app/models/message.rb and conversation.rb; its API writes numbers, its webhooks words.
MESSAGE_TYPES = ("incoming", "outgoing", "activity", "template")
STATUSES = ("open", "resolved", "pending", "snoozed")


@dataclass(frozen=True)
class RemoteFile:
    """A file of a message over there: where it can be fetched, its kind (image, audio, file, …), its bytes or 0."""

    url: str
    kind: str
    size: int


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, if it is an object; else an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(value: Any) -> str:
    """The value, if it is a text; else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """An id, which is above 0; else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def message_type(value: Any) -> str:
    """One of MESSAGE_TYPES, from a number or a word; else `unknown`."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(MESSAGE_TYPES):
        return MESSAGE_TYPES[value]
    return value if isinstance(value, str) and value in MESSAGE_TYPES else UNKNOWN


def status(value: Any) -> str:
    """One of STATUSES; else `unknown`."""
    return value if isinstance(value, str) and value in STATUSES else UNKNOWN


def is_private(message: Mapping[str, Any]) -> bool:
    """Whether buyers must not see it: so is everything that is not plainly public."""
    return message.get("private") is not False


def our_id(message: Mapping[str, Any]) -> str:
    """The id that we gave it, "" if it is not ours. Some versions of Chatwoot keep but one of the two places."""
    kept = text(mapping(message.get("content_attributes")).get(OUR_ID))
    source = text(message.get("source_id"))
    return kept or (source[len(SOURCE) :] if source.startswith(SOURCE) else "")


def agent_name(message: Mapping[str, Any]) -> str:
    """The name of the person who wrote it, as buyers read it; "" when a bot, a rule or the buyer did."""
    sender = mapping(message.get("sender"))
    by_person = message_type(message.get("message_type")) == "outgoing" and sender.get("type") in (None, "user")
    return person(sender) if by_person else ""


def person(user: Mapping[str, Any]) -> str:
    """A user's name, as buyers read it."""
    return text(user.get("available_name")).strip() or text(user.get("name")).strip()


def assignee(conversation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The person who has it; None when nobody has, or a bot."""
    meta = mapping(conversation.get("meta"))
    user = mapping(meta.get("assignee"))
    is_bot = meta.get("assignee_type") not in (None, "User") or user.get("type") not in (None, "user")
    return None if is_bot or not number(user.get("id")) else user


def files(message: Mapping[str, Any]) -> tuple[RemoteFile, ...]:
    """Its files that can be fetched."""
    listed = message.get("attachments")
    parts = [mapping(each) for each in listed] if isinstance(listed, list) else []
    return tuple(
        RemoteFile(text(part.get("data_url")), text(part.get("file_type")) or "file", number(part.get("file_size")))
        for part in parts
        if text(part.get("data_url"))
    )
