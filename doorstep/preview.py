"""What would be said about an order today, and what would follow: the real assistant, of whose work nothing is kept.

Used by `doorstep preview`; the words come from `doorstep.replies`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, Engine

from doorstep.assistant import Assistant
from doorstep.orders import Order, order_key
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Catalogue, Worded
from doorstep.settings import Settings
from doorstep.storage import conversations, tables
from doorstep.storage.engine import writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from doorstep.storage.unkept import unkept

CHANNEL = PROOF = "preview"
MOODS = ("upset", "angry")  # worth remembering
_KEPT = (tables.promises, tables.cases, tables.shop_tasks, tables.coupons_given)


class PreviewError(Exception):
    """There is nothing to look at; the message says why, and what can be done."""


@dataclass(frozen=True)
class Question:
    """What a buyer wants to have settled: `wishes` as they are stated ("customs/refuse"), in which language and mood.

    `now` is the aware time at which it is asked.
    """

    wishes: Sequence[str]
    language: str
    now: datetime
    mood: str = ""


@dataclass(frozen=True)
class Preview:
    """What the buyer would read, and what would be kept: the rows by table, each as it would be.

    `changed` are the columns of the order that would be others; `handover` is the reason and what the person is told,
    or None; `asks` is what the next message would be taken for.
    """

    said: tuple[Worded, ...]
    kept: Mapping[str, Sequence[Mapping[str, Any]]]
    changed: Mapping[str, Any]
    handover: tuple[str, Mapping[str, Any]] | None
    asks: str = ""


@dataclass(frozen=True)
class _Fixed:
    """A clock that stands still."""

    time: datetime

    def now(self) -> datetime:
        """The time it shows, aware."""
        return self.time


def find_order(connection: Connection, number: str, shop: str = "") -> Order:
    """The order of a number, in one shop or wherever it is. Raises PreviewError where there is none, or several."""
    same = select(tables.orders.c.shop).where(tables.orders.c.number_key == order_key(number))
    shops = sorted(connection.execute(same).scalars())
    found = Orders(connection).find(shop or shops[0], number) if shops else None
    if found is None:
        elsewhere = f" It is an order of {', '.join(shops)}: --shop {shops[0]}." if shops else ""
        here = f" in the shop {shop}" if shop else ""
        raise PreviewError(f"There is no order {number}{here}.{elsewhere}")
    if len(shops) > 1 and not shop:
        raise PreviewError(f"Several shops have an order {number}: say which with --shop ({', '.join(shops)}).")
    return found


def preview(settings: Settings, policy: ShopPolicy, words: Catalogue, order: Order, question: Question) -> Preview:
    """Ask the assistant about an order as its buyer would in a new conversation, the order being proven."""
    with unkept(settings.database_url) as engine:
        conversation = _begin(engine, order, question)
        before = _state(engine, order)
        assistant = Assistant(engine, policy, _Fixed(question.now), settings.fingerprint, settings.public_url)
        if question.mood in MOODS:
            assistant.hear_mood(conversation, question.mood)
        settled = assistant.settle_all(conversation, tuple(question.wishes))
        after = _state(engine, order)
        with writing(engine) as connection:
            table = tables.conversations
            row = connection.execute(select(table).where(table.c.id == conversation)).one()
    said: list[Worded] = []
    for reply in settled.replies:
        said.append(words.word(reply, question.language, [one.text for one in said]))
    handed = (row.handover_reason, dict(row.handover_note)) if row.owner == conversations.QUEUE else None
    was, would_be = before.pop("orders")[order.id], after.pop("orders")[order.id]
    return Preview(
        tuple(said),
        {name: [row for key, row in rows.items() if before[name].get(key) != row] for name, rows in after.items()},
        {name: value for name, value in would_be.items() if was[name] != value},
        handed,
        "" if handed else settled.asks,
    )


def _begin(engine: Engine, order: Order, question: Question) -> str:
    start: dict[str, Any] = {"shop": order.shop, "language": question.language, "now": question.now}
    with writing(engine) as connection:
        started = conversations.start(connection, channel=CHANNEL, address="", email_key="", **start)
        Identities(connection).record_proof(started.id, order.id, PROOF, question.now)
        return started.id


def _state(engine: Engine, order: Order) -> dict[str, dict[Any, dict[str, Any]]]:
    """The order, and all that is kept about it, by table and key."""
    with writing(engine) as connection:
        found = {table.name: _rows(connection, table, table.c.order_id, order.id) for table in _KEPT}
        return {**found, "orders": _rows(connection, tables.orders, tables.orders.c.id, order.id)}


def _rows(connection: Connection, table: Table, column: Any, order_id: int) -> dict[Any, dict[str, Any]]:
    (key,) = table.primary_key.columns
    rows = connection.execute(select(table).where(column == order_id).order_by(key)).mappings()
    return {row[key.name]: dict(row) for row in rows}
