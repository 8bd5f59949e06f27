"""The work of people on conversations: each method is the work of one transaction, and tells the buyer what changed.

Two people who want the same conversation at once get one winner and one clear answer. What was refused changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from doorstep.desk.queue import Queue
from doorstep.desk.telling import Words, tell
from doorstep.people.opening import answer_by
from doorstep.policy.rules import TEAMS
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Choice, Reply, Value
from doorstep.storage import conversations, desk, messages, ownership
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE, Conversation
from doorstep.storage.messages import Outgoing, Shown
from doorstep.storage.ownership import By, Move

# why something was refused
GONE, TAKEN, NOT_WAITING, NOT_YOURS, IS_CLOSED = "gone", "taken", "not_waiting", "not_yours", "closed"
EMPTY, TOO_LONG, NO_SUCH_TEAM, NO_SUCH_REASON = "empty", "too_long", "no_such_team", "no_such_reason"

# why a conversation is closed
SOLVED, NO_ANSWER, ELSEWHERE, SPAM = "solved", "no_answer", "elsewhere", "spam"
REASONS = (SOLVED, NO_ANSWER, ELSEWHERE, SPAM)
# why it went back into the queue
IDLE, RELEASED, TRANSFER = "idle", "released", "transfer"

LONGEST = 4_000  # characters of a person's message
TYPING_FOR = timedelta(seconds=6)
RATE_INTENT, WHY_INTENT = "rate_help", "rate_help_why"  # taken by the front itself; Rasa never hears of them
WHYS = {"good": ("solved", "fast", "kind"), "bad": ("unsolved", "slow", "unkind")}


class Refused(Exception):
    """Something a person wanted cannot be done; `who` names the colleague who has the conversation, where one has."""

    def __init__(self, code: str, who: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.who = who


@dataclass(frozen=True)
class Desk:
    """What people can do. `now` is an aware time; `by` is who does it.

    `page_of` gives the address of a return's page to print, by the return's number.
    """

    policy: ShopPolicy
    words: Words
    page_of: Callable[[str], str] = lambda _number: ""

    @property
    def queue(self) -> Queue:
        """The queue by the same rules."""
        return Queue(self.policy)

    def claim(self, connection: Connection, conversation_id: str, by: By, now: datetime) -> None:
        """Take a conversation from the queue, or a closed one up again; harmless when it is theirs. Raises Refused."""
        conversation = self._lock(connection, conversation_id)
        if conversation.owner == AGENT and conversation.agent_id == by.agent_id and conversation.agent_name == by.name:
            return
        taken = ownership.move(connection, conversation_id, Move(AGENT, by=by), now, only_from=(QUEUE, CLOSED))
        if taken is None:
            code = TAKEN if conversation.owner == AGENT else NOT_WAITING
            raise Refused(code, conversation.agent_name)
        self._tell(connection, conversation_id, Reply("notice_agent_joined", {"agent": _named(by)}), now)

    def take_over(self, connection: Connection, conversation_id: str, by: By, now: datetime) -> None:
        """Take a conversation from a colleague who has it: leads only. Raises Refused."""
        conversation = self._lock(connection, conversation_id)
        if conversation.owner != AGENT or not by.is_lead:
            raise Refused(NOT_YOURS, conversation.agent_name)
        ownership.move(connection, conversation_id, Move(AGENT, by=by), now, only_from=(AGENT,))
        self._tell(connection, conversation_id, Reply("notice_agent_joined", {"agent": _named(by)}), now)

    def say(  # noqa: PLR0917 - who says what, and when: read in this order
        self, connection: Connection, conversation_id: str, by: By, text: str, key: str, now: datetime
    ) -> Shown | None:
        """Say something to the buyer, as it is written; None when it was said before under the same key.

        The buyer's channel may be away: the message is kept and given when it is back. Raises Refused.
        """
        conversation = self._lock(connection, conversation_id)
        if messages.was_posted(connection, conversation_id, key):
            return None
        self._check_held(conversation, by)
        written = text.strip()
        if not written:
            raise Refused(EMPTY)
        if len(written) > LONGEST:
            raise Refused(TOO_LONG)
        (shown,) = messages.post(connection, conversation, [Outgoing(AGENT, written, id=key)], now)
        conversations.change(connection, conversation_id, active_at=now, answer_due_at=None, late_told_at=None)
        desk.stops_typing(connection, conversation_id, desk.PERSON)
        return shown

    def note(self, connection: Connection, conversation_id: str, by: By, text: str, now: datetime) -> None:
        """Note something for the others. Raises Refused."""
        conversation = self._lock(connection, conversation_id)
        if not text.strip():
            raise Refused(EMPTY)
        if len(text) > LONGEST:
            raise Refused(TOO_LONG)
        desk.add_note(connection, conversation_id, by.name, text.strip(), now)
        if conversation.agent_id == by.agent_id:
            ownership.is_active(connection, conversation_id, now)

    def types(self, connection: Connection, conversation_id: str, by: By, now: datetime) -> None:
        """The person who has the conversation types just now; of anybody else nothing is noted."""
        conversation = conversations.lock(connection, conversation_id)
        if conversation and conversation.owner == AGENT and conversation.agent_id == by.agent_id:
            desk.is_typing(connection, conversation_id, desk.PERSON, now + TYPING_FOR)
            ownership.is_active(connection, conversation_id, now)

    def release(self, connection: Connection, conversation_id: str, by: By, now: datetime, why: str = RELEASED) -> None:
        """Put the conversation back into the queue, where it keeps the time it has waited. Raises Refused."""
        team = self._lock(connection, conversation_id).team
        _, agent = self._give_up(connection, conversation_id, by, Move(QUEUE, why, team, by), now)
        name = "notice_agent_away" if why == IDLE else "notice_put_back"
        self._tell_of_queue(connection, conversation_id, name, {"agent": agent}, now)

    def transfer(self, connection: Connection, conversation_id: str, by: By, team: str, now: datetime) -> None:
        """Put the conversation into the queue of another team. Raises Refused."""
        if team not in self.policy.teams:
            raise Refused(NO_SUCH_TEAM)
        _, agent = self._give_up(connection, conversation_id, by, Move(QUEUE, TRANSFER, team, by), now)
        values = {"agent": agent, "team": team_told(team)}
        self._tell_of_queue(connection, conversation_id, "notice_transferred", values, now)

    def hand_back(self, connection: Connection, conversation_id: str, by: By, now: datetime) -> None:
        """Give the conversation back to the assistant. Raises Refused."""
        _, agent = self._give_up(connection, conversation_id, by, Move(ASSISTANT, "handed_back", by=by), now)
        self._tell(connection, conversation_id, Reply("notice_handed_back", {"agent": agent}), now)

    def close(self, connection: Connection, conversation_id: str, by: By, reason: str, now: datetime) -> int:
        """Close the conversation and ask the buyer how the help was; gives the closing's number. Raises Refused."""
        if reason not in REASONS:
            raise Refused(NO_SUCH_REASON)
        closing, agent = self._give_up(connection, conversation_id, by, Move(CLOSED, reason, by=by), now)
        if reason == SOLVED or (reason != SPAM and messages.was_helped(connection, conversation_id)):
            rate = [
                Choice(f"choice_rate_{score}", RATE_INTENT, {"closing": str(closing), "score": score}) for score in WHYS
            ]
            self._tell(connection, conversation_id, Reply("notice_closed", {"agent": agent}, rate), now)
        return closing

    def _give_up(
        self, connection: Connection, conversation_id: str, by: By, wanted: Move, now: datetime
    ) -> tuple[int, Value]:
        """Move a conversation away from the person who has it; gives the number of the change, and their name."""
        conversation = self._lock(connection, conversation_id)
        if not (by.is_lead and conversation.owner == AGENT):
            self._check_held(conversation, by)
        desk.stops_typing(connection, conversation_id, desk.PERSON)
        held_by = None if by.is_lead else by
        done = ownership.move(connection, conversation_id, wanted, now, only_from=(AGENT,), held_by=held_by)
        if done is None:
            raise Refused(NOT_YOURS, conversation.agent_name)
        return done, conversation.agent_name or Reply("term_a_colleague")

    def _check_held(self, conversation: Conversation, by: By) -> None:
        if conversation.owner == CLOSED:
            raise Refused(IS_CLOSED)
        if conversation.owner != AGENT:
            raise Refused(NOT_YOURS)
        if conversation.agent_id != by.agent_id:
            raise Refused(TAKEN, conversation.agent_name)

    def _lock(self, connection: Connection, conversation_id: str) -> Conversation:
        conversation = conversations.lock(connection, conversation_id)
        if conversation is None:
            raise Refused(GONE)
        return conversation

    def _tell_of_queue(
        self, connection: Connection, conversation_id: str, name: str, values: dict[str, Value], now: datetime
    ) -> None:
        conversation = self._lock(connection, conversation_id)
        told = self.queue.told(connection, conversation, now)
        due = answer_by(self.policy.for_(conversation.shop, ""), now)
        conversations.change(connection, conversation_id, answer_due_at=conversation.answer_due_at or due)
        self._tell(connection, conversation_id, Reply(name, {**values, **told}), now)

    def _tell(self, connection: Connection, conversation_id: str, reply: Reply, now: datetime) -> None:
        # Locked again: its numbers have to be those after what was posted in this transaction.
        tell(connection, self.words, self._lock(connection, conversation_id), reply, now)


def _named(by: By) -> Value:
    return by.name or Reply("term_a_colleague")


def team_told(team: str) -> Value:
    """A team as a buyer reads it: ours in words, the shop's own by the name it gave them."""
    return Reply(f"term_team_{team}") if team in TEAMS else team
