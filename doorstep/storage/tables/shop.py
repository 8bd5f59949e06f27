"""The tables of what the shop told us: products, orders, parcels and their scans."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
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
    Column("customer", String(330), nullable=False, default=""),  # customers.key_of(buyer)
    UniqueConstraint("shop", "number_key"),
    Index("ix_orders_customer", "shop", "customer"),
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
