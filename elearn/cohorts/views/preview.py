"""What a letter would say, for staff to read before they decide."""

from elearn.cohorts.records import ApplicationRecord, CohortRecord
from elearn.cohorts.service.letters import letter_values
from elearn.cohorts.views.titles import titles
from elearn.web.current import frame


def letter_text(kind: str, cohort: CohortRecord, application: ApplicationRecord, *, message: str, reason: str) -> str:
    """The text of the letter `kind` in the applicant's language, subject first."""
    current = frame()
    locale = application.locale
    catalogues, platform = current.catalogues, current.platform
    environment = platform.environments.get(catalogues.messages(locale), catalogues.revision(locale, "messages"))
    values = letter_values(cohort, application.full_name, locale=locale, titles=titles(cohort.course))
    settings = {"base_url": platform.settings.base_url, "site_name": platform.settings.site_name}
    template = environment.get_template(f"emails/{kind}.txt")
    return str(template.render(**settings, **values, message=message, reason=reason)).strip()
