"""Buyers' conversations on their way to an order, for the tests of that way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from doorstep.access import CONTACT_PROOF, Access, Asked, Heard, Step
from doorstep.orders import Order
from doorstep.storage import conversations
from doorstep.storage.identities import Identities
from tests.builders import NOW, a_buyer, an_address, an_order
from tests.telling import WORDS, a_policy

POLICY = a_policy(identity={"tries_per_conversation": 3, "tries_per_address_per_hour": 5, "tries_per_order_per_day": 7})
OF_ANA, OF_BOB = "ana.souza@example.com", "bob@example.org"
ASK_PROOF = Asked(CONTACT_PROOF, "1001")


def _fingerprint(purpose: str, value: str) -> str:
    return f"{purpose}:{value}"


@dataclass
class Chat:
    """One conversation over one connection."""

    connection: Connection
    id: str
    address: str = ""
    now: datetime = NOW

    def hears(self, text: str, *numbers: str, asked: Asked = Asked(), is_answer: bool = True) -> Step:  # noqa: B008
        store = Identities(self.connection)
        access = Access(store, POLICY, _fingerprint, "default", self.id, self.address, self.now)
        return access.next_step(Heard(text, numbers, is_answer), asked)

    def proves(self, text: str, number: str = "1001") -> Step:
        return self.hears(text, asked=Asked(CONTACT_PROOF, number))

    def order(self) -> int | None:
        return Identities(self.connection).current_order(self.id)


def is_open(step: Step) -> bool:
    return step == Step()


def texts(step: Step) -> list[str]:
    return [WORDS.word(reply, "en").text for reply in step.replies]


def orders() -> list[Order]:
    bob = {"buyer": a_buyer(name="Bob Ray", email=OF_BOB), "ship_to": an_address(postcode="75011")}
    return [an_order(), an_order(number="1002"), an_order(number="2001", **bob)]


def start_chat(connection: Connection, address: str = "") -> Chat:
    started = conversations.start(
        connection, shop="default", channel="web", language="en", address=address, email_key="", now=NOW
    )
    return Chat(connection, started.id, address)
