"""What the leads' figures are gathered from, on both kinds of database: from rows to the figures themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert
from sqlalchemy.engine import Engine

from doorstep.figures.count import figures_of
from doorstep.figures.facts import Facts, Group
from doorstep.figures.figure import WAYS, Figure, Value
from doorstep.storage import conversations, messages, ownership, tables
from doorstep.storage.engine import reading, writing
from doorstep.storage.figures import gather
from doorstep.storage.messages import Outgoing
from doorstep.storage.orders import Orders
from doorstep.storage.ownership import By, Move
from tests.builders import NOW, a_buyer, a_parcel, an_address, an_order, days_ago
from tests.conversations import locked

ZONE = ZoneInfo("Asia/Shanghai")
BEGAN = days_ago(10)
MINUTE = timedelta(minutes=1)


class Desk:
    """Conversations, orders and what became of them, written row by row."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._numbers = count(1)

    def talk(self, at: datetime = BEGAN, shop: str = "default", channel: str = "web", email_key: str = "") -> str:
        """A conversation that has begun; nobody has said anything."""
        with writing(self.engine) as connection:
            started = conversations.start(
                connection, shop=shop, channel=channel, language="de", address="", email_key=email_key, now=at
            )
        return started.id

    def says(self, talk: str, at: datetime = BEGAN, outcome: str = "answered", **changes: Any) -> int:
        """The buyer writes something that the assistant reads, and has its outcome a minute later."""
        with writing(self.engine) as connection:
            number = str(next(self._numbers))
            text = changes.pop("text", "where is it")
            stored = messages.accept(connection, locked(connection, talk), number, text=text, now=at, **changes)
            messages.mark_asked(connection, stored.id, at)
            if outcome:
                messages.settle(connection, stored.id, outcome, at + MINUTE)
        return stored.id

    def replies(self, talk: str, at: datetime, sender: str = "agent") -> None:
        with writing(self.engine) as connection:
            messages.post(connection, locked(connection, talk), [Outgoing(sender, "Let me see")], at)

    def goes(self, talk: str, *owners: str, at: datetime = BEGAN, reason: str = "asked") -> int:
        """The conversation goes to each owner, a minute each; gives the number of the last change."""
        number = 0
        with writing(self.engine) as connection:
            for owner in owners:
                by = None if owner == "queue" else By("Anna", 1)
                number = ownership.move(connection, talk, Move(owner, reason, by=by), at) or number
                at += MINUTE
        return number

    def missed(self, inbox_id: int, talk: str, reason: str) -> None:
        row = {"inbox_id": inbox_id, "conversation_id": talk, "language": "de", "text": "?", "reason": reason}
        self._add(tables.reviews, row | {"created_at": BEGAN})

    def rated(self, talk: str, closing: int, score: str, at: datetime = BEGAN) -> None:
        self._add(tables.ratings, {"closing_id": closing, "conversation_id": talk, "score": score, "at": at})

    def sells(self, number: str = "1001", placed_at: datetime = BEGAN, shop: str = "default", **changes: Any) -> int:
        with writing(self.engine) as connection:
            order = an_order(number=number, shop=shop, placed_at=placed_at, buyer=a_buyer(language="pt"), **changes)
            return Orders(connection).save(shop, order)

    def proves(self, talk: str, order_id: int, at: datetime = BEGAN) -> None:
        row = {"conversation_id": talk, "order_id": order_id, "proof": "email", "named_at": at}
        self._add(tables.verified_orders, row)

    def disputes(
        self, talk: str, order_id: int, at: datetime = BEGAN, kind: str = "not_received", **facts: str
    ) -> None:
        number = f"N-{next(self._numbers)}"
        row = {"conversation_id": talk, "order_id": order_id, "number": number, "kind": kind, "state": "asking"}
        self._add(tables.cases, row | {"facts": facts, "opened_at": at, "updated_at": at})

    def facts(self, shop: str = "default", since: datetime = days_ago(30), until: datetime = NOW) -> Facts:  # noqa: B008
        with reading(self.engine) as connection:
            return gather(connection, shop, since, until, ZONE, NOW)

    def figure(self, key: str, by: str = "day") -> Figure:
        return next(each for each in figures_of(self.facts(), by) if each.key == key)

    def total(self, key: str) -> dict[str, Value]:
        found = self.figure(key)
        return {column.key: value for column, value in zip(found.columns, found.total, strict=True)}

    def _add(self, table: Any, row: dict[str, Any]) -> None:
        with writing(self.engine) as connection:
            connection.execute(insert(table).values(row))


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def handed_over(desk: Desk, **changes: Any) -> str:
    """A conversation that a person answered after two minutes and closed; the buyer liked it."""
    talk = desk.talk(**changes)
    desk.says(talk, outcome="queued")
    desk.rated(talk, desk.goes(talk, "queue", "agent", "closed"), "good")
    desk.replies(talk, BEGAN + 2 * MINUTE)
    return talk


def test_a_stay_with_people_is_found_with_its_reply_and_its_end(desk: Desk) -> None:
    talk = desk.talk()
    desk.replies(talk, BEGAN - MINUTE)
    desk.goes(talk, "queue", "agent", "queue", "agent", "assistant", reason="above_limit")
    desk.replies(talk, BEGAN + MINUTE, sender="notice")
    desk.replies(talk, BEGAN + 3 * MINUTE)
    (stay,) = desk.facts().stays
    assert (stay.at, stay.reason, stay.group) == (BEGAN, "above_limit", Group("de"))
    assert (stay.replied_at, stay.ended_at, stay.ending) == (BEGAN + 3 * MINUTE, BEGAN + 4 * MINUTE, "handed_back")


def test_what_a_conversation_came_to_is_found_in_its_messages(desk: Desk) -> None:
    talk = desk.talk()
    for reason in ("refused", "corrected", "handed_over", ""):
        number = desk.says(talk)
        if reason:
            desk.missed(number, talk, reason)
    desk.says(talk, text="")
    desk.says(talk, choice="token")
    desk.says(talk, at=NOW, outcome="")
    (found,) = desk.facts().talks
    assert (found.at, found.messages, found.written, found.answered_at) == (BEGAN, 7, 5, BEGAN + MINUTE)
    assert (found.refused, found.corrected, found.handed_over) == (1, 1, 1)
    assert desk.total("understanding")["share_missed"] == 0.6


def test_a_message_that_only_a_person_read_is_none_that_the_assistant_understood(desk: Desk) -> None:
    talk = desk.talk()
    with writing(desk.engine) as connection:
        messages.accept(connection, locked(connection, talk), "1", text="hello", now=BEGAN)
    (found,) = desk.facts().talks
    assert (found.messages, found.written, found.answered_at) == (1, 0, None)


def test_the_order_talked_about_last_says_where_a_conversation_is_counted(desk: Desk) -> None:
    carriers = tuple(a_parcel(id=n, carrier=name, tracking_number=f"T{n}") for n, name in enumerate(("ups", "cainiao")))
    first = desk.sells("1", parcels=carriers[:1], ship_to=an_address(country="FR"))
    second = desk.sells("2", parcels=carriers)
    third = desk.sells("3", parcels=())
    for proven in ((second,), (second, first), (first, second), (third,), ()):
        talk = desk.talk()
        for minute, order_id in enumerate(proven):
            desk.proves(talk, order_id, BEGAN + minute * MINUTE)
        desk.says(talk)
    found = {by: {row.key: row.values[0] for row in desk.figure("settled", by).rows} for by in WAYS[1:]}
    assert found == {
        "language": {"de": 5}, "country": {"BR": 3, "FR": 1, "—": 1}, "carrier": {"cainiao + ups": 2, "ups": 1, "—": 2},
    }  # fmt: skip


def test_what_is_open_is_told_since_it_came_into_the_queue(desk: Desk) -> None:
    desk.goes(desk.talk(at=days_ago(50)), "queue", "agent", "queue", at=days_ago(50))
    held = desk.talk()
    desk.goes(held, "queue", "assistant", at=BEGAN)
    desk.goes(held, "queue", "agent", at=days_ago(2))
    handed_over(desk)
    unrecorded = desk.talk()
    with writing(desk.engine) as connection:
        conversations.change(connection, unrecorded, owner="queue", owner_since=days_ago(1))
    assert sorted((each.at, each.waits) for each in desk.facts().open) == [
        (days_ago(50), True), (days_ago(2), False), (days_ago(1), True),
    ]  # fmt: skip


def test_disputes_are_those_of_the_report_with_the_orders_own_group(desk: Desk) -> None:
    order_id, _ = desk.sells("1"), desk.sells("2", placed_at=days_ago(31))
    desk.disputes(desk.talk(), order_id)
    desk.disputes("erased", order_id)
    desk.disputes(desk.talk(), order_id, found="yes")
    desk.disputes(desk.talk(), order_id, kind="cancel")
    desk.disputes(desk.talk(), order_id, at=days_ago(31))
    desk.disputes(desk.talk(channel="probe"), order_id)
    assert desk.total("dispute_rate") == {"disputes": 2, "orders": 1, "rate": 200.0}
    assert {each.group for each in desk.facts().disputes} == {Group("pt", "BR", "china-post")}


def test_a_buyer_who_comes_back_in_another_conversation_was_not_settled_for_good(desk: Desk) -> None:
    order_id = desk.sells()
    for key in ("", "", "me", "you"):
        talk = desk.talk(email_key=key)
        desk.says(talk)
        if not key:
            desk.proves(talk, order_id)
    assert desk.total("still_settled")["share_still_settled"] == 1.0
    desk.goes(desk.talk(at=days_ago(9), email_key="me"), "queue", at=days_ago(9))
    assert desk.total("still_settled")["still_settled"] == 3
    desk.disputes("erased", order_id, at=days_ago(8))
    assert desk.total("still_settled")["still_settled"] == 1


def test_ratings_are_those_given_in_the_period(desk: Desk) -> None:
    talk = desk.talk(at=days_ago(60))
    for score, at in (("good", BEGAN), ("bad", BEGAN), ("bad", days_ago(31)), ("bad", NOW)):
        desk.rated(talk, desk.goes(talk, "queue", "closed", at=days_ago(50)), score, at)
    assert desk.total("ratings") == {"good": 1, "bad": 1, "share_good": 0.5}


def test_the_period_begins_with_its_first_moment_and_ends_before_its_last(desk: Desk) -> None:
    for at in (BEGAN - MINUTE, BEGAN, BEGAN + MINUTE):
        desk.says(desk.talk(at=at), at)
        desk.sells(f"{at:%d%M}", placed_at=at)
    found = desk.facts(since=BEGAN, until=BEGAN + MINUTE)
    assert ([each.at for each in found.talks], [each.at for each in found.orders]) == ([BEGAN], [BEGAN])


def everything(desk: Desk, **where: str) -> None:
    """One of everything that is counted."""
    talk = handed_over(desk, **where)
    order_id = desk.sells(where.get("channel", "1001"), shop=where.get("shop", "default"))
    desk.proves(talk, order_id)
    desk.missed(desk.says(talk), talk, "refused")
    desk.disputes(talk, order_id)
    desk.goes(talk, "assistant", "queue", at=days_ago(3))


def test_each_shop_has_its_own_figures_and_no_name_means_all(desk: Desk) -> None:
    everything(desk)
    alone = desk.facts()
    everything(desk, shop="another")
    assert desk.facts() == alone
    both = desk.facts(shop="")
    for name in ("talks", "stays", "open", "disputes", "orders", "ratings"):
        assert len(getattr(both, name)) == 2 * len(getattr(alone, name)) > 0, name


def test_what_doorstep_asks_itself_is_never_counted(desk: Desk) -> None:
    everything(desk, channel="probe")
    found = desk.facts()
    assert replace(found, orders=()) == Facts(found.since, found.until, ZONE, NOW)
    assert len(found.orders) == 1


def test_many_conversations_take_no_more_statements_than_one(sqlite_engine: Engine) -> None:
    desk, asked = Desk(sqlite_engine), [0]

    def ask(*_: Any) -> None:
        asked[0] += 1

    everything(desk)
    event.listen(sqlite_engine, "before_cursor_execute", ask)
    desk.facts()
    once = asked[0]
    for number in range(5):
        everything(desk, channel=f"web{number}")
    asked[0] = 0
    desk.facts()
    assert asked[0] == once > 0


PATHS = st.lists(st.sampled_from(["queue", "agent", "closed", "assistant"]), max_size=5)
TALKS = st.lists(st.tuples(st.integers(0, 12), PATHS, st.booleans(), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(own=TALKS, others=TALKS, where=st.sampled_from([{"shop": "another"}, {"channel": "probe"}]))
def test_whatever_happens_elsewhere_changes_nothing_here(
    sqlite_engine: Engine, own: Any, others: Any, where: dict[str, str]
) -> None:
    desk = Desk(sqlite_engine)
    for talk in own:
        _play(desk, *talk)
    before = [figures_of(desk.facts(), by) for by in WAYS]
    for talk in others:
        _play(desk, *talk, **where)
    assert [figures_of(desk.facts(), by) for by in WAYS] == before


def _play(desk: Desk, days: int, path: list[str], answered: bool, is_replied: bool, **where: str) -> None:
    at = days_ago(days)
    talk = desk.talk(at=at, **where)
    desk.says(talk, at, "answered" if answered else "")
    desk.goes(talk, *path, at=at)
    if is_replied:
        desk.replies(talk, at + MINUTE)
