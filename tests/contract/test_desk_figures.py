"""The leads' figures at the desk: who may see them, of which days and which shop, on the page and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.figures.kinds import KINDS
from doorstep.figures.words import ENGLISH
from doorstep.people.handovers import REASONS
from doorstep.settings import Settings
from tests.contract import desk_client, fronts
from tests.contract.desk_client import Browser
from tests.storage.at_the_desk import AtTheDesk

NOW = datetime(2025, 6, 18, 2, 0, tzinfo=timezone.utc)  # ten o'clock in the shop
LAST_OF_16TH = datetime(2025, 6, 16, 15, 59, tzinfo=timezone.utc)  # a minute to midnight there


@pytest.fixture
def http(settings: Settings) -> Iterator[httpx.Client]:
    with fronts.running(fronts.a_front(settings, now=lambda: NOW)) as client:
        yield client


@pytest.fixture
def at(engine: Engine) -> AtTheDesk:
    return AtTheDesk(engine, NOW)


def a_lead(http: httpx.Client, engine: Engine, **changes: str) -> Browser:
    """A lead who signed in when the front's clock said so."""
    browser = desk_client.browser(http)
    desk_client.add_agent(engine, "Li", role="lead", **changes)
    browser.sign_in("li")
    return browser


@pytest.fixture
def lead(http: httpx.Client, engine: Engine) -> Browser:
    return a_lead(http, engine)


def came(at: AtTheDesk, when: datetime, language: str = "de", shop: str = "default") -> None:
    at.now = when
    at.waits(language, shop)
    at.now = NOW


def table(browser: Browser, figure: str, query: str = "") -> dict[str, list[str]]:
    """The rows of a figure's CSV, by their titles."""
    answer = browser.get(f"/desk/figures.csv?figure={figure}&{query}")
    assert answer.status_code == 200, answer.text
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}


def test_an_agent_is_told_that_the_figures_are_for_leads(http: httpx.Client, engine: Engine) -> None:
    desk_client.add_agent(engine)
    anna = desk_client.browser(http)
    anna.sign_in("anna")
    for path in ("/desk/figures", "/desk/figures.csv?figure=open"):
        answer = anna.get(path)
        assert answer.status_code == 403
        assert "This page is for leads of the shop." in answer.text
    assert 'href="/desk/figures"' not in anna.get("/desk/queue").text


def test_each_figure_has_its_definition_picture_table_and_file(lead: Browser, at: AtTheDesk) -> None:
    came(at, NOW)
    page = lead.get("/desk/figures").text
    for kind in KINDS:
        part = re.search(rf'<section [^>]*"title-{kind.key}".*?</section>', page, re.DOTALL)
        assert part, kind.key
        told = part[0].replace("&#39;", "'")
        assert ENGLISH[f"definition_{kind.key}"] in told
        assert told.index("<svg") < told.index("<details>") < told.index("<table>")
        picture = re.search(r"<svg.*?</svg>", part[0], re.DOTALL)
        assert picture
        ElementTree.fromstring(picture[0])
        assert f"figure={kind.key}" in told


def test_days_are_the_shops_and_both_ends_of_the_period_count(lead: Browser, at: AtTheDesk) -> None:
    came(at, LAST_OF_16TH)
    came(at, NOW)
    assert table(lead, "handovers", "from=2025-06-16&to=2025-06-16")["total"][0] == "1"
    assert table(lead, "handovers", "from=2025-06-17&to=2025-06-17")["total"][0] == "0"
    days = table(lead, "handovers", "from=2025-06-16&to=2025-06-18")
    assert [days[f"2025-06-{day}"][0] for day in (16, 17, 18)] == ["1", "0", "1"]


@pytest.mark.parametrize("days", [7, 30, 90])
def test_a_period_goes_up_to_today(lead: Browser, days: int) -> None:
    rows = table(lead, "handovers", f"days={days}")
    assert len(rows) == days + 2
    assert "2025-06-18" in rows
    assert f'<a href="?days={days}&amp;by=day" aria-current="true">' in lead.get(f"/desk/figures?days={days}").text


@pytest.mark.parametrize(
    "wrong",
    [
        "from=yesterday&to=2025-06-18",
        "from=2025-06-18&to=2025-06-17",
        "from=2025-06-18",
        "from=2020-01-01&to=2025-01-01",
    ],
)
def test_a_period_that_is_none_is_told_and_the_last_thirty_days_are_shown(lead: Browser, wrong: str) -> None:
    page = lead.get(f"/desk/figures?{wrong}")
    assert page.status_code == 200
    assert "The period could not be read" in page.text
    assert "2025-05-20 to 2025-06-18" in page.text
    assert lead.get("/desk/figures?from=0001-01-01&to=0001-01-01").status_code == 200
    assert lead.get("/desk/figures?from=9999-12-31&to=9999-12-31").status_code == 200


def test_figures_are_broken_down_as_asked_with_names_for_codes(lead: Browser, at: AtTheDesk) -> None:
    came(at, NOW)
    assert table(lead, "handovers", "by=language")["de"] == ["1", "1"]
    assert '<th scope="row" class="nowrap">German</th>' in lead.get("/desk/figures?by=language").text
    assert lead.get("/desk/figures?by=nonsense").status_code == 200


def test_a_lead_of_one_shop_sees_its_figures_alone(http: httpx.Client, at: AtTheDesk) -> None:
    came(at, NOW, shop="toys")
    came(at, NOW, shop="outdoor")
    browser = a_lead(http, at.engine, shop="outdoor")
    assert table(browser, "handovers")["total"][0] == "1"


def test_a_file_is_named_after_what_is_in_it(lead: Browser) -> None:
    answer = lead.get("/desk/figures.csv?figure=first_reply&from=2025-06-01&to=2025-06-02&by=country")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="first_reply-by-country-2025-06-01-2025-06-02.csv"'
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert lead.get("/desk/figures.csv?figure=nonsense").status_code == 404


def test_a_chinese_lead_reads_the_figures_in_chinese(http: httpx.Client, at: AtTheDesk) -> None:
    came(at, NOW)
    browser = a_lead(http, at.engine, language="zh")
    page = browser.get("/desk/figures?by=language").text
    for part in ("数据报表", "转人工原因", "买家要求人工", "德语", "合计"):
        assert part in page
    assert not any(ENGLISH[f"definition_{kind.key}"] in page for kind in KINDS)
    assert not any(f">{reason}<" in page for reason in REASONS)
