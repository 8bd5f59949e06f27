"""The tables of conversations: messages in and out, choices shown, photos, and what was not understood."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from doorstep.storage.tables.base import UtcTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(8), nullable=False, default="en"),
    Column("address", String(64), nullable=False, default=""),  # keyed hash of the client's address
    Column("email_key", String(64), nullable=False, default=""),  # keyed hash of an e-mail address proven here
    Column("mood", String(8), nullable=False, default="calm"),  # calm | upset | angry: as it last was other than calm
    Column("muted_at", UtcTime),  # the buyer wants no messages but answers
    Column("owner", String(12), nullable=False, default="assistant"),  # assistant | queue | agent | closed
    Column("owner_since", UtcTime, nullable=False),
    Column("handover_reason", String(40), nullable=False, default=""),
    Column("handover_note", JSON, nullable=False, default=dict),
    Column("team", String(40), nullable=False, default=""),  # whose turn it is in the queue, or who has it
    Column("agent_id", Integer),  # while an agent of our own desk has it
    Column("agent_name", String(80), nullable=False, default=""),  # as the buyer was told it
    Column("active_at", UtcTime),  # when a person last did something here
    Column("answer_due_at", UtcTime),  # by when the buyer was promised a person's answer
    Column("late_told_at", UtcTime),  # the buyer was told that the answer is late
    Column("contact_email", String(320), nullable=False, default=""),  # where the buyer wants the answer too
    Column("handed_back_at", UtcTime),  # a person gave it back, and the assistant has not spoken since
    Column("queued_at", UtcTime),  # when it came from the assistant; kept while it goes to and fro between people
    Column("tier", String(40), nullable=False, default=""),  # of the customer, when it came into the queue
    Column("deadline_at", UtcTime),  # the marketplace's, when it came into the queue
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
    Column("delivered_at", UtcTime),  # of a person's message: when the buyer's page had it
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "message_id"),
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
