"""A walk through conversations about the orders of any shop: each step is something that can happen on a day."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy.engine import Engine

from doorstep.commands.returned import ReturnError, arrived
from doorstep.parcels import Scan
from doorstep.replies.catalogue import Worded
from doorstep.replies.values import Choice, Reply
from doorstep.settlement import Settlement
from doorstep.storage import conversations, messages, tables, todo, uploads
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Outgoing
from doorstep.storage.orders import Orders
from doorstep.storage.parcel_news import take_in
from doorstep.storage.uploads import Upload
from tests.builders import a_parcel
from tests.storage.any_shop import AnyShop, any_scan
from tests.storage.clockwork import NOON, Front, change
from tests.storage.shop import Chat, Shop
from tests.telling import WORDS

WISHES = (
    "track_order", "not_received", "delivery_time", "returned_to_sender", "payment_problem", "stock", "how_to_use",
    "quality_complaint", "change_address", "confirm_receipt", "human_agent",
    "customs", "customs/why", "customs/refuse", "customs/promised", "customs/held", "customs/papers",
    "customs/before", "customs/paid", "customs/suspicious",
    "defective", "defective/not_working", "defective/damaged", "defective/wrong_item", "defective/missing_parts",
    "return_item", "return_item/return", "return_item/exchange", "return_item/status",
    "refund", "refund/want", "refund/status", "cancel_order", "cancel_order/want", "cancel_order/why",
    "complaint_escalation", "complaint_escalation/dispute", "complaint_escalation/review",
    "complaint_escalation/legal", "complaint_escalation/police", "complaint_escalation/anger",
)  # fmt: skip
TEXTS = (
    "Rua Chile 99, Campinas - SP, 13010-111", "12 Elm St\nYork\nYO1 7HH\nUnited Kingdom", "Lamp A", "the bigger one",
    "RB123456785CN", "?", "", "{by} 0[ <b>", "no idea " * 40,
)  # fmt: skip
OPTIONS = ("yes", "no", "refund", "resend", "wait", "cancel", "return", "exchange", "part_refund", "discount", "x")

KINDS = (
    *["says"] * 7, *["takes"] * 14, *["answers"] * 2, *["tells"] * 3, "shows", *["waits"] * 3, *["looks"] * 3,
    *["carrier"] * 3, *["ticks"] * 2, *["arrives"] * 2, *["ends"] * 6, "names",
)  # fmt: skip


@dataclass
class Heard:
    """A reply as it was said, in which conversation (None when the clock said it)."""

    reply: Reply
    chat: int | None


@dataclass
class Walk:
    """Three conversations: two about the first order, one about both."""

    engine: Engine
    world: AnyShop
    heard: list[Heard] = field(default_factory=list)  # of the latest step
    settled: list[Settlement] = field(default_factory=list)  # of the latest step
    choices: list[tuple[int | None, Choice]] = field(default_factory=list)
    asked: list[tuple[int, str]] = field(default_factory=list)
    sent: int = 0
    did: tuple[str, int, int] = ("", 0, 0)

    def __post_init__(self) -> None:
        self.shop = Shop(self.engine, self.world.policy)
        self.shop.clock.time = NOON
        self.front = Front(self.shop, self.world.policy, self)
        with writing(self.engine) as connection:
            told = take_in(connection, "default", self.world.orders, NOON, self.world.products)
        self.order_ids = [one.id for one in told]
        self.chats = [self.shop.chat("1001"), self.shop.chat("1001"), self.shop.chat("1002", "1001")]
        for chat, language in zip(self.chats, self.world.languages, strict=True):
            change(chat, language=language)

    # -- what can happen ---------------------------------------------------------------------

    def step(self, random: Random) -> None:
        """Do one thing; what is said because of it is in `heard`."""
        kind, place, number = random.choice(KINDS), random.choice([0, 0, 0, 1, 2]), random.randrange(2**20)
        scan = any_scan(random, self.shop.clock.now())
        self.did = (kind, place, number)
        self.heard, self.settled = [], []
        self.shop.clock.time += timedelta(seconds=1)
        chat = self.chats[place % len(self.chats)]
        if kind in ("waits", "looks", "carrier", "ticks", "arrives", "ends"):
            getattr(self, kind)(number, scan, chat)
        elif chat.owner[0] in (conversations.ASSISTANT, conversations.CLOSED):  # else the front asks nobody
            getattr(self, kind)(number, chat)

    def says(self, number: int, chat: Chat) -> None:
        """The buyer states a wish, or two in one message."""
        wishes = [WISHES[number % len(WISHES)]]
        if number % 4 == 0:
            wishes.append(WISHES[number // 4 % len(WISHES)])
        self._hear(chat, self.shop.assistant.settle_all(chat.id, wishes))

    def names(self, number: int, chat: Chat) -> None:
        """The buyer names the other of two orders."""
        if chat is self.chats[-1]:
            chat.opens(("1001", "1002")[number % 2])

    def takes(self, number: int, chat: Chat) -> None:
        """The buyer takes a choice: mostly one shown last, now and then any of any conversation."""
        place = self.chats.index(chat)
        mine = [choice for where, choice in self.choices if where in (place, None)]
        shown = mine[-4:] if number % 6 else [choice for _, choice in self.choices]
        if shown:
            taken = shown[number // 6 % len(shown)].entities
            self._hear(chat, self.shop.assistant.take_option(chat.id, taken["offer"], taken["option"]))

    def answers(self, number: int, chat: Chat) -> None:
        """The buyer names an option in words."""
        settled = self.shop.assistant.answer_offer(chat.id, OPTIONS[number % len(OPTIONS)])
        if settled:
            self._hear(chat, settled)

    def tells(self, number: int, chat: Chat) -> None:
        """The buyer writes what was asked for, or something else, or to an older question."""
        place = self.chats.index(chat)
        asked = [what for where, what in self.asked if where == place] or [what for _, what in self.asked]
        if asked:
            what = asked[-1 - (number % len(asked) if number % 5 == 0 else 0)]
            self._hear(chat, self.shop.assistant.take_details(chat.id, what, TEXTS[number % len(TEXTS)]))

    def shows(self, _number: int, chat: Chat) -> None:
        """A photo comes in."""
        self.sent += 1
        with writing(self.engine) as connection:
            name = f"photo{self.sent}"
            uploads.add(connection, Upload(name, chat.id, name, "image/png", 1, "0" * 64, self.shop.clock.now()))

    def waits(self, number: int, _scan: Scan, _chat: Chat) -> None:
        """Time goes by."""
        self.shop.days_pass((0.2, 1, 3, 8, 30)[number % 5])

    def looks(self, _number: int, _scan: Scan, _chat: Chat) -> None:
        """The clock keeps its promises and tells the news."""
        self.front.look()

    def carrier(self, number: int, scan: Scan, _chat: Chat) -> None:
        """News of a parcel, or a new parcel."""
        with writing(self.engine) as connection:
            order = Orders(connection).get(self.order_ids[number % 2 and number % 3 and 1])
            assert order is not None
            now = self.shop.clock.now()
            fresh = a_parcel(id=0, tracking_number=f"RB7{number:05}CN", shipped_at=now, scans=())
            parcels = list(order.parcels)
            if not parcels or number % 7 == 0:
                parcels.append(fresh)
            else:
                place = number % len(parcels)
                seen = (*parcels[place].scans, replace(scan, at=now))
                parcels[place] = replace(parcels[place], scans=seen)
            take_in(connection, "default", [replace(order, parcels=tuple(parcels))], now)

    def ticks(self, number: int, _scan: Scan, _chat: Chat) -> None:
        """The shop has done one of its tasks."""
        with writing(self.engine) as connection:
            waiting = todo.open_tasks(connection)
            if waiting:
                todo.mark_done(connection, waiting[number % len(waiting)].id, self.shop.clock.now())

    def arrives(self, number: int, _scan: Scan, _chat: Chat) -> None:
        """Goods that were sent back are in."""
        with reading(self.engine) as connection:
            kinds = tables.cases.c.kind.in_(("return", "exchange"))
            numbers = connection.execute(tables.cases.select().where(kinds)).all()
        if numbers:
            with contextlib.suppress(ReturnError):
                case = numbers[number % len(numbers)].number
                arrived(self.engine, self.world.policy, case, self.shop.clock.now())

    def ends(self, _number: int, _scan: Scan, _chat: Chat) -> None:
        """People give the conversations back."""
        for chat in self.chats:
            change(chat, owner=conversations.ASSISTANT)

    # -- what is said ------------------------------------------------------------------------

    def _hear(self, chat: Chat, settled: Settlement) -> None:
        place = self.chats.index(chat)
        self.settled.append(settled)
        if settled.asks:
            self.asked.append((place, settled.asks))
        with writing(self.engine) as connection:
            conversation = conversations.lock(connection, chat.id)
            assert conversation is not None
            said = messages.said(connection, chat.id)
            for reply in settled.replies:
                worded = WORDS.word(reply, conversation.language, said)
                said.append(worded.text)
                messages.post(connection, conversation, [Outgoing("assistant", worded.text)], self.shop.clock.now())
                conversation = conversations.lock(connection, chat.id)
                assert conversation is not None
                self._note(reply, place)

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """The words of the clock's messages."""
        self._note(reply, None)
        return WORDS.word(reply, language, said)

    def _note(self, reply: Reply, place: int | None) -> None:
        self.heard.append(Heard(reply, place))
        self.choices += [(place, choice) for choice in reply.choices if choice.intent == "choose_option"]

    def rows(self, name: str) -> list[Any]:
        """All rows of a table, oldest first."""
        table = getattr(tables, name)
        with reading(self.engine) as connection:
            return list(connection.execute(table.select().order_by(*table.primary_key.columns)))
