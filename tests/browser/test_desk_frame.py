"""The desk in a browser: signing in, the list that stays live, and pages that everybody can use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.engine import Engine

from doorstep.people.agents import LEAD
from doorstep.storage import agents, conversations
from doorstep.storage.engine import writing
from doorstep.storage.ownership import By
from tests.contract import desk_client, fronts
from tests.storage.at_the_desk import AtTheDesk

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PAGES = ("/desk/sign-in", "/desk/queue", "/desk/figures", "/desk/nowhere")


@pytest.fixture
def at(sqlite_engine: Engine) -> AtTheDesk:
    return AtTheDesk(sqlite_engine, datetime.now(timezone.utc))


@pytest.fixture
def base(sqlite_engine: Engine, tmp_path: Path) -> Iterator[str]:
    """The address of a front with a desk, at which Li may sign in."""
    desk_client.add_agent(sqlite_engine, "Li", role=LEAD)
    with fronts.running(fronts.a_front(fronts.a_settings(sqlite_engine, tmp_path))) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    assert page.evaluate("window.violations ?? []") == []


def sign_in(page: Page, base: str, path: str = "/desk") -> None:
    """By keyboard alone."""
    page.goto(base + path)
    expect(page.get_by_label("E-mail address or name")).to_be_focused()
    page.keyboard.type("li")
    page.keyboard.press("Tab")
    page.keyboard.type(desk_client.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_somebody_new_in_the_queue_is_shown_counted_and_announced_once(page: Page, base: str, at: AtTheDesk) -> None:
    sign_in(page, base)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    expect(page).to_have_title("Queue · Doorstep desk")
    first = at.waits()
    expect(page.get_by_role("button", name="Claim: The buyer asked for a person.")).to_be_visible()
    expect(page).to_have_title("(1) Queue · Doorstep desk")
    expect(page.locator("#news")).to_have_text("New in the queue: The buyer asked for a person.")
    at.do(at.desk.claim, first, By("Zoe", 99))
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    expect(page.get_by_role("region", name="With colleagues")).to_contain_text("Zoe")
    expect(page).to_have_title("Queue · Doorstep desk")


def test_the_focus_stays_where_it_was_when_the_list_changes(page: Page, base: str, at: AtTheDesk) -> None:
    first, second = at.waits(), at.waits()
    sign_in(page, base)
    page.locator(f"#claim-{second}").focus()
    page.locator("#closed summary").click()
    page.locator(f"#claim-{second}").focus()
    at.do(at.desk.claim, first, By("Zoe", 99))
    expect(page.locator(f"#claim-{first}")).to_have_count(0)
    expect(page.locator(f"#claim-{second}")).to_be_focused()
    expect(page.get_by_text("Nothing ended today.")).to_be_visible()
    at.do(at.desk.claim, second, By("Zoe", 99))
    expect(page.locator("#waiting-title")).to_be_focused()


def test_who_was_signed_out_meanwhile_is_told_on_the_page(page: Page, base: str, at: AtTheDesk) -> None:
    sign_in(page, base)
    with writing(at.engine) as connection:
        agents.disable(connection, "li", at.now)
    at.waits()
    expect(page.get_by_text("You have been signed out.")).to_be_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_header(page: Page, base: str) -> None:
    sign_in(page, base)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="all teams")).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(page: Page, base: str, at: AtTheDesk, scheme: str, width: int) -> None:
    _fill(at)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(base + "/desk/sign-in")
    _check(page)
    sign_in(page, base)
    for path in PAGES[1:]:
        page.goto(base + path)
        for details in page.locator("details").all():
            details.evaluate("each => { each.open = true; }")
        _check(page)


def _fill(at: AtTheDesk) -> None:
    by = By("Zoe", 99)
    for mood, due in (("angry", -1), ("upset", 1), ("calm", 60)):
        conversation_id = at.waits("de")
        at.writes(conversation_id, "EinSehrLangesWort" * 20)
        with writing(at.engine) as connection:
            deadline = at.now + timedelta(hours=due)
            conversations.change(connection, conversation_id, mood=mood, tier="gold", deadline_at=deadline)
    for close in (False, True):
        conversation_id = at.waits("zh", "another-shop-with-a-long-name")
        at.do(at.desk.claim, conversation_id, by)
        at.writes(conversation_id, "?")
        if close:
            at.do(at.desk.close, conversation_id, by, "solved")


def _check(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url
