"""What a buyer reads: settlements in words, and the situations they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from doorstep.delivery.tracking import settle_tracking
from doorstep.offers import Offer
from doorstep.parcels import Parcel
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.catalogue import Catalogue
from doorstep.replies.values import Reply
from doorstep.settings import ROOT
from doorstep.settlement import Settlement, Situation
from doorstep.windows import shop_date
from tests.builders import NOW, a_parcel, a_scan, an_order, days_ago

WORDS = Catalogue(ROOT / "replies")


def a_policy(**rules: Any) -> ShopPolicy:
    """The default rules but for those named."""
    return ShopPolicy.parse_obj(rules)


def a_situation(*parcels: Parcel, **changes: Any) -> Situation:
    """The order of tests.builders with these parcels; `policy=`, `now=`, `promises=` … are the situation's."""
    names = Situation.__dataclass_fields__
    given = {name: changes.pop(name) for name in list(changes) if name in names}
    order = an_order(parcels=parcels or an_order().parcels, **changes)
    return replace(Situation(order=order, policy=ShopPolicy(), now=NOW), **given)


def told(settlement: Settlement, said: Sequence[str] = ()) -> str:
    """All that the buyer reads, in English."""
    return "\n\n".join(WORDS.word(reply, "en", said).text for reply in settlement.replies)


def told_by(reply: Reply) -> str:
    """One reply in English."""
    return WORDS.word(reply, "en").text


def spaced(text: str) -> str:
    """The text with plain spaces in place of those that do not break."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def labels(settlement: Settlement) -> list[str]:
    """The choices under the last reply, as the buyer sees them."""
    return [choice.label for choice in WORDS.word(settlement.replies[-1], "en").choices]


def later(situation: Situation, settled: Settlement, days: float = 0) -> Situation:
    """The same order some days after, with what was promised standing."""
    return replace(situation, now=situation.now + timedelta(days=days), promises=settled.promises)


def asked_again(situation: Situation, settled: Settlement, days: float = 0) -> Settlement:
    """The answer to the same question some days later."""
    return settle_tracking(later(situation, settled, days))


def stored(settled: Settlement, index: int = 0, **changes: Any) -> Offer:
    """An offer of a settlement as it is kept."""
    new = settled.offers[index]
    offer = Offer("offer-1", "conversation", 1, new.subject, new.kind, new.options, new.expires_at, new.amount)
    return replace(offer, **changes)


def a_late_parcel(**changes: Any) -> Parcel:
    """A parcel that should have come on 6 June 2025, twelve days before NOW."""
    return a_parcel(shipped_at=days_ago(60), **changes)


def a_delivered_parcel(delivered_at: datetime = NOW - timedelta(days=1), **scan: Any) -> Parcel:
    """A parcel that came yesterday."""
    came = a_scan(at=delivered_at, status="delivered", description="Delivered", location="São Paulo", country="BR")
    return a_parcel(scans=(a_scan(), replace(came, **scan)))


def promised(settlement: Settlement) -> list[tuple[str, str]]:
    """Each promise by its kind and the shop's date it falls due on."""
    return [(p.kind, shop_date(p.due_at, ShopPolicy()).isoformat()) for p in settlement.promises]


def offered(settlement: Settlement) -> list[tuple[str, tuple[str, ...]]]:
    """Each offer by its kind and its options."""
    return [(offer.kind, offer.options) for offer in settlement.offers]


def a_parcel_in_brazil(**changes: Any) -> Parcel:
    """A parcel in a sorting centre of Brazil; changes are its newest scan's."""
    scan = a_scan(status="sorting_centre", description="Arrived at the centre", location="Curitiba", country="BR")
    return a_parcel(scans=(a_scan(at=days_ago(7)), replace(scan, **changes)))
