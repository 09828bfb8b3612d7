"""Every kind of page, by who sees it. Addresses without their language."""

from tests.journeys.stages import Stages

UNKNOWN = "0000-0000-0000-0000-0000-0000-00"
VISITOR = (
    "/", "/courses/", "/courses/untoc/", "/courses/untoc/glossary/", "/about", "/privacy", "/accessibility",
    "/account/login", "/account/register", "/account/look-at-mail", "/account/reset", "/account/reset/dead-link",
    "/account/confirm/dead-link", "/verify", f"/certificates/{UNKNOWN}", "/no-such-page",
    "/learn/untoc/welcome/how-this-course-works",
)  # fmt: skip
LEARNER = (
    "/learn/", "/learn/untoc/", "/learn/untoc/convention/transnational-offence", "/learn/untoc/assessments/final",
    "/courses/untoc/apply", "/account/profile", "/account/sessions", "/certificates/",
)  # fmt: skip


def pages(stages: Stages) -> dict[str, list[str]]:
    """Account of the demonstration ("" for a visitor) → addresses."""
    cohort, application = f"/admin/cohorts/{stages.cohort}", f"/admin/applications/{stages.application}"
    result, attempt = (address.removeprefix("/en") for address in (stages.result, stages.attempt))
    console = ("/admin/", "/admin/cohorts", "/admin/cohorts/new", cohort, f"{cohort}/applications", application)
    return {
        "": [*VISITOR, f"/certificates/{stages.number}"],
        "learner": [*LEARNER, result],
        "newcomer": [*LEARNER, attempt],
        "admin": [*console, f"{cohort}/learners", "/admin/learners/1", "/admin/no-such-page"],
    }
