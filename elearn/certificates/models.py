"""Certificates and their documents."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class Certificate(Base):
    """Issued once per enrolment. Everything printed is stored, so that later changes of names change no paper."""

    __tablename__ = "certificates"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str]
    course: Mapped[str]
    printed: Mapped[dict[str, Any]]
    study_locale: Mapped[str]
    completed_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    visibility: Mapped[str] = mapped_column(default="public")
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_certificates_live_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=text("revoked_at is null"),
            postgresql_where=text("revoked_at is null"),
        ),
        CheckConstraint("visibility in ('public', 'code')", name="visibility"),
    )


class CertificateDocument(Base):
    """The PDF in one language: drawn once, kept with its digest, never redrawn."""

    __tablename__ = "certificate_documents"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    drawn_at: Mapped[datetime]
