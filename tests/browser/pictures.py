"""Makes the pictures in docs/desk.md again: `.venv/bin/python -m tests.browser.pictures`. Takes five minutes.

A system of its own lives through some days; then the buyers of `doorstep demo --queue` come, and Chromium looks at it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from doorstep import settings
from doorstep.commands import demo_queue
from doorstep.people.agents import LEAD
from doorstep.settings import ROOT
from doorstep.storage.engine import make_engine
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.desk_days import Days
from tests.contract.desk_client import PASSWORD
from tests.e2e.running import doorstep
from tests.e2e.week import set_clock

DAYS = 6
COLOURS = 200
OFFICE = {"hour": 2, "minute": 20, "second": 0, "microsecond": 0}  # UTC: the morning of the demo shop's people
ANNA, MEI = "Anna", "Mei"
NOTED = "Asked YunExpress to look for it in Chicago. They answer by noon."
TOLD = "Hello Rafael, I'm Anna. I've asked YunExpress who has to pay what, and I'll tell you today."


def main() -> None:
    """Make all pictures."""
    if CHROMIUM is None:
        raise SystemExit("Chromium is not installed.")
    with a_shop() as days, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        begin = days.now
        for number in range(DAYS):
            days.now = begin + timedelta(days=number)
            days.day(talks=15 if days.now.weekday() < 5 else 10)
            print(f"{days.now:%Y-%m-%d}", flush=True)
        days.now = begin + timedelta(days=DAYS)
        days.day(talks=6, helped=0.5)
        waiting = queue(days)
        take(browser, days, waiting)
        browser.close()


@contextmanager
def a_shop() -> Iterator[Days]:
    """A system with demo orders and two agents, whose clock begins so that the last day is a working day."""
    begin = datetime.now(timezone.utc).replace(**OFFICE)  # type: ignore[arg-type]
    begin -= timedelta(days=max(0, (begin + timedelta(days=DAYS)).weekday() - 4))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-pictures-")))
        clock = folder / "clock"
        set_clock(clock, begin)
        process = stack.enter_context(doorstep(folder, "--demo", environment={"DOORSTEP_CLOCK_FILE": str(clock)}))
        process.wait_until_ready()
        engine = make_engine(settings.load(process.environment).database_url)
        stack.callback(engine.dispose)
        http = stack.enter_context(httpx.Client(base_url=process.url, timeout=60, trust_env=False))
        days = Days(process.url, http, engine, clock, begin)
        days.agent(ANNA, "agent")
        days.agent(MEI, LEAD)
        yield days


def queue(days: Days) -> dict[str, str]:
    """The five buyers come, some time apart; gives the conversations by their orders."""
    found = {}
    for talk in reversed(demo_queue.talks()):
        days.passes(minutes=17)
        buyer = demo_queue.Buyer(days.http, talk.language)
        for text in talk.says:
            days.passes(seconds=40)
            buyer.say(text)
        found[talk.order] = buyer.conversation_id
    days.passes(minutes=12)
    return found


def take(browser: Browser, days: Days, waiting: dict[str, str]) -> None:
    """Look at the queue, help, and look at a conversation, on a phone, and at the figures."""
    here = {order: f"{days.url}/desk/conversations/{id_}" for order, id_ in waiting.items()}
    anna, mei = page_of(browser, days, ANNA), page_of(browser, days, MEI)
    claim(mei, here["1021"])
    claim(anna, here["1007"])
    anna.get_by_label("Reply", exact=False).fill(TOLD)
    anna.get_by_role("button", name="Send").click()
    anna.locator(".from-agent").wait_for()
    anna.goto(f"{days.url}/desk/queue")
    shoot(anna, "queue", height=700)

    claim(anna, here["1004"])
    anna.locator("#canned-part summary").click()
    anna.get_by_role("link", name="Sorry for the delay").click()
    anna.locator("#note-part summary").click()
    anna.get_by_label("Only colleagues read this").fill(NOTED)
    anna.get_by_role("button", name="Keep the note").click()
    anna.locator(".note").first.wait_for()
    anna.locator("#grant-part summary").click()
    shoot(anna, "conversation", height=1240)

    phone = page_of(browser, days, ANNA, viewport={"width": 360, "height": 1000})
    claim(phone, here["1020"])
    phone.locator("#lines img").last.scroll_into_view_if_needed()
    shoot(phone, "phone", height=1000)

    mei.goto(f"{days.url}/desk/figures?days=7&by=day")
    shoot(mei, "figures", height=1305)


def page_of(browser: Browser, days: Days, name: str, **options: Any) -> Page:
    """A page of an agent who has just signed in."""
    options = {"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **options}
    page = browser.new_context(reduced_motion="reduce", **options).new_page()
    page.goto(f"{days.url}/desk")
    page.get_by_label("E-mail address or name").fill(name.lower())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("#lists").wait_for()
    return page


def claim(page: Page, address: str) -> None:
    """Take a conversation over."""
    page.goto(address)
    page.get_by_role("button", name="Claim").click()
    page.wait_for_load_state()
    page.get_by_label("Reply", exact=False).wait_for()


def shoot(page: Page, name: str, height: int) -> None:
    """Keep what is seen in a window of this height as docs/desk-NAME.png, in few colours, since pages have few."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": height})
    page.evaluate("document.activeElement?.blur()")
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    file = ROOT / "docs" / f"desk-{name}.png"
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
