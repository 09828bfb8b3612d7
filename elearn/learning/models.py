"""What learners do: lessons done, attempts with their fixed form, answers, completion."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class LessonDone(Base):
    """A lesson was marked as done; by stable ids, never by position. `locale` is the language of study."""

    __tablename__ = "lessons_done"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    module: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
    locale: Mapped[str]
    content_digest: Mapped[str]


class Attempt(Base):
    """One attempt at an assessment. `form` is drawn and shuffled at the start and never changes."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    assessment: Mapped[str]
    number: Mapped[int]
    form: Mapped[dict[str, Any]]
    content_digest: Mapped[str]
    rule_version: Mapped[int]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    points: Mapped[float | None]
    share: Mapped[float | None]
    is_passed: Mapped[bool | None]
    locale: Mapped[str]
    __table_args__ = (
        UniqueConstraint("enrolment_id", "assessment", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(submitted_at is null) = (share is null)", name="result"),
    )


class Answer(Base):
    """The answer in one form field as saved: append-only, the latest of a field counts. `values` are the chosen ids."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    field: Mapped[str]
    values: Mapped[list[Any]]
    at: Mapped[datetime]
    __table_args__ = (Index("ix_answers_attempt_field", "attempt_id", "field"),)


class Completion(Base):
    """The course was completed: once, by this version of the rule and the content. It never goes away."""

    __tablename__ = "completions"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    completed_at: Mapped[datetime]
    rule_version: Mapped[int]
    content_digest: Mapped[str]
    locale: Mapped[str]
