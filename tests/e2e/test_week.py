"""A week of shop life: what Doorstep says first, and what it promised and kept, with the clock in the test's hand.

The table of the week in docs/promises.md is what this test prints:

    .venv/bin/python -m pytest -s tests/e2e/test_week.py
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from doorstep.storage import tables
from doorstep.storage.engine import reading
from doorstep.storage.todo import open_tasks
from tests.e2e.buyer import text_of
from tests.e2e.orders_clock import (
    CHOSE,
    NEVER_PAYS,
    PAYS,
    SILENT,
    STOPS,
    WAITS,
    WATCHED,
    an_order,
    late,
    on,
    scan,
    sent,
    unpaid,
)  # fmt: skip
from tests.e2e.week import Week, a_week, day_of, messages_of, notices_of, run

pytestmark = pytest.mark.processes

# What the buyers must have been told in the end, and on which day of the week (0 is Monday).
TOLD = {
    (PAYS, "unpaid", 0),
    (NEVER_PAYS, "unpaid", 0),
    (NEVER_PAYS, "unpaid", 1),
    (WATCHED, "shipped", 1),
    (STOPS, "shipped", 1),
    (WATCHED, "left_origin", 2),
    (CHOSE, "promise", 2),  # the wait is over: refunded, as chosen
    (WAITS, "promise", 2),  # the wait is over: what would you like?
    (WATCHED, "customs_held", 3),
    (WATCHED, "released", 4),
    (CHOSE, "promise", 4),  # the money is out
    (WATCHED, "delivered", 5),
    (WAITS, "case", 7),
    (WAITS, "promise", 8),  # the new parcel did not leave in time
}
PROMISED = {
    (WATCHED, "ship", "kept"),
    (STOPS, "ship", "kept"),
    (STOPS, "notice", "open"),  # made when the buyer asked on Wednesday
    (CHOSE, "grace", "kept"),
    (CHOSE, "refund", "kept"),
    (WAITS, "grace", "kept"),
    (WAITS, "resend", "broken"),
}


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    """Monday morning."""
    with a_week() as begun:
        yield begun


# -- day by day ------------------------------------------------------------------------------------


def test_monday_orders_come_in_and_buyers_ask(week: Week) -> None:
    week.tells(
        an_order(WATCHED), late(CHOSE), late(WAITS), unpaid(PAYS), unpaid(NEVER_PAYS), an_order(STOPS), an_order(SILENT)
    )
    week.is_now(on(0, 8, 30))
    for number in (WATCHED, CHOSE, WAITS, PAYS, NEVER_PAYS, STOPS):
        assert number in text_of(week.comes(number))
    week.buyers[CHOSE].choose("If not, refund $19.90")
    week.settles()
    assert week.hears(PAYS) == []

    week.is_now(on(0, 9, 5))
    week.settles()
    assert "We're keeping it for you until" in text_of(week.hears(PAYS))
    assert [told.sender for told in week.hears(NEVER_PAYS)] == ["notice"]

    week.is_now(on(0, 15))
    week.tells(an_order(PAYS))


def test_tuesday_a_payment_has_ended_the_reminders_and_a_parcel_leaves(week: Week) -> None:
    week.is_now(on(1, 9, 5))
    week.settles()
    assert week.hears(PAYS) == []
    assert "No payment has reached us" in text_of(week.hears(NEVER_PAYS))

    week.is_now(on(1, 10))
    week.tells(*(sent(number, on(1, 9, 30)) for number in (WATCHED, STOPS, SILENT)))
    assert "is on its way with YunExpress" in text_of(week.hears(WATCHED))
    (told,) = week.hears(STOPS)
    assert "Stop these messages" in told.choices
    assert "won't write to you first" in text_of(week.buyers[STOPS].choose("Stop these messages"))


def test_wednesday_nothing_is_said_at_night_nor_to_who_does_not_want_it(week: Week) -> None:
    left = {"location": "Shenzhen", "description": "Flight departed"}
    week.is_now(on(2, 2))
    week.tells(*(sent(number, on(1, 9, 30), scan(on(2, 1), "departed_origin", **left)) for number in (WATCHED, STOPS)))
    assert week.hears(WATCHED) == []

    week.is_now(on(2, 9, 5))
    week.settles()
    assert "has left the country it was sent from" in text_of(week.hears(WATCHED))
    assert week.hears(STOPS) == []
    answer = week.buyers[STOPS].say("Where is my order now?")
    assert STOPS in text_of(answer)


def test_wednesday_evening_the_promises_of_the_day_are_kept(week: Week) -> None:
    week.is_now(on(2, 16, 5))
    week.settles()
    assert "we'll send $19.90 back by Tue, Mar 10, 2026" in text_of(week.hears(CHOSE))
    assert "I will not ask you to wait any longer" in text_of(week.hears(WAITS))
    assert "Mar 10, 2026" in text_of(week.buyers[WAITS].choose("Send it again"))


def test_thursday_only_the_newest_of_two_scans_is_told(week: Week) -> None:
    week.is_now(on(3, 10))
    there = {"country": "GB", "location": "London"}
    held = scan(on(3, 8), "customs_held", reason="duties_due", amount_due="4.10", amount_currency="GBP", **there)
    week.tells(sent(WATCHED, on(1, 9, 30), scan(on(3, 6), "arrived_destination", **there), held))
    (told,) = week.hears(WATCHED)
    assert "£4.10" in told.text
    assert "What do I have to do?" in told.choices


def test_friday_what_the_shop_has_done_is_told_as_kept(week: Week) -> None:
    week.is_now(on(4, 10))
    with reading(week.shop.engine) as connection:
        (task,) = (task for task in open_tasks(connection) if (task.kind, task.order_number) == ("refund", CHOSE))
    done = run(week, "todo", "--done", str(task.id))
    assert "Done: refund" in done
    week.settles()
    assert "already sent the money" in text_of(week.hears(CHOSE))

    week.is_now(on(4, 11))
    there = {"country": "GB", "location": "London"}
    week.tells(sent(WATCHED, on(1, 9, 30), scan(on(4, 10, 30), "customs_released", **there)))
    assert "have released" in text_of(week.hears(WATCHED))


def test_saturday_it_is_delivered_and_the_buyer_confirms_by_a_choice(week: Week) -> None:
    week.is_now(on(5, 10))
    came = scan(on(5, 9, 30), "delivered", country="GB", location="Leeds", signed_by="A. Hughes")
    week.tells(sent(WATCHED, on(1, 9, 30), came))
    assert "was delivered on" in text_of(week.hears(WATCHED))
    assert week.buyers[WATCHED].choose("I have it, thank you")


def test_a_week_later_a_broken_promise_brings_a_person(week: Week) -> None:
    week.is_now(on(7, 9, 5))
    week.settles()
    assert "is still open" in text_of(week.hears(WAITS))
    week.is_now(on(8, 16, 5))
    week.settles()
    assert "A colleague will look into it" in text_of(week.hears(WAITS))
    assert week.shop.owner(week.buyers[WAITS]) == "queue"


def test_in_the_end_each_was_said_once_by_day_and_the_promises_stand_as_they_should(week: Week) -> None:
    rows = notices_of(week)
    said = [row for row in rows if row.state == "sent"]
    assert sorted((row.number, row.kind, day_of(row.sent_at)) for row in said) == sorted(TOLD)
    london = ZoneInfo("Europe/London")
    assert all(time(9) <= row.sent_at.astimezone(london).time() <= time(20) for row in said)
    messages = messages_of(week)
    assert len(messages) == len(said)
    assert {(row.conversation_id, row.seq) for row in said} == {(one.conversation_id, one.seq) for one in messages}

    with reading(week.shop.engine) as connection:
        query = select(tables.orders.c.number, tables.promises.c.kind, tables.promises.c.state).join(
            tables.orders, tables.orders.c.id == tables.promises.c.order_id
        )
        promised = {tuple(row) for row in connection.execute(query)}
    assert promised == PROMISED
    print("\n" + run(week, "followups", "--all"))


def test_the_shop_sees_what_is_watched_and_why_something_was_not_said(week: Week) -> None:
    plan = run(week, "followups")
    assert "no way to reach the buyer" in plan  # the late date of 7307
    assert "the buyer stopped the messages" in plan
    assert "overtaken" in run(week, "followups", SILENT, "--all") + run(week, "followups", WATCHED, "--all")
