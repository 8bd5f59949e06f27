"""What the rules decide: what is said, what is promised, what is offered, and whether a person takes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doorstep.offers import NewOffer
from doorstep.orders import Order, Product
from doorstep.parcels import Parcel, Stage, stage_of
from doorstep.promises import Promise
from doorstep.replies.values import Reply
from doorstep.shop_policy import ShopPolicy


@dataclass(frozen=True)
class Situation:
    """All that a decision may look at. `complaint` is false when the buyer only asks where the parcel is."""

    order: Order
    policy: ShopPolicy
    now: datetime
    promises: tuple[Promise, ...] = ()
    products: Mapping[str, Product] = field(default_factory=dict)
    complaint: bool = True

    def stage(self, parcel: Parcel) -> Stage:
        """Where a parcel of the order stands now, by the policy's patience with missing scans."""
        return stage_of(parcel, self.now, self.policy.waits.no_scan_days, self.order.ship_to.country)


@dataclass(frozen=True)
class Handover:
    """A person takes over: for which reason, and what they must know beyond the order and the transcript."""

    reason: str
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settlement:
    """One decision. Replies are said in order; promises and offers are stored before they are said."""

    replies: tuple[Reply, ...]
    promises: tuple[Promise, ...] = ()
    offers: tuple[NewOffer, ...] = ()
    handover: Handover | None = None
