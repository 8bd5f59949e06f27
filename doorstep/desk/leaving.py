"""What the buyer will read when the person who has their conversation gives it away, before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from doorstep.desk.telling import Words
from doorstep.desk.work import team_told
from doorstep.replies.values import Reply, Value
from doorstep.storage import messages
from doorstep.storage.conversations import Conversation


@dataclass(frozen=True)
class Leaving:
    """The texts in the buyer's language, `transferred` by the team it goes to; the lines of the queue are left out."""

    released: str = ""
    handed_back: str = ""
    closed: str = ""
    transferred: Mapping[str, str] = field(default_factory=dict)


def leaving(connection: Connection, words: Words, conversation: Conversation, teams: Sequence[str]) -> Leaving:
    """Word what `doorstep.desk.work` would say now, in the same words; `teams` are those it could be passed on to."""
    said = messages.said(connection, conversation.id)
    agent = conversation.agent_name or Reply("term_a_colleague")

    def text(name: str, **values: Value) -> str:
        return words.word(Reply(name, {"agent": agent, **values}), conversation.language, said).text

    return Leaving(
        text("notice_put_back"),
        text("notice_handed_back"),
        text("notice_closed"),
        {team: text("notice_transferred", team=team_told(team)) for team in teams},
    )
