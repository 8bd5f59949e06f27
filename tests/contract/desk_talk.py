"""Conversations at the desk for the tests: a buyer with a proven order who waits for a person, and agents for them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep.orders import Order
from doorstep.storage import conversations, ownership, tables
from doorstep.storage.engine import reading, writing
from doorstep.storage.identities import Identities
from doorstep.storage.messages import accept, settle
from doorstep.storage.orders import Orders
from tests.builders import a_parcel, a_scan, an_order
from tests.contract import chat_client, desk_client
from tests.contract.chat_client import Buyer
from tests.contract.desk_client import Browser
from tests.conversations import locked
from tests.telling import WORDS


def now() -> datetime:
    """The front's clock."""
    return datetime.now(timezone.utc)


def recent_order(**changes: Any) -> Order:
    """A paid order of ten days ago whose parcel left China five days ago."""
    scan = a_scan(at=now() - timedelta(days=5))
    parcel = a_parcel(shipped_at=now() - timedelta(days=8), scans=(scan,))
    days = {"placed_at": now() - timedelta(days=10), "paid_at": now() - timedelta(days=10)}
    return an_order(**{"parcels": (parcel,), **days, **changes})


def proves(engine: Engine, buyer: Buyer, order: Order, shop: str = "default") -> int:
    """The shop has this order, and the buyer has proven it; gives its id."""
    with writing(engine) as connection:
        order_id = int(Orders(connection).save(shop, order))
        Identities(connection).record_proof(buyer.conversation_id, order_id, "email", now())
    return order_id


def waiting(http: httpx.Client, engine: Engine, *texts: str, order: Order | None = None, **session: str) -> Buyer:
    """A buyer who wrote these texts and was put into the queue; told already by when the answer comes."""
    buyer = chat_client.start(http, dict(session) or None)
    if order:
        proves(engine, buyer, order, session.get("shop", "default"))
    for place, text in enumerate(texts):
        writes(engine, buyer, text, f"first-{place}")
    with writing(engine) as connection:
        ownership.hand_over(connection, buyer.conversation_id, now(), "asked", {})
        conversations.change(connection, buyer.conversation_id, answer_due_at=now() + timedelta(hours=24))
    return buyer


def writes(engine: Engine, buyer: Buyer, text: str, message_id: str) -> None:
    """The buyer's message as it is stored, without anybody who answers it."""
    with writing(engine) as connection:
        made = accept(connection, locked(connection, buyer.conversation_id), message_id, text=text, now=now())
        settle(connection, made.id, "queued", now())


def path(buyer: Buyer, action: str = "") -> str:
    """The screen of the buyer's conversation, or what is done there."""
    return f"/desk/conversations/{buyer.conversation_id}" + (f"/{action}" if action else "")


def agent(http: httpx.Client, engine: Engine, name: str = "Anna", **changes: Any) -> Browser:
    """A new agent's browser, signed in."""
    return desk_client.signed_in(http, engine, desk_client.add_agent(engine, name, **changes))


def helped(
    http: httpx.Client, engine: Engine, *texts: str, order: Order | None = None, **session: str
) -> tuple[Buyer, Browser]:
    """A waiting buyer, and Anna, who has claimed the conversation."""
    buyer = waiting(http, engine, *texts, order=order, **session)
    anna = agent(http, engine)
    response = anna.post(path(buyer, "claim"))
    assert (response.status_code, response.headers["location"]) == (303, path(buyer))
    return buyer, anna


def owner(engine: Engine, buyer: Buyer) -> tuple[str, str]:
    """Who has the conversation: the owner, and the agent's name."""
    c = tables.conversations.c
    with reading(engine) as connection:
        row = connection.execute(select(c.owner, c.agent_name).where(c.id == buyer.conversation_id)).one()
    return row.owner, row.agent_name


def said(buyer: Buyer, sender: str = "agent") -> list[str]:
    """What the buyer reads of a sender."""
    return [message["text"] for message in buyer.read()["messages"] if message["from"] == sender]


def rows(engine: Engine, name: str) -> list[Any]:
    """All rows of a table."""
    with reading(engine) as connection:
        return list(connection.execute(select(getattr(tables, name))))


def reads(buyer: Buyer, name: str, language: str, **values: str) -> bool:
    """Whether the buyer reads a notice that begins as this one does in this language."""
    variants = WORDS.variants(name, language)
    begun = [text.format_map({"place": "", "wait": "", **values}).split("\n")[0] for text in variants]
    return any(text.startswith(first) for text in said(buyer, "notice") for first in begun)
