"""Orders of the tests' own: demo orders under another number, so that one test's promises are not another's."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from doorstep import demo
from tests.e2e.orders_changes import changing
from tests.e2e.orders_customs import at_customs
from tests.e2e.orders_dossier import with_cases
from tests.e2e.orders_gaps import filling_gaps, in_seven_languages
from tests.e2e.orders_goods import with_problems
from tests.e2e.orders_handover import handing_over
from tests.e2e.orders_preview import previewing
from tests.e2e.orders_returns import returning

Json = dict[str, Any]

HOSTILE_TITLE = '<b>Lamp</b> {order_number} 0[ {{x}} ${y} <img src=x onerror="window.pwned=1">'
MARKETPLACE_NUMBER = "302-7719045-3361287"
OVER_LIMIT = {"USD": "240.00", "AUD": "490.00"}


def email_of(number: str) -> str:
    """The e-mail address of an order made here."""
    return f"buyer.{number.replace('-', '.').lower()}@example.com"


Copy = Callable[..., Json]


def document(today: datetime) -> Json:
    """An import document with every order made here."""
    by_number = {order["number"]: order for order in demo.orders(today)["orders"]}

    def copied(source: str, number: str, **changes: Any) -> Json:
        order: Json = copy.deepcopy(by_number[source])
        order.update(number=number, **changes)
        order["buyer"].update(id=f"T-{number}", email=email_of(number))
        for place, parcel in enumerate(order.get("parcels", ())):
            if parcel["tracking_number"]:
                parcel["tracking_number"] = f"TT{number.replace('-', '')[-6:]:0>8}{place}CN"
        return order

    second = copied("1003", "7103")  # another order of the buyer of 1002
    second["buyer"] = dict(by_number["1002"]["buyer"])
    return {
        "shop": "default",
        "orders": [
            second,
            *_changed(copied, today),
            *_plain(copied),
            *changing(copied),
            *at_customs(copied),
            *returning(copied),
            *with_problems(copied),
            *handing_over(copied),
            *with_cases(copied),
            *previewing(copied),
            *in_seven_languages(copied),
            *filling_gaps(copied),
        ],
    }


def _changed(copied: Copy, today: datetime) -> list[Json]:
    def days_ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    old_mail = copied("1005", "7105", placed_at=days_ago(91), paid_at=days_ago(91))
    old_mail["parcels"][0]["shipped_at"] = days_ago(90)
    refused = copied("1009", "7109")
    refused["parcels"][0]["events"][-1].update(status="returned", reason="refused", description="Refused at the door")
    waiting = copied("1010", "7110", placed_at=days_ago(12), paid_at=days_ago(12))
    hostile = copied("1010", "7120")
    hostile["lines"][0].update(sku="T-HOSTILE", title=HOSTILE_TITLE)
    return [old_mail, refused, waiting, hostile]


def _plain(copied: Copy) -> list[Json]:
    return [
        copied("1002", "7102"),
        copied("1004", "7104"),
        copied("1004", "7114"),
        copied("1006", "7106"),
        copied("1016", "7116"),
        copied("1017", "7117", total=OVER_LIMIT["AUD"]),
        copied("1004", "7140", total=OVER_LIMIT["USD"]),
        *(copied("1004", f"72{place:02}") for place in range(8)),
        copied("1015", "7130"),
        copied("1015", "7131"),
        copied("1015", "7132"),
        copied("1003", MARKETPLACE_NUMBER),
    ]
