"""People, the sessions in which they are signed in, their roles, mailed tokens, consents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class Person(Base):
    """Somebody with an account. `email` is stored in lower case; `password_hash` is empty until it is confirmed."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str]
    full_name: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("length(full_name) between 1 and 120", name="full_name"),
        CheckConstraint("length(email) between 3 and 254", name="email"),
        CheckConstraint("locale in ('ar', 'en', 'fr', 'es')", name="locale"),
    )


class LoginSession(Base):
    """One browser that is signed in. The cookie holds a random token, the table its SHA-256."""

    __tablename__ = "login_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    is_remembered: Mapped[bool]
    device: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class Grant(Base):
    """A role in a scope (see `elearn.permissions`)."""

    __tablename__ = "grants"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]
    scope: Mapped[str]
    granted_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope"),
        CheckConstraint("role in ('owner', 'course_admin', 'translator', 'reviewer')", name="role"),
    )


class AccountToken(Base):
    """A mailed link: confirm an address, set a new password. Used once; the table holds the SHA-256.

    A link that confirms carries what its registration asked for; it becomes the person's when this link is used.
    """

    __tablename__ = "account_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(default="")
    full_name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    __table_args__ = (CheckConstraint("purpose in ('confirm', 'reset')", name="purpose"),)


class Consent(Base):
    """What a person agreed to, in which version and language, and when."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    version: Mapped[int]
    locale: Mapped[str]
    given_at: Mapped[datetime]
    __table_args__ = (Index("ix_consents_person_kind", "person_id", "kind"),)
