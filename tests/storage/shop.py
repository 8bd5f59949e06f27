"""A shop, its clock and its buyers' conversations, for the tests of what the chat can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from doorstep.access import CONTACT_PROOF, Asked, Heard
from doorstep.assistant import Assistant
from doorstep.orders import Order, Product
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import Promise
from doorstep.replies.values import Choice
from doorstep.settlement import Settlement
from doorstep.storage import conversations, tables
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, an_order
from tests.telling import WORDS, told

EMAIL = "ana.souza@example.com"


class Now:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Shop:
    """One shop with its assistant and clock."""

    def __init__(self, engine: Engine, policy: ShopPolicy) -> None:
        self.engine = engine
        self.clock = Now()
        self.assistant = Assistant(engine, policy, self.clock, lambda purpose, value: f"{purpose}:{value}")

    def sells(self, order: Order, *products: Product) -> int:
        with writing(self.engine) as connection:
            Orders(connection).save_products("default", products)
            return Orders(connection).save("default", order)

    def days_pass(self, days: float) -> None:
        self.clock.time += timedelta(days=days)

    def promises(self, order_id: int) -> tuple[Promise, ...]:
        with reading(self.engine) as connection:
            return Commitments(connection).promises_for(order_id)

    def chat(self, *numbers: str) -> Chat:
        with writing(self.engine) as connection:
            started = conversations.start(
                connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
            )
        chat = Chat(self, started.id)
        for number in numbers:
            chat.opens(number)
        return chat


class Chat:
    """One buyer's conversation."""

    def __init__(self, shop: Shop, conversation_id: str) -> None:
        self.shop = shop
        self.id = conversation_id

    def opens(self, number: str, proof: str = EMAIL) -> None:
        asked = Asked(CONTACT_PROOF, number)
        step = self.shop.assistant.open_order(self.id, "default", "", Heard(proof, (number,)), asked)
        assert step.ask == ""
        self.shop.clock.time += timedelta(seconds=1)

    def asks(self, wish: str = "not_received") -> Settlement:
        return self.shop.assistant.settle(self.id, wish)

    def picks(self, settled: Settlement, label: str) -> Settlement:
        (choice,) = (choice for choice, shown in choices_in(settled) if label in shown)
        return self.shop.assistant.take_option(self.id, choice.entities["offer"], choice.entities["option"])

    def says(self, option: str) -> Settlement | None:
        return self.shop.assistant.answer_offer(self.id, option)

    @property
    def owner(self) -> tuple[str, str]:
        row = self._row()
        return row.owner, row.handover_reason

    @property
    def note(self) -> dict[str, str]:
        note: dict[str, str] = self._row().handover_note
        return note

    def _row(self) -> Any:
        table = tables.conversations
        with reading(self.shop.engine) as connection:
            return connection.execute(select(table).where(table.c.id == self.id)).one()


def choices_in(settled: Settlement) -> list[tuple[Choice, str]]:
    """The choices of an answer, each with what the buyer sees."""
    pairs: list[tuple[Choice, str]] = []
    for reply in settled.replies:
        pairs += zip(reply.choices, (shown.label for shown in WORDS.word(reply, "en").choices), strict=True)
    return pairs


def said(settled: Settlement | None) -> str:
    assert settled is not None
    return told(settled)


def sold(shop: Shop, *parcels: Parcel, **changes: Any) -> int:
    return shop.sells(an_order(parcels=parcels, **changes))


@contextmanager
def rows_unchanged(engine: Engine) -> Iterator[None]:
    def counts() -> list[int]:
        with reading(engine) as connection:
            wanted = (tables.promises, tables.offers)
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in wanted]

    before = counts()
    yield
    assert counts() == before
