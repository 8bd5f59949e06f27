"""The screen of a conversation in a browser: answering without a reload, drafts, who has it, keys, small screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.engine import Engine

from doorstep.people.agents import LEAD
from tests.browser.conftest import WATCH
from tests.contract import desk_talk, fronts
from tests.contract.chat_client import Buyer
from tests.contract.desk_client import Browser as Client
from tests.contract.desk_talk import helped, path, recent_order, said, writes

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


class Desk:
    """A front with a buyer whom Anna helps, and her page."""

    def __init__(self, http: httpx.Client, engine: Engine, browser: Browser) -> None:
        self.http, self.engine, self._browser = http, engine, browser
        self.buyer: Buyer
        self.anna: Client
        self.buyer, self.anna = helped(http, engine, "Where is it?", order=recent_order())

    def page(self, width: int = 1280, scheme: str = "light") -> Page:
        """Anna's page, freshly loaded."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        token = self.anna.http.cookies["doorstep_desk"]
        context.add_cookies([{"name": "doorstep_desk", "value": token, "url": str(self.http.base_url)}])
        page = context.new_page()
        page.goto(f"{self.http.base_url}{path(self.buyer)}")
        return page


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    with fronts.running(fronts.a_front(fronts.a_settings(sqlite_engine, tmp_path))) as http:
        made = Desk(http, sqlite_engine, browser)
        yield made
        for context in list(browser.contexts):
            for page in context.pages:
                assert page.evaluate("window.violations ?? []") == []
            context.close()


def test_a_reply_is_sent_by_keyboard_without_a_reload_and_the_box_is_ready_for_the_next(desk: Desk) -> None:
    page = desk.page()
    page.evaluate("window.sameLoad = true")
    box = page.get_by_label("Reply (the buyer reads English)")
    box.fill("It is in Curitiba.")
    box.press("Control+Enter")
    line = page.locator(".from-agent")
    expect(line).to_contain_text("It is in Curitiba.")
    expect(line.get_by_text("waits for the buyer's page")).to_be_visible()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert said(desk.buyer) == ["It is in Curitiba."]
    expect(line.get_by_text("on the buyer's page")).to_be_visible()
    assert page.evaluate("window.sameLoad")


def test_a_reply_whose_answer_was_lost_is_said_once_when_it_is_sent_again(desk: Desk) -> None:
    page = desk.page()
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(str(route.fetch().status))
        route.abort()

    page.route("**/say", lose, times=1)
    page.get_by_label(re.compile("^Reply")).fill("Only once.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").filter(has_text="Not sent")).to_be_visible()
    assert lost == ["200"]
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label(re.compile("^Reply"))).to_have_value("")
    assert said(desk.buyer) == ["Only once."]


def test_what_the_buyer_writes_appears_and_is_read_out_once(desk: Desk) -> None:
    page = desk.page()
    writes(desk.engine, desk.buyer, "<img src=x onerror=alert(1)>", "m1")
    expect(page.locator(".from-buyer").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#heard")).to_have_text("The buyer wrote: <img src=x onerror=alert(1)>")
    assert page.locator("#lines img").count() == 0
    assert page.locator("#lines[aria-live], #scroll[aria-live]").count() == 0


def test_a_draft_outlives_a_reload_and_is_kept_when_a_lead_takes_over(desk: Desk) -> None:
    page = desk.page()
    page.get_by_label(re.compile("^Reply")).fill("Half a sent")
    page.reload()
    expect(page.get_by_label(re.compile("^Reply"))).to_have_value("Half a sent")
    lead = desk_talk.agent(desk.http, desk.engine, "Mei", role=LEAD)
    lead.post(path(desk.buyer, "take-over"))
    expect(page.get_by_text("Mei has this conversation.")).to_be_visible()
    expect(page.locator("#head .holder")).to_contain_text("Mei")
    expect(page.get_by_label("What you wrote")).to_have_value("Half a sent")


def test_a_canned_reply_is_put_into_the_box_to_be_changed(desk: Desk) -> None:
    page = desk.page()
    page.locator("#canned-part summary").click()
    page.get_by_role("link", name="Where the parcel is").click()
    box = page.get_by_label(re.compile("^Reply"))
    expect(box).to_have_value(re.compile("RB123456785CN"))
    expect(box).to_be_focused()
    assert said(desk.buyer) == []


def test_single_keys_lead_about_but_never_while_something_is_written(desk: Desk) -> None:
    page = desk.page()
    page.locator("#scroll").focus()
    page.keyboard.press("r")
    box = page.get_by_label(re.compile("^Reply"))
    expect(box).to_be_focused()
    page.keyboard.type("grn?q")
    expect(box).to_have_value("grn?q")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("Single keys work").uncheck()
    page.get_by_role("button", name="Done").click()
    page.keyboard.press("n")
    expect(page.get_by_label("Only colleagues read this")).to_be_hidden()


def test_a_grant_goes_from_the_amount_over_the_preview_to_the_buyer(desk: Desk) -> None:
    page = desk.page()
    page.locator("#grant-part summary").click()
    part = page.locator("#grant-part form").filter(has_text="Part of the money back").first
    part.get_by_label(re.compile("^Amount")).fill("5.00")
    part.get_by_role("button").click()
    expect(page.get_by_role("heading", name="What the buyer will read")).to_be_visible()
    page.get_by_role("button", name="Grant and send").click()
    expect(page.get_by_role("status").filter(has_text="Granted")).to_be_visible()
    expect(page.locator(".from-agent")).to_contain_text("$5.00")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_it_can_be_used_by_everybody_on_every_screen(desk: Desk, width: int, scheme: str) -> None:
    desk.anna.post(path(desk.buyer, "note"), text="Quiet.")
    desk.anna.post(path(desk.buyer, "say"), text="Hello", key="key-of-anna")
    page = desk.page(width, scheme)
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    for part in ("", "canned-part", "note-part", "grant-part", "give-part", "close-part"):
        if part:
            page.evaluate("id => (document.getElementById(id).open = true)", part)
        found = page.evaluate("axe.run().then((told) => told.violations.map((one) => one.id + one.nodes[0].html))")
        assert found == [], part
    assert page.evaluate("document.documentElement.scrollWidth") <= width
