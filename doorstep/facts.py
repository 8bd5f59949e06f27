"""The facts a reply states, taken from an order and its parcels: never more than was looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from doorstep.orders import Address, Order
from doorstep.parcels import Destination, Parcel, Scan, Stage
from doorstep.replies.values import Country, DayRange, Reply, Value
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
        "carrier": carrier_name(parcel.carrier),
        "service": parcel.service.replace("-", " ") or None,
        "country": Country(order.ship_to.country),
        "answer_within_hours": policy.answer_within_hours,
        "status": status_words(parcel),
        "latest_scan": scan_line(parcel.newest) if parcel.newest else None,
        "scans": [scan_line(scan) for scan in reversed(parcel.scans[-SCANS_SHOWN:])],
        **_window_facts(window),
    }


def _window_facts(window: Window | None) -> dict[str, Value]:
    if window is None:
        return {}
    return {
        "shipped_on": window.shipped_on,
        "usual": DayRange(*window.usual),
        "expected_by": window.expected_by,
    }


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
    parcels = [_card_parcel(situation, parcel) for parcel in situation.order.parcels]
    return {"type": "tracking", "order_number": situation.order.number, "parcels": parcels}


def _card_parcel(situation: Situation, parcel: Parcel) -> Mapping[str, Any]:
    order, policy = situation.order, situation.policy
    stage = situation.stage(parcel)
    window = window_of(order, parcel, policy)
    moving = stage in (Stage.MOVING, Stage.AT_DESTINATION, Stage.UNREGISTERED)
    late = bool(window and moving and window.days_late(shop_date(situation.now, policy)))
    return {
        "tracking_number": parcel.tracking_number or None,
        "carrier": carrier_name(parcel.carrier),
        "status": "late" if late else stage.value,
        "status_text": Reply("term_status_late") if late else Reply(f"term_stage_{stage.value}"),
        "expected_by": window.expected_by if window and moving else None,
        "scans": [
            {"at": scan.at, "text": scan.description or Reply(f"term_status_{scan.status}"), "place": scan.location}
            for scan in reversed(parcel.scans[-SCANS_SHOWN:])
        ],
    }


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
    if went_to.postcode:
        return _plain(went_to.postcode) != _plain(ship_to.postcode)
    return bool(went_to.city) and _plain(went_to.city) != _plain(ship_to.city)


def _plain(text: str) -> str:
    return "".join(_name_words(text))


def mask_place(line1: str, city: str, postcode: str, country: str) -> Reply:
    """An address as far as it may be shown: first letter of the street, city, first half of the postcode."""
    street = f"{line1[0]}…" if line1 else None
    half = f"{postcode[: max(1, len(postcode) // 2)]}…" if postcode else None
    return Reply(
        "term_masked_address",
        {
            "address": ", ".join(part for part in (street, city, half) if part),
            "country": Country(country) if country else None,
        },
    )


def masked_address(address: Address | Destination) -> Reply:
    """An order's or a delivery's address, masked; never the name or the full street."""
    return mask_place(address.line1, address.city, address.postcode, address.country)


def order_facts(order: Order) -> dict[str, Value]:
    """The values a reply about a whole order may use."""
    first = order.lines[0]
    more = len(order.lines) - 1
    items = (
        Reply("term_items_more", {"title": first.title, "more": more})
        if more
        else Reply("term_items_one", {"title": first.title})
    )
    return {"order_number": order.number, "items": items, "total": order.value}
