"""Stops and kills processes of a running system at moments that are known: no test of it sleeps and hopes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from doorstep.storage.engine import reading
from doorstep.storage.tables import inbox, outbox
from tests.e2e.buyer import Buyer
from tests.e2e.running import until
from tests.e2e.shop import Shop

ACTIONS, RASA, FRONT = "actions", "doorstep.nlu.rasa_server", "doorstep.processes.front"
PATIENCE = 90  # seconds
_OPEN = ("01", "08")  # established; closed by the client, with bytes still to be read


@contextmanager
def stopped(shop: Shop, module: str) -> Iterator[int]:
    """The process of a module does nothing within the block, but its connections stay; it goes on after, if alive."""
    pid = shop.process.pid_of(module)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def kill(shop: Shop, module: str) -> None:
    """End the process of a module at once, and wait until it is gone or another has its place."""
    pid = shop.process.pid_of(module)
    os.kill(pid, signal.SIGKILL)
    until(lambda: shop.process.pid_of(module) != pid, PATIENCE, f"{module} is gone")


def until_whole(shop: Shop) -> None:
    """Wait until every part works."""
    until(shop.process.answers, PATIENCE, "every part works")


def until_asked(shop: Shop, buyer: Buyer, message_id: str) -> None:
    """Wait until the front has begun to ask Rasa about a message."""
    until(lambda: row_of(shop, buyer, message_id).asked_at is not None, PATIENCE, "Rasa is asked")


def until_request_waits(shop: Shop, variable: str, count: int = 1) -> None:
    """Wait until that many requests stand unread at the stopped process whose port the variable names."""
    port = int(shop.process.environment[variable])
    until(lambda: unread_requests(port) >= count, PATIENCE, f"{count} requests wait at {variable}")


def unread_requests(port: int) -> int:
    """How many connections to a port of this machine hold bytes that its process has not read."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    found = [line.split() for line in lines]
    return sum(
        int(local.rpartition(":")[2], 16) == port and state in _OPEN and int(queues.partition(":")[2], 16) > 0
        for _, local, _, state, queues, *_ in found
    )


def row_of(shop: Shop, buyer: Buyer, message_id: str) -> Any:
    """A message as the front keeps it."""
    mine = (inbox.c.conversation_id == buyer.conversation_id) & (inbox.c.message_id == message_id)
    with reading(shop.engine) as connection:
        return connection.execute(select(inbox).where(mine)).one()


def answers_to(shop: Shop, buyer: Buyer, message_id: str) -> list[str]:
    """The senders of what was said in answer to a message."""
    mine = outbox.c.answers == row_of(shop, buyer, message_id).id
    with reading(shop.engine) as connection:
        return list(connection.execute(select(outbox.c.sender).where(mine).order_by(outbox.c.seq)).scalars())


def times_worked(shop: Shop, buyer: Buyer) -> int:
    """How many messages of a conversation Rasa has worked and kept."""
    query = text("SELECT count(*) FROM events WHERE sender_id = :id AND type_name = 'user'")
    with reading(shop.engine) as connection:
        return int(connection.execute(query, {"id": buyer.conversation_id}).scalar_one())


def times_accepted(shop: Shop, buyer: Buyer) -> int:
    """How many messages of a conversation the front has accepted."""
    mine = inbox.c.conversation_id == buyer.conversation_id
    with reading(shop.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(inbox).where(mine)).scalar_one())
