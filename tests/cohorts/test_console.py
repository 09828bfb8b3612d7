"""The console of staff: who may see what, planning, deciding."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from elearn.cohorts import queries
from elearn.cohorts.models import Application, Cohort
from tests.cohorts.pages import APPLY, FILLED, call, examined, look, send, someone
from tests.conftest import Installation

TODAY = date.today()
PLAN = {
    "course": "untoc", "name_en": "Third cohort", "name_ar": "الدفعة الثالثة", "name_fr": "", "name_es": "",
    "entry": "application", "zone": "Europe/Vienna", "first_application_day": "2027-01-01",
    "last_application_day": "2027-01-31", "first_study_day": "2027-02-15", "last_study_day": "2027-04-15",
    "grace_days": "7", "seats": "120", "note_en": "", "note_ar": "", "note_fr": "", "note_es": "",
}  # fmt: skip
NEW = "/en/admin/cohorts/new"


def applied(installation: Installation, cohort: int) -> int:
    """Somebody has applied; the application's id."""
    person, client = someone(installation, full_name="شخص مثال", locale="ar")
    assert send(client, APPLY, {**FILLED, "cohort": str(cohort), "locale": "ar"}).status_code == 303
    with installation.platform.database.read_session() as session:
        own = queries.own_application(session, cohort, person.id)
    assert own is not None
    return own.id


def state_of(installation: Installation, application: int) -> str:
    with installation.platform.database.read_session() as session:
        return queries.application(session, application).state


@pytest.mark.parametrize("path", ["/en/admin/", "/ar/admin/", "/en/admin/cohorts", NEW])
def test_the_console_is_for_staff(installation: Installation, path: str) -> None:
    assert installation.app.test_client().get(path).status_code == 302
    assert someone(installation)[1].get(path).status_code == 403
    assert someone(installation, role="translator", scope="ar")[1].get(path).status_code == 403
    look(someone(installation, role="course_admin")[1], path)
    look(someone(installation, role="owner", scope="*")[1], path)


def test_staff_of_another_course_find_nothing(installation: Installation) -> None:
    cohort = call(installation, names={"en": "Hidden cohort"})
    application = applied(installation, cohort)
    _, other = someone(installation, role="course_admin", scope="other")
    _, own = someone(installation, role="course_admin")
    _, learner = someone(installation)
    token = look(own, f"/en/admin/applications/{application}").value("csrf_token")
    for path in (
        f"/en/admin/cohorts/{cohort}", f"/en/admin/cohorts/{cohort}/applications", f"/en/admin/applications/{application}",
    ):  # fmt: skip
        look(own, path)
        assert other.get(path).status_code == 404
        assert learner.get(path).status_code == 403
    assert "Hidden cohort" not in look(other, "/en/admin/").text
    foreign = look(other, "/en/admin/cohorts/new").value("csrf_token")
    decision = {"decision": "accepted", "csrf_token": foreign}
    assert other.post(f"/en/admin/applications/{application}", data=decision).status_code == 404
    assert other.post(f"/en/admin/cohorts/{cohort}", data={**PLAN, "csrf_token": foreign}).status_code == 404
    assert other.post(NEW, data={**PLAN, "csrf_token": foreign}).status_code == 422  # not among their courses
    assert token
    assert state_of(installation, application) == "submitted"


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 18, "9" * 30])
def test_what_is_not_there_gives_404(installation: Installation, number: str) -> None:
    _, client = someone(installation, role="owner", scope="*")
    for path in (f"cohorts/{number}", f"cohorts/{number}/applications", f"applications/{number}"):
        assert client.get(f"/en/admin/{path}").status_code == 404


def test_a_cohort_is_created_with_its_last_days_included(installation: Installation) -> None:
    _, client = someone(installation, role="course_admin")
    answer = send(client, NEW, {**PLAN, "seats": "١٢٠", "last_study_day": "٢٠٢٧-٠٤-١٥"})
    assert answer.status_code == 303
    assert "The cohort is created" in look(client, answer.location).text
    with installation.platform.database.read_session() as session:
        cohort = session.scalars(select(Cohort)).one()
    assert cohort.seats == 120
    assert cohort.study_closes.isoformat() == "2027-04-15T22:00:00+00:00"
    page = look(client, f"/en/admin/cohorts/{cohort.id}")
    assert (page.value("last_study_day"), page.value("grace_days")) == ("2027-04-15", "7")


def test_a_day_without_midnight_is_named_in_a_warning(installation: Installation) -> None:
    _, client = someone(installation, role="course_admin")
    plan = {**PLAN, "zone": "Africa/Cairo", "last_application_day": "2026-04-23", "first_application_day": "2026-04-01"}
    assert "begins without midnight" in look(client, send(client, NEW, plan).location).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("course", "other"), ("course", ""), ("name_en", "x" * 121), ("entry", "lottery"), ("entry", ""),
        ("zone", "Europe/Atlantis"), ("zone", ""), ("first_application_day", ""), ("first_application_day", "soon"),
        ("last_application_day", "2026-13-45"), ("last_application_day", "2026-12-31"), ("first_study_day", "0001-01-01"),
        ("last_study_day", "9999-12-31"), ("last_study_day", "2027-02-14"), ("grace_days", "-1"), ("grace_days", "9999"),
        ("grace_days", "a week"), ("seats", "0"), ("seats", "1.5"), ("seats", "9" * 30), ("seats", "²"),
        ("note_en", "x" * 2001),
    ],
)  # fmt: skip
def test_a_bad_plan_gives_422_at_its_field_and_keeps_the_rest(
    installation: Installation, field: str, value: str
) -> None:
    _, client = someone(installation, role="course_admin")
    page = examined(send(client, NEW, {**PLAN, field: value}), NEW, 422)
    assert page.all("p", class_="err")
    assert page.value("name_ar") == PLAN["name_ar"]
    with installation.platform.database.read_session() as session:
        assert session.scalars(select(Cohort)).all() == []


def test_a_plan_without_any_name_gives_422(installation: Installation) -> None:
    _, client = someone(installation, role="course_admin")
    page = examined(send(client, NEW, {**PLAN, "name_en": " ", "name_ar": ""}), NEW, 422)
    assert "at least one language" in page.text


def test_a_stale_token_keeps_the_plan(installation: Installation) -> None:
    _, client = someone(installation, role="course_admin")
    page = examined(send(client, NEW, PLAN, fresh=False), NEW, 400)
    assert page.value("name_ar") == PLAN["name_ar"]


def test_a_change_that_takes_study_time_away_asks_first(installation: Installation) -> None:
    cohort = call(installation, entry="open")
    _, learner = someone(installation)
    send(learner, APPLY, FILLED)
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/cohorts/{cohort}"
    page = look(client, path)
    names = [name for name in PLAN if name not in ("course", "entry", "zone")]
    written = {name: page.value(name) for name in names} | {"entry": "open", "zone": "UTC", "name_es": "Cohorte"}
    assert send(client, path, written).status_code == 303
    assert "changed the cohort." in look(client, path).text
    shorter = {**written, "last_study_day": written["first_study_day"], "grace_days": "0"}
    asked = examined(send(client, path, shorter), path, 422)
    assert "people who are enrolled (1)" in asked.text
    assert asked.one("input", name="confirm")
    assert send(client, path, {**shorter, "confirm": "y"}).status_code == 303


def test_a_decision_is_recorded_once_and_mailed_in_the_applicants_language(installation: Installation) -> None:
    cohort = call(installation)
    application = applied(installation, cohort)
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/applications/{application}"
    page = look(client, path)
    name = page.one("title").text.split("\u2068")[1].split("\u2069")[0]
    assert page.one(data_testid="application-state").attributes["data-state"] == "submitted"
    values = {
        "csrf_token": page.value("csrf_token"), "idempotency_key": page.one(name="idempotency_key").attributes["value"],
        "seen_state": "submitted", "decision": "accepted", "reason": "", "message": "نرحب بكم.",
    }  # fmt: skip
    first, again = client.post(path, data=values), client.post(path, data=values)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == f"/en/admin/cohorts/{cohort}/applications"
    assert f"The decision on \u2068{name}\u2069 is recorded" in look(client, first.location).text
    assert state_of(installation, application) == "accepted"
    installation.run_jobs()
    outbox = installation.platform.rooms["outbox"]()
    letters = [m for _, m in outbox if "نرحب بكم." in m.get_body(("plain",)).get_content()]
    assert len(letters) == 1
    assert 'dir="rtl"' in letters[0].get_body(("html",)).get_content()
    trail = look(client, path)
    assert "Accepted by" in trail.text
    late = client.post(path, data={**values, "idempotency_key": "another key"})
    refused = examined(late, path, 409)
    assert refused.one("textarea", name="message").text.strip() == "نرحب بكم."
    assert state_of(installation, application) == "accepted"


def test_a_decision_about_an_application_that_changed_is_refused(installation: Installation) -> None:
    application = applied(installation, call(installation))
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/applications/{application}"
    answer = send(client, path, {"seen_state": "waitlisted", "decision": "accepted"}, form_at=path)
    assert "has changed since you opened it" in examined(answer, path, 409).text
    assert state_of(installation, application) == "submitted"


def test_no_more_are_accepted_than_there_are_seats(installation: Installation) -> None:
    cohort = call(installation, seats=1)
    first, second = applied(installation, cohort), applied(installation, cohort)
    _, client = someone(installation, role="course_admin")
    answers = [
        send(
            client,
            f"/en/admin/applications/{a}",
            {"decision": "accepted"},
            form_at=f"/en/admin/applications/{a}",
        )
        for a in (first, second)
    ]
    assert [a.status_code for a in answers] == [303, 409]
    assert "All seats of this cohort are taken (1)" in answers[1].get_data(as_text=True)


@pytest.mark.parametrize(
    "values",
    [
        {}, {"decision": ""}, {"decision": "withdrawn"}, {"decision": "declined"}, {"decision": "declined", "reason": "mood"},
        {"decision": "accepted", "message": "x" * 1001}, {"decision": ["accepted", "declined"], "reason": "seats"},
    ],
)  # fmt: skip
def test_a_bad_decision_gives_422_and_changes_nothing(installation: Installation, values: dict[str, object]) -> None:
    application = applied(installation, call(installation))
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/applications/{application}"
    page = examined(send(client, path, {"message": "Dear you", **values}, form_at=path), path, 422)
    assert page.all("p", class_="err")
    assert page.one("textarea", name="message").text.strip() == values.get("message", "Dear you")
    assert state_of(installation, application) == "submitted"


def test_a_stale_token_keeps_the_decision(installation: Installation) -> None:
    application = applied(installation, call(installation))
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/applications/{application}"
    answer = send(client, path, {"decision": "accepted", "message": "Dear you"}, fresh=False, form_at=path)
    page = examined(answer, path, 400)
    assert page.one("textarea", name="message").text.strip() == "Dear you"
    assert state_of(installation, application) == "submitted"


def test_a_change_of_language_keeps_the_decision_unsent(installation: Installation) -> None:
    application = applied(installation, call(installation))
    _, client = someone(installation, role="course_admin")
    path = f"/fr/admin/applications/{application}"
    values = {"decision": "accepted", "message": "Dear you", "switch_locale": "fr"}
    page = examined(send(client, path, values), path, 200)
    assert page.one("textarea", name="message").text.strip() == "Dear you"
    assert state_of(installation, application) == "submitted"


def test_the_letters_can_be_read_before_deciding_in_their_own_direction(installation: Installation) -> None:
    application = applied(installation, call(installation))
    _, client = someone(installation, role="course_admin")
    page = look(client, f"/en/admin/applications/{application}")
    previews = page.all("div", class_="prev")
    assert len(previews) == 3
    assert {(p.attributes["lang"], p.attributes["dir"]) for p in previews} == {("ar", "rtl")}


def test_the_list_is_filtered_and_paged_by_its_address(installation: Installation) -> None:
    cohort = call(installation)
    application = applied(installation, cohort)
    with installation.platform.database.transaction() as session:
        session.query(Application).update({"organisation": "100% Example"})
    _, client = someone(installation, role="course_admin")
    path = f"/en/admin/cohorts/{cohort}/applications"
    link = f"/en/admin/applications/{application}#pane"
    for query in (
        "",
        "?state=submitted",
        "?group=civil_society&language=ar",
        "?text=100%25",
        "?state=kings&page=-1",
        "?page=x",
    ):
        assert look(client, path + query).all("a", href=link), query
    for query in ("?state=declined", "?language=fr", "?text=nobody", "?group=academia", "?text=%00"):
        page = look(client, path + query)
        found = bool(page.all("a", href=link))
        assert found == (query == "?text=%00")
        assert found or "No application matches" in page.text


def test_the_console_counts_what_is_in_a_cohort(installation: Installation) -> None:
    cohort = call(installation, seats=9)
    applied(installation, cohort)
    _, client = someone(installation, role="course_admin")
    row = next(e for e in look(client, "/en/admin/").all("a", href=f"/en/admin/cohorts/{cohort}/applications"))
    assert row.parents[-2].tag == "tr"
    assert "Applications close" in look(client, "/en/admin/").text


def test_pages_with_many_applications_ask_the_database_no_more_often(installation: Installation) -> None:
    cohort = call(installation)
    first = applied(installation, cohort)
    _, client = someone(installation, role="course_admin")
    counted: list[int] = []
    statements: list[str] = []
    event.listen(
        installation.platform.database.reader, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    for _ in range(2):
        for path in (f"/en/admin/applications/{first}", "/en/admin/", APPLY):
            client.get(path)
            statements.clear()
            client.get(path)
            counted.append(len(statements))
        for _ in range(4):
            applied(installation, cohort)
    assert counted[:3] == counted[3:]
    assert max(counted) <= 12


def test_dates_of_the_form_reach_beyond_today(installation: Installation) -> None:
    _, client = someone(installation, role="course_admin")
    past = {
        **PLAN, "first_application_day": str(TODAY - timedelta(days=400)), "last_application_day": str(TODAY - timedelta(days=390)),
        "first_study_day": str(TODAY - timedelta(days=380)), "last_study_day": str(TODAY - timedelta(days=350)),
    }  # fmt: skip
    assert send(client, NEW, past).status_code == 303
    assert "Third cohort" not in look(client, "/en/admin/").text
    assert "Third cohort" in look(client, "/en/admin/cohorts").text
