"""`doorstep demo --queue`: five demo buyers write to the running system, and then wait for five reasons."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from sqlalchemy import select

from doorstep.commands.demo_queue import talks
from doorstep.people.briefs import Brief
from doorstep.storage.briefs import brief
from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations
from tests.e2e.shop import Shop

pytestmark = pytest.mark.processes

# By order: why, for which team, what the person has to know of what was asked, and the next step.
EXPECTED = {
    "1004": ("angry", "care", "'threats': ['dispute']", "term_agent_do_calm"),
    "1007": ("asked", "care", "'amount': '43.20 BRL'", "term_agent_do_talk"),
    "1020": ("above_limit", "care", "'problem': 'damaged'", "term_agent_do_decide"),
    "1019": ("delivery_failed_again", "logistics", "'failed_attempts': '2'", "term_agent_do_call_carrier"),
    "1021": ("reported_late", "care", "'problem': 'not_working'", "term_agent_do_decide"),
}


def waiting_since(shop: Shop, began: datetime) -> list[Brief]:
    """The briefs of the conversations begun since then that wait now, as they came into the queue."""
    mine = (conversations.c.created_at >= began) & (conversations.c.owner == "queue")
    with reading(shop.engine) as connection:
        ids = connection.execute(
            select(conversations.c.id).where(mine).order_by(conversations.c.created_at)
        ).scalars().all()  # fmt: skip
        found = [brief(connection, shop.policy, one, datetime.now(timezone.utc)) for one in ids]
    return [each for each in found if each]


def test_five_buyers_of_five_languages_wait_for_five_reasons_and_again_when_asked_again(shop: Shop) -> None:
    began = datetime.now(timezone.utc)
    *lines, desk = shop.command("demo", "--queue").splitlines()

    assert [line.split(":")[0] for line in lines] == ["waits"] * 5
    assert "/desk" in desk
    told = waiting_since(shop, began)
    assert [each.orders[0].number for each in told] == list(EXPECTED)
    assert [each.who.language for each in told] == ["en", "pt", "zh", "de", "es"]
    for line, each in zip(lines, told, strict=True):
        why, team, asked, next_step = EXPECTED[each.orders[0].number]
        assert (each.reason, each.team, each.next_step) == (why, team, next_step)
        assert asked in str(each.to_json())
        assert f"waits: {why}, order {each.orders[0].number} " in line
    assert [photo["name"] for each in told for photo in each.photos] == ["broken_drone.jpg"]
    assert [each.mood for each in told].count("angry") == 1

    again = datetime.now(timezone.utc)
    shop.command("demo", "--queue")
    assert [each.orders[0].number for each in waiting_since(shop, again)] == [talk.order for talk in talks()]
