"""Reads of certificates, through prebuilt statements into frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, select
from sqlalchemy.orm import Session

from elearn.accounts.models import Person
from elearn.certificates import policy
from elearn.certificates.models import Certificate, CertificateDocument
from elearn.cohorts.models import Cohort, Enrolment
from elearn.learning.models import Completion, LessonDone


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on the paper besides the name and the dates, as it was on the day of issue.

    `course` and `cohort` hold a text for each language; `zone` is the cohort's, in which the dates are written.
    """

    course: Mapping[str, str]
    cohort: Mapping[str, str]
    issuer: str
    signatory: str
    effort_hours: int
    zone: str


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as stored."""

    id: int
    person_id: int
    number: str
    holder: str
    printed: Printed
    study_locale: str
    completed_at: datetime
    issued_at: datetime
    visibility: str
    revoked_at: datetime | None

    @property
    def state(self) -> policy.State:
        """What the check page says."""
        return policy.state(self.revoked_at)

    @property
    def is_name_shown(self) -> bool:
        """Whether the check page names the holder."""
        return policy.is_name_shown(self.visibility, self.revoked_at)

    def is_open_to(self, person_id: int | None) -> bool:
        """Whether this person (None: a stranger) gets the PDF."""
        return policy.may_open_document(self.visibility, self.revoked_at, is_holder=person_id == self.person_id)


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate on its holder's own page; `is_drawn` says whether its documents can be opened yet."""

    certificate: IssuedCertificate
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF with its digest (SHA-256, hexadecimal)."""

    pdf: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class CompletedStudy:
    """What is known of an enrolment whose course was completed. `cohort_names` may lack languages."""

    enrolment_id: int
    person_id: int
    holder: str
    course: str
    cohort_names: Mapping[str, str]
    cohort_slug: str
    zone: str
    completed_at: datetime


_COLUMNS = (
    Certificate.id, Certificate.person_id, Certificate.number, Certificate.holder, Certificate.printed,
    Certificate.study_locale, Certificate.completed_at, Certificate.issued_at, Certificate.visibility,
    Certificate.revoked_at,
)  # fmt: skip
_BY_NUMBER = select(*_COLUMNS).where(Certificate.number == bindparam("number"))
_BY_ID = select(*_COLUMNS).where(Certificate.id == bindparam("id"))
_IS_DRAWN = exists().where(CertificateDocument.certificate_id == Certificate.id)
_HELD = (
    select(*_COLUMNS, _IS_DRAWN.label("is_drawn"))
    .where(Certificate.person_id == bindparam("person"))
    .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
)
_NUMBERS = select(Certificate.enrolment_id, Certificate.number).where(
    Certificate.person_id == bindparam("person"), Certificate.revoked_at.is_(None)
)
_OF_ENROLMENT = (
    select(Certificate.number)
    .where(Certificate.enrolment_id == bindparam("enrolment"))
    .order_by(Certificate.id.desc())
    .limit(1)
)
_DOCUMENT = select(CertificateDocument.pdf, CertificateDocument.sha256).where(
    CertificateDocument.certificate_id == bindparam("certificate"), CertificateDocument.locale == bindparam("language")
)
_DRAWN = select(CertificateDocument.locale).where(CertificateDocument.certificate_id == bindparam("certificate"))
_COMPLETED = (
    select(
        Enrolment.id, Enrolment.person_id, Person.full_name, Cohort.course, Cohort.names, Cohort.slug, Cohort.zone,
        Completion.completed_at,
    )
    .join(Person, Person.id == Enrolment.person_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .join(Completion, Completion.enrolment_id == Enrolment.id)
    .where(Enrolment.id == bindparam("enrolment"))
)  # fmt: skip
_STUDY_LOCALES = (
    select(LessonDone.locale)
    .where(LessonDone.enrolment_id == bindparam("enrolment"))
    .group_by(LessonDone.locale)
    .order_by(func.count().desc(), func.max(LessonDone.done_at).desc())
    .limit(1)
)


def certificate_by_number(session: Session, number: str) -> IssuedCertificate | None:
    """The certificate with this number in its written form."""
    row = session.execute(_BY_NUMBER, {"number": number}).first()
    return None if row is None else _issued(row)


def certificate_by_id(session: Session, certificate_id: int) -> IssuedCertificate:
    """The certificate with this id. Raises NoResultFound."""
    return _issued(session.execute(_BY_ID, {"id": certificate_id}).one())


def held_certificates(session: Session, person_id: int) -> list[HeldCertificate]:
    """A person's certificates, the newest first."""
    return [HeldCertificate(_issued(row), row.is_drawn) for row in session.execute(_HELD, {"person": person_id})]


def numbers_by_enrolment(session: Session, person_id: int) -> dict[int, str]:
    """Numbers of a person's valid certificates by enrolment."""
    rows = session.execute(_NUMBERS, {"person": person_id})
    return {row.enrolment_id: row.number for row in rows}


def number_of_enrolment(session: Session, enrolment_id: int) -> str | None:
    """The number that was issued for an enrolment, the latest where there were several; revoked ones count."""
    return session.scalar(_OF_ENROLMENT, {"enrolment": enrolment_id})


def document(session: Session, certificate_id: int, locale: str) -> Document | None:
    """The PDF of a certificate in one language; None until it is drawn."""
    row = session.execute(_DOCUMENT, {"certificate": certificate_id, "language": locale}).first()
    return None if row is None else Document(row.pdf, row.sha256)


def drawn_locales(session: Session, certificate_id: int) -> set[str]:
    """Codes of the languages in which a certificate is drawn."""
    return set(session.scalars(_DRAWN, {"certificate": certificate_id}))


def completed_study(session: Session, enrolment_id: int) -> CompletedStudy | None:
    """The enrolment, where its course was completed."""
    row = session.execute(_COMPLETED, {"enrolment": enrolment_id}).first()
    return None if row is None else CompletedStudy(*row)


def main_study_locale(session: Session, enrolment_id: int) -> str | None:
    """The language in which most lessons were marked done, the latest used among equals; None without lessons."""
    return session.scalar(_STUDY_LOCALES, {"enrolment": enrolment_id})


def _issued(row: Row[Any]) -> IssuedCertificate:
    return IssuedCertificate(
        id=row.id,
        person_id=row.person_id,
        number=row.number,
        holder=row.holder,
        printed=Printed(**row.printed),
        study_locale=row.study_locale,
        completed_at=row.completed_at,
        issued_at=row.issued_at,
        visibility=row.visibility,
        revoked_at=row.revoked_at,
    )
