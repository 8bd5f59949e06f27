"""Signing in at the desk: who gets in, for how long, and what guessing comes to."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from doorstep.front.desk import signing_in
from doorstep.people.passwords import Passwords
from doorstep.storage import agents
from doorstep.storage.engine import writing
from doorstep.storage.tables import agents as agent_rows
from tests.builders import NOW
from tests.unit.front.small_desk import GOOD, LOGIN, QUICK, SmallFront, run, sign_in

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


# -- in and out ----------------------------------------------------------------------------


def test_the_right_password_lets_in_and_signing_out_ends_it_everywhere_the_cookie_went(any_front: SmallFront) -> None:
    async def steps() -> None:
        async with any_front.browser() as browser, any_front.browser() as thief:
            assert (await sign_in(browser, login=" ANNA@shop.example")).headers["location"] == "/desk"
            page = (await browser.get("/desk")).json()
            assert page["name"] == "Anna"
            thief.cookies = httpx.Cookies(browser.cookies)
            assert (await browser.post("/desk/sign-out", data={"csrf": page["csrf"]})).status_code == 303
            assert not browser.cookies
            assert (await thief.get("/desk")).status_code == 303

    run(steps)


def test_another_sign_in_of_the_browser_ends_the_one_before(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser, front.browser() as before:
            await sign_in(browser)
            before.cookies = httpx.Cookies(browser.cookies)
            await sign_in(browser)
            assert (await browser.get("/desk")).status_code == 200
            assert (await before.get("/desk")).status_code == 303

    run(steps)


def test_a_session_ends_after_eight_hours_that_only_an_open_page_went_on(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            await sign_in(browser)
            front.at += 7 * HOUR
            assert (await browser.get("/desk")).status_code == 200
            front.at += 7 * HOUR
            assert (await browser.get("/desk/stream")).status_code == 200
            front.at += 2 * HOUR
            assert (await browser.get("/desk/stream")).status_code == 303

    run(steps)


def test_somebody_who_is_disabled_is_out_with_the_next_request(any_front: SmallFront, engine: Engine) -> None:
    async def steps() -> None:
        async with any_front.browser() as browser:
            await sign_in(browser)
            with writing(engine) as connection:
                agents.disable(connection, LOGIN, any_front.at)
            assert (await browser.get("/desk")).status_code == 303
            assert (await sign_in(browser)).json()["reason"] == "wrong"

    run(steps)


def test_who_gets_another_password_while_the_old_is_compared_is_not_let_in(
    any_front: SmallFront, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ResetMeanwhile(Passwords):
        def fits(self, password: str, kept: str | None) -> bool:
            with writing(engine) as connection:
                agents.reset(connection, LOGIN, "another hash")
            return True

    monkeypatch.setattr(signing_in, "passwords", ResetMeanwhile(QUICK.hasher))

    async def steps() -> None:
        async with any_front.browser() as browser:
            assert (await sign_in(browser)).json()["reason"] == "wrong"

    run(steps)


def test_a_hash_of_older_parameters_is_made_again_at_the_next_sign_in(
    any_front: SmallFront, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    monkeypatch.setattr(signing_in, "passwords", stronger)

    async def steps() -> None:
        async with any_front.browser() as browser:
            assert (await sign_in(browser)).status_code == 303
            assert (await sign_in(browser)).status_code == 303

    run(steps)
    with engine.connect() as connection:
        kept = connection.execute(select(agent_rows.c.password_hash)).scalar_one()
    assert not stronger.is_outdated(kept)


# -- guessing ------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["bea@shop.example", "an\x00na", "", "a" * 1000])
def test_what_is_told_of_a_login_is_the_same_whether_somebody_has_it(any_front: SmallFront, login: str) -> None:
    async def told(typed: str, address: str) -> list[Any]:
        async with any_front.browser(address=address) as browser:
            answers = [await sign_in(browser, "a wrong password", typed) for _ in range(6)]
        return [(each.status_code, each.json()) for each in answers]

    async def steps() -> None:
        known, unknown = await told(LOGIN, "192.0.2.1"), await told(login, "192.0.2.2")
        assert known == unknown
        assert [answer["reason"] for _, answer in known] == ["wrong"] * 5 + ["locked"]

    run(steps)


def test_a_locked_login_does_not_even_take_the_right_password_until_the_time_told(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            for _ in range(5):
                await sign_in(browser, "a wrong password")
            told = (await sign_in(browser)).json()
            assert told == {"reason": "locked", "until": (NOW + 15 * MINUTE).isoformat()}
            front.at = datetime.fromisoformat(told["until"])
            assert (await sign_in(browser)).status_code == 303

    run(steps)


def test_of_fifty_guesses_at_once_five_are_compared(any_front: SmallFront, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    class Counted(Passwords):
        def fits(self, password: str, kept: str | None) -> bool:
            compared.append(password)
            return super().fits(password, kept)

    monkeypatch.setattr(signing_in, "passwords", Counted(QUICK.hasher))

    async def steps() -> None:
        async with any_front.browser() as browser:
            form = {**(await browser.get("/desk/sign-in")).json(), "login": LOGIN}
            guesses = (browser.post("/desk/sign-in", data={**form, "password": f"guess {n}"}) for n in range(50))
            answers = [answer.json()["reason"] for answer in await asyncio.gather(*guesses)]
        assert (answers.count("wrong"), answers.count("locked")) == (5, 45)

    run(steps)
    assert len(compared) == 5


def test_twenty_wrong_tries_lock_an_address_for_every_login(front: SmallFront) -> None:
    async def steps() -> None:
        async with front.browser() as browser, front.browser(address="192.0.2.9") as elsewhere:
            for number in range(20):
                await sign_in(browser, "a wrong password", f"guess{number}")
            assert (await sign_in(browser)).json()["reason"] == "locked"
            assert (await sign_in(elsewhere)).status_code == 303

    run(steps)


def test_nothing_that_was_typed_is_in_the_log_or_the_database(front: SmallFront, sqlite_engine: Engine) -> None:
    async def steps() -> None:
        async with front.browser() as browser:
            await sign_in(browser, "a wrong password")
            await sign_in(browser)
            kept = _everything(sqlite_engine) + str(told)
            typed = (GOOD, "a wrong password", browser.cookies["doorstep_desk"], "192.0.2.1")
            assert [each for each in typed if each in kept] == []

    with structlog.testing.capture_logs() as told:
        run(steps)
    assert [(line["event"], line["outcome"]) for line in told] == [
        ("desk.sign_in", "wrong"),
        ("desk.sign_in", "signed_in"),
    ]
    assert LOGIN not in str(told)


def _everything(engine: Engine) -> str:
    with engine.connect() as connection:
        tables = ("agents", "agent_sessions", "sign_in_tries")
        return str([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])
