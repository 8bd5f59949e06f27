"""What is being settled and what is said first: cases, evidence, the shop's tasks, notices, coupons, moods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Evidence is added, never changed, and goes only together with its case.
_SQLITE = (
    "CREATE TRIGGER evidence_stays_as_it_is BEFORE UPDATE ON evidence "
    "BEGIN SELECT RAISE(ABORT, 'evidence cannot be changed'); END",
    "CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence "
    "WHEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id) "
    "BEGIN SELECT RAISE(ABORT, 'evidence goes only with its case'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION evidence_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'evidence cannot be changed'; END IF; "
    "IF EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id) THEN "
    "RAISE EXCEPTION 'evidence goes only with its case'; END IF; "
    "RETURN OLD; END $$",
    "CREATE TRIGGER evidence_stays BEFORE UPDATE OR DELETE ON evidence "
    "FOR EACH ROW EXECUTE FUNCTION evidence_refuses()",
)


def upgrade() -> None:
    """Make the tables, and columns of conversations and promises."""
    op.add_column("conversations", sa.Column("mood", sa.String(8), nullable=False, server_default="calm"))
    op.add_column("conversations", sa.Column("muted_at", sa.DateTime()))
    op.add_column("promises", sa.Column("amount", sa.Numeric(14, 2)))
    op.add_column("promises", sa.Column("currency", sa.String(3), nullable=False, server_default=""))
    _cases()
    _evidence()
    _shop_tasks()
    _notices()
    _coupons_given()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_cases_order_id", ondelete="CASCADE"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_order_id", "cases", ["order_id"])
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_state", "cases", ["state", "updated_at"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_case_id", ondelete="CASCADE"),
        sa.UniqueConstraint("case_id", "position", name="uq_evidence_case_id_position"),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _shop_tasks() -> None:
    op.create_table(
        "shop_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_shop_tasks"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_shop_tasks_order_id", ondelete="CASCADE"),
    )
    op.create_index("ix_shop_tasks_order_id", "shop_tasks", ["order_id"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("sent_at", sa.DateTime()),
        sa.Column("why", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_notices_order_id", ondelete="CASCADE"),
        sa.UniqueConstraint("order_id", "subject", "kind", name="uq_notices_order_id_subject_kind"),
    )
    op.create_index("ix_notices_due", "notices", ["state", "due_at"])


def _coupons_given() -> None:
    op.create_table(
        "coupons_given",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_coupons_given"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_coupons_given_order_id", ondelete="CASCADE"),
    )
    op.create_index("ix_coupons_given_order_id", "coupons_given", ["order_id"])
