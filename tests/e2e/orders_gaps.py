"""Orders for the tests of seven languages and of what else can go crooked (numbers that begin with 7380 to 7399)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
LATE, LOST, HELD, BACK, UNSENT, DELIVERED = "1004", "1006", "1007", "1009", "1010", "1015"
LANGUAGES = ("de", "en", "es", "fr", "pt", "ru", "zh")
# What a conversation is about: the demo order it needs, each language its own copy of it.
PARTS = {
    "not_received": LATE,
    "customs": HELD,
    "goods": DELIVERED,
    "return": DELIVERED,
    "exchange": DELIVERED,
    "cancel": UNSENT,
    "address": UNSENT,
    "person": LATE,
    "stop": LATE,
}
LIVES_IN = {
    "de": {"line1": "Kastanienallee 31", "city": "Berlin", "postcode": "10435", "country": "DE"},
    "en": {"line1": "14 Palatine Road", "city": "Manchester", "postcode": "M20 3JH", "country": "GB"},
    "es": {"line1": "Calle de Alcalá 12", "city": "Madrid", "postcode": "28014", "country": "ES"},
    "fr": {"line1": "8 rue des Tanneurs", "city": "Lyon", "postcode": "69005", "country": "FR"},
    "pt": {"line1": "Rua Augusta 1508", "city": "São Paulo", "postcode": "01304-001", "country": "BR"},
    "ru": {"line1": "Невский проспект 10", "city": "Санкт-Петербург", "postcode": "191186", "country": "RU"},
    "zh": {"line1": "南京东路 100 号", "city": "上海", "postcode": "200001", "country": "CN"},
}

WRONG, BROKEN, GOES_BACK, DISAPPOINTED = "7389", "7390", "7391", "7392"
RESTRICTED, INSPECTED, RELEASED = "7393", "7394", "7395"
EXPIRED, UNCLAIMED, NOTHING_SUITS, ASKS_BACK = "7396", "7397", "7398", "7399"
BUYS_OFTEN = tuple(f"{number}" for number in range(7380, 7388))  # all by one buyer
COPIES = {
    **dict.fromkeys(BUYS_OFTEN, DELIVERED),
    **dict.fromkeys((WRONG, BROKEN, GOES_BACK, DISAPPOINTED), DELIVERED),
    **dict.fromkeys((RESTRICTED, INSPECTED, RELEASED), HELD),
    **dict.fromkeys((EXPIRED, NOTHING_SUITS), LOST),
    UNCLAIMED: BACK,
    ASKS_BACK: LATE,
}


def number_of(part: str, language: str) -> str:
    """The number of a language's order for a conversation about this part."""
    return f"{7380 + list(PARTS).index(part)}{LANGUAGES.index(language):03}"


def in_seven_languages(copied: Callable[..., Json]) -> list[Json]:
    """These orders for the import document."""
    orders: list[Json] = []
    for language in LANGUAGES:
        made = {part: copied(source, number_of(part, language)) for part, source in PARTS.items()}
        made["address"]["ship_to"].update(LIVES_IN[language])
        made["goods"].update(total="9.00")
        made["goods"]["lines"][0].update(unit_price="9.00")
        orders += made.values()
    return orders


def filling_gaps(copied: Callable[..., Json]) -> list[Json]:
    """One order for each test of tests/e2e/test_gaps.py."""
    made = {number: copied(source, number) for number, source in COPIES.items()}
    last = {number: order["parcels"][0]["events"][-1] for number, order in made.items()}
    for number in BUYS_OFTEN:
        made[number].update(buyer=made[BUYS_OFTEN[0]]["buyer"], total="300.00")
        made[number]["lines"][0].update(unit_price="300.00")
    for number, reason in ((RESTRICTED, "restricted_goods"), (INSPECTED, "inspection")):
        last[number].update(reason=reason)
        last[number].pop("amount_due")
        last[number].pop("amount_currency")
    last[UNCLAIMED].update(status="returned", reason="unclaimed", description="Not collected")
    let_go = {name: last[RELEASED][name] for name in ("at", "location", "country")}
    at = datetime.fromisoformat(let_go["at"]) + timedelta(hours=1)
    made[RELEASED]["parcels"][0]["events"].append({**let_go, "at": at.isoformat(), "status": "customs_released"})
    return list(made.values())
