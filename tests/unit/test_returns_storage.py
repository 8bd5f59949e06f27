"""A return as it is kept: the page to print, its link, and `doorstep returned` as the shop types it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import CliRunner

from doorstep import cases, cli, promises
from doorstep.cases import CaseStep
from doorstep.commands import returned as returned_command
from doorstep.front import return_page
from doorstep.front.database import Database
from doorstep.front.security import Guard
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.replies.catalogue import Catalogue
from doorstep.returns.links import number_in, path_of
from doorstep.settings import ROOT, Settings
from doorstep.storage import conversations, tables
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_line, an_order
from tests.telling import a_policy

SETTINGS = Settings("", "", 1, 1, 1, "a secret of the tests", Path(), Path())
FACTS = {
    "ship_by": "2025-07-02T23:59:59+08:00",
    "address": "Returns <Hall 2>\nHafenstr. 4",
    "condition": "unused",
    "postage": "buyer",
}


def a_case(engine: Engine, state: str = cases.AGREED, kind: str = cases.RETURN, language: str = "en") -> str:
    """An order with a return; gives its number."""
    line = a_line(title="Lamp <b>x</b>", options={"colour": "red & blue"})
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order(lines=(line,), parcels=()))
        started = conversations.start(
            connection, shop="default", channel="web", language=language, address="", email_key="", now=NOW
        )
        Commitments(connection).promise(started.id, order_id, Promise(promises.RETURN, "HP-200-BK", NOW), NOW)
        facts = {**FACTS, "wanted": "in <L>" if kind == cases.EXCHANGE else ""}
        step = CaseStep(kind, "HP-200-BK", state, facts)
        return Cases(connection).step(started.id, order_id, "1001", step, NOW).number


@pytest.fixture
def pages(sqlite_engine: Engine) -> Iterator[TestClient]:
    """The front's pages of returns, as a browser gets them."""
    routes = [Route("/returns/page.css", return_page.get_style), Route("/returns/{token}", return_page.get_page)]
    app = Starlette(routes=routes)
    database = Database(sqlite_engine)
    app.state.front = SimpleNamespace(settings=SETTINGS, database=database, words=Catalogue(ROOT / "replies"))
    yield TestClient(Guard(app))
    database.close()


def link_to(number: str) -> str:
    return path_of(number, SETTINGS.fingerprint)


# -- the link ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["R-1001-1", "E-112-4455667-8899001-2", "R-#10/5 ü-1"])
def test_a_link_leads_to_the_return_it_was_made_for(number: str) -> None:
    token = link_to(number).removeprefix("/returns/")
    assert number_in(token, SETTINGS.fingerprint) == number
    assert "/" not in token


def test_a_link_that_was_altered_or_made_elsewhere_leads_nowhere() -> None:
    token = link_to("R-1001-1").removeprefix("/returns/")
    other = link_to("R-1001-2").removeprefix("/returns/")
    mixed = other.partition(".")[0] + "." + token.partition(".")[2]
    elsewhere = path_of("R-1001-1", replace(SETTINGS, secret="another").fingerprint).removeprefix("/returns/")
    for wrong in (mixed, elsewhere, token[:-1], token + "0", token.partition(".")[0], "", ".", "ä.ö", "%%%"):
        assert number_in(wrong, SETTINGS.fingerprint) is None, wrong


# -- the page ------------------------------------------------------------------------------


def test_the_page_shows_the_return_and_where_it_goes(sqlite_engine: Engine, pages: TestClient) -> None:
    page = pages.get(link_to(a_case(sqlite_engine)))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for shown in ("R-1001-1", "<dd>1001</dd>", "Wed, Jul 2, 2025", "Hafenstr. 4", "unused"):
        assert shown in page.text


def test_texts_from_outside_are_shown_as_texts(sqlite_engine: Engine, pages: TestClient) -> None:
    page = pages.get(link_to(a_case(sqlite_engine, kind=cases.EXCHANGE))).text
    for shown in ("Lamp &lt;b&gt;x&lt;/b&gt; (red &amp; blue)", "Returns &lt;Hall 2&gt;", "in &lt;L&gt;"):
        assert shown in page


def test_the_page_names_nothing_of_the_buyer(sqlite_engine: Engine, pages: TestClient) -> None:
    page = pages.get(link_to(a_case(sqlite_engine))).text
    assert [private for private in ("Ana", "Souza", "Augusta", "01304", "@", "+55") if private in page] == []


def test_the_page_runs_and_keeps_nothing(sqlite_engine: Engine, pages: TestClient) -> None:
    page = pages.get(link_to(a_case(sqlite_engine)))
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert pages.get("/returns/page.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("state", [cases.ASKING, cases.CLOSED])
def test_a_return_that_is_not_agreed_or_over_has_no_page(sqlite_engine: Engine, pages: TestClient, state: str) -> None:
    assert pages.get(link_to(a_case(sqlite_engine, state))).status_code == 404


def test_an_unknown_or_altered_token_is_a_page_that_says_so(sqlite_engine: Engine, pages: TestClient) -> None:
    link = link_to(a_case(sqlite_engine))
    for wrong in (link[:-1], link_to("R-9-1"), link_to("N-1001-1"), "/returns/x"):
        page = pages.get(wrong)
        assert (page.status_code, "isn&#x27;t here any more" in page.text) == (404, True)
        assert "Hafenstr" not in page.text


# -- doorstep returned ---------------------------------------------------------------------


def returned(engine: Engine, number: str, days: float = 0) -> str:
    return returned_command.arrived(engine, a_policy(), number, NOW + timedelta(days=days))


def rows(engine: Engine) -> tuple[dict[str, str], list[str], list[str]]:
    """The promises by kind with their state, the cases' states, and the kinds of the shop's tasks."""
    with reading(engine) as connection:
        made = {row.kind: row.state for row in connection.execute(select(tables.promises))}
        states = list(connection.execute(select(tables.cases.c.state)).scalars())
        return made, states, list(connection.execute(select(tables.shop_tasks.c.kind)).scalars())


def test_what_is_in_is_paid_back_by_a_date_and_listed(sqlite_engine: Engine) -> None:
    number = a_case(sqlite_engine)
    assert returned(sqlite_engine, number) == "R-1001-1: pay 24.50 USD back by 2025-06-25."
    assert rows(sqlite_engine) == ({"return": "kept", "return_refund": "open"}, ["agreed"], ["refund_return"])
    assert returned(sqlite_engine, f" {number} ", days=2) == "R-1001-1: pay 24.50 USD back by 2025-06-25."
    assert rows(sqlite_engine)[2] == ["refund_return"]


def test_for_an_exchange_the_other_goods_are_sent(sqlite_engine: Engine) -> None:
    number = a_case(sqlite_engine, kind=cases.EXCHANGE)
    assert returned(sqlite_engine, number) == "E-1001-1: send in <L> by 2025-06-23."
    assert rows(sqlite_engine)[0]["swap"] == "open"


def test_what_was_paid_back_before_goes_to_a_person(sqlite_engine: Engine) -> None:
    number = a_case(sqlite_engine)
    with writing(sqlite_engine) as connection:
        case = connection.execute(select(tables.cases)).one()
        whole = Promise(promises.REFUND, "", NOW, amount=Money(an_order().total, "USD"))
        Commitments(connection).promise(case.conversation_id, case.order_id, whole, NOW)
    assert "a person has to look at it" in returned(sqlite_engine, number)
    with reading(sqlite_engine) as connection:
        assert connection.execute(select(tables.conversations.c.owner)).scalar_one() == "queue"


@pytest.mark.parametrize(
    ("state", "said"), [(cases.ASKING, "has not been agreed yet"), (cases.CLOSED, "is closed already")]
)
def test_a_return_that_is_not_open_is_refused_with_the_reason(sqlite_engine: Engine, state: str, said: str) -> None:
    number = a_case(sqlite_engine, state)
    with pytest.raises(returned_command.ReturnError, match=said):
        returned(sqlite_engine, number)


def test_the_command_names_an_unknown_number(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))
    before = os.umask(0o022)
    try:
        wrong = CliRunner().invoke(cli.app, ["returned", "R-9-9"])
        right = CliRunner().invoke(cli.app, ["returned", a_case(sqlite_engine)])
    finally:
        os.umask(before)
    assert (wrong.exit_code, "There is no return with the number 'R-9-9'" in wrong.output) == (1, True)
    assert (right.exit_code, "R-1001-1: pay 24.50 USD back by" in right.output) == (0, True)
