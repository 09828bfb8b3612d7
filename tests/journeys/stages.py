"""People at known stages of the way, brought there without a browser."""

from dataclasses import dataclass

from tests.journeys.site import Caller, Site, eventually
from tests.learning.answers import right

APPLICATION = {
    "action": "submit", "stakeholder_group": "civil_society", "organisation": "Example Association",
    "organisation_type": "", "country": "AT", "motivation": "We support families, and want to speak up.",
    "locale": "en", "consent": "y",
}  # fmt: skip
COURSE = "/en/learn/untoc"


@dataclass(frozen=True)
class Stages:
    """What there is to look at: `learner` has completed the course, `newcomer` is in the middle of it."""

    number: str
    result: str
    attempt: str
    application: int
    cohort: int
    letter: str


def accept_in_the_background(site: Site, email: str) -> int:
    """The admin's side, where it is not the point; the id of the application."""
    admin = site.browser().sign_in("admin@example.org")
    lists = [x for x in links(admin, "/en/admin/") if x.endswith("/applications")]
    found = next(x for path in lists for x in links(admin, f"{path}?text={email}") if "/admin/applications/" in x)
    path = found.removesuffix("#pane")
    key = admin.page(path).value("idempotency_key")
    decision = {"decision": "accepted", "seen_state": "submitted", "message": "", "reason": ""}
    assert admin.post(path, {**decision, "idempotency_key": key}).status_code == 303
    return int(path.rsplit("/", 1)[1])


def links(caller: Caller, path: str) -> list[str]:
    return [e.attributes.get("href", "") for e in caller.page(path).all("a")]


def set_stages(site: Site) -> Stages:
    """Bring the people of the demonstration to their stages."""
    learner = site.browser().sign_in("learner@example.org")
    for lesson in site.course.lessons():
        assert learner.post(f"{COURSE}/{lesson.id}", {"action": "done"}).status_code == 303
    result = begin_attempt(learner)
    answer_attempt(site, learner, result, action="submit")
    number = next(x for x in links(learner, "/en/certificates/") if x.endswith("?lang=en")).split("/")[2].split(".")[0]
    newcomer = site.browser().sign_in("newcomer@example.org")
    application, cohort = apply(site, newcomer)
    for lesson in site.course.lessons()[:5]:
        assert newcomer.post(f"{COURSE}/{lesson.id}", {"action": "done"}).status_code == 303
    attempt = begin_attempt(newcomer)
    answer_attempt(site, newcomer, attempt, action="save", share=slice(0, 6))
    site.letter_to("newcomer@example.org", "/learn/")
    letter = next(x for x in links(site.browser(), "/-/outbox") if x.startswith("/-/outbox/"))
    pdf = f"/certificates/{number}.pdf?lang=en"
    eventually(lambda: learner.client.get(pdf).status_code == 200, "the certificate is drawn")
    return Stages(number, result, attempt, application, cohort, letter)


def apply(site: Site, newcomer: Caller) -> tuple[int, int]:
    """Apply for the open cohort and be accepted; ids of the application and of the cohort."""
    form = newcomer.page("/en/courses/untoc/apply")
    hidden = {name: form.value(name) for name in ("cohort", "idempotency_key")}
    assert newcomer.post("/en/courses/untoc/apply", {**APPLICATION, **hidden}).status_code == 303
    return accept_in_the_background(site, "newcomer@example.org"), int(hidden["cohort"])


def begin_attempt(caller: Caller) -> str:
    """The address of a new attempt at the final assessment."""
    return caller.post(f"{COURSE}/assessments/final", {}).headers["location"]


def answer_attempt(site: Site, caller: Caller, path: str, *, action: str, share: slice = slice(None)) -> None:
    """Post right answers to some of the questions of an attempt."""
    final = site.course.assessment("final")
    page = caller.page(path)
    names = [e.attributes["id"].removeprefix("q-") for e in page.all("fieldset", class_="q")]
    answers = {k: v for name in names[share] for k, v in right(final.item(name)).items()}
    token = page.value("csrf_token")
    answer = caller.client.post(path, data={"csrf_token": token, "action": action, **answers})
    assert answer.status_code == 303, f"{path}: {answer.status_code}"
