"""The list of conversations at the desk for the tests: who waits in it, and what is read on a part of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import Any

from doorstep.replies.values import Reply
from doorstep.storage import conversations
from doorstep.storage.engine import writing
from tests.storage.at_the_desk import WORDS, AtTheDesk

NOW = datetime.now(timezone.utc).replace(microsecond=0)


def waits(at: AtTheDesk, minutes: int, reason: str = "asked", shop: str = "default", **changes: Any) -> str:
    """A buyer who has waited for so many minutes."""
    at.now = NOW - timedelta(minutes=minutes)
    conversation_id = at.waits("de", shop, reason)
    if changes:
        with writing(at.engine) as connection:
            conversations.change(connection, conversation_id, **changes)
    at.now = NOW
    return conversation_id


def section(page: str, title: str) -> str:
    """The part of the page under the heading with this id, or the folded part."""
    found = re.search(rf'<(section|details) [^>]*(?:aria-labelledby|id)="{title}".*?</\1>', page, re.DOTALL)
    assert found, title
    return found[0]


def ids(part: str) -> list[str]:
    return re.findall(r'<li class="row" data-id="([^"]+)"', part)


def plain(part: str) -> str:
    """What is read on a part of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def why(reason: str, language: str = "en") -> str:
    return WORDS.word(Reply(f"term_agent_why_{reason}"), language).text
