"""A stand-in for a Chatwoot server: keeps its API's contract, lets tests be its agents, misbehaves when told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.contract import chatwoot_routes
from tests.contract.chatwoot_hooks import Hooks
from tests.contract.chatwoot_rows import Row, Rows, hook_conversation, hook_message
from tests.contract.chatwoot_server import Server

ACCOUNT, INBOX, TOKEN, SECRET = 1, 4, "token-of-an-administrator", "secret-of-the-inbox"


@dataclass(frozen=True)
class Call:
    """One call of the API; header names are in lower case. `fault` is what it met, "" for nothing."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    fault: str
    at: float = field(default_factory=time.monotonic)


class FakeChatwoot:
    """One account with one API inbox. Events go to `callback`, in order, from a thread of its own.

    `faults` holds what the next calls meet, one each, "" for nothing; `always` is for every call. A fault is a status
    with what follows it ("404", "429 after 7", "302 to https://…") or one of BAD_ANSWERS: the work is not done;
    "reset before", "hang" (until `let_go`) and "drip" neither; "reset after", "cut off" and "lost" (done, and then
    it hangs) lose the answer of work that was done.

    `role` is that of the token's owner: administrator, agent or bot; with `bot` an active bot is in the inbox.
    """

    def __init__(self, callback: str = "", *, token: str = TOKEN, secret: str = SECRET, bot: bool = False) -> None:
        self.port = 0
        self.token, self.bot, self.role = token, bot, "administrator"
        self.channel_type = "Channel::Api"
        self.keeps_content_attributes = self.keeps_source_id = self.merges = True  # older servers do not
        self.drops_underscores = False  # an nginx before it drops headers with an underscore in their name
        self.auto_assigns = False  # the inbox gives conversations to agents by itself
        self.ignores_before = False  # lists of messages are always the newest page
        self.blind_searches = 0  # so many searches for contacts find none, as before its index is up to date
        self.rows = Rows(ACCOUNT, INBOX)
        self.hooks = Hooks(callback, secret)
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.always = ""
        self.reached, self.let_go = threading.Event(), threading.Event()
        self.gave_up = threading.Event()  # set when a client leaves an answer that drips
        self._lock = threading.RLock()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; a second start uses the same port."""
        self.let_go.clear()
        self._server = Server(self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.let_go.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.hang_up()
            self._server = None

    def take(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> tuple[Call, str]:
        """Note a call and say which fault it meets."""
        with self._lock:
            fault = self.faults.pop(0) if self.faults else self.always
            self.calls.append(Call(method, path, query, headers, body, fault))
            return self.calls[-1], fault

    def answer(self, call: Call) -> tuple[int, Any]:
        """Do what a call asks."""
        with self._lock:
            return chatwoot_routes.answer(self, call)

    def called(self, method: str, end: str) -> list[Call]:
        """The calls so far of a method, to paths with this end."""
        return [call for call in self.calls if call.method == method and call.path.endswith(end)]

    # What people do there. Each returns when its webhooks are answered, unless they are held.

    def agent_replies(
        self, remote_id: str, text: str | None, agent: str = "Mei", files: tuple[tuple[str, str, int], ...] = ()
    ) -> int:
        """An agent writes to the buyer; files are (kind, address, bytes). The message's id."""
        attachments = [self.rows.file(*each) for each in files]
        return self._write(remote_id, "outgoing", text, self.rows.user(agent), attachments=attachments)

    def agent_notes(self, remote_id: str, text: str, agent: str = "Mei") -> int:
        """An agent writes a private note. The message's id."""
        return self._write(remote_id, "outgoing", text, self.rows.user(agent), private=True)

    def bot_writes(self, remote_id: str, text: str, kind: str = "outgoing") -> int:
        """A bot, or with kind "template" Chatwoot itself, writes. The message's id."""
        return self._write(remote_id, kind, text, {"id": 1, "name": "Robot", "type": "agent_bot"})

    def assign(self, remote_id: str, agent: str | None) -> None:
        """An agent takes the conversation, or nobody has it any more."""
        with self._lock:
            self.change_assignee(self._row(remote_id), None if agent is None else self.rows.user(agent))
        self.hooks.settle()

    def resolve(self, remote_id: str) -> None:
        """An agent closes the conversation."""
        self._set(remote_id, "resolved")

    def make_pending(self, remote_id: str) -> None:
        """An agent gives the conversation back to the bot."""
        self._set(remote_id, "pending")

    def reopen(self, remote_id: str) -> None:
        """An agent opens the conversation again."""
        self._set(remote_id, "open")

    def snooze(self, remote_id: str) -> None:
        """An agent lays the conversation aside."""
        self._set(remote_id, "snoozed")

    # How its webhooks misbehave.

    def lose_webhooks(self, count: int) -> None:
        """The next `count` events never arrive."""
        self.hooks.lose(count)

    def repeat_webhooks(self, times: int) -> None:
        """From now on each event is sent so many times."""
        self.hooks.repeat(times)

    def delay_webhooks(self) -> None:
        """Keep events back until `release`."""
        self.hooks.hold()

    def release(self, *, reverse: bool = False) -> None:
        """Send what was kept back, the last first if `reverse`."""
        self.hooks.release(reverse=reverse)

    # What happens, and who hears of it.

    def tell(self, event: str, conversation: Row, **more: Any) -> None:
        """Tell of a conversation."""
        self.hooks.put(event, {**hook_conversation(self.rows, conversation), **more})

    def tell_message(self, message: Row) -> None:
        """Tell of a message; real Chatwoot marks it as failed, too, when nobody takes it."""
        self.hooks.put("message_created", hook_message(self.rows, message), lambda: message.update(status="failed"))

    def change_status(self, conversation: Row, status: str) -> None:
        """Change the status; nothing happens if it is so already."""
        if status == conversation["status"]:
            return
        change = {"status": {"previous_value": conversation["status"], "current_value": status}}
        conversation["status"] = status
        self.rows.add_message(conversation, "activity", f"Conversation was marked {status}")
        if self.bot and status in ("open", "resolved"):
            self.tell({"open": "conversation_opened", "resolved": "conversation_resolved"}[status], conversation)
        self.tell("conversation_status_changed", conversation, changed_attributes=[change])
        self.tell("conversation_updated", conversation, changed_attributes=[change])

    def change_assignee(self, conversation: Row, user: Row | None) -> None:
        """Change who has the conversation."""
        before, conversation["assignee"] = conversation["assignee"], user
        change = {"previous_value": before and before["id"], "current_value": user and user["id"]}
        self.rows.add_message(conversation, "activity", "The assignee was changed")
        self.tell("conversation_updated", conversation, changed_attributes=[{"assignee_id": change}])

    def _row(self, remote_id: str) -> Row:
        return self.rows.conversations[int(remote_id)]

    def _set(self, remote_id: str, status: str) -> None:
        with self._lock:
            self.change_status(self._row(remote_id), status)
        self.hooks.settle()

    def _write(self, remote_id: str, kind: str, text: str | None, sender: Row, **more: Any) -> int:
        with self._lock:
            message = self.rows.add_message(self._row(remote_id), kind, text, sender=sender, **more)
            self.tell_message(message)
        self.hooks.settle()
        return int(message["id"])


@contextmanager
def running(callback: str = "", **settings: Any) -> Iterator[FakeChatwoot]:
    """A fake Chatwoot on a free port, stopped at the end."""
    fake = FakeChatwoot(callback, **settings)
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()
