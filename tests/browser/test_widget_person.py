"""The widget while a person helps: who is there, whose words they are, and the end."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fake_front import FakeFront
from tests.browser.test_widget_access import AXE, axe
from tests.browser.widget_page import announced, begin, give_to_anna, header, messages, saying, stop_clock, visit, write

pytestmark = pytest.mark.browser

RATING = [{"label": "Good", "token": "t-good"}, {"label": "Not good", "token": "t-bad"}]
HEADERS = {
    "en": ["Automated assistant", "Waiting for a colleague", "Anna · Support team", "Closed"],
    "zh": ["智能助手", "正在等待人工客服", "Anna · 人工客服", "对话已结束"],
    "es": ["Asistente automático", "A la espera de una persona del equipo", "Anna · Equipo de atención", "Cerrada"],
    "pt": ["Assistente automático", "Aguardando alguém da nossa equipe", "Anna · Equipe de atendimento", "Encerrada"],
    "fr": ["Assistant automatique", "En attente d’un conseiller", "Anna · Service client", "Terminée"],
    "de": ["Automatischer Assistent", "Warten auf jemanden aus unserem Team", "Anna · Kundenservice", "Beendet"],
    "ru": ["Автоматический помощник", "Ожидаем сотрудника", "Anna · Служба поддержки", "Разговор завершён"],
}


@pytest.mark.parametrize("language", HEADERS)
def test_header_says_who_is_there(page: Page, front: FakeFront, language: str) -> None:
    assistant, queue, agent, closed = HEADERS[language]
    begin(page, front, f"lang={language}&open")
    expect(header(page)).to_contain_text(assistant)
    front.pass_to("queue")
    expect(header(page)).to_have_text(queue)
    expect(page.locator(".mark .icon-person")).to_be_hidden()
    front.pass_to("agent", "Anna")
    expect(header(page)).to_have_text(agent)
    expect(page.locator(".mark .icon-person")).to_be_visible()
    front.pass_to("closed")
    expect(header(page)).to_contain_text(closed)
    expect(page.locator(".mark .icon-person")).to_be_hidden()
    front.pass_to("assistant")
    expect(header(page)).to_contain_text(assistant)


def test_person_without_a_name_is_a_person(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("agent")
    expect(header(page)).to_have_text("You are talking with a person")
    front.push("agent", text="How can I help?")
    expect(page.locator(".from-agent .who")).to_have_text("Support team")
    expect(page.locator(".from-agent .wrote")).to_have_text("A colleague wrote")
    front.types()
    expect(page.locator(".typing")).to_have_text("A colleague is typing")


def test_name_is_shown_as_text(page: Page, front: FakeFront) -> None:
    name = "<img src=x onerror=window.hacked=1> $& {name}"
    begin(page, front)
    front.pass_to("agent", name)
    front.push("agent", text="Hello")
    front.types()
    expect(header(page)).to_have_text(f"{name} · Support team")
    expect(page.locator(".from-agent .wrote")).to_have_text(f"{name} wrote")
    expect(page.locator(".typing")).to_have_text(f"{name} is typing")
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("owner", "name", "told"),
    [
        ("queue", "", "Waiting for a colleague"),
        ("agent", "Anna", "You are talking with Anna"),
        ("closed", "", "Closed · write to begin again"),
    ],
)
def test_change_without_a_notice_is_announced(page: Page, front: FakeFront, owner: str, name: str, told: str) -> None:
    page.clock.install()
    begin(page, front)
    expect(announced(page)).to_have_text("")
    stop_clock(page)  # the assistant's words lie behind
    front.pass_to(owner, name)
    expect(header(page)).not_to_contain_text("Automated assistant")
    page.clock.run_for(5_000)
    expect(announced(page)).to_have_text(told)
    expect(announced(page)).to_have_attribute("role", "status")
    front.pass_to("assistant", notice="You are back with me.")
    expect(header(page)).to_contain_text("Automated assistant")
    expect(announced(page)).to_have_text("")


def test_change_told_by_a_notice_is_not_announced_a_second_time(page: Page, front: FakeFront) -> None:
    page.clock.install()
    begin(page, front)
    stop_clock(page)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    expect(header(page)).to_contain_text("Anna")
    expect(messages(page, "notice")).to_have_count(1)
    page.clock.run_for(5_000)
    expect(announced(page)).to_have_text("")


def test_notice_that_comes_a_moment_after_the_change_is_enough_too(page: Page, front: FakeFront) -> None:
    page.clock.install()
    begin(page, front)
    stop_clock(page)
    give_to_anna(page, front)
    page.clock.run_for(500)
    front.push("notice", text="Anna is with you now.")
    expect(messages(page, "notice")).to_have_count(1)
    page.clock.run_for(5_000)
    expect(announced(page)).to_have_text("")


def test_last_words_of_a_person_do_not_stand_for_the_end(page: Page, front: FakeFront) -> None:
    page.clock.install()
    begin(page, front)
    give_to_anna(page, front)
    stop_clock(page)
    front.push("agent", text="Goodbye")
    expect(messages(page, "agent")).to_have_count(1)
    front.pass_to("closed")
    expect(header(page)).to_contain_text("Closed")
    page.clock.run_for(5_000)
    expect(announced(page)).to_contain_text("Closed")


def test_reload_shows_who_is_there_and_announces_nothing(page: Page, front: FakeFront) -> None:
    page.clock.install()
    begin(page, front)
    give_to_anna(page, front)
    page.reload()
    expect(header(page)).to_contain_text("Anna")
    stop_clock(page)
    expect(announced(page)).to_have_text("")


def test_change_while_the_connection_was_away_is_shown_after_it(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("queue")
    expect(header(page)).to_have_text("Waiting for a colleague")
    front.drop_streams()
    give_to_anna(page, front)


def test_messages_of_a_person_carry_the_name_and_look_different(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    front.push("agent", text="I have found your parcel.")
    message = page.locator(".message.from-agent")
    expect(message.locator(".who")).to_have_text("Anna")
    expect(message.locator(".who .icon-person")).to_be_visible()
    expect(message.locator(".who")).to_have_attribute("aria-hidden", "true")
    expect(message.locator(".wrote")).to_have_text("Anna wrote")
    grounds = [
        page.locator(f".from-{sender} .bubble").evaluate("node => getComputedStyle(node).backgroundColor")
        for sender in ("assistant", "agent")
    ]
    assert grounds[0] != grounds[1]


def test_each_person_keeps_the_own_words(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    front.push("agent", text="One moment")
    expect(page.locator(".from-agent .who")).to_have_text(["Anna"])
    front.pass_to("agent", "Ben", notice="Ben is with you now.")
    front.push("agent", text="Here I am")
    expect(page.locator(".from-agent .who")).to_have_text(["Anna", "Ben"])
    front.pass_to("assistant")
    expect(header(page)).to_contain_text("Automated assistant")
    expect(page.locator(".from-agent .wrote")).to_have_text(["Anna wrote", "Ben wrote"])


def test_words_older_than_the_person_who_is_there_are_not_put_into_their_mouth(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    front.push("agent", text="One moment")
    front.pass_to("agent", "Ben", notice="Ben is with you now.")
    front.push("agent", text="Here I am")
    expect(page.locator(".from-agent .who").last).to_have_text("Ben")
    page.reload()
    expect(page.locator(".from-agent .wrote")).to_have_text(["A colleague wrote", "Ben wrote"])


def test_name_that_comes_after_the_message_leaves_the_message_in_its_place(page: Page, front: FakeFront) -> None:
    begin(page, front)
    front.push("agent", text="Good morning")
    expect(page.locator(".from-agent .who")).to_have_text("Support team")
    page.locator(".from-agent .bubble").evaluate("node => (window.drawn = node)")
    front.pass_to("agent", "Anna")
    expect(page.locator(".from-agent .who")).to_have_text("Anna")
    assert page.locator(".from-agent .bubble").evaluate("node => node === window.drawn")


def test_choices_of_the_queue_lead_back_to_the_assistant(page: Page, front: FakeFront) -> None:
    back = {"label": "Continue with the assistant", "token": "t-back"}
    front.answer = saying({"text": "A colleague will answer.", "choices": [back]})
    begin(page, front)
    front.pass_to("queue")
    expect(header(page)).to_have_text("Waiting for a colleague")
    front.answer = saying({"text": "I am here again."})
    page.get_by_role("button", name="Continue with the assistant").click()
    expect(messages(page, "assistant").last).to_have_text("I am here again.")
    front.pass_to("assistant")
    expect(header(page)).to_contain_text("Automated assistant")
    assert front.bodies[-1]["choice"] == "t-back"


def test_closed_conversation_can_be_rated_and_begun_again(page: Page, front: FakeFront) -> None:
    begin(page, front)
    give_to_anna(page, front)
    front.push("agent", text="All done.")
    front.push("notice", text="Anna has closed this conversation. How was it?", choices=RATING)
    front.pass_to("closed")
    expect(header(page)).to_contain_text("Closed")
    expect(page.get_by_role("button", name="Not good")).to_be_enabled()
    front.hold_answers = True
    page.get_by_role("button", name="Good", exact=True).click()
    expect(page.locator(".typing")).to_be_visible()
    expect(page.locator(".typing")).to_have_text("An answer is being written")
    front.answer = saying({"text": "Thank you."})
    front.release()
    expect(page.locator(".choice.taken")).to_have_text("Good")
    write(page, "One more thing")
    expect(header(page)).to_contain_text("Automated assistant")
    expect(messages(page, "buyer")).to_have_text(["Hello", "Good", "One more thing"])
    assert len(front.conversations) == 1


def test_two_tabs_see_the_same_person(page: Page, context: BrowserContext, front: FakeFront) -> None:
    begin(page, front)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    front.push("agent", text="Hello")
    other = context.new_page()
    visit(other, front)
    for tab in (page, other):
        expect(header(tab)).to_contain_text("Anna")
        expect(tab.locator(".from-agent .wrote")).to_have_text("Anna wrote")


def test_long_name_fits_a_screen_of_320_pixels(page: Page, front: FakeFront) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    begin(page, front)
    name = "Donaudampfschifffahrtsgesellschaft" * 2 + " Anna"
    front.pass_to("agent", name)
    front.push("agent", text="Hello")
    front.types()
    expect(page.locator(".typing")).to_have_text(f"{name} is typing")
    wide = """panel => [...panel.querySelectorAll("*")]
      .filter((node) => !node.closest("svg, .unseen") && node.getBoundingClientRect().right > 320.5)
      .map((node) => node.className)"""
    assert page.locator(".panel").evaluate(wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator(".log").evaluate("log => log.scrollWidth - log.clientWidth") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_barrier_while_a_person_helps(page: Page, front: FakeFront, scheme: Any, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --no-save axe-core")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{front.url}/demo")
    write(page, "Hello")
    page.evaluate(AXE.read_text())
    found = []
    expect(messages(page, "assistant")).to_have_count(1)
    front.pass_to("queue")
    expect(header(page)).to_have_text("Waiting for a colleague")
    found += axe(page)
    front.pass_to("agent", "Anna", notice="Anna is with you now.")
    front.push("agent", text="See https://a.example")
    front.types()
    expect(page.locator(".typing")).to_be_visible()
    found += axe(page)
    front.pass_to("closed")
    expect(header(page)).to_contain_text("Closed")
    assert found + axe(page) == []
