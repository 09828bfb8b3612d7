"""Tables of the ledger. Person and actor ids are plain values here: the ledger knows no room above it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class RateCounter(Base):
    """Hits of one key within one window; windows are fixed, so a counter is one row."""

    __tablename__ = "rate_counters"
    key: Mapped[str] = mapped_column(primary_key=True)
    window_ends: Mapped[datetime] = mapped_column(primary_key=True)
    hits: Mapped[int]
    __table_args__ = (CheckConstraint("hits > 0", name="hits"),)


class IdempotencyKey(Base):
    """The first answer to a form, repeated for each repetition of the form."""

    __tablename__ = "idempotency_keys"
    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str]
    location: Mapped[str]
    created_at: Mapped[datetime]


class MessageSent(Base):
    """One row per recipient, kind and occasion: what is here is not sent again."""

    __tablename__ = "messages_sent"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    kind: Mapped[str]
    occasion: Mapped[str]
    claimed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("recipient", "kind", "occasion"),)


class Heartbeat(Base):
    """When a background process was last alive, and who holds the lease of periodic work."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    holder: Mapped[str]
