"""The widget is for everybody: keyboard, screen readers, small screens, colours, languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import Refused
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

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              let node = document.activeElement;
              while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
              return node.getAttribute("aria-label") ?? node.textContent;
            }"""
        )
    )


def test_keyboard_alone_is_enough(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What now?", "choices": CHOICES})
    visit(page, front, "lang=en")
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Open the chat"
    page.keyboard.press("Enter")
    assert focused(page) == "Write a message"
    page.keyboard.type("It is lost")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Refund")).to_be_enabled()
    order = []
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
        order.append(focused(page))
    assert order == ["Add a photo or video", "Refund", "Send it again", "Conversation", "Close the chat"]
    for _ in range(2):
        page.keyboard.press("Tab")
    front.answer = saying({"text": "Done."})
    page.keyboard.press("Space")
    expect(messages(page, "assistant")).to_have_text(["What now?", "Done."])
    assert front.buyer_texts() == ["It is lost", "Send it again"]
    assert focused(page) == "Conversation"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert focused(page) == "Open the chat"


def test_panel_is_a_named_dialog_with_a_live_log(page: Page, front: FakeFront) -> None:
    visit(page, front, "lang=en&heading=Oslo&open")
    expect(page.get_by_role("dialog", name="Oslo")).to_be_visible()
    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")


def test_open_attribute_does_not_take_the_focus_from_the_page(page: Page, front: FakeFront) -> None:
    visit(page, front)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")


def test_focus_stays_in_a_panel_that_covers_the_screen(page: Page, front: FakeFront) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    visit(page, front)
    page.get_by_role("button", name="Close the chat").last.focus()
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "Write a message"
    page.keyboard.press("Tab")
    assert focused(page) == "Close the chat"


def test_messages_that_come_while_it_is_closed_are_counted(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "Hello")
    expect(messages(page, "assistant")).to_have_count(1)
    page.keyboard.press("Escape")
    front.push("assistant", text="Your parcel has arrived.")
    front.push("notice", text="See you.")
    launcher = page.get_by_role("button", name="Open the chat, unread messages: 2")
    expect(launcher).to_be_visible()
    page.goto(f"{front.url}/shop?lang=en")
    expect(page.locator(".badge")).to_have_text("2")
    launcher.click()
    expect(page.locator(".badge")).to_be_hidden()
    page.reload()
    expect(messages(page, "notice")).to_have_count(1)
    expect(page.locator(".badge")).to_be_hidden()


def test_nothing_is_wider_than_a_screen_of_320_pixels(page: Page, front: FakeFront) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    choice = {"label": long, "token": "t-long"}
    card = {**CARD, "order_number": long, "parcels": [{**PARCEL, "tracking_number": long, "status_text": long}]}
    front.answer = saying({"text": f"{long} https://{long}.example/{long}", "card": card, "choices": [choice]})
    front.orders = [{"number": long, "email": "a@b.example", "postcode": "1", "what": long}]
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{front.url}/demo")
    add_file(page, f"{long}.png", "image/png")
    expect(page.locator(".tray .file")).to_have_attribute("data-state", "ready")
    write(page, long)
    expect(page.locator(".card")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    overflow = """root => [...root.querySelectorAll("*")]
      .filter((node) => !node.closest("svg, .unseen, .meta") && node.getBoundingClientRect().right > 320.5)
      .map((node) => node.className)"""
    assert page.locator(".panel").evaluate(overflow) == []
    assert page.locator(".log").evaluate("log => log.scrollWidth - log.clientWidth") == 0


def test_long_answer_is_read_from_its_beginning(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "Line\n" * 60})
    visit(page, front)
    write(page, "Tell me everything")
    expect(messages(page, "assistant")).to_have_count(1)
    expect(messages(page, "buyer")).to_be_in_viewport()
    page.get_by_role("button", name="New messages").click()
    expect(messages(page, "buyer")).not_to_be_in_viewport()


def test_nothing_moves_for_buyers_who_asked_for_less_motion(page: Page, front: FakeFront) -> None:
    front.hold_answers = True
    page.emulate_media(reduced_motion="reduce")
    visit(page, front)
    write(page, "Hello")
    expect(page.locator(".typing")).to_be_visible()
    assert page.locator(".panel").evaluate("panel => panel.getAnimations({subtree: true}).length") == 0


def test_colours_follow_the_device_unless_the_shop_decides(page: Page, front: FakeFront) -> None:
    page.emulate_media(color_scheme="dark")
    visit(page, front)
    expect(page.locator(".panel")).to_have_css("background-color", "rgb(22, 25, 23)")
    visit(page, front, "lang=en&theme=light&open")
    expect(page.locator(".panel")).to_have_css("background-color", "rgb(250, 246, 240)")


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        ("zh-Hans-CN", "订单帮助"),
        ("es-MX", "Ayuda con su pedido"),
        ("pt", "Ajuda com seu pedido"),
        ("fr", "Aide pour votre commande"),
        ("de_AT", "Hilfe zu Ihrer Bestellung"),
        ("ru", "Помощь с заказом"),
        ("xx", "Help with your order"),
    ],
)
def test_labels_are_in_the_language_of_the_attribute(page: Page, front: FakeFront, wish: str, title: str) -> None:
    visit(page, front, f"lang={wish}&open")
    expect(page.get_by_role("dialog")).to_have_accessible_name(title)


def test_every_language_has_every_label(page: Page, front: FakeFront) -> None:
    visit(page, front)
    shapes: dict[str, Any] = page.evaluate(
        """async () => {
          const { LABELS } = await import("/widget/labels.js");
          const places = (text) => [].concat(text).join().match(/\\{\\w+\\}/g) ?? [];
          return Object.fromEntries(Object.entries(LABELS).map(([tag, table]) =>
            [tag, Object.entries(table).map(([name, text]) => [name, text.length > 0, places(text)])]));
        }"""
    )
    assert sorted(shapes) == ["de", "en", "es", "fr", "pt-BR", "ru", "zh-CN"]
    assert [tag for tag, shape in shapes.items() if shape != shapes["en"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_barrier(page: Page, front: FakeFront, scheme: Any, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --no-save axe-core")
    front.answer = saying({"text": "See https://a.example", "card": CARD}, {"text": "What now?", "choices": CHOICES})
    front.orders = [{"number": "LL-1", "email": "a@b.example", "postcode": "1", "what": "Late"}]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{front.url}/demo")
    page.evaluate(AXE.read_text())
    found = axe(page)
    write(page, "It is lost")
    page.get_by_role("button", name="Refund").click()
    expect(page.locator(".choice.taken")).to_be_visible()
    front.push("agent", text="This is Jo.")
    front.push("notice", text="Jo has joined.")
    front.fail_next("messages", Refused(422, "wrong_body"))
    write(page, "strange")
    expect(page.get_by_role("alert")).to_be_visible()
    add_file(page, "cup.png", "image/png")
    page.get_by_role("textbox").fill("a" * 2001)
    found += axe(page)
    page.keyboard.press("Escape")
    assert found + axe(page) == []


def axe(page: Page) -> list[str]:
    """Each breach as "rule: element"."""
    result = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{breach['id']}: {node['target']} {node['failureSummary']}"
        for breach in result["violations"]
        for node in breach["nodes"]
    ]
