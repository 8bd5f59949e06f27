"""`doorstep preview`: what it shows is what the assistant would say and keep, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from doorstep import settings
from doorstep.commands import preview as preview_command
from doorstep.commands.preview import Request
from doorstep.orders import Order
from doorstep.policy.shop import ShopPolicy
from doorstep.preview import Preview, PreviewError, Question, find_order, preview
from doorstep.storage import tables
from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from tests.builders import NOW, a_parcel, an_order
from tests.storage.shop import Shop
from tests.telling import WORDS, a_late_parcel, a_policy

LATE = an_order(parcels=(a_late_parcel(),))
LOST = an_order(parcels=(a_parcel(status="lost"),))


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@pytest.fixture
def ours(engine: Engine, tmp_path: Path) -> settings.Settings:
    return settings.load({"DOORSTEP_DATA_DIR": str(tmp_path), "DOORSTEP_DATABASE_URL": str(engine.url)})


def _sold(engine: Engine, order: Order, shop: str = "default") -> Order:
    with writing(engine) as connection:
        Orders(connection).save(shop, order)
        found = Orders(connection).find(shop, order.number)
    assert found
    return found


def _seen(ours: settings.Settings, order: Order, *wishes: str, policy: ShopPolicy | None = None, **of: Any) -> Preview:
    question = replace(Question(wishes, "en", NOW), **of)
    return preview(ours, policy or ShopPolicy(), WORDS, order, question)


def _texts(found: Preview) -> str:
    return "\n".join(worded.text for worded in found.said)


def _rows(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def test_it_says_what_the_buyer_would_be_told(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, LATE)
    found = _seen(ours, order, "not_received")
    real = Shop(engine, ShopPolicy()).chat("1001").asks()
    assert [worded.text for worded in found.said] == [WORDS.word(reply, "en").text for reply in real.replies]
    assert [choice.label for choice in found.said[-1].choices] == [
        choice.label for choice in WORDS.word(real.replies[-1], "en").choices
    ]


def test_nothing_of_it_is_kept(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, LATE)
    before = _rows(engine)
    assert _seen(ours, order, "not_received", mood="angry").kept["promises"]
    assert _seen(ours, order, "human_agent").handover
    assert _rows(engine) == before


def test_it_shows_the_promises_that_would_be_made_and_not_those_that_stand(
    engine: Engine, ours: settings.Settings
) -> None:
    order = _sold(engine, LATE)
    (promise,) = _seen(ours, order, "not_received").kept["promises"]
    assert (promise["kind"], promise["due_at"] > NOW) == ("grace", True)
    Shop(engine, ShopPolicy()).chat("1001").asks()
    assert _seen(ours, order, "not_received").kept["promises"] == []


def test_it_shows_who_would_take_over_and_why(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, LOST)
    handover = _seen(ours, order, "refund", "human_agent").handover
    assert handover
    assert handover[0] == "asked"
    assert "refund" in handover[1]["wishes"]
    assert _seen(ours, order, "not_received").handover is None


def test_the_day_can_be_another_one(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, an_order())
    assert "late" not in _texts(_seen(ours, order, "not_received"))
    assert "no news of parcel" in _texts(_seen(ours, order, "not_received", now=NOW + timedelta(days=60)))


def test_the_rules_of_the_orders_country_count(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, LOST)
    refused = a_policy(overrides={"countries": {"BR": {"remedies": {"limits": {}}}}})
    elsewhere = a_policy(overrides={"countries": {"FR": {"remedies": {"limits": {}}}}})
    assert _seen(ours, order, "not_received", policy=refused).handover
    assert _seen(ours, order, "not_received", policy=elsewhere).handover is None


def test_it_speaks_the_language_asked_for(engine: Engine, ours: settings.Settings) -> None:
    order = _sold(engine, LATE)
    assert "Sendung" in _texts(_seen(ours, order, "track_order", language="de"))


# -- which order ---------------------------------------------------------------------------


def test_an_order_is_found_in_whichever_shop_has_it(engine: Engine) -> None:
    _sold(engine, LATE, "lights")
    with reading(engine) as connection:
        assert find_order(connection, "#10 01").shop == "lights"
        assert find_order(connection, "1001", "lights").number == "1001"


@pytest.mark.parametrize(
    ("number", "shop", "why"),
    [
        ("99", "", "There is no order 99."),
        ("1001", "default", "There is no order 1001 in the shop default. It is an order of lights: --shop lights."),
        ("1002", "", "Several shops have an order 1002: say which with --shop (lamps, lights)."),
    ],
)
def test_an_order_that_cannot_be_meant_is_told(engine: Engine, number: str, shop: str, why: str) -> None:
    _sold(engine, LATE, "lights")
    for each in ("lights", "lamps"):
        _sold(engine, replace(LATE, number="1002"), each)
    with reading(engine) as connection, pytest.raises(PreviewError) as caught:
        find_order(connection, number, shop)
    assert str(caught.value) == why


# -- the command ---------------------------------------------------------------------------


def _shown(ours: settings.Settings, folder: Path, number: str = "1001", **request: Any) -> str:
    console = Console(file=StringIO(), width=100)
    preview_command.show(ours, ShopPolicy(), Request(number, **request), console, folder)
    printed: str = console.file.getvalue()  # type: ignore[attr-defined]
    return printed


def test_the_command_prints_the_words_the_choices_and_what_would_follow(
    engine: Engine, ours: settings.Settings, tmp_path: Path
) -> None:
    _sold(engine, LOST)
    shown = _shown(ours, tmp_path, wishes=("not_received",), language="en", on=NOW.date())
    assert shown.startswith("Order 1001 of default, to Brazil, on 2025-06-18, in English.\n")
    for part in ("RB123456785CN", "[ Refund $24.50 ]", "\nWhat would follow:\n", "\nNothing of this was kept.\n"):
        assert part in shown


def test_the_command_names_the_team_that_takes_over(engine: Engine, ours: settings.Settings, tmp_path: Path) -> None:
    _sold(engine, LOST)
    assert "person     of the team care (questions about orders, goods" in _shown(
        ours, tmp_path, wishes=("human_agent",)
    )


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ({}, "either what the buyer writes"),
        ({"says": "hi", "wishes": ("refund",)}, "either what the buyer writes"),
        ({"says": "it came broken"}, "no trained model.*doorstep train"),
        ({"wishes": ("refunds",)}, "no wish 'refunds'; those known are not_received"),
        ({"wishes": ("customs/no",)}, "no wish 'customs/no'; those of customs are before"),
        ({"wishes": ("stock/no",)}, "nothing closer is said of stock"),
        ({"wishes": ("stock",), "language": "xx"}, "no words in 'xx': expected one of en"),
        ({"wishes": ("stock",), "number": "7"}, "no order 7"),
    ],
)
def test_what_cannot_be_shown_is_told(
    engine: Engine, ours: settings.Settings, tmp_path: Path, request_: dict[str, Any], why: str
) -> None:
    _sold(engine, LOST)
    with pytest.raises(PreviewError, match=why):
        _shown(ours, tmp_path, **request_)


def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    empty = settings.load({"DOORSTEP_DATA_DIR": str(tmp_path)})
    with pytest.raises(PreviewError, match="doorstep demo"):
        _shown(empty, tmp_path, wishes=("stock",))
    assert not (tmp_path / "doorstep.db").exists()
