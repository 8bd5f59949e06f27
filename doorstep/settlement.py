"""What the rules decide: what is said, what is promised, what is offered, and whether a person takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doorstep.cases import Case, CaseStep
from doorstep.offers import NewOffer
from doorstep.orders import Address, Order, Product
from doorstep.parcels import Parcel, Stage, stage_of
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import Promise
from doorstep.replies.values import Reply


@dataclass(frozen=True)
class Situation:
    """All that a decision may look at. `complaint` is false when the buyer only asks where the parcel is.

    `about` is what the message says more closely about its wish (a sub-intent such as "damaged", or ""); `photos` are
    the ids of those sent in this conversation, oldest first; `tier` is the customer's; `contacts` is on how many days
    the buyer wrote about the order; `coupon` is whether a coupon code could be handed to the order's buyer.
    """

    order: Order
    policy: ShopPolicy
    now: datetime
    promises: tuple[Promise, ...] = ()
    products: Mapping[str, Product] = field(default_factory=dict)
    complaint: bool = True
    cases: tuple[Case, ...] = ()
    about: str = ""
    photos: tuple[str, ...] = ()
    tier: str = "regular"
    page_of: Callable[[str], str] = field(default=lambda _number: "", compare=False)
    contacts: int = 0
    coupon: bool = False

    def stage(self, parcel: Parcel) -> Stage:
        """Where a parcel of the order stands now, by the policy's patience with missing scans."""
        return stage_of(parcel, self.now, self.policy.waits.no_scan_days, self.order.ship_to.country)


@dataclass(frozen=True)
class Handover:
    """A person takes over: for which reason, and what they must know beyond the order and the transcript."""

    reason: str
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderChange:
    """A change of the order itself, made at once; what is None stays as it is."""

    cancelled_at: datetime | None = None
    confirmed_at: datetime | None = None
    ship_to: Address | None = None


@dataclass(frozen=True)
class ShopTask:
    """Something the shop has to do or to know: cancel, send, pay back, write papers. Listed by `doorstep todo`."""

    kind: str
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settlement:
    """One decision. Replies are said in order; everything else is stored before they are said.

    `asks` names what the next message is expected to tell in free words ("new_address/<order id>/<subject>"): see
    `doorstep.answers.DETAILS`. With `coupon` the storage fills in the order's coupon code where the replies name one.
    """

    replies: tuple[Reply, ...]
    promises: tuple[Promise, ...] = ()
    offers: tuple[NewOffer, ...] = ()
    handover: Handover | None = None
    cases: tuple[CaseStep, ...] = ()
    change: OrderChange | None = None
    tasks: tuple[ShopTask, ...] = ()
    asks: str = ""
    coupon: bool = False
