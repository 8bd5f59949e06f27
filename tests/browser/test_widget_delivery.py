"""The widget loses nothing and shows nothing twice, whatever the server does."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fake_chat import Refused
from tests.browser.fake_front import FakeFront
from tests.browser.widget_page import (
    CARD,
    CHOICES,
    add_file,
    messages,
    pass_time,
    saying,
    visit,
    write,
)

pytestmark = pytest.mark.browser


def test_reload_keeps_the_history(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What now?", "choices": CHOICES}, {"text": "See:", "card": CARD})
    visit(page, front)
    write(page, "It is lost")
    expect(page.locator(".card")).to_be_visible()
    before = messages(page).all_inner_texts()
    page.reload()
    expect(messages(page)).to_have_text(before)
    expect(page.locator(".card")).to_be_visible()
    assert len(front.conversations) == 1


def test_message_written_while_the_server_is_down_arrives_once_when_it_is_back(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "before")
    expect(messages(page, "assistant")).to_have_count(1)
    front.stop()
    write(page, "while you were away")
    expect(page.locator(".banner")).to_have_text("Connecting…")
    expect(page.locator(".state")).to_contain_text(["Waiting for the connection"])
    front.start()
    expect(messages(page, "assistant")).to_have_text(["You wrote: before", "You wrote: while you were away"])
    expect(page.locator(".banner")).to_be_hidden()
    assert front.buyer_texts() == ["before", "while you were away"]


def test_message_whose_acceptance_got_lost_is_stored_and_shown_once(page: Page, front: FakeFront) -> None:
    front.lose_answers = 1000
    visit(page, front)
    write(page, "only once")
    expect(messages(page)).to_have_text(["only once", "You wrote: only once"])
    expect(page.locator(".state span")).to_have_count(0)
    assert front.buyer_texts() == ["only once"]


def test_unsent_messages_survive_a_reload_in_their_order(page: Page, front: FakeFront) -> None:
    front.fail_next("messages", *[Refused(503, "down")] * 1000)
    visit(page, front)
    write(page, "first")
    write(page, "second")
    expect(messages(page, "buyer")).to_have_text(["first", "second"])
    page.reload()
    expect(messages(page, "buyer")).to_have_text(["first", "second"])
    front.heal()
    expect(messages(page, "assistant")).to_have_count(2)
    assert front.buyer_texts() == ["first", "second"]


def test_dropped_stream_loses_nothing(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "Hello")
    expect(messages(page, "assistant")).to_have_count(1)
    for number in range(3):
        front.drop_streams()
        front.push("assistant", text=f"news {number}")
    expect(messages(page, "assistant")).to_have_text(["You wrote: Hello", "news 0", "news 1", "news 2"])


def test_stream_goes_on_after_the_last_message_known(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "Hello")
    expect(messages(page, "assistant")).to_have_count(1)
    with page.expect_response("**/api/chat/events"):
        front.drop_streams()
    assert front.resumed[-1] == 2


def test_long_polls_replace_a_stream_that_is_refused(page: Page, front: FakeFront) -> None:
    front.streams_allowed = False
    visit(page, front)
    write(page, "Hello")
    expect(messages(page, "assistant")).to_have_count(1)
    front.push("assistant", text="by long poll")
    expect(messages(page, "assistant").last).to_have_text("by long poll")
    assert front.calls["events"] == 2
    assert 25 in front.waits


def test_long_polls_replace_a_stream_that_a_proxy_holds_back(page: Page, front: FakeFront) -> None:
    front.stream_brings_nothing = True
    page.clock.install()
    visit(page, front)
    write(page, "Hello")
    pass_time(page, front, lambda: 25 in front.waits)
    assert front.calls["events"] == 1
    front.push("assistant", text="by long poll")
    expect(messages(page, "assistant").last).to_have_text("by long poll")


def test_message_delivered_twice_is_shown_once(page: Page, front: FakeFront) -> None:
    front.send_twice = True
    visit(page, front)
    write(page, "Hello")
    front_says = ["You wrote: Hello", "news"]
    expect(messages(page, "assistant")).to_have_count(1)
    front.push("assistant", text="news")
    expect(messages(page, "assistant")).to_have_text(front_says)


def test_too_many_messages_wait_as_long_as_the_server_says(page: Page, front: FakeFront) -> None:
    front.fail_next("messages", Refused(429, "too_many", {"Retry-After": "30"}))
    page.clock.install()
    visit(page, front)
    write(page, "Hello")
    expect(page.locator(".state")).to_have_text(["One moment, it will be sent shortly."])
    page.clock.run_for(29_000)
    assert front.calls["messages"] == 1
    page.clock.run_for(2_000)
    expect(messages(page, "assistant")).to_have_count(1)
    assert front.buyer_texts() == ["Hello"]


def test_ended_session_is_told_and_the_message_goes_into_a_new_one(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "old")
    expect(messages(page, "assistant")).to_have_count(1)
    front.end_sessions()
    expect(messages(page, "notice")).to_contain_text(["Your earlier conversation has ended"])
    write(page, "new")
    expect(messages(page, "assistant")).to_have_text(["You wrote: old", "You wrote: new"])
    expect(messages(page, "buyer")).to_have_text(["old", "new"])
    assert [c.messages[0]["text"] for c in front.conversations.values()] == ["old", "new"]


def test_choice_taken_after_the_session_ended_is_sent_as_text(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "What now?", "choices": CHOICES})
    visit(page, front)
    write(page, "It is lost")
    expect(page.get_by_role("button", name="Refund")).to_be_enabled()
    front.tokens.clear()
    page.get_by_role("button", name="Refund").click()
    expect(messages(page, "assistant")).to_have_count(2)
    assert front.buyer_texts() == ["It is lost", "Refund"]


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (Refused(413, "too_large"), "Too long. Please shorten it and send it again."),
        (Refused(422, "text_too_long"), "Too long. Please shorten it and send it again."),
        (Refused(422, "wrong_body"), "Not accepted. Please change it and send it again."),
    ],
)
def test_refused_message_says_what_to_do_and_can_be_changed(
    page: Page, front: FakeFront, refusal: Refused, told: str
) -> None:
    front.fail_next("messages", refusal)
    visit(page, front)
    write(page, "strange")
    expect(page.get_by_role("alert")).to_have_text(told)
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("textbox")).to_have_value("strange")
    write(page, "better")
    expect(messages(page)).to_have_text(["better", "You wrote: better"])
    assert front.buyer_texts() == ["better"]


def test_refused_message_does_not_hold_up_the_next(page: Page, front: FakeFront) -> None:
    front.fail_next("messages", Refused(422, "wrong_body"))
    visit(page, front)
    write(page, "strange")
    expect(page.get_by_role("alert")).to_be_visible()
    write(page, "plain")
    expect(messages(page, "assistant")).to_have_text(["You wrote: plain"])
    page.get_by_role("button", name="Remove").click()
    expect(messages(page, "buyer")).to_have_text(["plain"])


def test_two_tabs_share_one_conversation(page: Page, context: BrowserContext, front: FakeFront) -> None:
    visit(page, front)
    write(page, "from the first")
    expect(messages(page, "assistant")).to_have_count(1)
    other = context.new_page()
    visit(other, front)
    write(other, "from the second")
    everything = ["from the first", "You wrote: from the first", "from the second", "You wrote: from the second"]
    expect(messages(page)).to_have_text(everything)
    expect(messages(other)).to_have_text(everything)


def test_forget_leaves_nothing_on_the_device(page: Page, front: FakeFront) -> None:
    visit(page, front)
    write(page, "secret")
    expect(messages(page, "assistant")).to_have_count(1)
    page.locator("doorstep-chat").evaluate("chat => chat.forget()")
    expect(messages(page)).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator(".welcome")).to_be_visible()


def test_photo_is_sent_and_shown_again_after_a_reload(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "Thank you."})
    visit(page, front)
    add_file(page, "cup.png", "image/png")
    expect(page.locator(".tray .file")).to_have_attribute("data-state", "ready")
    write(page, "The cup is broken")
    photo = page.get_by_role("img", name="cup.png")
    expect(photo).to_be_visible()
    assert front.bodies[0]["attachments"] == ["u1"]
    page.reload()
    expect(photo).to_be_visible()
    expect(photo).to_have_js_property("naturalWidth", 1)


def test_video_is_sent_without_words_and_shown_by_name(page: Page, front: FakeFront) -> None:
    front.answer = saying({"text": "Thank you."})
    visit(page, front)
    add_file(page, "noise.mp4", "video/mp4", b"0" * 1_400_000)
    page.get_by_role("button", name="Send").click()
    expect(messages(page, "assistant")).to_have_text(["Thank you."])
    expect(page.locator(".attachments .file")).to_contain_text("noise.mp4")
    expect(page.locator(".attachments .file")).to_contain_text("1.4 MB")


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (Refused(413, "too_large"), "Too large. Please choose a smaller one."),
        (Refused(415, "not_a_photo"), "Please choose a photo or a video."),
        (Refused(500, "internal"), "Not uploaded. Remove it and try again."),
    ],
)
def test_refused_file_says_what_to_do(page: Page, front: FakeFront, refusal: Refused, told: str) -> None:
    front.fail_next("uploads", refusal)
    visit(page, front)
    add_file(page, "cup.png", "image/png")
    expect(page.locator(".tray .file")).to_contain_text(told)
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.get_by_role("button", name="Remove: cup.png").click()
    expect(page.locator(".tray .file")).to_have_count(0)
