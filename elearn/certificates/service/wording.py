"""A certificate in the words of one language: what its pages and its documents say alike."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale as Cldr

from elearn.certificates.queries import IssuedCertificate
from elearn.i18n import dates
from elearn.i18n.formatting import interpolate
from elearn.i18n.locales import SOURCE
from elearn.i18n.markers import Nn_
from elearn.i18n.messages import Translations

EFFORT = Nn_("about %(n)s hour", "about %(n)s hours")


@dataclass(frozen=True, slots=True)
class Wording:
    """Values as they are read. `course_locale` is the language of the course title: English where it fell back."""

    course: str
    course_locale: str
    cohort: str
    completed: str
    issued: str
    revoked: str
    effort: str
    language: str


def wording(certificate: IssuedCertificate, messages: Translations) -> Wording:
    """The certificate in the language of `messages`; days as in the cohort's zone."""
    code, printed = messages.locale.code, certificate.printed

    def day(moment: datetime | None) -> str:
        return dates.date(moment.astimezone(ZoneInfo(printed.zone)), code) if moment else ""

    title = printed.course[code]
    return Wording(
        course=title,
        course_locale=SOURCE if title == printed.course[SOURCE] else code,
        cohort=printed.cohort[code],
        completed=day(certificate.completed_at),
        issued=day(certificate.issued_at),
        revoked=day(certificate.revoked_at),
        effort=_effort(printed.effort_hours, messages),
        language=language_name(certificate.study_locale, code),
    )


def language_name(code: str, in_locale: str) -> str:
    """What a language is called in another, or its own, with a capital as on a line of its own (CLDR)."""
    name = Cldr.parse(code).get_display_name(in_locale) or code
    return name[:1].upper() + name[1:]


def _effort(hours: int, messages: Translations) -> str:
    values = {"n": dates.number(hours, messages.locale.code)}
    return interpolate(messages.ngettext(*EFFORT, hours), EFFORT[hours != 1], values)
