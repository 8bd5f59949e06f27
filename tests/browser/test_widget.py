"""What the chat widget does for a buyer: writing, choices, cards, photos, the demo page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_front import FakeFront
from tests.browser.widget_page import (
    CARD,
    CHOICES,
    PARCEL,
    SCANS,
    messages,
    saying,
    visit,
    write,
)

pytestmark = pytest.mark.browser


def test_message_is_sent_and_answered(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "Where is it?")
    expect(messages(page)).to_have_text(["Where is it?", "You wrote: Where is it?"])
    expect(page.locator(".state span")).to_have_count(0)
    assert front.buyer_texts() == ["Where is it?"]


def test_looking_at_the_chat_starts_no_session(page: Page, front: FakeFront) -> None:
    visit(page, front, "lang=en")
    page.get_by_role("button", name="Open the chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_role("textbox").fill("unfinished")
    assert front.calls["sessions"] == 0


def test_session_tells_shop_language_and_identity(page: Page, front: FakeFront) -> None:
    with page.expect_request("**/api/chat/sessions") as request:
        visit(page, front, "lang=pt&shop=oslo&identity-token=abc&open")
        write(page, "Oi")
    assert request.value.post_data_json == {"language": "pt-BR", "shop": "oslo", "identity_token": "abc"}


def test_a_suggestion_is_sent_as_the_first_message(page: Page, front: FakeFront) -> None:
    visit(page, front)
    page.get_by_role("button", name="Where is my parcel?").click()
    expect(messages(page, "assistant")).to_have_count(1)
    expect(page.locator(".welcome")).to_be_hidden()
    assert front.buyer_texts() == ["Where is my parcel?"]


def test_shift_enter_begins_a_new_line(page: Page, front: FakeFront) -> None:
    visit(page, front)
    field = page.get_by_role("textbox")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    field.press("Enter")
    expect(messages(page, "assistant")).to_have_count(1)  # the buyer's own is drawn before the front has it
    assert front.buyer_texts() == ["one\ntwo"]
    expect(messages(page, "buyer")).to_have_css("white-space-collapse", "preserve-breaks")


def test_enter_that_picks_a_word_of_an_input_method_does_not_send(page: Page, front: FakeFront) -> None:
    visit(page, front)
    page.get_by_role("textbox").focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "包裹", "selectionStart": 2, "selectionEnd": 2})
    for event in ("rawKeyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": event, "key": "Enter", "code": "Enter"})
    keyboard.send("Input.insertText", {"text": "包裹呢"})
    expect(page.get_by_role("textbox")).to_have_value("包裹呢")
    page.keyboard.press("Enter")
    expect(messages(page, "assistant")).to_have_count(1)
    assert front.buyer_texts() == ["包裹呢"]


def test_key_code_of_an_input_method_does_not_send(page: Page, front: FakeFront) -> None:
    visit(page, front)
    field = page.get_by_role("textbox")
    field.fill("查询")
    field.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true}))"
    )
    expect(field).to_have_value("查询")
    field.press("Enter")
    expect(messages(page, "assistant")).to_have_count(1)
    assert front.buyer_texts() == ["查询"]


def test_counter_appears_near_the_limit_and_stops_what_is_too_long(page: Page, front: FakeFront) -> None:
    visit(page, front)
    field, count, send = page.get_by_role("textbox"), page.locator(".count"), page.get_by_role("button", name="Send")
    field.fill("a" * 1799)
    expect(count).to_be_hidden()
    field.fill("😀" * 2000)
    expect(count).to_have_text("2000 / 2000")
    expect(send).to_be_enabled()
    field.fill("a" * 2007)
    expect(count).to_have_text("7 characters too many")
    expect(send).to_be_disabled()
    field.press("Enter")
    expect(field).to_have_value("a" * 2007)
    assert front.calls["messages"] == 0


def test_dots_are_shown_while_an_answer_is_pending(page: Page, front: FakeFront) -> None:
    front.hold_answers = True
    visit(page, front)
    write(page, "Hello")
    expect(page.locator(".typing")).to_be_visible()
    front.release()
    expect(messages(page, "assistant")).to_have_count(1)
    expect(page.locator(".typing")).to_be_hidden()


def test_choice_is_sent_by_its_token_and_shown_by_its_label(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What shall I do?", "choices": CHOICES})
    visit(page, front)
    write(page, "It is lost")
    expect(page.get_by_role("button", name="Refund")).to_be_enabled()
    front.answer = saying({"text": "Done."})
    page.get_by_role("button", name="Refund").click()
    expect(messages(page)).to_have_text(["It is lost", "What shall I do?", "Refund", "Done."])
    assert front.bodies[1]["choice"] == "t-refund"
    assert "text" not in front.bodies[1]
    for label in ("Send it again", "Refund"):
        expect(page.get_by_role("button", name=label)).to_be_disabled()
    expect(page.locator(".choice.taken")).to_have_text("Refund")


def test_only_the_newest_choices_can_be_taken(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What now?", "choices": CHOICES})
    visit(page, front)
    write(page, "It is lost")
    expect(page.locator(".choice:enabled", has_text="Refund")).to_have_count(1)
    write(page, "Hm?")
    expect(messages(page, "assistant")).to_have_count(2)
    refunds = page.locator(".list .choice", has_text="Refund")
    expect(refunds.nth(0)).to_be_disabled()
    expect(refunds.nth(1)).to_be_enabled()


def test_choices_close_when_a_person_takes_over(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What now?", "choices": CHOICES})
    visit(page, front)
    write(page, "It is lost")
    expect(page.get_by_role("button", name="Refund")).to_be_enabled()
    front.push("agent", text="I am looking into it.")
    expect(page.get_by_role("button", name="Refund")).to_be_disabled()


def test_tracking_card_shows_the_newest_steps_and_opens_the_rest(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "Here it is.", "card": CARD})
    visit(page, front)
    write(page, "Where is it?")
    card = page.get_by_role("group", name="Order 112-4455667-8899001")
    expect(card.locator(".pill")).to_have_text("Later than planned")
    expect(card.locator(".pill")).to_have_attribute("data-tone", "warn")
    expect(card).to_contain_text("Expected 26 November")
    expect(card).to_contain_text("LX472918356CN")
    steps = card.locator(".step:visible .step-text")
    expect(steps).to_have_text([scan["text"] for scan in SCANS[:3]])
    card.get_by_role("button", name="Earlier steps (2)").click()
    expect(steps).to_have_text([scan["text"] for scan in SCANS])
    expect(card.get_by_role("button", name="Fewer steps")).to_have_attribute("aria-expanded", "true")


def test_parcel_without_number_scans_or_known_status_is_drawn(page: Page, front: FakeFront) -> None:
    bare = {**PARCEL, "tracking_number": None, "status": "on_the_moon", "expected_by": None, "scans": []}
    front.answer = saying({"text": "", "card": {**CARD, "parcels": [bare, PARCEL]}})
    visit(page, front)
    write(page, "Where is it?")
    expect(page.locator(".parcel")).to_have_count(2)
    expect(page.locator(".parcel").first).to_contain_text("No tracking number")
    expect(page.locator(".parcel").first.locator(".pill")).to_have_attribute("data-tone", "plain")


def test_card_of_an_unknown_type_leaves_the_text(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "Your return label.", "card": {"type": "label", "code": 7}})
    visit(page, front)
    write(page, "Return")
    expect(messages(page, "assistant")).to_have_text(["Your return label."])


def test_demo_page_lists_orders_and_puts_one_into_the_chat(page: Page, front: FakeFront) -> None:
    front.orders = [{"number": "LL-1", "email": "a@b.example", "postcode": "60311", "what": "Late"}]
    page.goto(f"{front.url}/demo")
    expect(page.get_by_role("heading", name="Orders you can try")).to_be_visible()
    expect(page.locator(".order-list li")).to_contain_text("LL-1 · a@b.example · 60311")
    page.get_by_role("button", name="Ask about it: order LL-1").click()
    expect(page.get_by_role("textbox")).to_have_value("Where is my order LL-1?")


def test_demo_page_without_orders_hides_the_list(page: Page, front: FakeFront) -> None:
    with page.expect_response("**/demo/orders.json"):
        page.goto(f"{front.url}/demo")
    expect(page.get_by_role("dialog", name="Lantern & Loom")).to_be_visible()
    expect(page.get_by_role("heading", name="Orders you can try")).to_be_hidden()
