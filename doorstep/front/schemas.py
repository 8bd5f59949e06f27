"""The shapes of the chat API as JSON Schema: what a request is checked against and what /openapi.json shows."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

LONGEST_WAIT = 25  # seconds a poll may be held


def _object(required: list[str], properties: dict[str, Schema], **more: Any) -> Schema:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties, **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


TIME: Schema = {"type": "string", "format": "date-time", "description": "UTC"}
_END = r"(?![\s\S])"  # `$` would let a line feed through
SEQ: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}

OWNER: dict[str, Schema] = {
    "owner": {"enum": ["assistant", "queue", "agent", "closed"]},
    "name": {"type": "string", "description": "The person's, while one has the conversation; else empty."},
}

SCHEMAS: dict[str, Schema] = {
    "SessionRequest": _object(
        [],
        {
            "shop": {"type": "string", "pattern": rf"^[A-Za-z0-9][A-Za-z0-9_.-]{{0,63}}{_END}", "default": "default"},
            "language": {
                "type": "string",
                "maxLength": 35,
                "default": "en",
                "description": "A BCP 47 tag such as pt-BR; its first two letters are kept.",
            },
            "identity_token": {
                "type": "string",
                "maxLength": 4096,
                "description": "A JWT (HS256) signed by the shop for a buyer signed in there; claims: email, exp.",
            },
        },
    ),
    "Session": _object(
        ["session_token", "conversation_id", "expires_at"],
        {"session_token": {"type": "string"}, "conversation_id": {"type": "string"}, "expires_at": TIME},
    ),
    "MessageRequest": _object(
        ["id"],
        {
            "id": {
                "type": "string",
                "pattern": rf"^[A-Za-z0-9_.:-]{{1,64}}{_END}",
                "description": "Made by the client, new for each message. The same id again changes nothing.",
            },
            "text": {"type": "string", "description": "At most 2,000 characters once normalised (NFKC)."},
            "choice": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "description": "The token of a choice that was shown; its label becomes the text.",
            },
            "attachments": {
                "type": "array",
                "maxItems": 5,
                "items": {"type": "string", "minLength": 1, "maxLength": 64},
                "description": "Ids of uploads of this conversation.",
            },
        },
    ),
    "Accepted": _object(["id", "seq"], {"id": {"type": "string"}, "seq": SEQ}),
    "Choice": _object(["label", "token"], {"label": {"type": "string"}, "token": {"type": "string"}}),
    "Upload": _object(
        ["id", "name", "type", "size"],
        {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "type": {"type": "string", "description": "The media type, told from the bytes."},
            "size": {"type": "integer", "minimum": 1, "description": "Bytes"},
        },
    ),
    "Message": _object(
        ["seq", "id", "at", "from", "text", "choices", "card", "attachments"],
        {
            "seq": SEQ,
            "id": {"type": "string"},
            "at": TIME,
            "from": {"enum": ["buyer", "assistant", "agent", "notice"]},
            "text": {"type": "string", "description": "Plain text; show it as text, never as HTML."},
            "choices": _list_of("Choice"),
            "card": {
                "oneOf": [
                    {"type": "null"},
                    {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}},
                ]
            },
            "attachments": _list_of("Upload"),
        },
    ),
    "Messages": _object(
        ["messages", "last", "pending", "owner", "name"],
        {
            **OWNER,
            "messages": _list_of("Message"),
            "last": {**SEQ, "description": "Send it as `after` of the next call."},
            "pending": {"type": "boolean", "description": "An accepted message has no outcome yet."},
        },
    ),
    "Typing": _object(["typing"], {"typing": {"type": "boolean"}}),
    "Owner": _object(["owner", "name"], OWNER),
    "Live": _object(["status"], {"status": {"const": "ok"}}),
    "Ready": _object(
        ["status", "parts"],
        {
            "status": {"enum": ["ok", "not_ready"]},
            "parts": {
                "type": "object",
                "required": ["database", "rasa", "actions", "words", "worker"],
                "additionalProperties": {"enum": ["ok", "down", "away"]},
            },
        },
    ),
    "Error": _object(
        ["error"],
        {"error": _object(["code", "message"], {"code": {"type": "string"}, "message": {"type": "string"}})},
    ),
}


def validator(name: str) -> Draft202012Validator:
    """A checker for one of the shapes, with the others it refers to."""
    return Draft202012Validator({"components": {"schemas": SCHEMAS}, **SCHEMAS[name]})
