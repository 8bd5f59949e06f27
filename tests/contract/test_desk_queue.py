"""The list of conversations at the desk: who waits, in which order, what ended, and for whom it is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from doorstep.front.desk.wording import t
from doorstep.settings import Settings
from doorstep.storage import desk, desk_pages, messages, ownership
from doorstep.storage.engine import reading, writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from doorstep.storage.ownership import By
from tests.builders import a_buyer, an_order
from tests.contract import desk_client, fronts
from tests.contract.desk_client import Browser
from tests.contract.desk_lists import NOW, ids, plain, section, waits, why
from tests.conversations import locked
from tests.storage.at_the_desk import AtTheDesk


@pytest.fixture
def at(engine: Engine) -> AtTheDesk:
    return AtTheDesk(engine, NOW)


@pytest.fixture
def http(settings: Settings) -> Iterator[httpx.Client]:
    """A front whose clock stands still, so that what is told of times can be compared."""
    with fronts.running(fronts.a_front(settings, now=lambda: NOW)) as client:
        yield client


@pytest.fixture
def anna(http: httpx.Client, engine: Engine) -> Browser:
    return desk_client.signed_in(http, engine, desk_client.add_agent(engine))


# -- what is shown -------------------------------------------------------------------------


def test_who_waits_is_shown_in_the_order_in_which_they_are_answered(at: AtTheDesk, anna: Browser) -> None:
    later, longer = waits(at, 2), waits(at, 50)
    angry = waits(at, 1, mood="angry")
    gold = waits(at, 1, tier="gold")
    for path in ("/desk/queue", "/desk/queue/rows"):
        page = anna.get(path).text
        assert ids(section(page, "waiting-title")) == [gold, angry, longer, later]
    assert "<title>(4) Queue" in anna.get("/desk/queue").text


def test_a_row_tells_all_that_decides_over_its_place(at: AtTheDesk, anna: Browser) -> None:
    due: dict[str, Any] = {"deadline_at": NOW + timedelta(hours=5), "answer_due_at": NOW - timedelta(minutes=7)}
    waiting = waits(at, 65, "delivered_not_received", mood="upset", tier="silver", **due)
    at.writes(waiting, "Wo bleibt <b>mein</b> Paket?" + "!" * 500)
    page = section(anna.get("/desk/queue").text, "waiting-title")
    told = plain(page)
    for part in (
        why("delivered_not_received"), "1 h 5 min", "upset", "silver customer", "German", "logistics",
        "answer overdue by 7 min", "marketplace deadline", "Wo bleibt <b>mein</b> Paket?",
    ):  # fmt: skip
        assert part in told
    assert '<p class="said" lang="de" dir="auto">Wo bleibt &lt;b&gt;mein&lt;/b&gt;' in page
    assert "!" * desk_pages.FIRST_CHARACTERS not in page
    assert f'action="/desk/conversations/{waiting}/claim"' in page


def test_a_chinese_agent_reads_all_of_it_in_chinese(at: AtTheDesk, http: httpx.Client, engine: Engine) -> None:
    waits(at, 65, mood="angry")
    mei = desk_client.signed_in(http, engine, desk_client.add_agent(engine, "Mei", language="zh"))
    told = plain(section(mei.get("/desk/queue").text, "waiting-title"))
    for part in (why("asked", "zh"), "1 小时 5 分钟", t("zh", "mood_angry"), "德语", "客服团队", "接入"):
        assert part in told


def test_the_newest_message_of_the_buyer_is_the_one_shown_also_when_it_is_a_photo(at: AtTheDesk, anna: Browser) -> None:
    waiting = waits(at, 5)
    at.writes(waiting, "the first")
    at.writes(waiting, "the second")
    page = anna.get("/desk/queue").text
    assert "the second" in page
    assert "the first" not in page
    with writing(at.engine) as connection:
        conversation, photo = locked(connection, waiting), ({"id": "p1"},)
        messages.accept(connection, conversation, "p1", text="", attachments=photo, now=NOW)
    page = anna.get("/desk/queue").text
    assert "Photos, no text" in page
    assert "the second" not in page


def test_what_agents_have_is_listed_apart_and_says_who_waits_for_an_answer(at: AtTheDesk, http: httpx.Client) -> None:
    anna, bea = (desk_client.add_agent(at.engine, name) for name in ("Anna", "Bea"))
    mine, hers = waits(at, 30), waits(at, 30)
    at.do(at.desk.claim, mine, By("Anna", anna.id))
    at.do(at.desk.claim, hers, By("Bea", bea.id))
    at.writes(mine, "Where is it?")
    at.says(mine, By("Anna", anna.id), "Hello")
    at.writes(hers, "Anybody there?")
    page = desk_client.signed_in(http, at.engine, anna).get("/desk/queue").text
    assert ids(section(page, "mine-title")) == [mine]
    assert ids(section(page, "others-title")) == [hers]
    assert "Bea" in plain(section(page, "others-title"))
    assert "unanswered" not in plain(section(page, "mine-title"))
    assert "unanswered for" in plain(section(page, "others-title"))
    at.writes(mine, "And?")
    page = desk_client.signed_in(http, at.engine, anna).get("/desk/queue").text
    assert "unanswered" in plain(section(page, "mine-title"))


def test_what_was_handed_back_today_is_listed_and_marked_until_it_comes_again(
    at: AtTheDesk, http: httpx.Client
) -> None:
    anna = desk_client.add_agent(at.engine)
    by = By("Anna", anna.id)
    old, back, again, never = waits(at, 60 * 24 * 3), waits(at, 30), waits(at, 30), at.starts()
    for each, when in ((old, NOW - timedelta(days=2)), (back, NOW), (again, NOW)):
        at.now = when
        at.do(at.desk.claim, each, by)
        at.do(at.desk.hand_back, each, by)
    with writing(at.engine) as connection:
        ownership.hand_over(connection, again, NOW, "asked", {})
        ownership.move(connection, again, ownership.Move("assistant", "taken_back"), NOW + timedelta(seconds=1))
    ended = section(desk_client.signed_in(http, at.engine, anna).get("/desk/queue").text, "closed")
    assert ids(ended) == [back]
    assert never not in ended
    assert "Ended today" in plain(ended)
    assert "Handed back to the assistant Anna" in plain(ended)


def test_every_list_names_the_buyer_where_an_order_is_proven(at: AtTheDesk, http: httpx.Client) -> None:
    anna = desk_client.add_agent(at.engine)
    proven, unproven = [waits(at, 30) for _ in range(5)], waits(at, 30)
    with writing(at.engine) as connection:
        for number, each in enumerate(proven):
            order = an_order(id=number + 1, number=f"100{number}", buyer=a_buyer(name=f"Buyer <{number}>"))
            order_id = int(Orders(connection).save("default", order))
            Identities(connection).record_proof(each, order_id, "email", NOW)
    _, mine, hers, closed, back = proven
    for each, by in (
        (mine, By("Anna", anna.id)),
        (hers, By("Zoe", 99)),
        (closed, By("Zoe", 99)),
        (back, By("Zoe", 99)),
    ):
        at.do(at.desk.claim, each, by)
    at.do(at.desk.close, closed, By("Zoe", 99), "solved")
    at.do(at.desk.hand_back, back, By("Zoe", 99))
    page = desk_client.signed_in(http, at.engine, anna).get("/desk/queue").text
    for number, each in enumerate(proven):
        row = page[page.index(f'<li class="row" data-id="{each}"') :].split('<li class="row"', 2)[1]
        (link,) = re.findall(r"<a .*?</a>", row, re.DOTALL)
        assert f"<b>Buyer &lt;{number}&gt;</b>" in link
        assert f'href="/desk/conversations/{each}"' in link
    assert plain(page).count("Buyer <") == 5
    assert unproven in page


def test_the_page_says_once_on_whose_clock_its_times_are(anna: Browser) -> None:
    page = unescape(anna.get("/desk/queue").text)
    assert page.count("Times are in the shop's time zone, Asia/Shanghai.") == 1


def test_what_was_closed_today_is_listed_with_why_and_by_whom(at: AtTheDesk, http: httpx.Client) -> None:
    anna = desk_client.add_agent(at.engine)
    by = By("Anna", anna.id)
    old, new, again = waits(at, 60 * 24 * 3), waits(at, 30), waits(at, 30)
    for each, when in ((old, NOW - timedelta(days=2)), (new, NOW), (again, NOW)):
        at.now = when
        at.do(at.desk.claim, each, by)
        at.do(at.desk.close, each, by, "no_answer")
    at.do(at.desk.claim, again, by)
    closed = section(desk_client.signed_in(http, at.engine, anna).get("/desk/queue").text, "closed")
    assert ids(closed) == [new]
    assert t("en", "closed_no_answer")[1:] in plain(closed)
    assert "Anna" in plain(closed)


def test_an_empty_queue_says_so(anna: Browser) -> None:
    told = plain(section(anna.get("/desk/queue").text, "waiting-title"))
    assert "Nobody is waiting. New conversations appear here by themselves." in told


# -- for whom ------------------------------------------------------------------------------


def test_an_agent_sees_the_conversations_of_their_shop_alone(at: AtTheDesk, http: httpx.Client) -> None:
    ours, theirs = waits(at, 5, shop="outdoor"), waits(at, 5, shop="toys")
    agent = desk_client.add_agent(at.engine, "Bea", shop="outdoor")
    for each, name in ((waits(at, 5, shop="toys"), "Zoe"), (waits(at, 5, shop="toys"), "Zoe")):
        at.do(at.desk.claim, each, By(name, 99))
    at.do(at.desk.close, each, By("Zoe", 99), "solved")
    page = desk_client.signed_in(http, at.engine, agent).get("/desk/queue").text
    assert ids(page) == [ours]
    assert theirs not in page
    assert "Zoe" not in page
    assert "(1) Queue" in page


def test_a_team_sees_its_own_queue_first_and_any_other_when_asked(at: AtTheDesk, http: httpx.Client) -> None:
    care, logistics = waits(at, 5), waits(at, 5, "delivered_not_received")
    agent = desk_client.signed_in(http, at.engine, desk_client.add_agent(at.engine, "Bea", team="logistics"))
    assert ids(agent.get("/desk/queue").text) == [logistics]
    assert ids(agent.get("/desk/queue?team=care").text) == [care]
    assert set(ids(agent.get("/desk/queue?team=all").text)) == {care, logistics}
    assert ids(agent.get("/desk/queue?team=nonsense").text) == [logistics]
    at.do(at.desk.claim, logistics, By("Zoe", 99))
    told = plain(section(agent.get("/desk/queue").text, "waiting-title"))
    assert "Nobody waits for this team. Other teams have conversations waiting." in told


def test_what_doorstep_asks_itself_is_nobodys_work(at: AtTheDesk, anna: Browser) -> None:
    waits(at, 5, channel="probe")
    assert ids(anna.get("/desk/queue").text) == []


def test_many_conversations_take_no_more_statements_than_one(at: AtTheDesk, anna: Browser) -> None:
    by = By("Zoe", 99)

    def statements() -> int:
        seen: list[str] = []
        with reading(at.engine) as connection:
            event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
            waiting = [each.conversation_id for each in desk.waiting(connection)]
            desk_pages.waiting_rows(connection, waiting)
            desk_pages.held_rows(connection, "")
            ended = desk_pages.ended_rows(connection, "", NOW - timedelta(days=1))
            desk_pages.buyers(connection, [*waiting, *(row.id for row in ended)])
        return len(seen)

    def one_of_each() -> None:
        waits(at, 5)
        for each in (held := waits(at, 5), waits(at, 5)):
            at.do(at.desk.claim, each, by)
            if each != held:
                at.do(at.desk.close, each, by, "solved")

    one_of_each()
    few = statements()
    for _ in range(4):
        one_of_each()
    assert statements() == few == 6
    assert len(ids(anna.get("/desk/queue").text)) == 15
