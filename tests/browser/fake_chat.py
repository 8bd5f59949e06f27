"""The chat API of the fake front: keeps the contract, answers by a script, and misbehaves on command."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timezone
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from tests.browser.fake_conversation import Conversation, Json

LONGEST = 2000
Answer = Callable[[Json], Sequence[Json]]


class Refused(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.code, self.headers = status, code, headers or {}


def echo(message: Json) -> list[Json]:
    return [{"text": f"You wrote: {message['text']}"}]


class FakeChat:
    """The calls of the chat API and how a test steers them. What was asked is in `calls`."""

    def __init__(self) -> None:
        self.answer: Answer = echo
        self.conversations: dict[str, Conversation] = {}
        self.tokens: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.bodies: list[Json] = []
        self.waits: list[float] = []  # what long polls asked for
        self.resumed: list[int] = []  # after which message streams were asked for
        self.owners_told: list[str] = []
        self.streams_allowed = True
        self.stream_brings_nothing = False
        self.send_twice = False
        self.lose_answers = 0  # so many messages are stored while their 202 gets lost
        self.hold_answers = False  # messages stay pending
        self._failures: dict[str, list[Refused]] = {}
        self._wake: set[asyncio.Event] = set()
        self._generation = 0  # streams of an older generation end
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def only(self) -> Conversation:
        """The one conversation there is."""
        (conversation,) = self.conversations.values()
        return conversation

    def buyer_texts(self) -> list[str]:
        """What buyers wrote, over all conversations, in the order it was accepted."""
        return [m["text"] for c in self.conversations.values() for m in c.messages if m["from"] == "buyer"]

    def push(self, sender: str, **content: Any) -> None:
        """Say something nobody asked for."""
        self.only.say(sender, **content)
        self._news()

    def types(self, typing: bool = True) -> None:
        """Somebody of the shop's side begins or ceases to type."""
        self.only.signals.append(("typing", {"typing": typing}))
        self._news()

    def pass_to(self, owner: str, name: str = "", notice: str = "") -> None:
        """Give the conversation to assistant, queue, agent or closed; a notice comes in the same breath."""
        if notice:
            self.only.say("notice", text=notice)
        self.only.owner = {"owner": owner, "name": name}
        self._news()

    def fail_next(self, path: str, *failures: Refused) -> None:
        """The next calls of a path ("sessions", "messages", "events", "uploads") end like this, in turn."""
        self._failures.setdefault(path, []).extend(failures)

    def drop_streams(self) -> None:
        self._generation += 1
        self._news()

    def end_sessions(self) -> None:
        """Every token given out so far is dead."""
        self.tokens.clear()
        self.drop_streams()

    def heal(self) -> None:
        """No call fails any more."""
        self._failures.clear()

    def release(self) -> None:
        """Answer what was held back."""
        self.hold_answers = False
        for conversation in self.conversations.values():
            if conversation.pending:
                self._reply(conversation, conversation.messages[-1])
        self._news()

    def _news(self) -> None:
        def wake() -> None:
            for event in self._wake:
                event.set()

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(wake)

    def chat_routes(self) -> list[BaseRoute]:
        """Where the calls are answered."""
        return [
            Route("/api/chat/sessions", self._guard("sessions", self._sessions), methods=["POST"]),
            Route("/api/chat/messages", self._guard("messages", self._send), methods=["POST"]),
            Route("/api/chat/messages", self._guard("history", self._history), methods=["GET"]),
            Route("/api/chat/typing", self._guard("typing", self._typing), methods=["POST"]),
            Route("/api/chat/events", self._guard("events", self._events), methods=["GET"]),
            Route("/api/chat/uploads", self._guard("uploads", self._upload), methods=["POST"]),
            Route("/api/chat/uploads/{id}", self._guard("download", self._download), methods=["GET"]),
        ]

    def _guard(self, name: str, handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def guarded(request: Request) -> Response:
            self.calls[name] += 1
            try:
                if self._failures.get(name):
                    raise self._failures[name].pop(0)
                response: Response = await handler(request)
                return response
            except Refused as refused:
                body = {"error": {"code": refused.code, "message": "refused"}}
                return JSONResponse(body, refused.status, refused.headers)

        return guarded

    # -- the chat API ------------------------------------------------------------------------

    def _who(self, request: Request) -> Conversation:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise Refused(401, "unauthorized")
        return self.conversations[self.tokens[token]]

    async def _sessions(self, request: Request) -> Response:
        body = await request.json()
        if not set(body) <= {"shop", "language", "identity_token"}:
            raise Refused(422, "unknown_field")
        if "Authorization" in request.headers:
            conversation = self._who(request)
        else:
            conversation = Conversation(f"c{len(self.conversations) + 1}")
            self.conversations[conversation.id] = conversation
        token = f"token-{self.calls['sessions']}"
        self.tokens[token] = conversation.id
        expires = datetime.now(timezone.utc).timestamp() + 3600
        answer = {
            "session_token": token,
            "conversation_id": conversation.id,
            "expires_at": datetime.fromtimestamp(expires, timezone.utc).isoformat(),
        }
        return JSONResponse(answer, 201)

    async def _send(self, request: Request) -> Response:
        conversation = self._who(request)
        body = await request.json()
        self._check(conversation, body)
        self.bodies.append(body)
        if body["id"] not in conversation.accepted:
            self._store(conversation, body)
        if self.lose_answers:
            self.lose_answers -= 1
            raise Refused(502, "answer_lost")
        return JSONResponse({"id": body["id"], "seq": conversation.accepted[body["id"]]}, 202)

    def _check(self, conversation: Conversation, body: Json) -> None:
        if not set(body) <= {"id", "text", "choice", "attachments"} or not 8 <= len(str(body.get("id", ""))) <= 64:
            raise Refused(422, "malformed")
        if not (body.get("text") or body.get("choice") or body.get("attachments")):
            raise Refused(422, "empty")
        if "text" in body and "choice" in body:
            raise Refused(422, "text_and_choice")
        if len(body.get("text", "")) > LONGEST:
            raise Refused(413, "too_long")
        if "choice" in body and body["choice"] not in conversation.choices:
            raise Refused(422, "unknown_choice")
        if any(name not in conversation.uploads for name in body.get("attachments", [])):
            raise Refused(422, "unknown_attachment")

    def _store(self, conversation: Conversation, body: Json) -> None:
        text = conversation.choices[body["choice"]] if "choice" in body else body.get("text", "")
        attachments = [conversation.uploads[name][0] for name in body.get("attachments", [])]
        message = conversation.say("buyer", body["id"], text=text, attachments=attachments)
        conversation.accepted[body["id"]] = message["seq"]
        conversation.pending = True
        if not self.hold_answers:
            self._reply(conversation, message)
        self._news()

    def _reply(self, conversation: Conversation, message: Json) -> None:
        conversation.pending = False
        if conversation.owner["owner"] == "agent":
            return
        if conversation.owner["owner"] == "closed":
            conversation.owner = {"owner": "assistant", "name": ""}
        for content in self.answer(message):
            conversation.say("assistant", **content)

    async def _history(self, request: Request) -> Response:
        conversation = self._who(request)
        after, wait = int(request.query_params["after"]), float(request.query_params.get("wait", 0))
        if wait > 25:
            raise Refused(422, "wait_too_long")
        self.waits.append(wait)
        generation = self._generation
        while wait and len(conversation.messages) <= after and generation == self._generation:
            if not await self._wait(wait):
                break
        answer = {
            "messages": conversation.messages[after:],
            "last": len(conversation.messages),
            "pending": conversation.pending,
            **conversation.owner,
        }
        return JSONResponse(answer)

    async def _typing(self, request: Request) -> Response:
        self._who(request)
        if await request.body() not in (b"", b"{}"):
            raise Refused(422, "wrong_body")
        return Response(status_code=204)

    async def _wait(self, seconds: float) -> bool:
        event = asyncio.Event()
        self._wake.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
            return True
        except asyncio.TimeoutError:
            return False
        finally:
            self._wake.discard(event)

    async def _events(self, request: Request) -> Response:
        conversation = self._who(request)
        if not self.streams_allowed:
            raise Refused(404, "no_streams")
        after = int(request.headers.get("Last-Event-ID", 0))
        self.resumed.append(after)
        return StreamingResponse(self._stream(conversation, after), media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, last: int) -> AsyncIterator[str]:
        generation, told, owner = self._generation, len(conversation.signals), None
        if not self.stream_brings_nothing:
            yield ": here\n\n"
        while generation == self._generation:
            while not self.stream_brings_nothing and last < len(conversation.messages):
                last += 1
                data = json.dumps(conversation.messages[last - 1])
                for _ in range(2 if self.send_twice else 1):
                    yield f"id: {last}\nevent: message\ndata: {data}\n\n"
            if not self.stream_brings_nothing and conversation.owner != owner:
                owner = conversation.owner
                self.owners_told.append(owner["owner"])
                yield f"event: owner\ndata: {json.dumps(owner)}\n\n"
            for event, value in conversation.signals[told:]:
                yield f"event: {event}\ndata: {json.dumps(value)}\n\n"
            told = len(conversation.signals)
            await self._wait(5)

    async def _upload(self, request: Request) -> Response:
        conversation = self._who(request)
        async with request.form() as form:
            file = form["file"]
            if isinstance(file, str):
                raise Refused(422, "no_file")
            content = await file.read()
            kind = file.content_type or ""
            if not kind.startswith(("image/", "video/")):
                raise Refused(415, "not_a_photo")
            name = f"u{len(conversation.uploads) + 1}"
            told = {"id": name, "name": file.filename, "type": kind, "size": len(content)}
        conversation.uploads[name] = (told, content)
        return JSONResponse(told, 201)

    async def _download(self, request: Request) -> Response:
        told, content = self._who(request).uploads[request.path_params["id"]]
        return Response(content, media_type=told["type"])
