"""Whose an order is, what makes several orders one customer's, and which conversations are about an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doorstep.orders import Buyer
from doorstep.people.customers import key_of

revision = "0005"
down_revision = "0004"

_ORDERS = sa.table(
    "orders", sa.column("id", sa.Integer()), sa.column("buyer", sa.JSON()), sa.column("customer", sa.String(330))
)
_AT_ONCE = 500


def upgrade() -> None:
    """Make the column, fill it for the orders there are, and make the indexes."""
    op.add_column("orders", sa.Column("customer", sa.String(330), nullable=False, server_default=""))
    connection = op.get_bind()
    found = connection.execute(sa.select(_ORDERS.c.id, _ORDERS.c.buyer)).all()
    keys = [{"this": row.id, "key": key_of(Buyer(**row.buyer))} for row in found]
    filled = sa.update(_ORDERS).where(_ORDERS.c.id == sa.bindparam("this")).values(customer=sa.bindparam("key"))
    for first in range(0, len(keys), _AT_ONCE):
        connection.execute(filled, keys[first : first + _AT_ONCE])
    op.create_index("ix_orders_customer", "orders", ["shop", "customer"])
    op.create_index("ix_verified_orders_order_id", "verified_orders", ["order_id"])
