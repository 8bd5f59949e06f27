"""Typing both ways while a person helps: who is shown as typing and until when, and what is told of the buyer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import Refused
from tests.browser.fake_front import FakeFront
from tests.browser.widget_page import begin, give_to_anna, header, messages, stop_clock, visit, write

pytestmark = pytest.mark.browser


def typing_calls(page: Page) -> list[str]:
    """The signals of the buyer's typing from now on: what each carries."""
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.post_data or "") if "/typing" in request.url else None)
    return calls


def type_in(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.evaluate("0")  # what was asked of the front until now is known


def test_indicator_says_who_is_typing(page: Page, front: FakeFront) -> None:
    front.hold_answers = True
    visit(page, front)
    write(page, "Hello")
    expect(page.locator(".typing")).to_be_visible()
    expect(page.locator(".typing")).to_have_text("An answer is being written")
    front.release()
    expect(page.locator(".typing")).to_be_hidden()
    give_to_anna(page, front)
    front.types()
    expect(page.locator(".typing")).to_be_visible()
    expect(page.locator(".typing")).to_have_text("Anna is typing")
    front.types(False)
    expect(page.locator(".typing")).to_be_hidden()


def test_writing_to_a_person_shows_no_dots_before_they_type(page: Page, front: FakeFront) -> None:
    begin(page, front)
    give_to_anna(page, front)
    front.hold_answers = True
    write(page, "Are you there?")
    expect(page.locator(".from-buyer[data-state=sent]")).to_have_count(2)
    front.streams_allowed = False
    with page.expect_request("**/api/chat/messages?*wait=25"):
        front.drop_streams()  # what is fetched before the long poll calls the message pending
    expect(page.locator(".typing")).to_be_hidden()


@pytest.mark.parametrize("end", ["message", "owner", "stream", "server"])
def test_typing_of_a_person_never_sticks(page: Page, front: FakeFront, end: str) -> None:
    page.clock.install()
    begin(page, front)
    give_to_anna(page, front)
    stop_clock(page)
    front.types()
    expect(page.locator(".typing")).to_be_visible()
    if end == "message":
        front.push("agent", text="Here it is.")
    elif end == "owner":
        front.pass_to("queue")
    elif end == "stream":
        front.drop_streams()  # no time goes by, so no other begins
    else:
        front.stop()
    expect(page.locator(".typing")).to_be_hidden()


def test_typing_of_the_buyer_is_told_at_most_every_three_seconds(page: Page, front: FakeFront) -> None:
    page.clock.install()
    begin(page, front)
    give_to_anna(page, front)
    stop_clock(page)
    calls = typing_calls(page)
    type_in(page, "W")
    page.clock.run_for(2_999)
    type_in(page, "Wh")
    assert calls == ["{}"]
    page.clock.run_for(1)
    type_in(page, "Whe")
    assert calls == ["{}", "{}"]
    page.clock.run_for(10_000)  # nothing is changed any more
    assert calls == ["{}", "{}"]


@pytest.mark.parametrize("owner", ["assistant", "closed"])
def test_typing_is_told_to_nobody_while_no_person_is_concerned(page: Page, front: FakeFront, owner: str) -> None:
    begin(page, front)
    front.pass_to("queue")
    expect(header(page)).to_have_text("Waiting for a colleague")
    front.pass_to(owner)
    expect(header(page)).not_to_have_text("Waiting for a colleague")
    calls = typing_calls(page)
    type_in(page, "Where is it?")
    assert calls == []


def test_typing_is_told_to_the_queue_but_not_of_an_empty_composer(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("queue")
    expect(header(page)).to_have_text("Waiting for a colleague")
    calls = typing_calls(page)
    type_in(page, "  ")
    type_in(page, "")
    assert calls == []
    with page.expect_response("**/api/chat/typing") as answer:
        type_in(page, "Hm")
    assert answer.value.status == 204


@pytest.mark.parametrize("refusal", [Refused(500, "internal"), Refused(429, "too_many"), Refused(401, "expired")])
def test_typing_that_cannot_be_told_disturbs_nobody(page: Page, front: FakeFront, refusal: Refused) -> None:
    begin(page, front)
    give_to_anna(page, front)
    front.fail_next("typing", refusal)
    with page.expect_response("**/api/chat/typing"):
        type_in(page, "Where is it?")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/messages" in answer.url):
        page.get_by_role("textbox").press("Enter")
    front.push("agent", text="I am looking.")
    expect(messages(page)).to_have_text(["Hello", "You wrote: Hello", "Where is it?", "I am looking."])
    expect(page.locator(".banner")).to_be_hidden()
    assert len(front.conversations) == 1
