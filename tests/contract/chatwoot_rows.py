"""What the fake Chatwoot knows: contacts, conversations and messages, and how its API and its webhooks show them."""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any

from doorstep.adapters.desks.chatwoot_shapes import MESSAGE_TYPES

Row = dict[str, Any]


class Rows:
    """All rows of one account. Conversations go by their display id."""

    def __init__(self, account: int, inbox: int) -> None:
        self.account, self.inbox = account, inbox
        self.contacts: dict[int, Row] = {}
        self.conversations: dict[int, Row] = {}
        self.locked = False  # one conversation for each contact
        self._contact_ids, self._conversation_ids = itertools.count(11), itertools.count(101)
        self._message_ids, self._file_ids = itertools.count(5001), itertools.count(1)
        self._users: dict[str, int] = {}

    def add_contact(self, data: Row) -> Row:
        """A new contact, in no inbox."""
        kept = {key: data.get(key) for key in ("name", "email", "identifier", "phone_number")}
        contact: Row = {"id": next(self._contact_ids), **kept, "custom_attributes": data.get("custom_attributes") or {}}
        contact["contact_inboxes"] = []
        self.contacts[contact["id"]] = contact
        return contact

    def enter_inbox(self, contact: Row, source_id: str | None = None) -> Row:
        """Put a contact into our inbox; a contact may be there several times."""
        inbox = {"id": self.inbox, "channel_type": "Channel::Api"}
        entry = {"source_id": source_id or str(uuid.uuid4()), "inbox": inbox}
        contact["contact_inboxes"].append(entry)
        return entry

    def add_conversation(self, contact: Row, data: Row, status: str) -> Row:
        """A new conversation, or the old one in a locked inbox."""
        if self.locked and (old := self.of_contact(contact["id"])):
            return old[-1]
        conversation = {
            "id": next(self._conversation_ids),
            "inbox_id": self.inbox,
            "contact_id": contact["id"],
            "status": status,
            "priority": None,
            "labels": [],
            "custom_attributes": data.get("custom_attributes") or {},
            "assignee": None,
            "team": None,
            "messages": [],
        }
        self.conversations[conversation["id"]] = conversation
        return conversation

    def of_contact(self, contact_id: int) -> list[Row]:
        """A contact's conversations, the newest first, at most 20."""
        found = [each for each in self.conversations.values() if each["contact_id"] == contact_id]
        return sorted(found, key=lambda each: -each["id"])[:20]

    def add_message(self, conversation: Row, kind: str, content: str | None, **more: Any) -> Row:
        """A new message of a conversation."""
        message = {
            "id": next(self._message_ids),
            "content": content,
            "conversation_id": conversation["id"],
            "inbox_id": self.inbox,
            "message_type": kind,
            "content_type": "text",
            "content_attributes": {},
            "private": False,
            "source_id": None,
            "status": "sent",
            "sender": None,
            "attachments": [],
            "created_at": int(time.time()),
            **more,
        }
        conversation["messages"].append(message)
        return message

    def file(self, kind: str, url: str, size: int) -> Row:
        """A file of a message."""
        return {"id": next(self._file_ids), "file_type": kind, "data_url": url, "thumb_url": url, "file_size": size}

    def user(self, name: str) -> Row:
        """A person of the team, by name; known from the first time on."""
        user_id = self._users.setdefault(name, len(self._users) + 1)
        return {"id": user_id, "name": f"{name} (full name)", "available_name": name, "type": "user"}

    def sender(self, conversation: Row) -> Row:
        """The buyer of a conversation, as the sender of a message."""
        contact = self.contacts[conversation["contact_id"]]
        return {"id": contact["id"], "name": contact["name"], "type": "contact"}


def api_message(message: Row) -> Row:
    """A message as the API lists it: its type is a number."""
    shown = {**message, "message_type": MESSAGE_TYPES.index(message["message_type"])}
    if not shown["attachments"]:
        del shown["attachments"]
    return shown


def api_conversation(rows: Rows, conversation: Row) -> Row:
    """A conversation as the API shows it."""
    shown = {key: value for key, value in conversation.items() if key not in ("messages", "assignee", "team")}
    meta: Row = {"sender": rows.sender(conversation), "channel": "Channel::Api"}
    meta.update({key: conversation[key] for key in ("assignee", "team") if conversation[key] is not None})
    last = conversation["messages"][-1:]
    return {**shown, "account_id": rows.account, "meta": meta, "messages": [api_message(each) for each in last]}


def hook_message(rows: Rows, message: Row) -> Row:
    """A message as a webhook tells it: its type is a word, and the conversation comes along."""
    conversation = rows.conversations[message["conversation_id"]]
    shown = {key: value for key, value in message.items() if key not in ("conversation_id", "inbox_id", "status")}
    return {
        **shown,
        "account": {"id": rows.account, "name": "Shop"},
        "inbox": {"id": rows.inbox, "name": "Doorstep"},
        "conversation": hook_conversation(rows, conversation),
    }


def hook_conversation(rows: Rows, conversation: Row) -> Row:
    """A conversation as a webhook tells it: an assignee that is none is there, as null."""
    shown = api_conversation(rows, conversation)
    assignee = conversation["assignee"]
    meta = {**shown["meta"], "assignee": assignee, "assignee_type": "User" if assignee else None}
    return {**shown, "meta": {**meta, "team": conversation["team"]}}
