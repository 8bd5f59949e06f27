"""The desk and the chat in Chromium, on the real system: agents and a buyer who see each other at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from doorstep.storage.engine import writing
from doorstep.storage.tables import agent_sessions
from tests.browser.desk_people import (
    HOSTILE_BUYER,
    HOSTILE_MESSAGE,
    HOSTILE_NUMBER,
    HOSTILE_SCAN,
    SUPPORT,
    People,
    bubbles,
    claim,
    fill_in_sign_in,
    lines,
    open_from_queue,
    open_tool,
    reply,
    reply_box,
    row,
    who_is_there,
    write,
)
from tests.e2e.orders import HOSTILE_TITLE

pytestmark = [pytest.mark.browser, pytest.mark.processes]


# -- two agents and a buyer ----------------------------------------------------------------


def test_both_agents_see_who_waits_and_when_one_takes_it_the_other_sees_who(people: People) -> None:
    anna, mei = people.agent("Anna"), people.agent("Mei")
    for queue in (anna, mei):
        queue.evaluate("window.sameLoad = true")
    buyer, this = people.waiting_buyer()

    for queue in (anna, mei):
        expect(row(queue, this)).to_contain_text("The buyer asked for a person.")
    claim(anna, this)
    expect(who_is_there(buyer)).to_have_text(SUPPORT)
    expect(bubbles(buyer, "notice").last).to_contain_text("Anna")
    expect(mei.get_by_role("region", name="With colleagues").locator(f"[data-id='{this}']")).to_contain_text("Anna")
    expect(mei.locator(f"#claim-{this}")).to_have_count(0)
    assert mei.evaluate("window.sameLoad")
    assert people.owner(this) == ("agent", "Anna")


def test_words_and_typing_cross_both_ways_without_a_reload(people: People) -> None:
    anna = people.agent("Anna")
    buyer, this = people.helped_buyer(anna)
    expect(anna.locator("#head")).to_contain_text("Answer promised by")
    for page in (anna, buyer):
        page.evaluate("window.sameLoad = true")

    reply_box(anna).press_sequentially("Hello, I am ")
    expect(buyer.locator(".typing")).to_have_text("Anna is typing")
    reply(anna, "Hello, I am Anna.")
    expect(bubbles(buyer, "agent")).to_have_text(["Hello, I am Anna."])
    expect(buyer.locator(".message.from-agent .who")).to_contain_text("Anna")
    expect(buyer.locator(".typing")).to_be_hidden()
    expect(lines(anna, "agent").last.locator(".came")).to_be_visible()
    expect(anna.locator("#head")).not_to_contain_text("Answer promised by", timeout=30_000)  # it is renewed each minute

    buyer.get_by_role("textbox").fill("It is a present")
    expect(anna.locator("#typing")).to_have_text("The buyer is typing…")
    buyer.get_by_role("textbox").press("Enter")
    expect(lines(anna, "buyer").last).to_contain_text("It is a present")
    assert people.typists(this) == []
    expect(anna.locator("#typing")).to_have_text("")
    assert (anna.evaluate("window.sameLoad"), buyer.evaluate("window.sameLoad")) == (True, True)


def test_a_sign_of_typing_from_before_a_page_slept_is_gone_when_it_wakes(people: People) -> None:
    anna = people.agent("Anna")
    buyer, _ = people.helped_buyer(anna)
    buyer.get_by_role("textbox").fill("It is a present")
    expect(anna.locator("#typing")).to_have_text("The buyer is typing…")

    anna.evaluate("dispatchEvent(new Event('pagehide'))")
    buyer.get_by_role("textbox").press("Enter")
    expect(bubbles(buyer, "buyer").last).to_have_text("It is a present")
    anna.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(lines(anna, "buyer").last).to_contain_text("It is a present")
    expect(anna.locator("#typing")).to_have_text("")


def test_a_private_note_is_read_by_colleagues_and_never_by_the_buyer(people: People) -> None:
    anna, mei = people.agent("Anna"), people.agent("Mei", role="lead")
    buyer, this = people.helped_buyer(anna)
    open_from_queue(mei, this)

    note = open_tool(anna, "Private note")
    note.get_by_label("Only colleagues read this").fill("He sounds nice.")
    note.get_by_role("button", name="Keep the note").click()
    for screen in (anna, mei):
        expect(screen.locator("#lines .note")).to_contain_text("Private note from Anna")
        expect(screen.locator("#lines .note")).to_contain_text("He sounds nice.")
    reply(anna, "One moment, please.")
    expect(bubbles(buyer, "agent")).to_have_text(["One moment, please."])
    buyer.reload()
    expect(bubbles(buyer, "agent")).to_have_text(["One moment, please."])
    assert "sounds nice" not in buyer.locator(".panel").inner_text()
    assert "sounds nice" not in people.told_to(buyer)


def test_after_a_hand_back_the_assistant_answers_and_the_desk_shows_it(people: People) -> None:
    anna, mei = people.agent("Anna"), people.agent("Mei")
    buyer, this = people.helped_buyer(anna)
    open_from_queue(mei, this)
    expect(mei.locator("#work")).to_contain_text("Anna has this conversation.")

    open_tool(anna, "Pass on or hand back").get_by_role("button", name="Hand back to the assistant").click()
    expect(anna.get_by_text("The conversation is back with the assistant.")).to_be_visible()
    expect(who_is_there(buyer)).to_contain_text("Automated assistant")
    expect(bubbles(buyer, "notice").last).to_contain_text("Anna")
    expect(mei.locator("#head .holder")).to_contain_text("The assistant")
    before = bubbles(buyer, "assistant").count()
    write(buyer, "Where is my order 1003?")
    expect(bubbles(buyer, "assistant")).to_have_count(before + 1)
    expect(lines(mei, "buyer").last).to_contain_text("Where is my order 1003?")
    expect(lines(mei, "assistant").last).to_contain_text("1003")
    assert people.owner(this) == ("assistant", "")


def test_a_closed_conversation_is_rated_in_two_clicks_and_thanks_leave_it_closed(people: People) -> None:
    anna = people.agent("Anna")
    buyer, this = people.helped_buyer(anna)

    close = open_tool(anna, "Close")
    close.get_by_label("Reason").select_option(label="solved")
    close.get_by_role("button", name="Close the conversation").click()
    expect(anna.get_by_text("The conversation is closed.")).to_be_visible()
    expect(who_is_there(buyer)).to_contain_text("Closed")
    buyer.get_by_role("button", name="Good", exact=False).first.click()
    buyer.get_by_role("button", name="It's solved").click()
    expect(bubbles(buyer, "notice").last).to_have_text("Thank you, I've passed that on.")
    assert people.rating(this) == ("good", "solved")
    before = bubbles(buyer, "assistant").count()
    write(buyer, "thanks")
    expect(bubbles(buyer, "assistant")).to_have_count(before + 1)
    expect(who_is_there(buyer)).to_contain_text("Closed")
    assert people.owner(this)[0] == "closed"
    anna.locator("#closed summary").click()
    expect(anna.locator(f"#closed [data-id='{this}']")).to_contain_text("Solved")


# -- at the same moment --------------------------------------------------------------------


def test_of_two_who_claim_at_the_same_moment_one_has_it_and_the_other_reads_who(people: People) -> None:
    both = {"Anna": people.agent("Anna"), "Mei": people.agent("Mei")}
    _, this = people.waiting_buyer()
    for queue in both.values():
        expect(queue.locator(f"#claim-{this}")).to_be_visible()

    at = both["Anna"].evaluate("Date.now()") + 1_000
    for queue in both.values():
        queue.evaluate(
            "([id, at]) => void setTimeout(() => document.getElementById(id).click(), at - Date.now())",
            [f"claim-{this}", at],
        )
    for queue in both.values():
        queue.wait_for_url(f"**/desk/conversations/{this}**")
    owner, winner = people.owner(this)
    (loser,) = set(both) - {winner}
    expect(reply_box(both[winner])).to_be_visible()
    told = both[loser].get_by_role("alert").filter(has_text=f"{winner} has taken this conversation a moment ago.")
    expect(told).to_be_visible()
    expect(reply_box(both[loser])).to_have_count(0)
    assert (owner, people.takers(this)) == ("agent", [winner])


# -- what comes from outside ---------------------------------------------------------------


def test_scripts_in_an_order_a_scan_and_a_message_are_shown_as_text(people: People) -> None:
    anna = people.agent("Anna")
    buyer, this = people.hostile_buyer()

    expect(row(anna, this)).to_contain_text(HOSTILE_MESSAGE)
    _nothing_ran(anna)
    claim(anna, this)
    expect(lines(anna, "buyer").last).to_contain_text(HOSTILE_MESSAGE)
    expect(anna.locator("#lines .card")).to_contain_text(HOSTILE_SCAN)
    expect(anna.get_by_role("heading", level=1)).to_have_text(HOSTILE_BUYER)
    for told in (HOSTILE_NUMBER, HOSTILE_TITLE, HOSTILE_SCAN):
        expect(anna.locator("#side")).to_contain_text(told)
    write(buyer, f"{HOSTILE_MESSAGE} again")
    expect(lines(anna, "buyer").last).to_contain_text(f"{HOSTILE_MESSAGE} again")
    grants = open_tool(anna, "Grant something")
    expect(grants).to_contain_text(HOSTILE_TITLE)
    _nothing_ran(anna)
    grants.locator("li", has_text="Send again").get_by_role("button").click()
    expect(anna.locator(".preview")).to_contain_text(HOSTILE_NUMBER)
    _nothing_ran(anna)
    _nothing_ran(buyer)


def _nothing_ran(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src=x]").count() == 0


# -- when one side is away -----------------------------------------------------------------


def test_a_reply_to_a_buyer_who_is_away_waits_and_is_delivered_when_they_are_back(people: People) -> None:
    anna = people.agent("Anna")
    buyer, _ = people.helped_buyer(anna)
    context = buyer.context
    buyer.close()

    reply(anna, "Your parcel is in Chicago.")
    waits, came = (lines(anna, "agent").last.locator(f".delivery {each}") for each in (".waits", ".came"))
    expect(waits).to_be_visible()
    anna.reload()
    expect(waits).to_be_visible()
    expect(came).to_be_hidden()
    back = people.watched(context.new_page())
    back.goto(f"{people.shop.process.url}/demo")
    expect(bubbles(back, "agent")).to_have_text(["Your parcel is in Chicago."])
    expect(came).to_be_visible()
    expect(waits).to_be_hidden()


def test_what_an_agent_wrote_outlives_the_end_of_the_session(people: People) -> None:
    login = people.login("Anna")
    anna = people.agent("Anna", login=login)
    buyer, this = people.helped_buyer(anna)
    reply_box(anna).fill("I have asked the carrier")
    _end_sessions(people)

    anna.get_by_role("button", name="Send").click()
    told = anna.get_by_role("alert").filter(has_text="You have been signed out.")
    expect(told).to_be_visible()
    expect(reply_box(anna)).to_have_value("I have asked the carrier")
    told.get_by_role("link", name="Sign in").click()
    fill_in_sign_in(anna, login)
    anna.wait_for_url(f"**/desk/conversations/{this}")
    expect(reply_box(anna)).to_have_value("I have asked the carrier")
    anna.get_by_role("button", name="Send").click()
    expect(bubbles(buyer, "agent")).to_have_text(["I have asked the carrier"])


def _end_sessions(people: People) -> None:
    """As if everybody had gone home yesterday."""
    with writing(people.shop.engine) as connection:
        yesterday = datetime.now(timezone.utc) - timedelta(days=1)
        connection.execute(update(agent_sessions).values(seen_at=yesterday))
