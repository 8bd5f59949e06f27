"""The desk's cookies, the secrets of its forms, and where a browser may be sent on to."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.front.desk import cookies
from tests.unit.front import small_desk
from tests.unit.front.small_desk import GOOD, HTTP, HTTPS, LOGIN, SmallFront, run, sign_in

CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.desk.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]
OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": HTTP},
    {"Origin": HTTP},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://127.0.0.1:8080", "Host": "127.0.0.1:8080"},
    {"Origin": HTTP, "Host": "127.0.0.1:8080"},  # a proxy that names itself
]


# -- cookies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public_url", "name", "also"), [(HTTP, "doorstep_desk", set()), (HTTPS, "__Host-doorstep_desk", {"secure"})]
)
def test_no_script_no_other_site_and_no_neighbour_gets_at_the_session(
    front: SmallFront, tmp_path: Path, public_url: str, name: str, also: set[str]
) -> None:
    front.settings = small_desk.settings(tmp_path, public_url)

    async def steps() -> None:
        async with front.browser(public_url) as browser:
            set_cookies = (await sign_in(browser)).headers.get_list("set-cookie")
            (session,) = (each for each in set_cookies if each.startswith(f"{name}="))
            attributes = {each.strip().lower() for each in session.split(";")[1:]}
            assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=86400"} | also
            assert (await browser.get("/desk")).status_code == 200

    run(steps)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000, "é" * 30, "'; DROP TABLE agents; --aaaaaaaaaaa"])
def test_an_invented_session_is_nobodys_and_forgotten(front: SmallFront, cookie: str) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            answer = await browser.get("/desk", headers={b"Cookie": f"doorstep_desk={cookie}".encode()})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/desk/sign-in?next=/desk"
        assert 'doorstep_desk=""; ' in answer.headers["set-cookie"]
        assert "Max-Age=0" in answer.headers["set-cookie"]

    run(steps)


def test_a_page_leads_to_the_sign_in_and_back_and_a_script_is_told(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            page = await browser.get("/desk?team=care&q=a%20b")
            assert page.headers["location"] == "/desk/sign-in?next=/desk%3Fteam%3Dcare%26q%3Da%2520b"
            assert (await browser.post("/desk/change")).headers["location"] == "/desk/sign-in"
            for accept in ("*/*", "application/json", "text/event-stream"):
                told = await browser.get("/desk/stream", headers={"Accept": accept})
                assert (told.status_code, told.json()["error"]["code"]) == (401, "signed_out")

    run(steps)


# -- forms ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["", "x", "0" * 64, "ключ", "of another session"])
@pytest.mark.parametrize("how", ["field", "header"])
def test_a_change_with_a_forged_or_absent_secret_is_refused(front: SmallFront, sent: str, how: str) -> None:
    async def steps() -> None:
        async with front.browser() as browser, front.browser() as other:
            await sign_in(browser)
            await sign_in(other)
            secret = (await other.get("/desk")).json()["csrf"] if sent == "of another session" else sent
            if how == "field":
                answer = await browser.post("/desk/change", data={"csrf": secret})
            else:
                answer = await browser.post("/desk/change", headers={b"X-CSRF-Token": secret.encode()})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forged")

    run(steps)


def test_a_change_with_the_sessions_own_secret_is_made(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            await sign_in(browser)
            secret = (await browser.get("/desk")).json()["csrf"]
            assert (await browser.post("/desk/change", data={"csrf": secret})).json() == {"changed_by": "Anna"}
            by_script = await browser.post("/desk/change", headers={"X-CSRF-Token": secret})
            assert by_script.json() == {"changed_by": "Anna"}

    run(steps)


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_a_change_from_another_site_is_refused_whatever_it_knows(front: SmallFront, headers: dict[str, str]) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            await sign_in(browser)
            secret = (await browser.get("/desk")).json()["csrf"]
            assert (await browser.post("/desk/change", data={"csrf": secret}, headers=headers)).status_code == 403
            form = {**(await browser.get("/desk/sign-in")).json(), "login": LOGIN, "password": GOOD}
            assert (await browser.post("/desk/sign-in", data=form, headers=headers)).status_code == 403

    run(steps)


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_change_from_our_own_page_is_made_however_it_comes_here(front: SmallFront, headers: dict[str, str]) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            await sign_in(browser)
            cookie = {"Cookie": f"doorstep_desk={browser.cookies['doorstep_desk']}"}
            secret = (await browser.get("/desk")).json()["csrf"]
            answer = await browser.post("/desk/change", data={"csrf": secret}, headers={**cookie, **headers})
            assert answer.status_code == 200

    run(steps)


def test_the_sign_in_form_works_in_the_browser_that_got_it_alone(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as mine, front.browser() as theirs:
            form = {**(await mine.get("/desk/sign-in")).json(), "login": LOGIN, "password": GOOD}
            assert (await theirs.post("/desk/sign-in", data=form)).status_code == 403
            await theirs.get("/desk/sign-in")
            assert (await theirs.post("/desk/sign-in", data=form)).status_code == 403
            assert (await mine.post("/desk/sign-in", data={**form, "csrf": ""})).status_code == 403
            again = (await mine.get("/desk/sign-in")).json()  # the same form in a second tab
            assert again["csrf"] == form["csrf"]
            assert (await mine.post("/desk/sign-in", data=form)).status_code == 303

    run(steps)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000, 413),
        ("application/x-www-form-urlencoded", b"a=1&" * 101, 400),
        ("application/x-www-form-urlencoded", b"\xff\xfe=1", 400),
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
    ],
)
def test_a_form_that_is_none_or_too_large_is_refused(front: SmallFront, kind: str, body: bytes, status: int) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            answer = await browser.post("/desk/sign-in", content=body, headers={"Content-Type": kind})
        assert answer.status_code == status

    run(steps)


# -- ways ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/c/4f-2_a~9", "/desk/figures?days=7&team=care", "/desk?q=a%20b+c", "/desk/style.v2"]
)
def test_a_path_of_the_desk_is_where_one_goes_after_signing_in(front: SmallFront, path: str) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            assert (await sign_in(browser, to=path)).headers["location"] == path

    run(steps)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "//evil.example", "https://evil.example", "/desk//evil.example", "/desk/..//evil.example", "\\\\evil",
        "/desk\\evil", "/desk/../api", "/desk.evil.example", "/deskevil", "/desk@evil.example", "/desk\n", "/desk\r\nX",
        "/desk?next=//evil.example", "/desk#x", "/desk/%2e%2e/api", "javascript:alert(1)", " /desk", "/Desk/x",
        "/desk/sign-in?next=/desk", "/desk/" + "a" * 500,
    ],
)  # fmt: skip
def test_anything_else_leads_to_the_first_page(path: str) -> None:
    assert cookies.safe_next(path) == "/desk"


@given(st.text(alphabet="/\\.:@?#%&=deskvil \t\n\u2028", max_size=30), st.sampled_from(["", "/desk", "/desk/"]))
def test_no_path_leads_a_browser_off_the_desk(rest: str, start: str) -> None:
    to = httpx.URL(HTTP).join(cookies.safe_next(start + rest))
    assert (to.scheme, to.host) == ("http", "desk.example")
    assert to.path == "/desk" or to.path.startswith("/desk/")
