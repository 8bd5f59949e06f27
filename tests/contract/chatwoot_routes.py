"""The paths of Chatwoot's application API that the fake knows: what they take, answer and refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from doorstep.adapters.desks.chatwoot_shapes import STATUSES
from tests.contract.chatwoot_rows import Row, api_conversation, api_message

if TYPE_CHECKING:
    from tests.contract.fake_chatwoot import Call, FakeChatwoot

LONGEST_CONTENT = 150_000
MOST_FILES = 15
PRIORITIES = (None, "urgent", "high", "medium", "low")
Answer = tuple[int, Any]
Route = Callable[["FakeChatwoot", "Call", int], Answer]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: Row) -> None:
        super().__init__(status)
        self.answer = (status, body)


def answer(fake: FakeChatwoot, call: Call) -> Answer:
    """Do what a call asks."""
    try:
        _let_in(fake, call)
        for method, pattern, route in ROUTES:
            found = re.fullmatch(pattern, call.path)
            if found and method == call.method:
                if int(found.groupdict().get("account", fake.rows.account)) != fake.rows.account:
                    raise Refused(401, {"error": "You are not authorized to access this account"})
                if fake.role == "bot" and route not in FOR_BOTS:
                    raise Refused(401, {"error": "Access to this endpoint is not authorized for bots"})
                return route(fake, call, int(found.groupdict().get("id", 0)))
    except Refused as refused:
        return refused.answer
    return 404, {"error": "Resource could not be found"}


def _let_in(fake: FakeChatwoot, call: Call) -> None:
    token = None if fake.drops_underscores else call.headers.get("api_access_token")
    if token is None:
        raise Refused(401, {"errors": ["You need to sign in or sign up before continuing."]})
    if token != fake.token:
        raise Refused(401, {"error": "Invalid Access Token"})
    if not isinstance(call.body, dict):
        raise Refused(400, {"error": "There was a problem in the JSON you submitted"})


def _found(rows: dict[int, Row], row_id: Any) -> Row:
    if row_id not in rows:
        raise Refused(404, {"error": "Resource could not be found"})
    return rows[row_id]


def _invalid(message: str, *fields: str) -> Refused:
    return Refused(422, {"message": message, "attributes": list(fields)})


def _our_inbox(fake: FakeChatwoot, inbox: Any) -> None:
    if inbox != fake.rows.inbox:
        raise Refused(404, {"error": "Resource could not be found"})


def profile(fake: FakeChatwoot, call: Call, _: int) -> Answer:
    accounts = [{"id": fake.rows.account, "name": "Shop", "role": fake.role}]
    return 200, {"id": 99, "name": "Doorstep", "role": fake.role, "accounts": accounts}


def inbox(fake: FakeChatwoot, call: Call, inbox_id: int) -> Answer:
    _our_inbox(fake, inbox_id)
    shown = {"id": inbox_id, "name": "Doorstep", "channel_type": fake.channel_type, "webhook_url": fake.hooks.url}
    settings = {"lock_to_single_conversation": fake.rows.locked, "enable_auto_assignment": fake.auto_assigns}
    return 200, {**shown, **settings}


def search_contacts(fake: FakeChatwoot, call: Call, _: int) -> Answer:
    wanted = call.query.get("q", "")
    if not wanted:
        raise Refused(422, {"error": "Specify search string with parameter q"})
    found = [each for each in fake.rows.contacts.values() if wanted in f"{each['identifier']} {each['email']}"]
    if fake.blind_searches:
        fake.blind_searches -= 1
        found = []
    start = (int(call.query.get("page", "1")) - 1) * 15
    return 200, {"meta": {"count": len(found)}, "payload": found[start : start + 15]}


def create_contact(fake: FakeChatwoot, call: Call, _: int) -> Answer:
    email = call.body.get("email")
    taken = [each["identifier"] for each in fake.rows.contacts.values()]
    addresses = [str(each["email"]).lower() for each in fake.rows.contacts.values()]
    if call.body.get("identifier") in taken:
        raise _invalid("Identifier has already been taken", "identifier")
    if email is not None and str(email).lower() in addresses:
        raise _invalid("Email has already been taken", "email")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", str(email)):
        raise _invalid("Email Invalid email", "email")
    _our_inbox(fake, call.body.get("inbox_id"))
    contact = fake.rows.add_contact(call.body)
    entry = fake.rows.enter_inbox(contact)
    return 200, {"payload": {"contact": contact, "contact_inbox": entry}}


def create_contact_inbox(fake: FakeChatwoot, call: Call, contact_id: int) -> Answer:
    contact = _found(fake.rows.contacts, contact_id)
    _our_inbox(fake, call.body.get("inbox_id"))
    return 200, fake.rows.enter_inbox(contact)


def list_contact_conversations(fake: FakeChatwoot, call: Call, contact_id: int) -> Answer:
    _found(fake.rows.contacts, contact_id)
    return 200, {"payload": [api_conversation(fake.rows, each) for each in fake.rows.of_contact(contact_id)]}


def create_conversation(fake: FakeChatwoot, call: Call, _: int) -> Answer:
    _our_inbox(fake, call.body.get("inbox_id"))
    contact = _found(fake.rows.contacts, call.body.get("contact_id"))
    if call.body.get("source_id") not in [each["source_id"] for each in contact["contact_inboxes"]]:
        raise Refused(404, {"error": "Resource could not be found"})
    status = call.body.get("status", "open")
    if status not in STATUSES:
        raise Refused(422, {"error": f"'{status}' is not a valid status"})
    known = set(fake.rows.conversations)
    made = fake.rows.add_conversation(contact, call.body, "pending" if fake.bot else status)
    if made["id"] not in known:
        fake.tell("conversation_created", made)
    return 200, api_conversation(fake.rows, made)


def show_conversation(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    return 200, api_conversation(fake.rows, _found(fake.rows.conversations, remote))


def list_messages(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    messages = _found(fake.rows.conversations, remote)["messages"]
    before, after = int(call.query.get("before", "0")), int(call.query.get("after", "0"))
    if fake.ignores_before:
        page = messages[-20:]
    elif before and after:
        page = [each for each in messages if after <= each["id"] < before][:1000]
    elif before:
        page = [each for each in messages if each["id"] < before][-20:]
    elif after:
        page = [each for each in messages if each["id"] > after][:100]
    else:
        page = messages[-20:]
    return 200, {"meta": {"labels": []}, "payload": [api_message(each) for each in page]}


def create_message(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    conversation, body = _found(fake.rows.conversations, remote), call.body
    kind, content, files = body.get("message_type", "outgoing"), body.get("content"), body.get("attachments", [])
    if kind not in ("incoming", "outgoing"):
        raise Refused(422, {"error": f"'{kind}' is not a valid message_type"})
    if content is not None and len(content) > LONGEST_CONTENT:
        raise Refused(422, {"error": "Validation failed: Content is too long (maximum is 150000 characters)"})
    if len(files) > MOST_FILES:
        raise Refused(422, {"error": "Validation failed: Attachments exceeded maximum allowed"})
    kept: Row = {"private": body.get("private") in (True, "true")}
    if fake.keeps_content_attributes:
        kept["content_attributes"] = body.get("content_attributes") or {}
    if fake.keeps_source_id:
        kept["source_id"] = body.get("source_id")
    kept["attachments"] = [
        fake.rows.file(media_type.split("/")[0], f"https://chat.example/{name}", len(data))
        for name, media_type, data in files
    ]
    kept["sender"] = fake.rows.sender(conversation) if kind == "incoming" else fake.rows.user("Doorstep")
    message = fake.rows.add_message(conversation, kind, content, **kept)
    fake.tell_message(message)
    if kind == "incoming" and conversation["status"] in ("resolved", "snoozed"):
        fake.change_status(conversation, "pending" if fake.bot else "open")
    return 200, api_message(message)


def toggle_status(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    conversation = _found(fake.rows.conversations, remote)
    status = call.body.get("status") or ("open" if conversation["status"] == "resolved" else "resolved")
    if status not in STATUSES:
        raise Refused(422, {"error": f"'{status}' is not a valid status"})
    fake.change_status(conversation, status)
    if status == "open" and fake.role == "agent":
        fake.change_assignee(conversation, fake.rows.user("Doorstep"))
    done = {"success": True, "current_status": conversation["status"], "conversation_id": remote}
    return 200, {"meta": {}, "payload": done}


def assign(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    conversation = _found(fake.rows.conversations, remote)
    if call.body.get("assignee_id") not in (0, None):
        raise Refused(422, {"error": "the fake knows no agents but those of its tests"})
    if conversation["assignee"] is not None:
        fake.change_assignee(conversation, None)
    return 200, None


def toggle_priority(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    priority = call.body.get("priority")
    if priority not in PRIORITIES:
        raise Refused(422, {"error": f"'{priority}' is not a valid priority"})
    _found(fake.rows.conversations, remote)["priority"] = priority
    return 200, None


def set_attributes(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    conversation, given = _found(fake.rows.conversations, remote), call.body.get("custom_attributes")
    if not isinstance(given, dict):
        raise Refused(422, {"error": "param is missing or the value is empty: custom_attributes"})
    merged = {**conversation["custom_attributes"], **given} if fake.merges and call.body.get("merge") else given
    conversation["custom_attributes"] = merged
    return 200, {"custom_attributes": merged}


def list_labels(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    return 200, {"payload": _found(fake.rows.conversations, remote)["labels"]}


def set_labels(fake: FakeChatwoot, call: Call, remote: int) -> Answer:
    conversation, labels = _found(fake.rows.conversations, remote), call.body.get("labels")
    if not isinstance(labels, list):
        raise Refused(422, {"error": "param is missing or the value is empty: labels"})
    conversation["labels"] = labels
    return 200, {"payload": labels}


ACCOUNT = r"/api/v1/accounts/(?P<account>\d+)"
CONVERSATION = ACCOUNT + r"/conversations/(?P<id>\d+)"
ROUTES: list[tuple[str, str, Route]] = [
    ("GET", r"/api/v1/profile", profile),
    ("GET", ACCOUNT + r"/inboxes/(?P<id>\d+)", inbox),
    ("GET", ACCOUNT + r"/contacts/search", search_contacts),
    ("POST", ACCOUNT + r"/contacts", create_contact),
    ("POST", ACCOUNT + r"/contacts/(?P<id>\d+)/contact_inboxes", create_contact_inbox),
    ("GET", ACCOUNT + r"/contacts/(?P<id>\d+)/conversations", list_contact_conversations),
    ("POST", ACCOUNT + r"/conversations", create_conversation),
    ("GET", CONVERSATION, show_conversation),
    ("GET", CONVERSATION + r"/messages", list_messages),
    ("POST", CONVERSATION + r"/messages", create_message),
    ("POST", CONVERSATION + r"/toggle_status", toggle_status),
    ("POST", CONVERSATION + r"/assignments", assign),
    ("POST", CONVERSATION + r"/toggle_priority", toggle_priority),
    ("POST", CONVERSATION + r"/custom_attributes", set_attributes),
    ("GET", CONVERSATION + r"/labels", list_labels),
    ("POST", CONVERSATION + r"/labels", set_labels),
]
FOR_BOTS = {create_conversation, create_message, toggle_status, assign, toggle_priority, set_attributes}
