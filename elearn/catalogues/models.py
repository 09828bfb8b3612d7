"""Snapshots of catalogues and the heads that say which one is live."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class Snapshot(Base):
    """An immutable compiled catalogue of one locale and domain ("messages" or a course id)."""

    __tablename__ = "catalogue_snapshots"
    id: Mapped[int] = mapped_column(primary_key=True)
    locale: Mapped[str]
    domain: Mapped[str]
    revision: Mapped[int]
    source_sha256: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    payload_sha256: Mapped[str]
    accepted: Mapped[int]
    dropped: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("locale", "domain", "revision"),)


class Head(Base):
    """Which snapshot is live. Publishing and rolling back move this row."""

    __tablename__ = "catalogue_heads"
    locale: Mapped[str] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("catalogue_snapshots.id"))
