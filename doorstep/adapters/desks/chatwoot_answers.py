"""Reads the answers of Chatwoot's API into what our side knows; an answer of another shape counts as none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doorstep.adapters.desks import DeskAway, DeskRefused
from doorstep.adapters.desks import chatwoot_shapes as shapes
from doorstep.adapters.desks.chatwoot_shapes import MARK, RemoteFile


@dataclass(frozen=True)
class RemoteMessage:
    """A message over there. `message_type` is incoming, outgoing, activity, template or unknown.

    `agent_name` is "" unless a person wrote it; `our_id` is "" unless we posted it. The texts are as Chatwoot has them.
    """

    id: int
    message_type: str
    content: str
    private: bool
    agent_name: str
    our_id: str
    attachments: tuple[RemoteFile, ...]


@dataclass(frozen=True)
class RemoteConversation:
    """How a conversation stands over there: status open, resolved, pending, snoozed or unknown.

    `assignee_id` is None, and `assignee_name` "", when no person has it; `team` is the team's name or "".
    """

    id: str
    status: str
    assignee_id: int | None
    assignee_name: str
    team: str
    priority: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Any]


def an_object(value: Any) -> Mapping[str, Any]:
    """The value, an object. Raises DeskAway if it is none."""
    if not isinstance(value, Mapping):
        raise DeskAway("its answer has another shape than Chatwoot's")
    return value


def a_list(answer: Any) -> list[Any]:
    """The list under `payload`. Raises DeskAway if there is none."""
    payload = an_object(answer).get("payload")
    if not isinstance(payload, list):
        raise DeskAway("its answer has another shape than Chatwoot's")
    return payload


def number(data: Mapping[str, Any]) -> int:
    """An object's id. Raises DeskAway if it has none."""
    found = shapes.number(data.get("id"))
    if not found:
        raise DeskAway("its answer has no id")
    return found


def source_id(data: Mapping[str, Any]) -> str:
    """The id of a contact in an inbox. Raises DeskAway if there is none."""
    found = shapes.text(data.get("source_id"))
    if not found:
        raise DeskAway("its answer has no source_id")
    return found


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def message(value: Any) -> RemoteMessage:
    """One message of a listing. Raises DeskAway if it is none."""
    data = an_object(value)
    deleted = shapes.mapping(data.get("content_attributes")).get("deleted") is True  # its text says so, then
    return RemoteMessage(
        id=number(data),
        message_type=shapes.message_type(data.get("message_type")),
        content="" if deleted else shapes.text(data.get("content")),
        private=shapes.is_private(data),
        agent_name=shapes.agent_name(data),
        our_id=shapes.our_id(data),
        attachments=shapes.files(data),
    )


def conversation(value: Any) -> RemoteConversation:
    """A conversation. Raises DeskAway if it is none."""
    data = an_object(value)
    meta, assignee = shapes.mapping(data.get("meta")), shapes.assignee(data)
    return RemoteConversation(
        id=str(number(data)),
        status=shapes.status(data.get("status")),
        assignee_id=None if assignee is None else shapes.number(assignee.get("id")),
        assignee_name="" if assignee is None else shapes.person(assignee),
        team=shapes.text(shapes.mapping(meta.get("team")).get("name")),
        priority=shapes.text(data.get("priority")),
        labels=texts(data.get("labels")),
        attributes=shapes.mapping(data.get("custom_attributes")),
    )


def made_conversation(value: Any, our_id: str, inbox: int) -> str:
    """The number of the conversation that was just made for `our_id`.

    Raises DeskAway if the answer is none, DeskRefused if Chatwoot gave an older conversation instead.
    """
    made = conversation(value)
    if made.attributes.get(MARK, our_id) != our_id:
        raise DeskRefused(200, _locked(inbox))
    return made.id


def concerns(refused: DeskRefused, field: str) -> bool:
    """Whether a value that was sent was refused, and it was this field's."""
    return refused.status == 422 and (field in refused.fields or f"{field} " in refused.what.lower())


def wrong_role(profile: Mapping[str, Any], account: int) -> str:
    """What is wrong with the owner of a token; "" if nothing."""
    listed = profile.get("accounts")
    if not isinstance(listed, list):
        return "Chatwoot's answer has no accounts: is this its address?"
    roles = [each.get("role") for each in map(shapes.mapping, listed) if each.get("id") == account]
    if not roles:
        return f"The owner of Chatwoot's access token is not a member of account {account}"
    if roles[0] == "agent":
        return (
            "The owner of Chatwoot's access token is an agent: each conversation handed over would be theirs at once; "
            "use the token of an administrator"
        )
    return ""


def wrong_inbox(inbox: Mapping[str, Any], number: int) -> str:
    """What is wrong with an inbox; "" if nothing."""
    if inbox.get("channel_type") != "Channel::Api":
        return f"Chatwoot's inbox {number} is not of the kind API: make one of that kind and use its number"
    if inbox.get("enable_auto_assignment") is True:
        return (
            f"Chatwoot's inbox {number} assigns conversations by itself: turn off 'Enable auto assignment' in its "
            "settings, or buyers are told of a colleague who has not looked yet"
        )
    return _locked(number) if inbox.get("lock_to_single_conversation") is True else ""


def _locked(inbox: int) -> str:
    return (
        f"Chatwoot's inbox {inbox} keeps one conversation for each contact: "
        "turn off 'Lock to single conversation' in its settings"
    )
