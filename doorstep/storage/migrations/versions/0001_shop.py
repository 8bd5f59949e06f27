"""What the shop tells: products, and orders with their lines, parcels and scans.

Times are UTC without offset, as `doorstep.storage.tables.UtcTime` stores them. There is no way down: a copy
of the database made before the upgrade is the way back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables; a table comes after those it points to."""
    _products()
    _orders()
    _order_lines()
    _parcels()
    _scans()


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("sku", sa.String(128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(14, 2)),
        sa.Column("in_stock", sa.Boolean()),
        sa.Column("restock_at", sa.DateTime()),
        sa.Column("similar", sa.JSON(), nullable=False),
        sa.Column("guide", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "sku", name="pk_products"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("number_key", sa.String(40), nullable=False),
        sa.Column("marketplace", sa.String(20), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("paid_at", sa.DateTime()),
        sa.Column("reserved_until", sa.DateTime()),
        sa.Column("pay_url", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime()),
        sa.Column("confirmed_at", sa.DateTime()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("ship_to", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("shop", "number_key", name="uq_orders_shop_number_key"),
    )


def _order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(14, 2), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id", ondelete="CASCADE"),
    )
    op.create_index("ix_order_lines_order_id", "order_lines", ["order_id"])


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tracking_number", sa.String(64), nullable=False),
        sa.Column("carrier", sa.String(64), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("shipped_at", sa.DateTime()),
        sa.Column("skus", sa.JSON(), nullable=False),
        sa.Column("packing_photos", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_parcels"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_parcels_order_id", ondelete="CASCADE"),
        sa.UniqueConstraint("order_id", "position", name="uq_parcels_order_id_position"),
    )
    op.create_index("ix_parcels_order_id", "parcels", ["order_id"])


def _scans() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("utc_offset", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("amount_due", sa.Numeric(14, 2)),
        sa.Column("amount_currency", sa.String(3), nullable=False),
        sa.Column("act_by", sa.DateTime()),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("left_at", sa.Text(), nullable=False),
        sa.Column("delivered_to", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_scans"),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_scans_parcel_id", ondelete="CASCADE"),
    )
    op.create_index("ix_scans_parcel_id", "scans", ["parcel_id"])
