"""Every table Doorstep keeps. Times are stored in UTC; Rasa adds its own `events` table beside these."""

from doorstep.storage.tables.base import UtcTime, metadata
from doorstep.storage.tables.conversations import choices, conversations, inbox, outbox, reviews, uploads
from doorstep.storage.tables.desk import (
    agent_sessions,
    agents,
    desk_links,
    desk_notes,
    owner_changes,
    ratings,
    sign_in_tries,
    typing,
)
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
    "agent_sessions",
    "agents",
    "cases",
    "choices",
    "conversations",
    "coupons_given",
    "desk_links",
    "desk_notes",
    "evidence",
    "identity_tries",
    "inbox",
    "metadata",
    "notices",
    "offers",
    "order_lines",
    "orders",
    "outbox",
    "owner_changes",
    "parcels",
    "products",
    "promises",
    "ratings",
    "reviews",
    "scans",
    "shop_tasks",
    "sign_in_tries",
    "typing",
    "uploads",
    "verified_orders",
]
