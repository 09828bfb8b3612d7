"""Home, courses and glossary: what a visitor sees, and when it changes."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from elearn import clock
from elearn.app import create_app
from elearn.cohorts.models import Cohort
from elearn.content.model import Translation
from elearn.i18n.locales import LOCALES
from elearn.pages import queries
from elearn.pages.views import home
from tests.conftest import Installation
from tests.factories import make_account, make_cohort, make_open_call, sign_in
from tests.pages import DIRECTIONS, Examined

Fetch = Callable[..., Examined]
FIRST_LESSON = "/learn/untoc/welcome/how-this-course-works"
FRENCH = next(locale for locale in LOCALES if locale.code == "fr")
PUBLIC = ("", "courses/", "courses/untoc/", "courses/untoc/glossary/", "about", "privacy", "accessibility")


def plant(installation: Installation, make: Callable[..., Cohort] = make_open_call, **values: Any) -> int:
    with installation.platform.database.transaction() as session:
        return make(session, **values).id


def buttons(page: Examined) -> list[str]:
    return [e.attributes["href"] for e in page.all("a") if "btn" in e.attributes.get("class", "").split()]


@pytest.mark.parametrize("locale", DIRECTIONS)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_whole_in_every_language(path: str, locale: str, client: FlaskClient, page: Fetch):
    shown = page(client, f"/{locale}/{path}")
    assert {e.attributes["hreflang"] for e in shown.all("link", rel="alternate")} >= set(DIRECTIONS)
    if locale != "en":
        assert shown.one("title").text != page(client, f"/en/{path}").one("title").text
        assert "data-fallback" not in shown.html


def test_without_an_open_call_the_first_lesson_is_offered(installation: Installation, client: FlaskClient, page: Fetch):
    now = clock.now()
    plant(installation, make_cohort)  # closed
    plant(installation, applications_open=now + timedelta(hours=1))  # not open yet
    plant(installation, archived_at=now)
    plant(installation, course="another")
    shown = page(client, "/en/")
    assert "No call is open at the moment." in shown.text
    assert buttons(shown) == [f"/en{FIRST_LESSON}"]
    assert not shown.all(class_="call")


def test_an_open_call_leads_to_its_form_and_says_until_when(
    installation: Installation, client: FlaskClient, page: Fetch
):
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        number = plant(
            installation, zone="Europe/Vienna", applications_open=datetime(2027, 2, 1, tzinfo=UTC),
            applications_close=datetime(2027, 3, 9, 23, tzinfo=UTC),
        )  # fmt: skip
        shown = page(client, "/en/")
    assert buttons(shown) == [f"/en/courses/untoc/apply?cohort={number}"]
    assert "9 March 2027, 23:59" in shown.text.replace("\u202f", " "), "the last day included, in the cohort's zone"
    count = next(e for e in shown.all("strong") if any(p.attributes.get("class") == "count" for p in e.parents))
    assert count.text == "9", "today counts"


def test_open_calls_stand_in_the_order_in_which_they_close(
    installation: Installation, client: FlaskClient, page: Fetch
):
    now = clock.now()
    numbers = {days: plant(installation, applications_close=now + timedelta(days=days)) for days in (4, 3, 5)}
    wanted = [f"/en/courses/untoc/apply?cohort={numbers[days]}" for days in (3, 4, 5)]
    assert buttons(page(client, "/en/")) == wanted


def test_an_installation_without_courses_says_so(installation: Installation, page: Fetch, tmp_path: Path):
    app = create_app(replace(installation.settings, modules=tmp_path))
    shown = page(app.test_client(), "/en/")
    assert "No course is published at the moment." in shown.text
    page(app.test_client(), "/ar/courses/")
    app.extensions["elearn"].database.close()


@pytest.mark.parametrize(
    ("cookie", "accepted", "wanted"),
    [
        ("", "", "en"), ("", "ar;q=0.5, fr;q=0.9", "fr"), ("", "es-419", "es"), ("", "de, zh", "en"),
        ("ar", "fr", "ar"), ("xx", "fr", "fr"),
    ],
)  # fmt: skip
def test_the_root_knows_the_language_of_a_visitor(cookie: str, accepted: str, wanted: str, client: FlaskClient):
    if cookie:
        client.set_cookie("locale", cookie)
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.location) == (302, f"/{wanted}/")
    assert {name.strip() for name in answer.headers["Vary"].split(",")} >= {"Accept-Language", "Cookie"}
    assert "public" not in answer.headers["Cache-Control"]


def test_the_root_follows_the_language_of_an_account(installation: Installation, client: FlaskClient):
    with installation.platform.database.transaction() as session:
        person = make_account(session, installation.settings, locale="ar")
    sign_in(client, person)
    assert client.get("/", headers={"Accept-Language": "fr"}).location == "/ar/"


def test_a_course_shows_its_calls_open_ones_first(installation: Installation, client: FlaskClient, page: Fetch):
    now = clock.now()
    plant(installation, make_cohort, names={"en": "Closed one"})
    plant(installation, names={"en": "Coming one"}, applications_open=now + timedelta(hours=1))
    opened = plant(installation, names={"en": "Open <i>one</i>"}, seats=20)
    plant(installation, names={"en": "Hidden one"}, archived_at=now)
    shown = page(client, "/en/courses/untoc/")
    names = [e.text for e in shown.all("bdi") if e.text.endswith((" one", "</i>"))]
    assert names == ["Open <i>one</i>", "Coming one", "Closed one"]
    assert buttons(shown) == [f"/en/courses/untoc/apply?cohort={opened}"]
    assert "20 seats" in shown.text
    assert [e.attributes["value"] for e in shown.all("meter")] == ["100"] * 4


def test_only_the_open_lesson_is_linked_for_visitors(client: FlaskClient, page: Fetch):
    shown = page(client, "/fr/courses/untoc/")
    assert [e.attributes["href"] for e in shown.all("a") if "/learn/untoc/" in e.attributes["href"]] == [
        f"/fr{FIRST_LESSON}"
    ]
    assert client.get(f"/fr{FIRST_LESSON}").status_code == 200


def test_the_glossary_has_each_term_in_four_languages(installation: Installation, client: FlaskClient, page: Fetch):
    terms = installation.platform.rooms["library"].course("untoc").glossary
    assert len(terms) >= 40
    shown = page(client, "/ar/courses/untoc/glossary/")
    for term in terms:
        place = shown.one("div", id=f"term-{term.id}")
        others = [e for e in shown.all("li") if place in e.parents]
        assert [(e.attributes["lang"], e.attributes["dir"]) for e in others] == [
            ("en", "ltr"),
            ("fr", "ltr"),
            ("es", "ltr"),
        ]
        assert others[0].text == term.term.text
        assert all(e.text.strip() for e in others)
    assert all(re.search("[؀-ۿ]", e.text) for e in shown.all("dt"))


@pytest.mark.parametrize("path", ["/en/courses/nothing/", "/en/courses/nothing/glossary/", "/de/", "/en/nothing"])
def test_what_is_not_there_is_404(path: str, client: FlaskClient, page: Fetch):
    page(client, path, status=404)


def test_statements_name_who_runs_the_site(installation: Installation, client: FlaskClient, page: Fetch):
    shown = page(client, "/en/about")
    assert installation.settings.issuer_name in shown.text
    assert shown.all("a", href=f"mailto:{installation.settings.contact_email}")
    assert "not endorsed by it" in shown.text


def test_kept_pages_depend_on_cohorts_and_end_with_the_next_edge_of_a_window(installation: Installation):
    platform = installation.platform
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        empty = home.stamp_of(platform)
        assert empty.seconds == home.KEPT_SECONDS
        plant(installation, applications_close=clock.now() + timedelta(seconds=7))
        planted = home.stamp_of(platform)
        assert planted.value != empty.value
        assert planted.seconds == pytest.approx(7)
    with time_machine.travel(datetime(2027, 3, 1, 12, 1, tzinfo=UTC), tick=False):
        later = home.stamp_of(platform)
    assert (later.value, later.seconds) == (planted.value, home.KEPT_SECONDS), "time alone changes no value"


@pytest.mark.parametrize(
    ("now", "past", "left"),
    [
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), 0, 3),
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), 0, 2),  # midnight in Vienna
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), 1, 1),  # and the next one, after the clocks went forward
        (datetime(2027, 3, 29, 21, 59, 59, tzinfo=UTC), 1, 1),
        (datetime(2027, 3, 29, 22, 0, tzinfo=UTC), 2, 0),
    ],
)
def test_days_are_counted_in_the_zone_of_the_cohort(now: datetime, past: int, left: int, installation: Installation):
    number = plant(
        installation, zone="Europe/Vienna", applications_open=datetime(2027, 3, 27, 23, tzinfo=UTC),
        applications_close=datetime(2027, 3, 29, 22, tzinfo=UTC),
    )  # fmt: skip
    with installation.platform.database.read_session() as session, time_machine.travel(now, tick=False):
        (found,) = queries.calls_of_course(session, "untoc")
    assert found.cohort.id == number
    assert (found.days_past, found.days_left) == (past, left)


def test_shares_count_the_words_that_are_translated_and_up_to_date(installation: Installation):
    platform = installation.platform
    library, catalogues = platform.rooms["library"], platform.catalogues.current()
    course = library.course("untoc")
    words = {unit.context: unit.words for unit in course.units()}
    longest = max(words, key=lambda context: words[context])
    whole = dict(catalogues.course("untoc", "fr"))
    without = {context: text for context, text in whole.items() if context != longest}
    outdated = {**whole, longest: Translation(whole[longest].text, outdated=True)}
    rest = 1 - words[longest] / sum(words.values())
    for revision, (texts, wanted) in enumerate([(whole, 1), (without, rest), (outdated, rest), ({}, 0)], start=900):
        changed = replace(
            catalogues, heads={**catalogues.heads, ("fr", "untoc"): revision}, courses={("fr", "untoc"): texts}
        )
        (share,) = queries.shares(course, [library.reading(course, FRENCH, changed)])
        assert share == queries.Share("fr", "Français", pytest.approx(wanted))
