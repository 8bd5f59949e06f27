"""Reads and writes agents and their sessions at the desk.

Functions take an open connection, so that the caller decides what belongs to one transaction. Times are aware. What
an agent still holds when they are disabled or get another password is for `doorstep.desk.work` to give back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from doorstep.people.agents import Agent, AgentError, may_be_login
from doorstep.storage.tables import agent_sessions, agents

LIFETIME = timedelta(hours=24)  # a session ends then, however busy it is
IDLE = timedelta(hours=8)  # and this long after the last request
SEEN_EVERY = timedelta(minutes=1)  # the last request is known this exactly: not every page is a write
_LONGEST_TOKEN = 200  # characters
_COLUMNS = [agents.c[name] for name in Agent.__dataclass_fields__]


@dataclass(frozen=True)
class Listed:
    """An agent as the shop's people see the list; `disabled_at` is None for those who may sign in."""

    agent: Agent
    created_at: datetime
    disabled_at: datetime | None


class LoginTaken(AgentError):
    """Somebody has this login already."""


class NoSuchAgent(AgentError):
    """Nobody has this login."""


# -- agents --------------------------------------------------------------------------------


def add(connection: Connection, new: Agent, password_hash: str, now: datetime) -> Agent:
    """Keep somebody new; the `id` given is not looked at, that of the result is the kept one. Raises LoginTaken."""
    values = {column.name: getattr(new, column.name) for column in _COLUMNS if column.name != "id"}
    try:
        made = connection.execute(insert(agents).values(**values, password_hash=password_hash, created_at=now))
    except IntegrityError as error:
        raise LoginTaken(taken(new.login)) from error
    return Agent(id=made.inserted_primary_key[0], **values)


def taken(login: str) -> str:
    """What is told of a login that somebody has."""
    return f"The login {login} is taken. To give that person another password: doorstep agents reset {login}"


def list_all(connection: Connection) -> list[Listed]:
    """Everybody, also those who may not sign in any more, by login."""
    query = select(*_COLUMNS, agents.c.created_at, agents.c.disabled_at).order_by(agents.c.login)
    return [Listed(Agent(*row[:-2]), row.created_at, row.disabled_at) for row in connection.execute(query)]


def can_anybody_sign_in(connection: Connection) -> bool:
    """Whether there is an agent who is not disabled."""
    query = select(func.count()).select_from(agents).where(agents.c.disabled_at.is_(None))
    return bool(connection.execute(query).scalar_one())


def find(connection: Connection, agent_id: int) -> Agent | None:
    """The agent with this id, disabled or not."""
    row = connection.execute(select(*_COLUMNS).where(agents.c.id == agent_id)).first()
    return Agent(*row) if row else None


def find_by_login(connection: Connection, login: str) -> Agent | None:
    """The agent with this normal login, disabled or not."""
    if not may_be_login(login):
        return None  # a database refuses some of the characters that may be in it
    row = connection.execute(select(*_COLUMNS).where(agents.c.login == login)).first()
    return Agent(*row) if row else None


def get_by_login(connection: Connection, login: str) -> Agent:
    """As `find_by_login`. Raises NoSuchAgent."""
    agent = find_by_login(connection, login)
    if agent is None:
        raise NoSuchAgent(f"Nobody has the login {login}: `doorstep agents list` shows who there is.")
    return agent


def disable(connection: Connection, login: str, now: datetime) -> Agent:
    """Let somebody sign in no more, and end their sessions; gives the agent. Raises NoSuchAgent.

    For somebody who was disabled before, the first time holds.
    """
    return _change(
        connection, login, disabled_at=func.coalesce(agents.c.disabled_at, literal(now, agents.c.disabled_at.type))
    )


def reset(connection: Connection, login: str, password_hash: str) -> Agent:
    """Give somebody another password, end their sessions, and let them sign in again; gives the agent.

    Raises NoSuchAgent.
    """
    return _change(connection, login, password_hash=password_hash, disabled_at=None)


def set_language(connection: Connection, agent_id: int, language: str) -> None:
    """Keep the language in which the desk speaks to an agent."""
    connection.execute(update(agents).where(agents.c.id == agent_id).values(language=language))


def _change(connection: Connection, login: str, **values: object) -> Agent:
    agent = get_by_login(connection, login)
    # The row first: who signs in at this moment holds it until their session is there to be deleted.
    connection.execute(update(agents).where(agents.c.id == agent.id).values(**values))
    connection.execute(delete(agent_sessions).where(agent_sessions.c.agent_id == agent.id))
    return agent


# -- passwords -----------------------------------------------------------------------------


def password_hash(connection: Connection, login: str) -> str | None:
    """The kept hash of an agent's password; None where nobody has this login or they are disabled."""
    if not may_be_login(login):
        return None
    query = select(agents.c.password_hash).where(agents.c.login == login, agents.c.disabled_at.is_(None))
    found: str | None = connection.execute(query).scalar()
    return found


def lock_with_hash(connection: Connection, login: str, kept: str) -> Agent | None:
    """The agent, to write; None when they were disabled or got another password since `kept` was read."""
    row = agents.c.login == login, agents.c.password_hash == kept, agents.c.disabled_at.is_(None)
    found = connection.execute(select(*_COLUMNS).where(*row).with_for_update()).first()
    return Agent(*found) if found else None


def keep_hash(connection: Connection, agent_id: int, password_hash: str) -> None:
    """Keep a newer hash of the same password."""
    connection.execute(update(agents).where(agents.c.id == agent_id).values(password_hash=password_hash))


# -- sessions ------------------------------------------------------------------------------


def open_session(connection: Connection, agent_id: int, now: datetime) -> str:
    """Begin a session of an agent; gives its token, of which only a hash is kept. Sessions that are over are swept."""
    over = or_(agent_sessions.c.expires_at <= now, agent_sessions.c.seen_at <= now - IDLE)
    connection.execute(delete(agent_sessions).where(over))
    token = secrets.token_urlsafe(32)
    times = {"created_at": now, "seen_at": now, "expires_at": now + LIFETIME}
    connection.execute(insert(agent_sessions).values(token_hash=_hash(token), agent_id=agent_id, **times))
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Agent | None:
    """Whose session this is; None when it is over, unknown, or its agent is disabled. Only reads."""
    found = find_session_seen(connection, token, now)
    return found[0] if found else None


def find_session_seen(connection: Connection, token: str, now: datetime) -> tuple[Agent, bool] | None:
    """As `find_session`; also whether it is time to note, by `note_seen`, that the session is used."""
    if len(token) > _LONGEST_TOKEN:
        return None
    query = (
        select(*_COLUMNS, agent_sessions.c.seen_at)
        .join(agent_sessions, agent_sessions.c.agent_id == agents.c.id)
        .where(
            agent_sessions.c.token_hash == _hash(token),
            agent_sessions.c.expires_at > now,
            agent_sessions.c.seen_at > now - IDLE,
            agents.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).first()
    return (Agent(*row[:-1]), row.seen_at <= now - SEEN_EVERY) if row else None


def note_seen(connection: Connection, token: str, now: datetime) -> None:
    """Note that a session is used: it ends `IDLE` after this, or at the end of its lifetime."""
    session = agent_sessions.c.token_hash == _hash(token), agent_sessions.c.seen_at < now
    connection.execute(update(agent_sessions).where(*session).values(seen_at=now))


def close_session(connection: Connection, token: str) -> None:
    """End a session, if it is one."""
    connection.execute(delete(agent_sessions).where(agent_sessions.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
