"""Letters about applications, in each language."""

import pytest

from elearn.cohorts import queries
from elearn.cohorts.policy import DECLINE_REASONS
from elearn.cohorts.service.letters import course_titles, letter_values
from elearn.mail.sending import Postman
from tests.cohorts.pages import call
from tests.conftest import Installation
from tests.pages import DIRECTIONS, parse

KINDS = (
    "application_received", "application_withdrawn", "waitlisted", "accepted", "declined", "enrolled", "extended",
)  # fmt: skip
HOSTILE = "<b>Bold</b> & {{ 7 }}\nSecond line"


def letter(installation: Installation, kind: str, locale: str, **more: str) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter."""
    platform = installation.platform
    cohort_id = call(installation, names={"en": "Cohort <i>1</i>"}, notes={})
    with platform.database.read_session() as session:
        cohort = queries.cohort(session, cohort_id)
    titles = course_titles(platform.rooms["library"], "untoc", platform.catalogues.current())
    values = {
        **letter_values(cohort, "Nguyễn Thị Ví Dụ", locale=locale, titles=titles),
        "message": "", "reason": "", "until": "1 May 2027", **more,
    }  # fmt: skip
    postman = Postman(platform.settings, platform.catalogues, platform.environments, None)  # type: ignore[arg-type]
    message = postman.message(kind=kind, to="person@example.org", locale=locale, occasion="test:1", values=values)
    parts = [message.get_body((name,)) for name in ("plain", "html")]
    return str(message["Subject"]), *(part.get_content() for part in parts if part is not None)  # type: ignore[return-value]


@pytest.mark.parametrize("locale", DIRECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_can_be_written_in_each_language(installation: Installation, kind: str, locale: str) -> None:
    subject, text, html = letter(installation, kind, locale, message=HOSTILE, reason="seats")
    page = parse(html)
    assert page.one("html").attributes == page.one("html").attributes | {"lang": locale, "dir": DIRECTIONS[locale]}
    assert len(page.all("h1")) == 1
    assert "Nguyễn Thị Ví Dụ" in text
    assert "Nguyễn Thị Ví Dụ" in html
    assert "<i>1</i>" not in html
    assert "\n" not in subject
    assert subject.strip()
    for part in (text, html):
        assert "%(" not in part
        assert "\n\n\n\n" not in part


@pytest.mark.parametrize("kind", ["accepted", "declined", "waitlisted"])
def test_the_personal_line_stands_in_the_letter_as_text(installation: Installation, kind: str) -> None:
    _, text, html = letter(installation, kind, "en", message=HOSTILE, reason="other")
    assert HOSTILE in text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; {{ 7 }}<br>Second line" in html
    _, without, _ = letter(installation, kind, "en", reason="other")
    assert "A line from the course team:" not in without


def test_each_reason_has_its_own_sentence(installation: Installation) -> None:
    letters = {letter(installation, "declined", "en", reason=reason)[1] for reason in DECLINE_REASONS}
    assert len(letters) == len(DECLINE_REASONS)


def test_a_letter_leads_to_the_page_of_its_application(installation: Installation) -> None:
    _, text, html = letter(installation, "application_received", "fr")
    assert "/fr/courses/untoc/apply?cohort=1" in text
    assert "/fr/courses/untoc/apply?cohort=1" in html


@pytest.mark.parametrize(("locale", "claim"), [("en", "taken"), ("ar", "مشغولة"), ("fr", "prises"), ("es", "ocupadas")])
def test_the_letter_about_the_waiting_list_claims_nothing_of_the_seats(
    installation: Installation, locale: str, claim: str
) -> None:
    _, text, html = letter(installation, "waitlisted", locale)
    assert claim not in text
    assert claim not in html
