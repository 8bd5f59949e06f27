"""What an agent grants: seen as the buyer will read it, kept once with what the shop has to do, within the limits."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.orders import Order
from doorstep.people.agents import LEAD
from doorstep.people.given import GOODWILL
from doorstep.policy.shop import ShopPolicy
from tests.builders import a_line
from tests.contract import desk_talk
from tests.contract.desk_client import hidden
from tests.contract.desk_talk import helped, owner, path, proves, recent_order, rows, said


def dear(total: str = "900.00") -> Order:
    """An order above an agent's limit of 200 USD."""
    return replace(recent_order(), total=Decimal(total), lines=(a_line(unit_price=Decimal(total)),))


def part(engine: Engine, amount: str, **changes: str) -> dict[str, str]:
    """The fields of a form that gives a part of the money back."""
    (order,) = rows(engine, "orders")
    return {"order": str(order.id), "kind": "part_refund", "subject": "", "amount": amount, **changes}


def test_a_grant_is_previewed_in_the_buyers_language_and_nothing_is_kept_yet(
    http: httpx.Client, engine: Engine
) -> None:
    buyer, anna = helped(http, engine, order=recent_order(), language="de")
    page = anna.post(path(buyer, "grant/preview"), **part(engine, "5.00"))
    assert page.status_code == 200
    text = unescape(page.text)
    assert "5,00\xa0$" in text
    assert "1001" in text
    assert 'lang="de"' in text
    assert rows(engine, "promises") == []
    assert said(buyer) == []


def test_a_grant_keeps_the_promise_the_task_and_the_message_once(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine, order=recent_order())
    preview = anna.post(path(buyer, "grant/preview"), **part(engine, "5.00")).text
    fields = {name: hidden(preview, name) for name in ("key", "order", "kind", "subject", "amount")}
    for _ in range(2):  # a double click
        assert anna.post(path(buyer, "grant"), **fields).headers["location"] == path(buyer)
    (promise,) = rows(engine, "promises")
    assert (promise.kind, promise.amount, promise.currency) == ("part_refund", Decimal("5.00"), "USD")
    (task,) = rows(engine, "shop_tasks")
    assert (task.kind, task.note["amount"]) == ("part_refund", "5.00 USD")
    (text,) = said(buyer)
    assert "$5.00" in text
    assert text in unescape(preview)


def test_the_same_grant_under_another_key_is_refused_and_not_said_again(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine, order=recent_order())
    anna.post(path(buyer, "grant"), **part(engine, "5.00"), key="first-click")
    again = anna.post(path(buyer, "grant"), **part(engine, "5.00"), key="second-click")
    assert again.status_code == 409
    assert "Already granted." in again.text
    assert len(rows(engine, "promises")) == len(said(buyer)) == 1


def test_a_grant_above_the_limit_is_refused_with_the_limit_and_a_lead_can_make_it(
    http: httpx.Client, engine: Engine
) -> None:
    buyer, anna = helped(http, engine, order=dear())
    for action in ("grant/preview", "grant"):
        refused = anna.post(path(buyer, action), **part(engine, "300.00"), key="key-of-anna")
        assert refused.status_code == 409
        assert "Above your limit of $200.00. A lead can grant it." in unescape(refused.text)
    assert rows(engine, "promises") == said(buyer) == []
    lead = desk_talk.agent(http, engine, "Mei", role=LEAD)
    lead.post(path(buyer, "take-over"))
    assert lead.post(path(buyer, "grant"), **part(engine, "300.00"), key="key-of-mei").status_code == 303
    assert [promise.amount for promise in rows(engine, "promises")] == [Decimal("300.00")]


@pytest.mark.parametrize("amount", ["", "0", "-5", "nan", "1e1", "5.001", "1,000", "5000", "five"])
def test_an_amount_that_cannot_be_paid_is_refused(small_http: httpx.Client, sqlite_engine: Engine, amount: str) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    refused = anna.post(path(buyer, "grant"), **part(sqlite_engine, amount), key="key-of-anna")
    assert refused.status_code == 409
    assert rows(sqlite_engine, "promises") == said(buyer) == []


def test_an_order_that_is_not_proven_here_gets_nothing(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    other = desk_talk.waiting(small_http, sqlite_engine, order=recent_order())
    assert other.conversation_id != buyer.conversation_id
    refused = anna.post(path(buyer, "grant"), **part(sqlite_engine, "5.00"), key="key-of-anna")
    assert refused.status_code == 409
    assert rows(sqlite_engine, "promises") == []


@pytest.mark.parametrize("order", ["", "x", "9" * 30, "-1"])
def test_a_form_without_an_order_cannot_be_read(small_http: httpx.Client, sqlite_engine: Engine, order: str) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    fields = part(sqlite_engine, "5.00", order=order)
    assert anna.post(path(buyer, "grant"), **fields).status_code == 422


@pytest.mark.parametrize("how", ["closed", "taken over"])
def test_who_does_not_have_it_any_more_grants_nothing(http: httpx.Client, engine: Engine, how: str) -> None:
    buyer, anna = helped(http, engine, order=recent_order())
    if how == "closed":
        anna.post(path(buyer, "close"), reason="solved")
    else:
        desk_talk.agent(http, engine, "Mei", role=LEAD).post(path(buyer, "take-over"))
    for action in ("grant/preview", "grant"):
        assert anna.post(path(buyer, action), **part(engine, "5.00"), key="key-of-anna").status_code == 409
    assert rows(engine, "promises") == rows(engine, "shop_tasks") == said(buyer) == []


def test_what_cannot_be_granted_is_listed_with_the_reason_and_without_a_button(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=dear())
    page = unescape(anna.get(path(buyer)).text)
    grants = page[page.index('id="grant-part"') :]
    assert "Above your limit of $200.00. A lead can grant it." in grants
    assert 'value="refund"' not in grants
    assert 'value="part_refund"' in grants
    assert "up to $200.00" in grants


def test_the_person_sees_their_own_limit_and_the_leads(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    page = unescape(anna.get(path(buyer)).text)
    desk = ShopPolicy().desk
    most = f"${desk.limits_of(LEAD)['USD']:,.2f}"
    assert "You can grant up to $200.00 at once." in page
    assert f"A lead can grant up to {most}." in page
    lead = desk_talk.agent(small_http, sqlite_engine, "Mei", role=LEAD)
    lead.post(path(buyer, "take-over"))
    page = unescape(lead.get(path(buyer)).text)
    assert f"You can grant up to {most} at once." in page
    assert "A lead can grant" not in page


def test_a_currency_without_a_limit_is_named(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order(currency="ISK"))
    assert "set you no limit in ISK" in anna.get(path(buyer)).text


def test_the_preview_tells_the_person_what_is_granted_to_whom_in_their_own_language(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order(), language="de")
    page = unescape(anna.post(path(buyer, "grant/preview"), **part(sqlite_engine, "5.00")).text)
    above = page[page.index("<main") : page.index("<blockquote")]
    for known in ("Ana Souza", "1001", "Part of the money back", "$5.00"):
        assert known in above, known


@pytest.mark.parametrize("amount", ["5000", "five"])
def test_an_amount_that_is_refused_stays_in_its_field_alone(
    small_http: httpx.Client, sqlite_engine: Engine, amount: str
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    page = anna.post(path(buyer, "grant/preview"), **part(sqlite_engine, amount)).text
    assert page.count(f'value="{amount}"') == 1
    form = page[: page.index(f'value="{amount}"')].rpartition("<form")[2]
    assert 'name="kind" value="part_refund"' in form
    assert re.search(r'<details id="grant-part" name="tools"\s+open>', page)


def test_after_a_grant_it_is_not_claimed_that_the_buyer_has_read_it(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    page = anna.follow(anna.post(path(buyer, "grant"), **part(sqlite_engine, "5.00"), key="key-of-anna"))
    assert "Granted. The buyer reads it as soon as their page is open." in unescape(page.text)


def test_goodwill_and_orders_of_a_second_proof_are_offered_too(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    proves(sqlite_engine, buyer, recent_order(id=2, number="1002"))
    page = anna.get(path(buyer)).text
    assert "Order 1001" in page
    assert "Order 1002" in page
    assert f'value="{GOODWILL}"' in page
    assert owner(sqlite_engine, buyer) == ("agent", "Anna")


def test_the_side_shows_what_was_granted(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    anna.post(path(buyer, "grant"), **part(sqlite_engine, "5.00"), key="key-of-anna")
    side = unescape(anna.get(path(buyer, "side")).text)
    assert "refund part of the money, $5.00" in side
    assert "On the shop's list" in side
