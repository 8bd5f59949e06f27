"""The tables of what was proven, offered, promised and agreed, keyed by order and conversation."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from doorstep.storage.tables.base import UtcTime, metadata

verified_orders = Table(
    "verified_orders",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("proof", String(12), nullable=False),  # email | postcode
    Column("named_at", UtcTime, nullable=False),  # the latest one named is the one talked about
)

identity_tries = Table(
    "identity_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("address", String(64), nullable=False, default="", index=True),
    Column("order_key", String(64), nullable=False, index=True),  # keyed hash of the number tried
    Column("at", UtcTime, nullable=False),
)

offers = Table(
    "offers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(64), nullable=False, default=""),  # a parcel's id, or "" for the order
    Column("kind", String(32), nullable=False),
    Column("options", JSON, nullable=False),  # list of option names
    Column("amount", Numeric(14, 2)),
    Column("currency", String(3), nullable=False, default=""),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("chosen", String(160), nullable=False, default=""),
    Column("chosen_at", UtcTime),
    UniqueConstraint("conversation_id", "order_id", "subject", "kind"),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(64), nullable=False, default=""),
    Column("kind", String(32), nullable=False),
    Column("remedy", String(160), nullable=False, default=""),  # what the buyer chose for that date
    Column("amount", Numeric(14, 2)),  # what it gives
    Column("currency", String(3), nullable=False, default=""),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(12), nullable=False, default="open"),  # open | kept | broken | cancelled
    UniqueConstraint("order_id", "subject", "kind"),
    Index("ix_promises_due", "state", "due_at"),
)

# -- what is being settled, what the shop has to do, and what is said first -------------------

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", String(64), nullable=False, index=True),  # where it was opened
    Column("number", String(60), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(128), nullable=False, default=""),  # a parcel's id, a line's SKU, or "" for the order
    Column("state", String(12), nullable=False),  # asking | agreed | person | closed
    Column("facts", JSON, nullable=False, default=dict),  # text by name
    Column("opened_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Index("ix_cases_state", "state", "updated_at"),
)

# Append-only: each entry holds the hash of the one before (doorstep.evidence).
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("content", Text, nullable=False),  # canonical JSON, as it was hashed
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("case_id", "position"),
)

shop_tasks = Table(
    "shop_tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("note", JSON, nullable=False, default=dict),
    Column("made_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
)

# What Doorstep says without being asked: each once.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(128), nullable=False, default=""),
    Column("kind", String(32), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(12), nullable=False, default="planned"),  # planned | sent | dropped
    Column("conversation_id", String(64), nullable=False, default=""),  # where it was said
    Column("seq", Integer),  # of the message that said it
    Column("sent_at", UtcTime),
    Column("why", String(40), nullable=False, default=""),  # it was dropped
    UniqueConstraint("order_id", "subject", "kind"),
    Index("ix_notices_due", "state", "due_at"),
)

coupons_given = Table(
    "coupons_given",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
)
