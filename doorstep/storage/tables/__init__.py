"""Every table Doorstep keeps. Times are stored in UTC; Rasa adds its own `events` table beside these."""

from doorstep.storage.tables.base import UtcTime, metadata
from doorstep.storage.tables.conversations import choices, conversations, inbox, outbox, reviews, uploads
from doorstep.storage.tables.settlements import (
    cases,
    coupons_given,
    evidence,
    identity_tries,
    notices,
    offers,
    promises,
    shop_tasks,
    verified_orders,
)
from doorstep.storage.tables.shop import order_lines, orders, parcels, products, scans

__all__ = [
    "UtcTime",
    "cases",
    "choices",
    "conversations",
    "coupons_given",
    "evidence",
    "identity_tries",
    "inbox",
    "metadata",
    "notices",
    "offers",
    "order_lines",
    "orders",
    "outbox",
    "parcels",
    "products",
    "promises",
    "reviews",
    "scans",
    "shop_tasks",
    "uploads",
    "verified_orders",
]
