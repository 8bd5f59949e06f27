"""Does here what people did at a desk that is not ours: they took a conversation, wrote, gave it back or closed it.

All of it is one transaction. It is done only when that desk knows of every change of owner here, so that what they did
was done in the knowledge of it; and a conversation is closed or given back only when they have every message, too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.engine import Connection

from doorstep.desk import linking
from doorstep.desk.link_plan import FROM_THERE
from doorstep.desk.linking import Link
from doorstep.desk.port import BACK, OPEN, SHUT, Said, Seen
from doorstep.desk.work import LONGEST, SOLVED, Desk
from doorstep.people.handovers import WROTE_UNASKED
from doorstep.storage import conversations, messages, ownership
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, Conversation
from doorstep.storage.ownership import By
from doorstep.storage.tables import inbox, owner_changes

_KEPT = ("\n", "\t", "\u200d", "\u200c")  # joiners are part of emoji and of Persian
_UNSEEN = ("Cc", "Cf", "Cs", "Co")  # not Cn: an emoji may be newer than Python's tables
_MOST_NAME = 80  # characters, as many as are stored


def hear(  # noqa: PLR0917 - what was seen where, and by whom: read in this order
    connection: Connection, desk: Desk, conversation_id: str, holder: str, seen: Seen, now: datetime
) -> bool:
    """Do what is new of what was seen; gives whether anything changed here. Raises linking.Lost."""
    if conversations.lock(connection, conversation_id) is None:
        raise linking.Lost(conversation_id)
    link = linking.held(connection, conversation_id, holder)
    before = _newest_change(connection, conversation_id)
    if before != link.told_change:
        return False  # they do not know yet how things stand; the next pass tells, and hears
    hearing = _Hearing(connection, desk, conversation_id, seen, now)
    news = [hearing.take(each) for each in seen.said]
    hearing.stand(all_told=not _is_any_untold(connection, conversation_id, link))
    after = _newest_change(connection, conversation_id)
    heard_id = max((each.id for each in seen.said), default=link.heard_id)
    known = after if hearing.told_change is None else hearing.told_change
    linking.heard(connection, conversation_id, max(heard_id, link.heard_id), known)
    return any(news) or after != before


class _Hearing:
    """What is heard of one conversation in one transaction.

    `told_change` is None when they know of every change that was made; else up to which one they know.
    """

    def __init__(self, connection: Connection, desk: Desk, conversation_id: str, seen: Seen, now: datetime) -> None:
        self._connection = connection
        self._desk = desk
        self._id = conversation_id
        self._seen = seen
        self._now = now
        self.told_change: int | None = None

    def take(self, said: Said) -> bool:
        """Tell the buyer what a person wrote; whether there was anything new for the buyer."""
        if not said.who:
            return False
        if said.is_note:
            ownership.is_active(self._connection, self._id, self._now)
            return False
        key = f"{FROM_THERE}{said.id}"
        texts = [] if messages.was_posted(self._connection, self._id, key) else list(_texts(said))
        if not texts:
            return False
        by = self._belongs_to(self._seen.who or said.who)
        for at, text in enumerate(texts, 1):
            self._desk.say(self._connection, self._id, by, text, key if at == 1 else f"{key}:{at}", self._now)
        return True

    def stand(self, *, all_told: bool) -> None:
        """Follow who has it over there, and whether it is done; nothing that is so already is done again."""
        here, seen = self._conversation(), self._seen
        if here.owner in (ASSISTANT, CLOSED):
            if seen.state == OPEN and seen.who:  # they took it back
                self._belongs_to(seen.who)
        elif seen.state in (SHUT, BACK):
            if all_told and self.told_change is None:
                self._give_up(_by(here.agent_name) if here.owner == AGENT else self._belongs_to(seen.who))
        elif seen.who:
            self._belongs_to(seen.who)

    def _give_up(self, by: By) -> None:
        if self._seen.state == SHUT:
            self._desk.close(self._connection, self._id, by, SOLVED, self._now)
        else:
            self._desk.hand_back(self._connection, self._id, by, self._now)

    def _belongs_to(self, name: str) -> By:
        """Give the conversation to a person over there, unless it is theirs."""
        by, here = _by(name), self._conversation()
        if here.owner == AGENT:
            if here.agent_id is not None or here.agent_name != by.name:
                self._desk.take_over(self._connection, self._id, by, self._now)
            return by
        if here.owner == ASSISTANT:
            ownership.hand_over(self._connection, self._id, self._now, WROTE_UNASKED, {})
        if here.owner in (ASSISTANT, CLOSED) and self._seen.state != OPEN:
            # Over there it still stands as done: that it is open again has to be told.
            self.told_change = _newest_change(self._connection, self._id)
        self._desk.claim(self._connection, self._id, by, self._now)
        return by

    def _conversation(self) -> Conversation:
        found = conversations.find(self._connection, self._id)
        if found is None:
            raise linking.Lost(self._id)
        return found


def _by(name: str) -> By:
    return By(_plain(name).replace("\n", " ").strip()[:_MOST_NAME], is_lead=True)


def _texts(said: Said) -> Iterator[str]:
    """What the buyer is told of a message: its words, then its links, in pieces that are not too long."""
    text = "\n".join(filter(None, (_plain(said.text).strip(), *said.links)))
    while text:
        cut = len(text) if len(text) <= LONGEST else max(text.rfind("\n", 1, LONGEST), text.rfind(" ", 1, LONGEST))
        cut = cut if cut > 0 else LONGEST
        if piece := text[:cut].strip():
            yield piece
        text = text[cut:].strip()


def _plain(text: str) -> str:
    """The text without control and direction characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(each for each in lines if each in _KEPT or unicodedata.category(each) not in _UNSEEN)


def _newest_change(connection: Connection, conversation_id: str) -> int:
    o = owner_changes.c
    return connection.execute(select(func.max(o.id)).where(o.conversation_id == conversation_id)).scalar() or 0


def _is_any_untold(connection: Connection, conversation_id: str, link: Link) -> bool:
    """Whether the buyer wrote something that they have not got yet."""
    untold = exists().where(inbox.c.conversation_id == conversation_id, inbox.c.seq > link.told_seq)
    return bool(connection.execute(select(untold)).scalar())
