"""The desk on the real system is for everybody: by keyboard alone, on a phone, with a screen reader, in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_people import (
    PASSWORD,
    People,
    bubbles,
    claim,
    lines,
    open_tool,
    reply,
    reply_box,
    row,
    who_is_there,
    write,
)
from tests.browser.desk_seen import AXE, barriers, focus_of, out_of_reach, tab_to, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TOOLS = ("Canned replies", "Private note", "Grant something", "Pass on or hand back", "Close")


# -- by keyboard alone ---------------------------------------------------------------------


def test_keyboard_alone_is_enough_from_the_sign_in_to_the_hand_back(people: People) -> None:
    login = people.login("Anna")
    buyer, this = people.waiting_buyer()
    desk = people.page()
    desk.goto(f"{people.shop.process.url}/desk")
    assert focus_of(desk)[0] == "login"
    desk.keyboard.type(login)
    tab_to(desk, "password")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")

    expect(row(desk, this)).to_be_visible()
    tab_to(desk, f"claim-{this}")
    desk.keyboard.press("Enter")
    expect(reply_box(desk)).to_be_visible()
    tab_to(desk, "Orders and agreements")
    _folds(desk, "#about")
    tab_to(desk, "scroll")  # the messages, to be scrolled
    tab_to(desk, "reply")
    assert focus_of(desk)[0] == "reply"
    _canned_reply_is_changed_and_sent(desk, buyer)
    _note_is_kept(desk)
    tab_to(desk, "Pass on or hand back")
    desk.keyboard.press("Enter")
    tab_to(desk, "Hand back to the assistant")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("The conversation is back with the assistant.")).to_be_visible()
    expect(who_is_there(buyer)).to_contain_text("Automated assistant")
    assert people.owner(this) == ("assistant", "")


def _folds(desk: Page, name: str) -> None:
    for is_open in (False, True):
        desk.keyboard.press("Enter")
        expect(desk.locator(f"{name}[open]")).to_have_count(int(is_open))
        focus_of(desk)


def _canned_reply_is_changed_and_sent(desk: Page, buyer: Page) -> None:
    tab_to(desk, "Canned replies")
    desk.keyboard.press("Enter")
    tab_to(desk, "Greeting")
    desk.keyboard.press("Enter")
    assert focus_of(desk)[0] == "reply"
    expect(reply_box(desk)).not_to_have_value("")
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" How are you?")
    write(buyer, "Are you there?")
    expect(lines(desk, "buyer").last).to_contain_text("Are you there?")
    assert focus_of(desk)[0] == "reply"
    tab_to(desk, "Send")
    desk.keyboard.press("Enter")
    expect(bubbles(buyer, "agent").last).to_contain_text("How are you?")
    expect(reply_box(desk)).to_be_focused()
    assert focus_of(desk)[0] == "reply"


def _note_is_kept(desk: Page) -> None:
    tab_to(desk, "Private note")
    desk.keyboard.press("Enter")
    focus_of(desk)
    tab_to(desk, "note-text")
    desk.keyboard.type("Sounds nice.")
    tab_to(desk, "Keep the note")
    desk.keyboard.press("Enter")
    expect(desk.locator("#lines .note")).to_contain_text("Sounds nice.")
    expect(desk.locator("#note-text")).to_have_value("")
    focus_of(desk)


# -- on a phone ----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 360])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(people: People, width: int) -> None:
    phone = people.agent("Anna", role="lead", viewport={"width": width, "height": 640})
    buyer, this = people.hostile_buyer()
    expect(row(phone, this)).to_be_visible()
    _fits(phone)
    claim(phone, this)
    phone.locator("#about > summary").click()
    _fits(phone)
    for name in TOOLS:
        open_tool(phone, name)
        _fits(phone)

    box = reply_box(phone).bounding_box()
    assert box is not None
    assert (box["width"] >= 240, box["height"] >= 60) == (True, True)
    reply(phone, "I am on my way.")
    expect(bubbles(buyer, "agent").last).to_have_text("I am on my way.")
    expect(phone.get_by_role("button", name="Send")).to_be_in_viewport()

    grants = open_tool(phone, "Grant something")
    grants.locator("li", has_text="Send again").get_by_role("button").click()
    expect(phone.locator(".preview")).to_be_visible()
    _fits(phone)
    phone.goto(f"{people.shop.process.url}/desk/figures")
    _fits(phone)


def _fits(page: Page) -> None:
    assert too_wide(page) == [], page.url
    assert out_of_reach(page) == [], page.url


# -- with whatever one reads it with -------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_any_page(people: People, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --no-save axe-core")
    url = people.shop.process.url
    people.login("Anna")  # somebody can sign in
    stranger = people.page(color_scheme=scheme)
    stranger.goto(f"{url}/desk/sign-in")
    found = barriers(stranger)
    stranger.get_by_label("E-mail address or name").fill("nobody")
    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    found += barriers(stranger)

    anna, mei = (people.agent(name, role="lead", color_scheme=scheme) for name in ("Anna", "Mei"))
    _, this = people.hostile_buyer()
    expect(row(anna, this)).to_be_visible()
    found += barriers(anna)
    claim(anna, this)
    reply(anna, "Hello.")
    for name in TOOLS:
        open_tool(anna, name)
        found += barriers(anna)
    anna.get_by_role("button", name="Keyboard").click()
    found += barriers(anna)
    anna.get_by_role("button", name="Done").click()
    expect(mei.get_by_role("region", name="With colleagues").locator(f"[data-id='{this}']")).to_be_visible()
    mei.locator("#closed summary").click()
    found += barriers(mei)
    mei.goto(f"{url}/desk/conversations/{this}")
    found += barriers(mei)

    open_tool(anna, "Grant something").locator("li", has_text="Send again").get_by_role("button").click()
    expect(anna.locator(".preview")).to_be_visible()
    found += barriers(anna)
    for path in ("figures", "nowhere"):
        mei.goto(f"{url}/desk/{path}")
        found += barriers(mei)
    assert found == []
