"""How the facts of a conversation are told: in words, in the agent's language, and on which clock."""

from __future__ import annotations

from datetime import datetime, timezone
from html import unescape

import httpx
from sqlalchemy.engine import Engine

from doorstep.storage import ownership
from doorstep.storage.engine import writing
from tests.builders import a_parcel, a_scan, an_address
from tests.contract import desk_talk
from tests.contract.chat_client import Buyer
from tests.contract.desk_client import Browser
from tests.contract.desk_talk import path, recent_order, waiting


def text_of(browser: Browser, buyer: Buyer) -> str:
    return unescape(browser.get(path(buyer)).text)


def test_times_are_on_the_shops_clock_and_those_of_scans_on_the_buyers_as_well(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    at = datetime(desk_talk.now().year - 1, 11, 25, 13, 20, tzinfo=timezone.utc)  # in Berlin 14:20
    order = recent_order(
        parcels=(a_parcel(scans=(a_scan(at=at),)),), ship_to=an_address(country="DE", postcode="10115")
    )
    buyer = waiting(small_http, sqlite_engine, order=order)
    page = text_of(desk_talk.agent(small_http, sqlite_engine), buyer)
    assert page.count("Times are in the shop's time zone, Asia/Shanghai.") == 1
    scans = page[page.index('<ol class="scans') :].split("</ol>")[0]
    assert f"Nov 25, {at.year} 21:20</time> (14:20 there)" in scans


def test_what_the_assistant_noted_is_read_in_words(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = waiting(small_http, sqlite_engine, "It is broken", order=recent_order(marketplace="own"))
    note = {
        "problem": "not_working", "came": "2025-06-02", "contacts": "4", "status": "customs_held",
        "reason": "duties_due", "duty": "86.40 BRL", "part 2": "delivery_failed_again",
        "part 2, failed_attempts": "3", "subject": "71",
    }  # fmt: skip
    with writing(sqlite_engine) as connection:
        ownership.add_to_note(connection, buyer.conversation_id, note)
    page = text_of(desk_talk.agent(small_http, sqlite_engine), buyer)
    noted = page[page.index("What the assistant noted") :].split("</section>")[0]
    for raw in ("not_working", "came", "contacts", "customs_held", "customs held", "duties_due", "part 2"):
        assert raw not in noted, raw
    for told in (
        "problem</dt><dd>not working</dd>", "delivered on</dt><dd>Mon, Jun 2, 2025", "days with messages</dt><dd>4",
        "R$86.40", "parcel 2", "parcel 2: failed deliveries</dt><dd>3",
    ):  # fmt: skip
        assert told in noted, told
    assert "<dd>own shop</dd>" in page


def test_an_agent_who_reads_chinese_gets_the_facts_in_chinese(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = waiting(small_http, sqlite_engine, order=recent_order(), language="pt")
    page = text_of(desk_talk.agent(small_http, sqlite_engine, language="zh"), buyer)
    for words in ("葡萄牙语", "转人工原因", "订单 1001", "会话正在排队"):
        assert words in page, words
