"""What goes onto the paper can always be drawn, and nothing disappears without a trace."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from elearn.certificates.queries import IssuedCertificate, Printed
from elearn.certificates.service.documents import PLACEHOLDER, certificate_data, drawable
from elearn.certificates.service.wording import EFFORT, wording
from elearn.fonts import undrawable
from elearn.i18n.locales import ARABIC, ENGLISH, FRENCH, LOCALES, SPANISH
from elearn.i18n.messages import Messages, NullMessages
from tests.certificates.rows import COMPLETED_AT, HOLDER, unknown_number

CERTIFICATE = IssuedCertificate(
    id=1,
    person_id=1,
    number=unknown_number(),
    holder=HOLDER,
    printed=Printed(
        course={"ar": "الاتفاقية", "en": "The Convention", "fr": "The Convention", "es": "La Convención"},
        cohort=dict.fromkeys(("ar", "en", "fr", "es"), "First cohort"),
        issuer="Institute",
        signatory="Lina Example",
        effort_hours=6,
        zone="Europe/Vienna",
    ),
    study_locale="fr",
    completed_at=COMPLETED_AT,
    issued_at=datetime(2025, 11, 28, tzinfo=UTC),
    visibility="public",
    revoked_at=None,
)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Nguyễn Thị Ví Dụ", "Nguyễn Thị Ví Dụ"),
        ("李明 Anna", f"{PLACEHOLDER * 2} Anna"),
        ("Ａｎｎａ 李", f"Anna {PLACEHOLDER}"),
        ("First\ncohort", "First cohort"),
        ("Anna\u202e\x00Maria", "AnnaMaria"),
        ("Fête 🎉", f"Fête {PLACEHOLDER}"),
        ("\u0301", PLACEHOLDER),
    ],
)
def test_what_no_font_draws_leaves_a_mark(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn
    assert undrawable(drawn) == ""


@pytest.mark.parametrize("locale", LOCALES, ids=lambda x: x.code)
@pytest.mark.parametrize("bad", ["李明", "🎉", "\u202eabc", "a\nb\tc", "\x00", "\ud7ff\U0010ffff", "q\u0303\u20dd"])
def test_every_value_of_the_data_can_be_drawn(locale, bad: str) -> None:
    printed = replace(
        CERTIFICATE.printed, cohort=dict.fromkeys(CERTIFICATE.printed.cohort, bad), issuer=bad, signatory=bad,
        course=dict.fromkeys(CERTIFICATE.printed.course, bad),
    )  # fmt: skip
    hostile = replace(CERTIFICATE, holder=f"Anna {bad}", printed=printed)
    values = asdict(certificate_data(hostile, NullMessages(locale), base_url="https://elearn.example"))
    texts = [*values.pop("text").values(), *(v for v in values.values() if isinstance(v, str))]
    assert [text for text in texts if undrawable(text)] == []


def test_a_translated_label_that_cannot_be_drawn_stays_english() -> None:
    messages = Messages(FRENCH, {"Effort": "🎉", "Cohort": "Cohorte", "certificate\x04Issued": "李"})
    text = certificate_data(CERTIFICATE, messages, base_url="https://elearn.example").text
    assert (text.effort, text.cohort, text.issued) == ("Effort", "Cohorte", "Issued")


def test_the_paper_leads_to_the_check_page_in_its_language() -> None:
    data = certificate_data(CERTIFICATE, NullMessages(ARABIC), base_url="https://elearn.example")
    assert data.check_url == f"https://elearn.example/ar/certificates/{CERTIFICATE.number}"
    assert data.direction == "rtl"


def test_days_are_those_of_the_cohorts_zone() -> None:
    assert wording(CERTIFICATE, NullMessages(ENGLISH)).completed == "26 November 2025"
    assert wording(CERTIFICATE, NullMessages(ARABIC)).completed == "26 تشرين الثاني/نوفمبر 2025"


@pytest.mark.parametrize(
    ("locale", "name"), [(ARABIC, "الفرنسية"), (ENGLISH, "French"), (FRENCH, "Français"), (SPANISH, "Francés")]
)
def test_the_language_of_study_is_named_in_the_language_of_the_page(locale, name: str) -> None:
    assert wording(CERTIFICATE, NullMessages(locale)).language == name


def test_effort_takes_the_plural_of_the_language() -> None:
    messages = Messages(ARABIC, plurals={EFFORT[0]: ("0", "نحو ساعة", "نحو ساعتين", "نحو %(n)s ساعات", "4", "5")})
    assert wording(CERTIFICATE, messages).effort == "نحو 6 ساعات"
    one = replace(CERTIFICATE, printed=replace(CERTIFICATE.printed, effort_hours=1))
    assert wording(one, messages).effort == "نحو ساعة"
    assert wording(one, NullMessages(ENGLISH)).effort == "about 1 hour"


def test_a_title_that_fell_back_is_known_as_english() -> None:
    assert wording(CERTIFICATE, NullMessages(FRENCH)).course_locale == "en"
    assert wording(CERTIFICATE, NullMessages(SPANISH)).course_locale == "es"
