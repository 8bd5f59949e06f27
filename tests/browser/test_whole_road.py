"""The whole road in Chromium: the real page, the real widget and the real system behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from doorstep import demo
from tests.e2e.facts import day, due_day, label, moment
from tests.e2e.orders import HOSTILE_TITLE, email_of
from tests.e2e.shop import Shop, running_shop

pytestmark = [pytest.mark.browser, pytest.mark.processes]

EMAILS = {order["number"]: order["email"] for order in demo.listing()}
PATIENCE = 60_000  # milliseconds


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest) -> Shop:
    """The whole system, ready."""
    return running_shop(request.config)


@pytest.fixture
def page(context: BrowserContext, shop: Shop) -> Iterator[Page]:
    """The demo shop's page; any script error or policy violation fails the test."""
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.process.url}/demo")
    yield page
    expect.set_options(timeout=5_000)
    assert errors == []
    assert page.evaluate("window.violations ?? []") == []


def write(page: Page, text: str) -> None:
    """Write a message as a buyer does."""
    field = page.get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def bubbles(page: Page, sender: str = "") -> Locator:
    """What was said so far, by everybody or by one side."""
    return page.locator(f".message{f'.from-{sender}' if sender else ''} :is(.bubble, .notice)")


def prove(page: Page, number: str, email: str) -> None:
    """Get from hello to the answer about an order."""
    write(page, "hi where is my stuff")
    expect(bubbles(page, "assistant")).to_have_count(1)
    write(page, number)
    expect(bubbles(page, "assistant").nth(1)).to_contain_text(number)
    write(page, email)
    expect(bubbles(page, "assistant")).to_have_count(3)


def test_buyer_gets_from_hello_to_a_settled_order(page: Page, shop: Shop, tmp_path: Path) -> None:
    order = shop.order("1002")
    prove(page, "1002", EMAILS["1002"])

    answer = bubbles(page, "assistant").nth(2)
    for scan in order.parcels[0].scans[-3:]:
        expect(answer).to_contain_text(f"{moment(scan.at)}: {scan.description}")
    grace = next(promise for promise in shop.promises("1002") if promise.kind == "grace")
    expect(answer).to_contain_text(day(due_day(shop.policy, grace)))
    expect(page.locator(".card .step")).to_have_count(3)
    said = bubbles(page).all_inner_texts()

    page.reload()
    expect(bubbles(page)).to_have_text(said)
    wait = label("choice_then_wait")
    page.get_by_role("button", name=wait).click()
    expect(bubbles(page, "assistant")).to_have_count(4)
    expect(bubbles(page, "buyer").last).to_have_text(wait)
    expect(bubbles(page, "assistant").last).to_contain_text("1002")

    picture = tmp_path / "road.png"
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_order_of_the_demo_page_is_asked_about_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="Ask about it: order 1003", exact=True).click()
    page.get_by_role("textbox").press("Enter")

    expect(bubbles(page, "assistant")).to_have_count(1)
    expect(bubbles(page, "assistant")).to_contain_text("1003")


def test_hostile_product_title_is_drawn_as_text(page: Page) -> None:
    prove(page, "7120", email_of("7120"))

    expect(bubbles(page, "assistant").nth(2)).to_contain_text(HOSTILE_TITLE)
    expect(page.locator(".bubble :is(b, img)")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


def test_hostile_message_of_the_buyer_is_drawn_as_text(page: Page) -> None:
    write(page, '<img src=x onerror="window.pwned=1"><b>where</b> is it')

    expect(bubbles(page, "buyer")).to_have_text('<img src=x onerror="window.pwned=1"><b>where</b> is it')
    expect(bubbles(page, "assistant")).to_have_count(1)
    assert page.evaluate("window.pwned") is None


def test_two_pages_of_one_buyer_show_the_same_conversation(page: Page, context: BrowserContext, shop: Shop) -> None:
    write(page, "hello")
    expect(bubbles(page, "assistant")).to_have_count(1)
    second = context.new_page()
    second.goto(f"{shop.process.url}/demo")

    expect(bubbles(second)).to_have_text(bubbles(page).all_inner_texts())
    write(second, "where is my order?")
    expect(bubbles(page)).to_have_count(4)
