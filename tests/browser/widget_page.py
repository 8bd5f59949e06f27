"""What the widget's browser tests do on a page and look at, and the answers they let the front give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_conversation import Json
from tests.browser.fake_front import FakeFront

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
CHOICES = [{"label": "Send it again", "token": "t-again"}, {"label": "Refund", "token": "t-refund"}]
SCANS = [
    {"at": "20 Nov, 08:12", "text": "Arrived at the sorting centre", "place": "Frankfurt"},
    {"at": "17 Nov, 22:40", "text": "Released by customs", "place": "Frankfurt"},
    {"at": "15 Nov, 06:05", "text": "Left the country of origin", "place": "Shenzhen"},
    {"at": "12 Nov, 19:30", "text": "Handed to the airline", "place": "Shenzhen"},
    {"at": "10 Nov, 14:20", "text": "Picked up", "place": "Dongguan"},
]
PARCEL: Json = {
    "tracking_number": "LX472918356CN",
    "carrier": "China Post",
    "status": "late",
    "status_text": "Later than planned",
    "expected_by": "26 November",
    "scans": SCANS,
}
CARD: Json = {"type": "tracking", "order_number": "112-4455667-8899001", "parcels": [PARCEL]}


def visit(page: Page, front: FakeFront, attributes: str = "lang=en&open") -> None:
    page.goto(f"{front.url}/shop?{attributes}")


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def messages(page: Page, sender: str = "") -> Locator:
    return page.locator(f".message{f'.from-{sender}' if sender else ''} :is(.bubble, .notice)")


def pass_time(page: Page, front: FakeFront, until: Callable[[], bool]) -> None:
    """Turn the page's clock on, half a second at a time, each with a call to the front as a breath for the network."""
    for _ in range(400):
        if until():
            return
        page.clock.run_for(500)
        page.request.get(f"{front.url}/shop")
    raise AssertionError("it did not happen")


def saying(*contents: Json) -> Any:
    return lambda _message: list(contents)


def add_file(page: Page, name: str, kind: str, content: bytes = PIXEL) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def begin(page: Page, front: FakeFront, attributes: str = "lang=en&open") -> None:
    """Open the shop's page, say hello to the assistant, and be on the stream that says who is there."""
    visit(page, front, attributes)
    write(page, "Hello")
    expect(messages(page, "assistant")).to_have_count(1)
    for _ in range(400):
        if front.owners_told:
            return
        page.request.get(f"{front.url}/shop")
    raise AssertionError("no stream was opened")


def header(page: Page) -> Locator:
    """The line that says who is there."""
    return page.locator(".header-who")


def announced(page: Page) -> Locator:
    """What a screen reader is told of it."""
    return page.locator(".announcement")


def give_to_anna(page: Page, front: FakeFront) -> None:
    front.pass_to("agent", "Anna")
    expect(header(page)).to_contain_text("Anna")


def stop_clock(page: Page) -> None:
    """From now on the page's time goes on by `page.clock.run_for` alone (after `page.clock.install`)."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 5)  # a jump, shorter than a stream may be silent
