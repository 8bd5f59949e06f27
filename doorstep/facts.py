"""The facts a reply states, taken from an order and its parcels: never more than was looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from doorstep.orders import Address, Line, Money, Order
from doorstep.parcels import Destination, Parcel, Scan, Stage
from doorstep.replies.values import BusinessDays, Country, Hours, Reply, Value
from doorstep.settlement import Situation
from doorstep.windows import Window, shop_date, window_of

_CARRIER_NAMES = {
    "4px": "4PX",
    "cainiao": "Cainiao",
    "dhl": "DHL",
    "dpd": "DPD",
    "gls": "GLS",
    "sf-express": "SF Express",
    "ups": "UPS",
    "usps": "USPS",
    "yunexpress": "YunExpress",
}
SCANS_SHOWN = 3
SHORTEST_HIDDEN = 4  # characters; a shorter piece of an address means nothing by itself and would hit by chance


def carrier_name(slug: str) -> str:
    """How a carrier writes its name, as far as we know it: "china-post" is "China Post"."""
    return _CARRIER_NAMES.get(slug.casefold(), slug.replace("-", " ").replace("_", " ").title())


def parcel_facts(situation: Situation, parcel: Parcel) -> dict[str, Value]:
    """The values every reply about a parcel may use; what is not known is None and its line is left out."""
    order, policy = situation.order, situation.policy
    window = window_of(order, parcel, policy)
    return {
        "order_number": order.number,
        "tracking_number": parcel.tracking_number or None,
        "parcel": Reply("term_parcel", {"tracking_number": parcel.tracking_number or None}),
        "carrier": carrier_name(parcel.carrier),
        "service": parcel.service.replace("-", " ") or None,
        "shipped_on": shop_date(parcel.shipped_at, policy) if parcel.shipped_at else None,
        "country": Country(order.ship_to.country),
        "answer_within_hours": Hours(policy.answer_within_hours),
        "status": status_words(parcel),
        "latest_scan": scan_line(parcel.newest) if parcel.newest else None,
        "scans": [Reply("term_scan_item", {"scan": scan_line(scan)}) for scan in reversed(parcel.scans[-SCANS_SHOWN:])],
        **_window_facts(window),
    }


def _window_facts(window: Window | None) -> dict[str, Value]:
    if window is None:
        return {}
    return {"usual": BusinessDays(*window.usual), "expected_by": window.expected_by}


def named(parcel: Parcel) -> dict[str, Value]:
    """What a parcel is asked about by: its carrier, and the tracking number if it has one."""
    return {"carrier": carrier_name(parcel.carrier), "tracking_number": parcel.tracking_number or None}


def business_days(count: int) -> BusinessDays | None:
    """A number of business days to tell; none at all are not worth telling."""
    return BusinessDays(count, count) if count else None


def status_words(parcel: Parcel) -> Reply:
    """The newest status as a phrase: "at a sorting centre"."""
    return Reply(f"term_status_{parcel.newest.status if parcel.newest else 'unknown'}")


def scan_line(scan: Scan) -> Reply:
    """One line of the history: when, what, where. The time is the local time of the place."""
    text: Value = scan.description or Reply(f"term_status_{scan.status}")
    if scan.location:
        return Reply("term_scan_at_place", {"at": scan.at, "text": text, "place": scan.location})
    if scan.country:
        return Reply("term_scan_in_country", {"at": scan.at, "text": text, "country": Country(scan.country)})
    return Reply("term_scan", {"at": scan.at, "text": text})


def tracking_card(situation: Situation) -> dict[str, Any]:
    """The order's parcels as data for the chat's tracking card."""
    parcels = [_card_parcel(situation, showable(situation.order, parcel)) for parcel in situation.order.parcels]
    return {"type": "tracking", "order_number": situation.order.number, "parcels": parcels}


def _card_parcel(situation: Situation, parcel: Parcel) -> Mapping[str, Any]:
    order, policy = situation.order, situation.policy
    stage = situation.stage(parcel)
    window = window_of(order, parcel, policy)
    moving = stage in (Stage.MOVING, Stage.AT_DESTINATION, Stage.UNREGISTERED)
    late = bool(window and moving and window.days_late(shop_date(situation.now, policy)))
    # At the destination the answer names a nearer day to wait for; two days would contradict each other.
    expected = window.expected_by if window and moving and not late and stage is not Stage.AT_DESTINATION else None
    return {
        "tracking_number": parcel.tracking_number or None,
        "carrier": carrier_name(parcel.carrier),
        "status": "late" if late else stage.value,
        "status_text": Reply("term_status_late") if late else _stage_words(parcel, stage),
        "expected_by": expected,
        "scans": [
            {"at": scan.at, "text": scan.description or Reply(f"term_status_{scan.status}"), "place": scan.location}
            for scan in reversed(parcel.scans[-SCANS_SHOWN:])
        ],
    }


def _stage_words(parcel: Parcel, stage: Stage) -> Reply:
    """The stage in words; what is back or was called off is told as that, not as on its way back."""
    status = parcel.newest.status if parcel.newest else ""
    return Reply(f"term_stage_{status if status in ('returned', 'cancelled') else stage.value}")


def same_person(signer: str, recipient: str) -> bool:
    """Whether a signature can be the recipient's: every word of the shorter name stands in the longer, or its initial.

    "A. SILVA" can be "Ana Silva"; "Maria Silva" is somebody else.
    """
    first, second = sorted((_name_words(signer), _name_words(recipient)), key=len)
    if not first:
        return True
    return all(
        any(word == other or (1 in (len(word), len(other)) and word[0] == other[0]) for other in second)
        for word in first
    )


def _name_words(name: str) -> list[str]:
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(ch))
    return re.findall(r"\w+", plain)


def address_differs(went_to: Destination | None, ship_to: Address) -> bool:
    """Whether a carrier's delivery address is another one than the order's: by country, postcode, else city."""
    if went_to is None:
        return False
    if went_to.country and went_to.country != ship_to.country:
        return True
    if went_to.postcode and ship_to.postcode:
        # Carriers give the first half only ("M20"), a longer one ("78704-1234"), or lose a zero at the front.
        codes = [_plain(code).lstrip("0") for code in (went_to.postcode, ship_to.postcode)]
        return not (codes[0].startswith(codes[1]) or codes[1].startswith(codes[0]))
    return bool(went_to.city and ship_to.city) and _plain(went_to.city) != _plain(ship_to.city)


def _plain(text: str) -> str:
    return "".join(_name_words(text))


def masked_address(address: Address | Destination) -> Reply:
    """An address as far as it may be shown: the street without its numbers, the city, half of the postcode."""
    half = f"{address.postcode[: len(address.postcode) // 2]}…" if address.postcode else ""
    parts = (_masked_street(address.line1), address.city, half)
    values = {
        "address": ", ".join(part for part in parts if part),
        "country": Country(address.country) if address.country else None,
    }
    return Reply("term_masked_address", values)


def _masked_street(line1: str) -> str:
    """The street without house number; where there is none to leave out, the first word only."""
    masked = re.sub(r"\w*\d\w*", "…", line1)
    if masked != line1 or not line1:
        return masked
    first, *others = line1.split()
    return f"{first} …" if others else f"{first[0]}…"


def given_name(name: str) -> str:
    """A name as far as it may be shown: its first word, or the first letter where there is only one."""
    words = name.split()
    return "" if not words else words[0] if len(words) > 1 else f"{name.strip()[0]}…"


def showable(order: Order, parcel: Parcel) -> Parcel:
    """The parcel with texts that may be shown: carriers write names, streets and numbers into their scans.

    The signature stays as it is, to be compared; see `hide_private` for showing it.
    """
    scans = (
        replace(
            scan,
            description=hide_private(scan.description, order),
            location=hide_private(scan.location, order),
            left_at=hide_private(scan.left_at, order),
        )
        for scan in parcel.scans
    )
    return replace(parcel, scans=tuple(scans))


def hide_private(text: str, order: Order) -> str:
    """A text from outside without what of the order is never shown in full."""
    for secret, shown in _private(order):
        words = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", secret)))
        if words:
            text = re.sub(rf"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])", lambda _, s=shown: s, text, flags=re.IGNORECASE)  # type: ignore[misc]
    return text


def _private(order: Order) -> Iterator[tuple[str, str]]:
    buyer, ship_to = order.buyer, order.ship_to
    for secret in (buyer.email, buyer.phone, ship_to.line1, ship_to.line2, ship_to.postcode):
        if len(secret) >= SHORTEST_HIDDEN:
            yield secret, "…"
    for name in (ship_to.name, buyer.name):
        yield name, given_name(name)


def items_of(lines: tuple[Line, ...]) -> Reply:
    """Lines of an order in a few words: "Headphones and 2 more"."""
    if len(lines) > 1:
        return Reply("term_items_more", {"title": lines[0].title, "more": len(lines) - 1})
    return Reply("term_items_one", {"title": lines[0].title})


def order_facts(order: Order, lines: tuple[Line, ...] = (), value: Money | None = None) -> dict[str, Value]:
    """The values a reply about a whole order may use, or about some of its lines that are worth `value`."""
    return {"order_number": order.number, "items": items_of(lines or order.lines), "total": value or order.value}
