"""Chromium, a fake front and a page that fails its test on any script error or policy violation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.desk_people import PATIENCE, People
from tests.browser.fake_front import FakeFront
from tests.e2e.shop import running_shop

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture(scope="package")  # not session: Playwright keeps an event loop running until it is stopped
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def front() -> Iterator[FakeFront]:
    front = FakeFront()
    front.start()
    yield front
    front.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    context.add_init_script(WATCH)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, front: FakeFront) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    assert page.evaluate("window.violations ?? []") == []


@pytest.fixture
def people(request: pytest.FixtureRequest, browser: Browser) -> Iterator[People]:
    """Agents and buyers on the whole system, nobody there yet; no page of theirs may do what it must not."""
    expect.set_options(timeout=PATIENCE)
    people = People(running_shop(request.config), browser)
    yield people
    expect.set_options(timeout=5_000)
    people.leave()
