"""What a letter about an application or an enrolment says: values for templates/emails, in the recipient's language."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from elearn.accounts.models import Person
from elearn.catalogues.store import Catalogues
from elearn.cohorts import policy
from elearn.cohorts.models import Application, Cohort
from elearn.cohorts.records import CohortRecord
from elearn.content.render import render_text
from elearn.courses.library import Library
from elearn.i18n import dates
from elearn.i18n.locales import LOCALES
from elearn.mail.letters import post

Titles = Mapping[str, str]


def course_titles(library: Library, course_id: str, catalogues: Catalogues) -> dict[str, str]:
    """The title of a course by language, for letters. Raises NotFound."""
    course = library.course(course_id)
    readings = {locale.code: library.reading(course, locale, catalogues) for locale in LOCALES}
    return {code: render_text(course.title, r.texts, r.edition).plain for code, r in readings.items()}


def _moment(moment: datetime, locale: str, zone: str) -> str:
    return dates.datetime_(moment, locale, zone)


def letter_values(cohort: Cohort | CohortRecord, name: str, *, locale: str, titles: Titles) -> dict[str, str]:
    """What every letter of this room can say; moments as people of `locale` write them, in the cohort's zone."""
    return {
        "name": name,
        "course": titles.get(locale, cohort.course),
        "course_id": cohort.course,
        "cohort_id": str(cohort.id),
        "cohort": policy.in_language(cohort.names, locale)[0],
        "study_opens": _moment(cohort.study_opens, locale, cohort.zone),
        "study_closes": _moment(policy.last_minute(cohort.study_closes), locale, cohort.zone),
        "applications_close": _moment(policy.last_minute(cohort.applications_close), locale, cohort.zone),
    }


def write_about(
    session: Session, application: Application, cohort: Cohort, *, kind: str, step: int, titles: Titles, **more: str
) -> None:
    """Have the letter `kind` about step number `step` of an application sent, once, in the applicant's language."""
    person = session.get_one(Person, application.person_id)
    values = letter_values(cohort, person.full_name, locale=application.locale, titles=titles)
    post(
        session,
        kind=kind,
        to=person.email,
        locale=application.locale,
        occasion=f"application:{application.id}:decision:{step}",
        values={**values, "reason": "", "message": "", **more},
    )
