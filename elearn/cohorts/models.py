"""Cohorts with their windows, applications, decisions, enrolments and extensions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base

APPLICATION_STATES = (
    "draft", "submitted", "waitlisted", "offered", "accepted", "declined", "withdrawn", "expired",
)  # fmt: skip


class Cohort(Base):
    """A run of a course. Windows are half-open [opens, closes) in UTC, with the zone in which the admin thinks.

    `names` and `notes` hold a text per language. `grace_closes` ends the time in which who has begun may finish.
    """

    __tablename__ = "cohorts"
    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(index=True)
    slug: Mapped[str]
    names: Mapped[dict[str, Any]]
    notes: Mapped[dict[str, Any]]
    entry: Mapped[str]
    zone: Mapped[str]
    applications_open: Mapped[datetime]
    applications_close: Mapped[datetime]
    study_opens: Mapped[datetime]
    study_closes: Mapped[datetime]
    grace_closes: Mapped[datetime]
    seats: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("course", "slug"),
        CheckConstraint("entry in ('application', 'open')", name="entry"),
        CheckConstraint("applications_open < applications_close", name="application_window"),
        CheckConstraint("study_opens < study_closes", name="study_window"),
        CheckConstraint("study_closes <= grace_closes", name="grace"),
        CheckConstraint("seats is null or seats > 0", name="seats"),
    )


class CohortChange(Base):
    """Who changed what of a cohort, when, before and after. Append-only."""

    __tablename__ = "cohort_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Application(Base):
    """One person's application to one cohort, from draft to decision. Offered and accepted take a seat."""

    __tablename__ = "applications"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    stakeholder_group: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    organisation_type: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    motivation: Mapped[str] = mapped_column(default="")
    locale: Mapped[str]
    consented_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("state in (" + ", ".join(f"'{s}'" for s in APPLICATION_STATES) + ")", name="state"),
        Index("ix_applications_cohort_state", "cohort_id", "state", "submitted_at"),
    )


class Decision(Base):
    """A change of state of an application: who, when, from what to what, why. Append-only."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    from_state: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")


class Enrolment(Base):
    """A person studies in a cohort."""

    __tablename__ = "enrolments"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)


class Extension(Base):
    """More time for one learner: until when, who gave it, why. Append-only; the latest counts."""

    __tablename__ = "extensions"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    until: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
