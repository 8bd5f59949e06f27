"""Hostile words stay words, and the strictest policies and other sites' pages are no trouble."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_front import FakeFront
from tests.browser.widget_page import (
    CARD,
    CHOICES,
    PARCEL,
    add_file,
    messages,
    saying,
    visit,
    write,
)

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=window.hacked=1> <script>window.hacked=1</script> javascript:alert(1) "
    "data:text/html,x http://plain.example https://bank.example@evil.example/ https://good.example/a?b=1."
)


def test_hostile_words_are_shown_as_text_wherever_they_stand(page: Page, front: FakeFront) -> None:
    scan = {"at": HOSTILE, "text": HOSTILE, "place": HOSTILE}
    parcel = {**PARCEL, "tracking_number": HOSTILE, "carrier": HOSTILE, "status": HOSTILE, "status_text": HOSTILE}
    card = {"type": "tracking", "order_number": HOSTILE, "parcels": [{**parcel, "scans": [scan] * 9}]}
    file = {"id": "../../x", "name": HOSTILE, "type": HOSTILE, "size": 3}
    choice = {"label": HOSTILE, "token": HOSTILE}
    front.answer = saying({"text": HOSTILE, "card": card, "choices": [choice], "attachments": [file]})
    visit(page, front)
    write(page, HOSTILE)
    expect(messages(page)).to_have_text([HOSTILE, HOSTILE])
    expect(page.locator(".choice", has_text="javascript:")).to_be_visible()
    expect(page.locator(".log img")).to_have_count(0)
    assert page.locator(".log").evaluate("log => log.querySelectorAll('script, [style]').length") == 0
    assert page.evaluate("window.hacked") is None
    links = page.locator(".log a")
    assert (
        links.evaluate_all("all => all.map((a) => [a.href, a.rel])")
        == [["https://good.example/a?b=1", "noopener noreferrer"]] * 2
    )


def test_strict_policy_is_never_violated(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "See:", "card": CARD, "choices": CHOICES})
    front.orders = [{"number": "LL-1", "email": "a@b.example", "postcode": "1", "what": "Late"}]
    page.goto(f"{front.url}/demo")
    add_file(page, "cup.png", "image/png")
    expect(page.locator(".tray .file")).to_have_attribute("data-state", "ready")
    write(page, "Hello\nthere")
    expect(page.locator(".card")).to_be_visible()
    expect(page.get_by_role("img", name="cup.png")).to_be_visible()
    assert page.evaluate("violations") == []


def test_chat_works_on_a_page_of_another_site(page: Page, front: FakeFront) -> None:
    page.goto(f"http://localhost:{front.port}/elsewhere")
    write(page, "Hello from afar")
    expect(messages(page, "assistant")).to_have_text(["You wrote: Hello from afar"])
    front.push("assistant", text="and back")
    expect(messages(page, "assistant").last).to_have_text("and back")


def test_page_and_chat_do_not_style_each_other(page: Page, front: FakeFront) -> None:
    visit(page, front)
    before = page.locator("#before").evaluate("node => getComputedStyle(node).font")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("p, button, div { color: rgb(1, 2, 3) !important; font-size: 40px !important }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    expect(page.locator(".welcome-more")).not_to_have_css("font-size", "40px")
    page.evaluate("document.adoptedStyleSheets = []")
    assert page.locator("#before").evaluate("node => getComputedStyle(node).font") == before
