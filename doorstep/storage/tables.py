"""Every table Doorstep keeps. Times are stored in UTC; Rasa adds its own `events` table beside these."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC without offset; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Turn an aware time into naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Give the stored time back as aware UTC."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


# -- what the shop told us ---------------------------------------------------------------

products = Table(
    "products",
    metadata,
    Column("shop", String(64), primary_key=True),
    Column("sku", String(128), primary_key=True),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("price", Numeric(14, 2)),
    Column("in_stock", Boolean),
    Column("restock_at", UtcTime),
    Column("similar", JSON, nullable=False, default=list),
    Column("guide", JSON, nullable=False, default=list),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("number", String(40), nullable=False),
    Column("number_key", String(40), nullable=False),  # orders.order_key(number)
    Column("marketplace", String(20), nullable=False, default="own"),
    Column("placed_at", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    Column("reserved_until", UtcTime),
    Column("pay_url", Text, nullable=False, default=""),
    Column("cancelled_at", UtcTime),
    Column("confirmed_at", UtcTime),
    Column("currency", String(3), nullable=False),
    Column("total", Numeric(14, 2), nullable=False),
    Column("buyer", JSON, nullable=False),  # fields of orders.Buyer
    Column("ship_to", JSON, nullable=False),  # fields of orders.Address
    UniqueConstraint("shop", "number_key"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("sku", String(128), nullable=False),
    Column("title", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Numeric(14, 2), nullable=False),
    Column("options", JSON, nullable=False, default=dict),
)

parcels = Table(
    "parcels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("tracking_number", String(64), nullable=False, default=""),  # "" is unregistered mail
    Column("carrier", String(64), nullable=False),
    Column("service", String(64), nullable=False, default=""),
    Column("shipped_at", UtcTime),
    Column("skus", JSON, nullable=False, default=list),
    Column("packing_photos", JSON, nullable=False, default=list),
    UniqueConstraint("order_id", "position"),
)

scans = Table(
    "scans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parcel_id", ForeignKey("parcels.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("utc_offset", Integer, nullable=False, default=0),  # minutes, of the place it happened at
    Column("status", String(24), nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("location", Text, nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("reason", String(24), nullable=False, default=""),
    Column("amount_due", Numeric(14, 2)),
    Column("amount_currency", String(3), nullable=False, default=""),
    Column("act_by", UtcTime),
    Column("signed_by", Text, nullable=False, default=""),
    Column("left_at", Text, nullable=False, default=""),
    Column("delivered_to", JSON),  # fields of parcels.Destination
)

# -- conversations -----------------------------------------------------------------------

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(8), nullable=False, default="en"),
    Column("address", String(64), nullable=False, default=""),  # keyed hash of the client's address
    Column("email_key", String(64), nullable=False, default=""),  # keyed hash of an e-mail address proven here
    Column("owner", String(12), nullable=False, default="assistant"),  # assistant | queue | agent | closed
    Column("owner_since", UtcTime, nullable=False),
    Column("handover_reason", String(40), nullable=False, default=""),
    Column("handover_note", JSON, nullable=False, default=dict),
    Column("last_seq", Integer, nullable=False, default=0),
    Column("busy_by", String(80)),  # the front that works this conversation's inbox just now
    Column("busy_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Index("ix_conversations_owner", "owner", "owner_since"),
    Index("ix_conversations_address", "address", "created_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(64), nullable=False),  # made by the client or the provider
    Column("seq", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("choice", String(64), nullable=False, default=""),  # token of the choice taken
    Column("attachments", JSON, nullable=False, default=list),
    Column("asked_at", UtcTime),  # when it was first handed to Rasa
    Column("outcome", String(12), nullable=False, default=""),  # "" | answered | queued | apologised
    Column("settled_at", UtcTime),
    UniqueConstraint("conversation_id", "message_id"),
    UniqueConstraint("conversation_id", "seq"),
    Index("ix_inbox_unsettled", "outcome", "conversation_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("sender", String(12), nullable=False),  # assistant | agent | notice
    Column("text", Text, nullable=False, default=""),
    Column("card", JSON(none_as_null=True)),
    Column("attachments", JSON, nullable=False, default=list),
    Column("answers", ForeignKey("inbox.id", ondelete="SET NULL")),  # the message it replies to
    UniqueConstraint("conversation_id", "seq"),
)

choices = Table(
    "choices",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),  # of the outbox message that shows it
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("payload", Text, nullable=False),  # what Rasa is told; never leaves the server
    Index("ix_choices_shown", "conversation_id", "seq"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
)

# What was not understood, for the shop's people to label (`doorstep review`).
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("inbox_id", ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),  # without addresses and numbers: doorstep.redaction
    Column("intent", Text, nullable=False, default=""),  # the likeliest, "" when nothing was read
    Column("confidence", Float, nullable=False, default=0.0),  # 0 to 1
    Column("second_intent", Text, nullable=False, default=""),
    Column("reason", String(12), nullable=False),  # refused | corrected | handed_over
    Column("choice", Text, nullable=False, default=""),  # the wish that the buyer chose next
    Column("created_at", UtcTime, nullable=False),
    Column("status", String(12), nullable=False, default="open"),  # open | labelled | dismissed
    Column("label", Text, nullable=False, default=""),  # the intent it was given
    UniqueConstraint("inbox_id"),
    Index("ix_reviews_status", "status", "created_at"),
)

# -- what was proven, offered and promised (keyed by conversation; Rasa's shell has no row above) --

verified_orders = Table(
    "verified_orders",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
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
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(12), nullable=False, default="open"),  # open | kept | broken | cancelled
    UniqueConstraint("order_id", "subject", "kind"),
    Index("ix_promises_due", "state", "due_at"),
)
