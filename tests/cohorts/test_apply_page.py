"""The page on which people apply, and every kind of bad input to it."""

from datetime import timedelta

import pytest

from elearn import clock
from elearn.cohorts import queries
from elearn.cohorts.models import Application
from elearn.cohorts.records import ApplicationRecord
from tests.cohorts.pages import APPLY, FILLED, call, examined, look, send, someone
from tests.conftest import Installation


def stored(installation: Installation, cohort: int, person: int) -> ApplicationRecord | None:
    with installation.platform.database.read_session() as session:
        return queries.own_application(session, cohort, person)


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(installation: Installation) -> None:
    answer = installation.app.test_client().get(APPLY)
    assert answer.status_code == 302
    assert "next=" in answer.location


def test_an_application_is_sent_once_and_its_state_is_shown(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    page = look(client, APPLY)
    values = {**FILLED, "cohort": str(cohort), "csrf_token": page.value("csrf_token")}
    values["idempotency_key"] = page.value("idempotency_key")
    first, again = client.post(APPLY, data=values), client.post(APPLY, data=values)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    shown = look(client, first.location)
    assert shown.one(data_testid="application-state").attributes["data-state"] == "submitted"
    assert not shown.all("textarea")
    application = stored(installation, cohort, person.id)
    assert application is not None
    assert application.organisation == "Example Association"


def test_a_second_application_is_a_conflict_and_the_first_stands(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    token = look(client, APPLY).value("csrf_token")
    values = {**FILLED, "cohort": str(cohort), "csrf_token": token}
    assert client.post(APPLY, data=values).status_code == 303
    page = examined(client.post(APPLY, data={**values, "organisation": "Another"}), APPLY, 409)
    assert "Your first application stands" in page.text
    application = stored(installation, cohort, person.id)
    assert application is not None
    assert application.organisation == "Example Association"


def test_where_entry_is_open_one_button_enrols(installation: Installation) -> None:
    call(installation, entry="open", seats=1)
    person, client = someone(installation)
    values = {key: FILLED[key] for key in ("stakeholder_group", "country", "locale", "consent")}
    answer = send(client, APPLY, values)
    assert answer.status_code == 303
    assert look(client, answer.location).one(data_testid="application-state").attributes["data-state"] == "accepted"
    with installation.platform.database.read_session() as session:
        assert queries.active_enrolment(session, person.id, "untoc") is not None
    _, late = someone(installation)
    waiting = look(late, send(late, APPLY, values).location)
    assert waiting.one(data_testid="application-state").attributes["data-state"] == "waitlisted"


def test_a_draft_is_kept_until_the_next_visit_and_may_be_incomplete(installation: Installation) -> None:
    call(installation)
    _, client = someone(installation)
    answer = send(client, APPLY, {"action": "save", "organisation": "جمعية المثال", "locale": "ar"})
    assert answer.status_code == 303
    page = look(client, APPLY)
    assert page.one(data_testid="application-state").attributes["data-state"] == "draft"
    assert page.value("organisation") == "جمعية المثال"
    assert "selected" in page.one("option", value="ar").attributes


def test_the_language_switch_keeps_everything_that_was_typed(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    page = look(client, APPLY)
    values = {**FILLED, "switch_locale": "ar", "csrf_token": page.value("csrf_token")}
    arabic = examined(client.post("/ar/courses/untoc/apply", data=values), APPLY, 200)
    assert arabic.one("html").attributes["dir"] == "rtl"
    assert arabic.one("textarea", name="motivation").text.strip() == FILLED["motivation"]
    assert "checked" in arabic.one("input", value="civil_society").attributes
    assert not arabic.all("p", class_="err")
    assert stored(installation, cohort, person.id) is None


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)])
@pytest.mark.parametrize("action", ["save", "submit"])
def test_outside_of_the_window_a_sentence_says_when(
    installation: Installation, days: tuple[int, int], action: str
) -> None:
    opens, closes = (clock.now() + timedelta(days=d) for d in days)
    cohort = call(installation, applications_open=opens, applications_close=closes, zone="Asia/Beirut")
    person, client = someone(installation)
    page = look(client, APPLY)
    sentence = "Applications open on" if days[0] > 0 else "Applications closed on"
    assert page.text.count(sentence) == 1
    assert ("What happens then" in page.text) is (days[0] > 0)
    assert "Beirut time (for you:" in page.text
    assert not page.all("textarea")
    token = page.value("csrf_token")
    values = {**FILLED, "csrf_token": token, "action": action, "cohort": str(cohort)}
    refused = examined(client.post(APPLY, data=values), APPLY, 409)
    assert refused.text.count(sentence) == 1
    assert "Applications for this cohort are" not in refused.text
    assert refused.value("organisation") == "Example Association"
    assert stored(installation, cohort, person.id) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stakeholder_group", ""),
        ("stakeholder_group", "kings"),
        ("organisation", ""),
        ("organisation", "   "),
        ("organisation", "x" * 201),
        ("organisation", "bell\x07"),
        ("organisation_type", "cult"),
        ("country", ""),
        ("country", "TW2"),
        ("country", "lb"),
        ("motivation", ""),
        ("motivation", "too short"),
        ("motivation", "x" * 2001),
        ("locale", "de"),
        ("locale", ""),
        ("consent", ""),
    ],
)
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_bad_entry_gives_422_with_a_sentence_and_keeps_the_rest(
    installation: Installation, locale: str, field: str, value: str
) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    path = APPLY.replace("en", locale, 1)
    answer = send(client, path, {**FILLED, field: value})
    page = examined(answer, path, 422)
    assert page.all("p", class_="err"), "no sentence at the field"
    assert page.all("ul", data_error_summary="")
    kept = "organisation" if field != "organisation" else "motivation"
    assert FILLED[kept] in (page.value(kept).strip(), page.one(id=kept).text.strip())
    if field in ("organisation", "motivation") and value.strip() and "\x07" not in value:
        assert value in page.html
    assert stored(installation, cohort, person.id) is None


@pytest.mark.parametrize("field", ["stakeholder_group", "organisation", "country", "motivation", "consent"])
def test_a_missing_field_gives_422(installation: Installation, field: str) -> None:
    call(installation)
    _, client = someone(installation)
    values = {key: value for key, value in FILLED.items() if key != field}
    examined(send(client, APPLY, values), APPLY, 422)


def test_a_repeated_field_gives_422(installation: Installation) -> None:
    call(installation)
    _, client = someone(installation)
    page = examined(send(client, APPLY, {**FILLED, "country": ["LB", "EG"]}), APPLY, 422)
    assert "more than once" in page.text


def test_hostile_markup_and_overrides_are_shown_as_text(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    hostile = "<script>alert(1)</script>\u202eevil"
    examined(send(client, APPLY, {**FILLED, "motivation": hostile, "country": ""}), APPLY, 422)
    assert (
        send(
            client, APPLY, {**FILLED, "organisation": hostile + "\r\nBcc: x", "motivation": hostile + "{{ 7*7 }} %(x)s"}
        ).status_code
        == 303
    )
    application = stored(installation, cohort, person.id)
    assert application is not None
    assert "\u202e" not in application.organisation
    assert "\n" not in application.organisation
    _, staff = someone(installation, role="course_admin")
    html = staff.get(f"/en/admin/applications/{application.id}").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7*7 }} %(x)s" in html


def test_a_stale_token_gives_400_and_keeps_the_form(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    page = examined(send(client, APPLY, FILLED, fresh=False), APPLY, 400)
    assert page.value("organisation") == "Example Association"
    assert "please send it again" in page.text
    assert stored(installation, cohort, person.id) is None


@pytest.mark.parametrize("cohort", ["999999", "0", "-1", "abc", "١", "9" * 40, "1 or 1=1"])
def test_a_cohort_that_is_not_there_gives_404(installation: Installation, cohort: str) -> None:
    call(installation)
    _, client = someone(installation)
    token = look(client, APPLY).value("csrf_token")
    assert client.get(APPLY, query_string={"cohort": cohort}).status_code == 404
    assert client.post(APPLY, data={**FILLED, "cohort": cohort, "csrf_token": token}).status_code == 404


def test_a_cohort_of_another_course_gives_404(installation: Installation) -> None:
    call(installation)
    other = call(installation, course="other")
    _, client = someone(installation)
    assert client.get(APPLY, query_string={"cohort": other}).status_code == 404
    assert client.get("/en/courses/unknown/apply").status_code == 404


def test_without_any_cohort_the_page_says_so(installation: Installation) -> None:
    _, client = someone(installation)
    assert "No cohort is planned" in look(client, APPLY).text
    look(client, "/ar/courses/untoc/apply")
    examined(send(client, APPLY, FILLED), APPLY, 409)


def test_a_seat_can_be_given_back_by_a_button(installation: Installation) -> None:
    cohort = call(installation, entry="open")
    person, client = someone(installation)
    location = send(client, APPLY, FILLED).location
    withdraw = APPLY + "/withdraw"
    assert send(client, withdraw, {"cohort": str(cohort)}, form_at=location).status_code == 303
    page = look(client, APPLY)
    assert page.one(data_testid="application-state").attributes["data-state"] == "withdrawn"
    assert page.all("textarea")  # the window is open, so it can be sent again
    assert send(client, withdraw, {"cohort": str(cohort)}, form_at=APPLY).status_code == 409
    assert send(client, withdraw, {"cohort": "77"}, form_at=APPLY).status_code == 404
    with installation.platform.database.read_session() as session:
        assert queries.active_enrolment(session, person.id, "untoc") is None


def test_sending_and_withdrawing_is_limited_and_drafts_are_not(installation: Installation) -> None:
    cohort = call(installation, entry="open")
    person, client = someone(installation)
    for _ in range(5):
        assert send(client, APPLY, FILLED).status_code == 303
        assert send(client, APPLY + "/withdraw", {"cohort": str(cohort)}, form_at=APPLY).status_code == 303
    page = look(client, APPLY)
    keys = {name: page.value(name) for name in ("csrf_token", "idempotency_key")}
    refused = client.post(APPLY, data={**FILLED, **keys})
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert examined(refused, APPLY, 429).value("organisation") == FILLED["organisation"]
    withdrawal = {"cohort": str(cohort), "csrf_token": keys["csrf_token"]}
    assert client.post(APPLY + "/withdraw", data=withdrawal).status_code == 429
    assert send(client, APPLY, {**FILLED, "action": "save"}).status_code == 303
    application = stored(installation, cohort, person.id)
    assert application is not None
    assert application.state == "draft"
    _, other = someone(installation)
    assert send(other, APPLY, FILLED).status_code == 303


def test_nobody_withdraws_for_somebody_else(installation: Installation) -> None:
    cohort = call(installation)
    person, client = someone(installation)
    send(client, APPLY, FILLED)
    _, stranger = someone(installation)
    answer = send(stranger, APPLY + "/withdraw", {"cohort": str(cohort)}, form_at=APPLY)
    assert answer.status_code == 404
    application = stored(installation, cohort, person.id)
    assert application is not None
    assert application.state == "submitted"


def test_the_public_note_stands_beside_the_form_in_its_own_language(installation: Installation) -> None:
    call(installation, notes={"en": "The deadline is <ours>."})
    _, client = someone(installation)
    page = look(client, "/ar/courses/untoc/apply")
    note = next(e for e in page.all("p") if "The deadline is <ours>." in e.text)
    assert note.parents[-1].attributes["lang"] == "en"


def test_every_state_has_its_words_in_every_language(installation: Installation) -> None:
    cohort = call(installation)
    _, client = someone(installation)
    send(client, APPLY, FILLED)
    for state in ("submitted", "waitlisted", "offered", "accepted", "declined", "withdrawn", "expired"):
        with installation.platform.database.transaction() as session:
            session.query(Application).update({"state": state})
        for locale in ("ar", "en", "fr", "es"):
            page = look(client, f"/{locale}/courses/untoc/apply?cohort={cohort}")
            assert page.one(data_testid="application-state").attributes["data-state"] == state


@pytest.mark.parametrize(
    ("state", "then", "back"),
    [
        ("submitted", True, True),
        ("waitlisted", False, True),
        ("accepted", False, True),
        ("declined", False, False),
        ("withdrawn", True, True),  # the window is open: it can be sent again
        ("expired", False, False),
    ],
)
def test_what_stands_beside_an_application_is_true_of_its_state(
    installation: Installation, state: str, then: bool, back: bool
) -> None:
    call(installation)
    _, client = someone(installation)
    send(client, APPLY, FILLED)
    with installation.platform.database.transaction() as session:
        session.query(Application).update({"state": state})
    page = look(client, APPLY)
    assert ("What happens then" in page.text) is then
    assert ("You can withdraw the application, or give the seat back" in page.text) is back
