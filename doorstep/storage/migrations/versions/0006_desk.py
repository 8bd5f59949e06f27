"""The desk: agents and their sessions, every change of owner, notes, ratings, and links to other desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables, and columns of conversations and of messages."""
    for column in (
        sa.Column("team", sa.String(40), nullable=False, server_default=""),
        sa.Column("agent_id", sa.Integer()),
        sa.Column("agent_name", sa.String(80), nullable=False, server_default=""),
        sa.Column("active_at", sa.DateTime()),
        sa.Column("answer_due_at", sa.DateTime()),
        sa.Column("late_told_at", sa.DateTime()),
        sa.Column("contact_email", sa.String(320), nullable=False, server_default=""),
        sa.Column("handed_back_at", sa.DateTime()),
        sa.Column("queued_at", sa.DateTime()),
        sa.Column("tier", sa.String(40), nullable=False, server_default=""),
        sa.Column("deadline_at", sa.DateTime()),
    ):
        op.add_column("conversations", column)
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("delivered_at", sa.DateTime()))
        outbox.create_unique_constraint("uq_outbox_conversation_id_message_id", ["conversation_id", "message_id"])
    _agents()
    _owner_changes()
    _beside_conversations()
    _desk_links()


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("login", sa.String(120), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("login", name="uq_agents_login"),
    )
    op.create_table(
        "agent_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_agent_sessions"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_sessions_agent_id", ondelete="CASCADE"),
    )
    op.create_index("ix_agent_sessions_agent_id", "agent_sessions", ["agent_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_key", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_login_key", "sign_in_tries", ["login_key"])
    op.create_index("ix_sign_in_tries_address", "sign_in_tries", ["address"])


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=f"fk_{table}_conversation_id", ondelete="CASCADE"
    )


def _owner_changes() -> None:
    op.create_table(
        "owner_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(12), nullable=False),
        sa.Column("after", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("agent_id", sa.Integer()),
        sa.Column("agent_name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owner_changes"),
        _of_conversation("owner_changes"),
    )
    op.create_index("ix_owner_changes_conversation_id", "owner_changes", ["conversation_id"])
    op.create_index("ix_owner_changes_at", "owner_changes", ["at"])


def _beside_conversations() -> None:
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("agent_name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_notes"),
        _of_conversation("desk_notes"),
    )
    op.create_index("ix_desk_notes_conversation_id", "desk_notes", ["conversation_id"])
    op.create_table(
        "ratings",
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(60), nullable=False),
        sa.Column("score", sa.String(8), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("closing_id", name="pk_ratings"),
        sa.ForeignKeyConstraint(["closing_id"], ["owner_changes.id"], name="fk_ratings_closing_id", ondelete="CASCADE"),
        _of_conversation("ratings"),
    )
    op.create_index("ix_ratings_conversation_id", "ratings", ["conversation_id"])
    op.create_table(
        "typing",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "side", name="pk_typing"),
        _of_conversation("typing"),
    )


def _desk_links() -> None:
    op.create_table(
        "desk_links",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("desk", sa.String(20), nullable=False),
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("remote_id", sa.String(64), nullable=False),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("told_change", sa.Integer(), nullable=False),
        sa.Column("heard_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime()),
        sa.Column("busy_by", sa.String(80)),
        sa.Column("busy_until", sa.DateTime()),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_desk_links"),
        _of_conversation("desk_links"),
    )
    op.create_index("ix_desk_links_next_at", "desk_links", ["next_at"])
    op.create_index("ix_desk_links_remote", "desk_links", ["desk", "remote_id"])
