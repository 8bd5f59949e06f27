"""`doorstep brief`, `customers`, `risks` and the queue of `todo`, as a person types them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from typer.testing import CliRunner, Result

from doorstep import cli
from doorstep.orders import Order
from doorstep.storage import conversations, ownership
from doorstep.storage.engine import writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from tests.builders import a_line, a_parcel, a_scan, an_order

TODAY = datetime.now(timezone.utc)  # what the commands go by


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A wide one; a command of ours makes its files private, and the tests after these should not."""
    monkeypatch.setenv("COLUMNS", "240")
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def command(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))  # where sqlite_engine has its file
    return CliRunner()


def run(command: CliRunner, *arguments: str) -> Result:
    done = command.invoke(cli.app, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def late_order(**changes: Any) -> Order:
    """An order whose parcel left two months ago."""
    shipped = TODAY - timedelta(days=40)
    scan = a_scan(at=TODAY - timedelta(days=2), description="[bold]At the airport")
    parcel = a_parcel(shipped_at=shipped, scans=(scan,))
    times = {"placed_at": shipped, "paid_at": shipped}
    return an_order(**{**times, "parcels": (parcel,), "marketplace": "own", **changes})


def waits(engine: Engine, order: Order, **note: str) -> str:
    """A conversation about an order that waits for a person; gives its id."""
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", order)
        started = conversations.start(
            connection, shop="default", channel="web", language="pt", address="", email_key="", now=TODAY
        )
        Identities(connection).record_proof(started.id, order_id, "email", TODAY)
        conversations.change(connection, started.id, mood="angry")
        ownership.hand_over(connection, started.id, TODAY, "angry", note)
        return started.id


def test_the_brief_shows_who_why_what_next_and_the_parcel(command: CliRunner, sqlite_engine: Engine) -> None:
    line = a_line(title="Lamp [red]")
    conversation = waits(sqlite_engine, late_order(lines=(line,)), threat="dispute", wishes="stock")
    shown = run(command, "brief", conversation).stdout
    for text in (
        "Ana Souza (pt, BR", "regular", "The buyer is angry or threatens.", "Say sorry once", "care, now",
        "threatens with │ dispute", "also asked", "stock", "1 × Lamp [red]", "[bold]At the airport",
        "RB123456785CN (china-post): moving", "of 100: threat dispute 25",
    ):  # fmt: skip
        assert text in shown


def test_a_conversation_that_is_not_there_is_said_so(command: CliRunner, sqlite_engine: Engine) -> None:
    done = run(command, "brief", "nothing")
    assert done.exit_code == 1
    assert "There is no conversation nothing" in done.output


def test_customers_are_counted_by_group_and_tier(command: CliRunner, sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        Orders(connection).save("default", late_order(currency="KRW"))
    shown = run(command, "customers").stdout
    assert "1 (regular)" in shown  # one customer in one of the 64 groups
    assert shown.count("·") == 63
    assert "Customers: 1." in shown
    assert "Counted as 0, for they have no rate in the policy: KRW" in shown


def test_risks_name_each_reason_with_its_points(command: CliRunner, sqlite_engine: Engine) -> None:
    conversation = waits(sqlite_engine, late_order(), threat="legal")
    shown = run(command, "risks").stdout
    for text in ("1001", "threat legal (22)", "mood angry (10)", conversation):
        assert text in shown


def test_the_list_of_what_is_to_do_shows_tier_mood_risk_and_team(command: CliRunner, sqlite_engine: Engine) -> None:
    conversation = waits(sqlite_engine, late_order())
    (row,) = (line for line in run(command, "todo").stdout.splitlines() if conversation in line and "angry" in line)
    assert [cell.strip() for cell in row.split("│")][1:3] == ["regular", "angry"]
    assert "care" in row
