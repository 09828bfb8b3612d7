"""Staff plan cohorts: create and change them; every change is kept with before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import policy
from elearn.cohorts.models import Cohort, CohortChange, Enrolment
from elearn.cohorts.records import CohortRecord
from elearn.cohorts.service.letters import Titles
from elearn.cohorts.service.seats import lock_cohort, promote_waiting, taken_seats
from elearn.errors import RuleBroken
from elearn.i18n.locales import LOCALES
from elearn.i18n.markers import N_

NAME_LIMIT = 120
NOTE_LIMIT = 2000

NO_NAME = N_("Please give the cohort a name in at least one language.")
NO_ZONE = N_("Please choose a time zone from the list.")
NO_ENTRY = N_("Please choose how people come into the cohort.")
BAD_YEAR = N_("Please give a date between the years %(first)s and %(last)s.")
ENDS_BEFORE = N_("The last day cannot lie before the first day.")
CALL_AFTER_STUDY = N_("Applications cannot close after the last day of study.")
BAD_GRACE = N_("Please give a number of days between 0 and %(limit)s.")
BAD_SEATS = N_("Please give a number of seats from 1, or leave the field empty where seats are not limited.")
SEATS_TAKEN = N_("There cannot be fewer seats than are taken already (%(taken)s).")
SHORTENS = N_(
    "This change takes study time from people who are enrolled (%(number)s). "
    "Tell them first; then tick the box below to make the change."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """A cohort as staff write it down: days included at both ends, in the zone in which they think.

    `names` and `notes` hold a text per language, "" or nothing where there is none. `slug` is made from the first day
    of study where it is left out.
    """

    course: str
    names: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    entry: str = "application"
    zone: str
    first_application_day: date
    last_application_day: date
    first_study_day: date
    last_study_day: date
    grace_days: int = 0
    seats: int | None = None
    slug: str = ""


def plan_of(cohort: Cohort | CohortRecord) -> CohortPlan:
    """The plan that makes this cohort, for the form that changes it."""
    last_study_day = policy.last_day(cohort.study_closes, cohort.zone)
    return CohortPlan(
        course=cohort.course,
        names=cohort.names,
        notes=cohort.notes,
        entry=cohort.entry,
        zone=cohort.zone,
        first_application_day=policy.first_day(cohort.applications_open, cohort.zone),
        last_application_day=policy.last_day(cohort.applications_close, cohort.zone),
        first_study_day=policy.first_day(cohort.study_opens, cohort.zone),
        last_study_day=last_study_day,
        grace_days=(policy.last_day(cohort.grace_closes, cohort.zone) - last_study_day).days,
        seats=cohort.seats,
        slug=cohort.slug,
    )


def create_cohort(session: Session, *, plan: CohortPlan, actor_id: int) -> Cohort:
    """A new cohort. Raises RuleBroken with the field that breaks a rule."""
    values = _values(plan)
    now = clock.now()
    slug = _free_slug(session, plan)
    cohort = Cohort(**values, course=plan.course, slug=slug, created_at=now, updated_at=now)
    session.add(cohort)
    session.flush()
    _record(session, cohort, actor_id, before={}, after={"course": plan.course, "slug": slug, **values})
    return cohort


def change_cohort(
    session: Session, *, cohort_id: int, plan: CohortPlan, actor_id: int, titles: Titles, is_confirmed: bool = False
) -> Cohort:
    """Change a cohort; course and slug stay. Added seats take in as many people who wait, in their order.

    Raises RuleBroken where a rule is broken, where fewer seats are given than are taken, and, unless `is_confirmed`,
    where enrolled people would lose study time.
    """
    values = _values(plan)
    cohort = lock_cohort(session, cohort_id)
    taken = taken_seats(session, cohort_id)
    if plan.seats is not None and plan.seats < taken:
        raise RuleBroken(SEATS_TAKEN, field="seats", taken=taken)
    if not is_confirmed:
        _refuse_to_shorten(session, cohort, values)
    added = policy.added_seats(cohort.seats, plan.seats)
    before = {name: getattr(cohort, name) for name, value in values.items() if getattr(cohort, name) != value}
    if not before:
        return cohort
    for name, value in values.items():
        setattr(cohort, name, value)
    cohort.updated_at = clock.now()
    _record(session, cohort, actor_id, before=before, after={name: values[name] for name in before})
    promote_waiting(session, cohort, seats=added, titles=titles)
    return cohort


def _values(plan: CohortPlan) -> dict[str, Any]:
    """Columns of the cohort. Raises RuleBroken."""
    for broken in _faults(plan):
        raise broken
    applications = policy.day_window(plan.first_application_day, plan.last_application_day, plan.zone)
    study = policy.day_window(plan.first_study_day, plan.last_study_day, plan.zone)
    return {
        "names": _texts(plan.names),
        "notes": _texts(plan.notes),
        "entry": plan.entry,
        "zone": plan.zone,
        "applications_open": applications.opens,
        "applications_close": applications.closes,
        "study_opens": study.opens,
        "study_closes": study.closes,
        "grace_closes": policy.day_end(plan.last_study_day + timedelta(days=plan.grace_days), plan.zone),
        "seats": plan.seats,
    }


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {locale.code: texts[locale.code].strip() for locale in LOCALES if texts.get(locale.code, "").strip()}


def _faults(plan: CohortPlan) -> Iterator[RuleBroken]:
    if not _texts(plan.names):
        yield RuleBroken(NO_NAME, field="name_en")
    if plan.entry not in policy.ENTRIES:
        yield RuleBroken(NO_ENTRY, field="entry")
    if not policy.is_zone(plan.zone):
        yield RuleBroken(NO_ZONE, field="zone")
    for name in ("first_application_day", "last_application_day", "first_study_day", "last_study_day"):
        if not policy.FIRST_YEAR <= getattr(plan, name).year <= policy.LAST_YEAR:
            yield RuleBroken(BAD_YEAR, field=name, first=policy.FIRST_YEAR, last=policy.LAST_YEAR)
    if plan.last_application_day < plan.first_application_day:
        yield RuleBroken(ENDS_BEFORE, field="last_application_day")
    if plan.last_study_day < plan.first_study_day:
        yield RuleBroken(ENDS_BEFORE, field="last_study_day")
    if plan.last_application_day > plan.last_study_day:
        yield RuleBroken(CALL_AFTER_STUDY, field="last_application_day")
    if not 0 <= plan.grace_days <= policy.MAX_GRACE_DAYS:
        yield RuleBroken(BAD_GRACE, field="grace_days", limit=policy.MAX_GRACE_DAYS)
    if plan.seats is not None and not 1 <= plan.seats <= policy.MAX_SEATS:
        yield RuleBroken(BAD_SEATS, field="seats")


def _refuse_to_shorten(session: Session, cohort: Cohort, values: Mapping[str, Any]) -> None:
    later = values["study_opens"] > max(cohort.study_opens, clock.now())
    sooner = values["study_closes"] < cohort.study_closes or values["grace_closes"] < cohort.grace_closes
    if not (later or sooner):
        return
    statement = select(func.count()).where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
    number = session.execute(statement).scalar_one()
    if number:
        raise RuleBroken(SHORTENS, field="confirm", number=number)


def _free_slug(session: Session, plan: CohortPlan) -> str:
    wanted = plan.slug or plan.first_study_day.isoformat()
    statement = select(Cohort.slug).where(Cohort.course == plan.course, Cohort.slug.startswith(wanted))
    used = set(session.scalars(statement))
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, len(used) + 3))) if s not in used)


def _record(
    session: Session, cohort: Cohort, actor_id: int, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    session.add(
        CohortChange(cohort_id=cohort.id, actor_id=actor_id, at=clock.now(), before=_plain(before), after=_plain(after))
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
