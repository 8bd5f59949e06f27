"""What the fake front's chat knows of one conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

Json = dict[str, Any]


@dataclass
class Conversation:
    """One conversation with everything that was said in it."""

    id: str
    messages: list[Json] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)  # the client's id → seq
    choices: dict[str, str] = field(default_factory=dict)  # token → label
    uploads: dict[str, tuple[Json, bytes]] = field(default_factory=dict)
    signals: list[tuple[str, Json]] = field(default_factory=list)
    owner: Json = field(default_factory=lambda: {"owner": "assistant", "name": ""})
    pending: bool = False

    def say(self, sender: str, message_id: str = "", **content: Any) -> Json:
        seq = len(self.messages) + 1
        message: Json = {
            "seq": seq,
            "id": message_id or f"m{seq}",
            "at": datetime.now(timezone.utc).isoformat(),
            "from": sender,
            "text": "",
            "choices": [],
            "card": None,
            "attachments": [],
        }
        message.update(content)
        for choice in message["choices"]:
            self.choices[choice["token"]] = choice["label"]
        self.messages.append(message)
        return message
