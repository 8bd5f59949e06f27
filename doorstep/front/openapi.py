"""The document at /openapi.json: every call of the chat API with its answers. Kept by hand, checked by the tests."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from doorstep.front.schemas import LONGEST_WAIT, SCHEMAS, SEQ

_AFTER = {"name": "after", "in": "query", "schema": {**SEQ, "default": 0}, "description": "Only messages above it."}
_WAIT = {
    "name": "wait",
    "in": "query",
    "schema": {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
    "description": "Seconds to hold the answer until there is news.",
}
_LAST_EVENT = {"name": "Last-Event-ID", "in": "header", "schema": SEQ, "description": "The last `id` received."}
_UPLOAD_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
_REASONS = {
    400: "The body is not what it should be.",
    401: "No session, or it is over: start a new one.",
    403: "This site may not embed the chat.",
    404: "Not found.",
    408: "The body came too slowly.",
    413: "Too large.",
    415: "Not a photo or video.",
    422: "Understood, but not usable; the code says why.",
    429: "Too many; wait.",
    503: "Nothing was stored; send it again.",
}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _answers(status: int, description: str, content: dict[str, Any], *refusals: int) -> dict[str, Any]:
    answers: dict[str, Any] = {str(status): {"description": description, "content": content}}
    for refusal in refusals:
        answers[str(refusal)] = {"description": _REASONS[refusal], "content": _json("Error")}
        if refusal in (429, 503):
            answers[str(refusal)]["headers"] = _RETRY_AFTER
    return answers


def _call(summary: str, answers: dict[str, Any], *, bearer: bool = True, **more: Any) -> dict[str, Any]:
    return {"summary": summary, "security": [{"session": []}] if bearer else [], "responses": answers, **more}


def _body(name: str) -> dict[str, Any]:
    return {"required": True, "content": _json(name)}


def _chat_paths() -> dict[str, Any]:
    send = _call(
        "Send a message; it is stored before the answer",
        _answers(202, "Stored", _json("Accepted"), 400, 401, 403, 408, 413, 422, 429, 503),
        requestBody=_body("MessageRequest"),
    )
    read = _call(
        "Messages of both sides after a number, oldest first, at most 200",
        _answers(200, "The messages", _json("Messages"), 401, 403, 422, 429, 503),
        parameters=[_AFTER, _WAIT],
    )
    start = _call(
        "Start a conversation; with the token of a live session, renew that one",
        _answers(201, "Started or renewed", _json("Session"), 400, 403, 408, 413, 422, 429, 503),
        bearer=False,
        requestBody=_body("SessionRequest"),
    )
    stream = {"text/event-stream": {"schema": {"type": "string"}}}
    events = _call(
        "The same messages as server-sent events: `message` (its id is the number), `typing`, `owner`",
        _answers(200, "The stream, until the session ends", stream, 401, 403, 422, 429, 503),
        parameters=[_LAST_EVENT],
    )
    types = _call("The buyer is typing: counts for six seconds", _answers(204, "Noted", {}, 401, 403, 503))
    return {
        "/api/chat/typing": {"post": types},
        "/api/chat/sessions": {"post": start},
        "/api/chat/messages": {"post": send, "get": read},
        "/api/chat/events": {"get": events},
    }


def _upload_paths() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
    send = _call(
        "Send one photo (10 MB) or video (50 MB)",
        _answers(201, "Stored", _json("Upload"), 400, 401, 403, 408, 413, 415, 422, 429, 503),
        requestBody={"required": True, "content": {"multipart/form-data": {"schema": form}}},
    )
    fetch = _call(
        "A photo or video of this conversation",
        _answers(200, "Its bytes", {"*/*": {"schema": {"type": "string", "format": "binary"}}}, 401, 403, 404, 503),
        parameters=[_UPLOAD_ID],
    )
    return {"/api/chat/uploads": {"post": send}, "/api/chat/uploads/{id}": {"get": fetch}}


def _health_paths() -> dict[str, Any]:
    ready = _answers(200, "Every part works", _json("Ready"))
    ready["503"] = {"description": "A part does not work", "content": _json("Ready")}
    numbers = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "/health/live": {"get": _call("The front runs", _answers(200, "It does", _json("Live")), bearer=False)},
        "/health/ready": {"get": _call("The state of each part", ready, bearer=False)},
        "/metrics": {"get": _call("Figures for Prometheus", _answers(200, "The figures", numbers), bearer=False)},
    }


def document() -> dict[str, Any]:
    """The whole OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Doorstep chat", "version": version("doorstep")},
        "paths": {**_chat_paths(), **_upload_paths(), **_health_paths()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }
