"""Signing in at the desk and out of it, in a browser: what each page says, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.settings import Settings
from doorstep.storage import agents
from doorstep.storage.engine import reading, writing
from tests.contract import desk_client, fronts
from tests.contract.desk_client import DATA, PAGE, Browser

HOUR = timedelta(hours=1)


class Clock:
    """The front's clock, which a test moves."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def http(small_settings: Settings, clock: Clock) -> Iterator[httpx.Client]:
    with fronts.running(fronts.a_front(small_settings, now=clock.now)) as client:
        yield client


@pytest.fixture
def browser(http: httpx.Client, sqlite_engine: Engine) -> Browser:
    desk_client.add_agent(sqlite_engine)
    return desk_client.browser(http)


# -- in and out ----------------------------------------------------------------------------


def test_the_desk_leads_to_signing_in_and_from_there_to_the_queue(browser: Browser) -> None:
    to_queue = browser.get("/desk")
    assert to_queue.headers["location"] == "/desk/queue"
    assert browser.get("/desk/queue").headers["location"] == "/desk/sign-in?next=/desk/queue"
    assert browser.sign_in("Anna").headers["location"] == "/desk"
    page = browser.get("/desk/queue")
    assert page.status_code == 200
    assert "Anna" in page.text
    assert browser.get("/desk/sign-in").headers["location"] == "/desk"


def test_signing_in_goes_on_to_the_page_that_was_asked_for_and_never_elsewhere(browser: Browser) -> None:
    assert browser.sign_in("anna", to="/desk/queue?team=logistics").headers["location"] == "/desk/queue?team=logistics"
    assert browser.get("/desk/sign-in?next=https://evil.example").headers["location"] == "/desk"


def test_a_wrong_password_and_an_unknown_name_are_told_alike(browser: Browser) -> None:
    wrong, unknown = browser.sign_in("anna", "not the password"), browser.sign_in("bea", "not the password")
    assert wrong.status_code == unknown.status_code == 403
    for page in (wrong, unknown):
        assert "The name or the password is wrong." in page.text
        assert "not the password" not in page.text
    assert 'value="anna"' in wrong.text


def test_who_guesses_on_is_told_from_when_they_may_try_again(browser: Browser) -> None:
    for _ in range(5):
        assert browser.sign_in("anna", "not the password").status_code == 403
    locked = browser.sign_in("anna")
    assert locked.status_code == 429
    assert "Too many tries. You can try again from " in locked.text


def test_a_form_that_is_not_of_this_browser_is_shown_again_and_signs_nobody_in(browser: Browser) -> None:
    browser.get("/desk/sign-in")
    fields = {"csrf": "0" * 64, "login": "anna", "password": desk_client.PASSWORD}
    answer = browser.http.post("/desk/sign-in", data=fields, headers=PAGE)
    assert answer.status_code == 403
    assert "That form lay open for too long." in answer.text
    assert browser.get("/desk/queue").status_code == 303


def test_signing_out_ends_the_session_and_says_so(browser: Browser) -> None:
    browser.sign_in("anna")
    left = browser.post("/desk/sign-out")
    assert "You are signed out." in browser.follow(left).text
    assert "You are signed out." not in browser.get("/desk/sign-in").text
    assert browser.get("/desk/queue").status_code == 303


def test_who_was_away_for_too_long_is_told_and_goes_back_to_where_they_were(browser: Browser, clock: Clock) -> None:
    browser.sign_in("anna")
    clock.ahead += 9 * HOUR
    page = browser.follow(browser.get("/desk/queue?team=care"))
    assert "You were signed out because nothing happened for a long time." in page.text
    assert desk_client.hidden(page.text, "next") == "/desk/queue?team=care"


def test_an_open_page_that_asks_for_its_lists_by_itself_keeps_nobody_signed_in(browser: Browser, clock: Clock) -> None:
    browser.sign_in("anna")
    for _ in range(7):
        clock.ahead += HOUR
        assert browser.get("/desk/queue/rows").status_code == 200
    clock.ahead += 2 * HOUR
    assert browser.get("/desk/queue").status_code == 303


def test_what_was_written_is_shown_when_the_session_ended_meanwhile(browser: Browser, clock: Clock) -> None:
    browser.sign_in("anna")
    csrf = browser.csrf
    clock.ahead += 9 * HOUR
    answer = browser.post("/desk/sign-out", csrf=csrf, text="Dear <Ana>, your parcel")
    assert answer.status_code == 401
    assert "Dear &lt;Ana&gt;, your parcel" in answer.text
    assert "/desk/sign-in" in answer.text


def test_without_anybody_who_may_sign_in_the_page_says_how_to_add_somebody(http: httpx.Client) -> None:
    page = desk_client.browser(http).get("/desk/sign-in").text
    assert "doorstep agents add" in page
    assert 'name="password"' not in page


# -- every page ----------------------------------------------------------------------------


def test_scripts_and_streams_of_nobody_are_told_so_and_not_sent_elsewhere(browser: Browser) -> None:
    for path in ("/desk/queue/rows", "/desk/events", "/desk/session"):
        answer = browser.http.get(path, headers=DATA)
        assert answer.status_code == 401, path
        assert answer.json()["error"]["code"] == "signed_out"
    browser.sign_in("anna")
    assert browser.http.get("/desk/session", headers=DATA).status_code == 204


def test_a_forged_form_changes_nothing_says_what_to_do_and_keeps_what_was_written(browser: Browser) -> None:
    browser.sign_in("anna")
    answer = browser.post("/desk/sign-out", csrf="0" * 64, text="a long answer </textarea><script>")
    assert answer.status_code == 403
    assert "Load the page again" in answer.text
    assert "a long answer &lt;/textarea&gt;&lt;script&gt;" in answer.text
    assert browser.get("/desk/queue").status_code == 200


@pytest.mark.parametrize("path", ["/desk/queue", "/desk/sign-in", "/desk/nowhere", "/desk/figures", "/desk"])
def test_no_page_is_kept_by_a_browser_or_shown_inside_another(browser: Browser, path: str) -> None:
    signed_out = browser.get(path).headers
    browser.sign_in("anna")
    for headers in (signed_out, browser.get(path).headers):
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/desk/queue", "/desk/sign-in", "/desk/figures", "/desk/nowhere"])
def test_no_page_holds_a_style_or_a_script_of_its_own(browser: Browser, sqlite_engine: Engine, path: str) -> None:
    desk_client.add_agent(sqlite_engine, "Li", role="lead")
    browser.sign_in("li")
    page = browser.get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/desk/static/')


def test_what_is_not_there_is_told_in_the_form_that_was_asked_for(browser: Browser) -> None:
    browser.sign_in("anna")
    page = browser.get("/desk/nowhere")
    assert page.status_code == 404
    assert "Nothing here" in page.text
    assert browser.http.get("/desk/nowhere", headers=DATA).json()["error"]["code"] == "not_found"
    assert browser.get("/desk/static/../pages.py").status_code == 404
    assert browser.get("/desk/static/desk.css").headers["content-type"].startswith("text/css")


# -- language ------------------------------------------------------------------------------


def test_the_desk_speaks_the_agents_language_and_keeps_the_one_they_choose(
    browser: Browser, sqlite_engine: Engine
) -> None:
    browser.sign_in("anna")
    chosen = browser.post("/desk/language", language="zh", next="/desk/queue?team=care")
    assert chosen.headers["location"] == "/desk/queue?team=care"
    page = browser.get("/desk/queue").text
    assert '<html lang="zh">' in page
    assert "待接待" in page
    with reading(sqlite_engine) as connection:
        found = agents.find_by_login(connection, "anna")
    assert found is not None
    assert found.language == "zh"
    assert browser.post("/desk/language", language="xx").status_code == 422


def test_before_signing_in_the_desk_speaks_the_browsers_language(browser: Browser) -> None:
    page = browser.get("/desk/sign-in", **{"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert "邮箱或登录名" in page
    assert '<html lang="en">' in browser.get("/desk/sign-in", **{"Accept-Language": "fr"}).text


def test_somebody_who_is_disabled_is_out_at_once(browser: Browser, sqlite_engine: Engine) -> None:
    browser.sign_in("anna")
    with writing(sqlite_engine) as connection:
        agents.disable(connection, "anna", datetime.now(timezone.utc))
    assert browser.get("/desk/queue").status_code == 303
