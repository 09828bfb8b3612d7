"""Issuing a certificate exactly once, and the holder's choice of what strangers see."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.certificates import queries
from elearn.certificates.models import Certificate
from elearn.certificates.policy import VISIBILITIES
from elearn.certificates.queries import CompletedStudy, Printed
from elearn.certificates.service.numbers import new_number
from elearn.errors import NotFound, RuleBroken
from elearn.i18n.locales import LOCALES, SOURCE
from elearn.i18n.markers import N_
from elearn.jobs import service as jobs
from elearn.ledger.service import insert_or_ignore

DRAW_TASK = "certificates.draw"
NO_CHOICE = N_("Please choose whether your name is shown.")


@dataclass(frozen=True, slots=True)
class Institute:
    """Who issues, and who signs for it."""

    issuer: str
    signatory: str


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What the paper says about a course: its title in each language, and whole hours of effort."""

    titles: Mapping[str, str]
    effort_hours: int


def issue(
    session: Session,
    *,
    enrolment_id: int,
    locale: str,
    institute: Institute,
    course_facts: Callable[[str], CourseFacts],
) -> str:
    """The number of the certificate of a completed enrolment, issued now unless it was before.

    Runs in the transaction of the completion; `locale` is the language in which it was reached, and stands on the
    paper where no lesson tells more. Values go in as they are: what no font draws is dealt with when the documents are
    drawn, so that nothing here can fail for a letter. A revoked certificate is not issued again.
    Raises NotFound where there is no completion.
    """
    study = queries.completed_study(session, enrolment_id)
    if study is None:
        raise NotFound
    issued = queries.number_of_enrolment(session, enrolment_id)
    if issued is not None:
        return issued
    number = new_number()
    study_locale = queries.main_study_locale(session, enrolment_id) or locale
    if _insert(session, study, number, study_locale, _printed(study, institute, course_facts(study.course))):
        return number
    return _number_of_winner(session, enrolment_id)


def choose_visibility(session: Session, *, person_id: int, number: str, visibility: str) -> None:
    """Show the name on the check page ("public") or not ("code").

    Raises RuleBroken for another choice, NotFound where the person holds no such certificate.
    """
    if visibility not in VISIBILITIES:
        raise RuleBroken(NO_CHOICE, field="visibility")
    statement = (
        update(Certificate)
        .where(Certificate.number == number, Certificate.person_id == person_id)
        .values(visibility=visibility)
        .returning(Certificate.id)
    )
    if session.execute(statement).first() is None:
        raise NotFound


def _insert(session: Session, study: CompletedStudy, number: str, study_locale: str, printed: Printed) -> bool:
    """Insert the row and its job; False where a parallel transaction was first."""
    inserted = insert_or_ignore(
        session,
        Certificate,
        enrolment_id=study.enrolment_id,
        person_id=study.person_id,
        number=number,
        holder=study.holder,
        course=study.course,
        printed=asdict(printed),
        study_locale=study_locale,
        completed_at=study.completed_at,
        issued_at=clock.now(),
    )
    if inserted:
        issued = queries.certificate_by_number(session, number)
        assert issued is not None
        jobs.enqueue(session, DRAW_TASK, key=f"certificate:{issued.id}", certificate_id=issued.id)
    return inserted


def _number_of_winner(session: Session, enrolment_id: int) -> str:
    number = queries.number_of_enrolment(session, enrolment_id)
    assert number is not None  # the insertion waited for the transaction that holds the row
    return number


def _printed(study: CompletedStudy, institute: Institute, course: CourseFacts) -> Printed:
    names = study.cohort_names
    in_any_language = names.get(SOURCE) or next(filter(None, names.values()), study.cohort_slug)
    return Printed(
        course={locale.code: course.titles[locale.code] for locale in LOCALES},
        cohort={locale.code: names.get(locale.code) or in_any_language for locale in LOCALES},
        issuer=institute.issuer,
        signatory=institute.signatory,
        effort_hours=course.effort_hours,
        zone=study.zone,
    )
