"""Counts tries to sign in at the desk, and tells for how long a login or an address has to wait.

A try is counted before the password is looked at, in the transaction that checks whether there may be one more: so
tries at the same time cannot slip through together. A try that was right is taken out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.schema import Column

from doorstep.settings import Settings
from doorstep.storage.tables import sign_in_tries

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """After `most` wrong tries `within` a time there may be none for as long a time."""

    most: int
    within: timedelta


OF_LOGIN = Limit(5, timedelta(minutes=15))
OF_ADDRESS = Limit(20, timedelta(hours=1))


def key_of(settings: Settings, login: str) -> str:
    """The keyed hash under which tries at a normal login are counted."""
    return settings.fingerprint("desk-login", login.encode("utf-8", "replace").decode())


def blocked_until(connection: Connection, login_key: str, address: str, now: datetime) -> datetime | None:
    """Until when this login, or this address, may not try; None when it may. Both are keyed hashes.

    A login is counted whether somebody has it or not. An address that is not known ("") is not counted.
    """
    ends = [_end(connection, sign_in_tries.c.login_key, login_key, OF_LOGIN)]
    if address:
        ends.append(_end(connection, sign_in_tries.c.address, address, OF_ADDRESS))
    return max((end for end in ends if end and end > now), default=None)


def _end(connection: Connection, column: Column[str], key: str, limit: Limit) -> datetime | None:
    query = select(sign_in_tries.c.at).where(column == key).order_by(sign_in_tries.c.at.desc()).limit(limit.most)
    times = connection.execute(query).scalars().all()
    if len(times) < limit.most or times[0] - times[-1] >= limit.within:
        return None
    end: datetime = times[0] + limit.within
    return end


def begin(connection: Connection, login_key: str, address: str, now: datetime) -> datetime | None:
    """Count one try as failed and give None; or give until when there may be none, and count nothing.

    The transaction has to be one that writes, and committed before the password is compared.
    """
    if connection.dialect.name == "postgresql":  # a writer of SQLite is alone anyway
        connection.execute(text("LOCK TABLE sign_in_tries IN SHARE ROW EXCLUSIVE MODE"))
    until = blocked_until(connection, login_key, address, now)
    if until is None:
        connection.execute(delete(sign_in_tries).where(sign_in_tries.c.at <= now - KEPT))
        connection.execute(insert(sign_in_tries).values(login_key=login_key, address=address, at=now))
    return until


def succeeded(connection: Connection, login_key: str, address: str) -> None:
    """The try was right: those at this login from this address count no more; other people's guesses still do."""
    tries = sign_in_tries.c.login_key == login_key, sign_in_tries.c.address == address
    connection.execute(delete(sign_in_tries).where(*tries))


def forget(connection: Connection, login_key: str) -> None:
    """Let a login try again at once: its agent got another password."""
    connection.execute(delete(sign_in_tries).where(sign_in_tries.c.login_key == login_key))
