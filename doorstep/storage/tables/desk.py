"""The tables of the desk: who answers for the shop, who had a conversation when, and what people noted about it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from doorstep.storage.tables.base import UtcTime, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop", String(64), nullable=False, default=""),  # whose conversations they see; "" for every shop's
    Column("login", String(120), nullable=False),  # an e-mail address or a name, in lower case
    Column("name", String(80), nullable=False),  # as buyers read it
    Column("role", String(8), nullable=False, default="agent"),  # agent | lead
    Column("team", String(40), nullable=False, default=""),  # of the policy's teams; "" for all
    Column("language", String(8), nullable=False, default="en"),  # of the desk's own words
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    UniqueConstraint("login"),
)

agent_sessions = Table(
    "agent_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # SHA-256 of the cookie
    Column("agent_id", ForeignKey("agents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

# Sign-ins that failed, for the lock-out; rows older than a day are swept away.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login_key", String(64), nullable=False, index=True),  # keyed hash of what was typed as the name
    Column("address", String(64), nullable=False, index=True),  # keyed hash of the client's address
    Column("at", UtcTime, nullable=False),
)

# Every change of a conversation's owner, in the order they happened; the figures are counted from it.
owner_changes = Table(
    "owner_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("seq", Integer, nullable=False),  # of the last message before it
    Column("before", String(12), nullable=False),
    Column("after", String(12), nullable=False),
    Column("reason", String(40), nullable=False, default=""),  # of a hand-over, a closing, a way back to the queue
    Column("team", String(40), nullable=False, default=""),
    Column("agent_id", Integer),  # who did it, or lost it; None for the assistant, the buyer and other desks
    Column("agent_name", String(80), nullable=False, default=""),
    Index("ix_owner_changes_at", "at"),
)

desk_notes = Table(
    "desk_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("agent_name", String(80), nullable=False, default=""),  # "" for what the desk noted itself
    Column("text", Text, nullable=False),
)

# What a buyer thought of the help of a person: once for each closing.
ratings = Table(
    "ratings",
    metadata,
    Column("closing_id", ForeignKey("owner_changes.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("case_number", String(60), nullable=False, default=""),
    Column("score", String(8), nullable=False),  # good | bad
    Column("why", String(16), nullable=False, default=""),  # of the second click
    Column("at", UtcTime, nullable=False),
)

# Where a conversation stands on a desk that is not ours.
desk_links = Table(
    "desk_links",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("desk", String(20), nullable=False),
    Column("contact_id", String(64), nullable=False, default=""),
    Column("source_id", String(64), nullable=False, default=""),  # of the contact in the desk's inbox
    Column("remote_id", String(64), nullable=False, default=""),  # "" until it is made there
    Column("told_seq", Integer, nullable=False, default=0),  # messages up to this one are known there
    Column("told_change", Integer, nullable=False, default=0),  # changes of owner up to this one are known there
    Column("heard_id", Integer, nullable=False, default=0),  # messages of theirs up to this one are known here
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("next_at", UtcTime),  # when it is looked at next
    Column("busy_by", String(80)),
    Column("busy_until", UtcTime),
    Index("ix_desk_links_next_at", "next_at"),
    Index("ix_desk_links_remote", "desk", "remote_id"),
)

typing = Table(
    "typing",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("side", String(8), primary_key=True),  # buyer | agent
    Column("until", UtcTime, nullable=False),
)
