"""The pages of certificates: the check page, the document, the form for a number, the holder's own list."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from elearn import clock
from elearn.certificates.models import Certificate
from elearn.certificates.service.documents import check_url
from elearn.certificates.views import NAMES_PER_CERTIFICATE, NUMBERS_PER_NETWORK
from elearn.web.links import external_url
from tests.certificates import rows
from tests.conftest import Installation
from tests.pages import Examined, examine, parse

LOCALES = ("ar", "en", "fr", "es")
HOSTILE = (
    "x", "%00", "%3Cscript%3Ealert(1)%3C", "' or 1=1 --", "1" * 2000, "%E2%80%AEabc", "%D9%A1%D9%A2", "{{7*7}}",
    "%(number)s", "0000-0000-0000-0000-0000-0000-0", "-",
)  # fmt: skip


def _change(installation: Installation, **values: Any) -> None:
    with installation.platform.database.transaction() as session:
        session.execute(update(Certificate).values(**values))


def _token(client: FlaskClient, path: str) -> str:
    return examine(client.get(path).get_data(as_text=True), path).value("csrf_token")


def _state(found: Examined) -> str:
    return found.one(data_testid="verify-state").attributes["data-state"]


def _ask_name(client: FlaskClient, path: str, name: str) -> Any:
    return client.post(path, data={"name": name, "csrf_token": _token(client, path)})


class TestCheckPage:
    @pytest.mark.parametrize("locale", LOCALES)
    def test_a_valid_certificate_is_shown_with_its_facts(self, installation, client, page, locale) -> None:
        number, _ = rows.issued(installation)
        found = page(client, f"/{locale}/certificates/{number}")
        assert _state(found) == "valid"
        assert rows.HOLDER in found.text
        assert number in found.text
        assert found.one("meta", name="robots").attributes["content"] == "noindex"
        assert (
            found.one(data_testid="certificate-link").attributes["href"] == f"/certificates/{number}.pdf?lang={locale}"
        )

    def test_a_check_is_asked_for_each_time_because_the_name_can_be_hidden(self, installation, client) -> None:
        number, _ = rows.issued(installation)
        answer = client.get(f"/en/certificates/{number}")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("locale", LOCALES)
    def test_an_unknown_number_is_404_with_the_same_layout(self, client, page, locale) -> None:
        number = rows.unknown_number()
        found = page(client, f"/{locale}/certificates/{number}", status=404)
        assert _state(found) == "unknown"
        assert found.value("number") == number

    @pytest.mark.parametrize("number", HOSTILE)
    def test_a_hostile_number_is_unknown_and_is_not_echoed(self, client, number: str) -> None:
        answer = client.get(f"/en/certificates/{number}")
        assert answer.status_code == 404
        html = answer.get_data(as_text=True)
        assert "<script>alert" not in html
        found = parse(html)
        assert _state(found) == "unknown"
        assert "\u202e" not in found.text

    @pytest.mark.parametrize("number", ["..%2f..%2fetc%2fpasswd", "a%2Fb", "%3Cb%3Ex%3C%2Fb%3E"])
    def test_what_holds_a_slash_is_no_address(self, client, number: str) -> None:
        assert client.get(f"/en/certificates/{number}").status_code == 404
        assert client.get(f"/certificates/{number}.pdf?lang=en").status_code == 404

    @pytest.mark.parametrize("number", HOSTILE)
    def test_a_hostile_number_has_no_document(self, client, number: str) -> None:
        assert client.get(f"/certificates/{number}.pdf?lang=en").status_code == 404

    def test_a_sloppy_number_leads_to_its_one_address(self, installation, client) -> None:
        number, _ = rows.issued(installation)
        answer = client.get(f"/fr/certificates/{number.replace('-', '').lower()}")
        assert answer.status_code == 303
        assert answer.location == f"/fr/certificates/{number}"

    def test_a_revoked_certificate_says_so_and_names_nobody(self, installation, client, page) -> None:
        number, _ = rows.issued(installation, draw=True)
        _change(installation, revoked_at=clock.now())
        found = page(client, f"/en/certificates/{number}")
        assert _state(found) == "revoked"
        assert rows.HOLDER not in found.html
        assert not found.all(data_testid="certificate-link")
        assert client.get(f"/certificates/{number}.pdf?lang=en").status_code == 404

    def test_hostile_names_are_text(self, installation, client, page) -> None:
        number, _ = rows.issued(installation, name="<script>alert(1)</script> {{7*7}} %(x)s")
        html = client.get(f"/en/certificates/{number}").get_data(as_text=True)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} %(x)s" in html

    def test_the_printed_address_is_the_one_of_the_page(self, app) -> None:
        number = rows.unknown_number()
        with app.test_request_context("/ar/"):
            app.preprocess_request()
            base = app.extensions["elearn"].settings.base_url
            assert external_url("certificates.check", number=number, locale="ar") == check_url(base, "ar", number)


class TestCodeOnly:
    @pytest.fixture
    def path(self, installation: Installation) -> str:
        number, _ = rows.issued(installation, draw=True)
        _change(installation, visibility="code")
        return f"/en/certificates/{number}"

    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_name_is_not_shown(self, client, page, path: str, locale: str) -> None:
        found = page(client, path.replace("/en/", f"/{locale}/"))
        assert _state(found) == "valid"
        assert rows.HOLDER not in found.html
        assert not found.all(data_testid="certificate-link")
        assert found.one("input", name="name").attributes["dir"] == "auto"

    def test_the_name_from_the_paper_is_confirmed(self, client, path: str) -> None:
        answer = _ask_name(client, path, "nguyễn  thị ví dụ")
        assert answer.status_code == 200
        found = examine(answer.get_data(as_text=True), path)
        assert "good" in found.one(id="answer").attributes["class"]
        assert answer.headers["Cache-Control"] == "no-store"

    def test_another_name_is_not_and_the_right_one_is_not_told(self, client, path: str) -> None:
        answer = _ask_name(client, path, "Somebody Else")
        found = examine(answer.get_data(as_text=True), path)
        assert "warn" in found.one(id="answer").attributes["class"]
        assert found.value("name") == "Somebody Else"
        assert rows.HOLDER not in found.html

    @pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b"])
    def test_what_is_no_name_is_422_with_a_sentence(self, client, path: str, name: str) -> None:
        answer = _ask_name(client, path, name)
        assert answer.status_code == 422
        found = examine(answer.get_data(as_text=True), path)
        assert not found.all(id="answer")
        assert found.one("input", name="name").attributes["aria-invalid"] == "true"

    def test_a_missing_field_is_422(self, client, path: str) -> None:
        assert client.post(path, data={"csrf_token": _token(client, path)}).status_code == 422

    def test_a_stale_token_is_400_and_keeps_the_name(self, client, path: str) -> None:
        client.get(path)
        answer = client.post(path, data={"name": rows.HOLDER, "csrf_token": "stale"})
        assert answer.status_code == 400
        found = examine(answer.get_data(as_text=True), path)
        assert found.value("name") == rows.HOLDER
        assert not found.all(id="answer")

    def test_a_change_of_language_keeps_the_name_and_compares_nothing(self, client, path: str) -> None:
        data = {"name": "Anna", "switch_locale": "ar", "csrf_token": _token(client, path)}
        answer = client.post(path.replace("/en/", "/ar/"), data=data)
        assert answer.status_code == 200
        found = examine(answer.get_data(as_text=True), path)
        assert found.value("name") == "Anna"
        assert not found.all(id="answer")

    def test_after_several_tries_the_comparison_pauses(self, client, path: str) -> None:
        statuses = [_ask_name(client, path, f"Guess {n}").status_code for n in range(NAMES_PER_CERTIFICATE.hits + 1)]
        assert statuses == [200] * NAMES_PER_CERTIFICATE.hits + [429]
        answer = _ask_name(client, path, rows.HOLDER)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0

    def test_a_revoked_certificate_confirms_no_name(self, installation, client, path: str) -> None:
        token = _token(client, path)
        _change(installation, revoked_at=clock.now())
        found = examine(client.post(path, data={"name": rows.HOLDER, "csrf_token": token}).get_data(as_text=True), path)
        assert _state(found) == "revoked"
        assert not found.all(id="answer")

    def test_strangers_and_others_get_no_document(self, installation, client, path: str) -> None:
        address = f"/certificates/{path.rsplit('/', 1)[1]}.pdf?lang=en"
        assert client.get(address).status_code == 404
        with installation.platform.database.transaction() as session:
            other = rows.person(session, name="Other")
        rows.sign_in(client, installation.platform.database, other)
        assert client.get(address).status_code == 404


class TestDocument:
    def test_before_it_is_drawn_the_answer_is_503_with_a_sentence(self, installation, client) -> None:
        number, _ = rows.issued(installation)
        answer = client.get(f"/certificates/{number}.pdf?lang=en")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        found = examine(answer.get_data(as_text=True), "pdf")
        assert "being drawn" in found.text

    @pytest.mark.parametrize("locale", LOCALES)
    def test_many_requests_get_equal_bytes(self, installation, client, locale: str) -> None:
        number, _ = rows.issued(installation, draw=True)
        answers = [client.get(f"/certificates/{number}.pdf?lang={locale}") for _ in range(20)]
        assert {a.status_code for a in answers} == {200}
        assert len({a.data for a in answers}) == 1
        headers = answers[0].headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Language"] == locale
        assert headers["Cache-Control"] == "private, no-cache"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Content-Disposition"] == f'attachment; filename="certificate-{number}-{locale}.pdf"'

    def test_a_browser_that_has_it_is_told_so(self, installation, client) -> None:
        number, _ = rows.issued(installation, draw=True)
        address = f"/certificates/{number}.pdf?lang=en"
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304

    @pytest.mark.parametrize("lang", ["de", "EN", "en-GB", "%00", "../en"])
    def test_another_language_is_404(self, installation, client, lang: str) -> None:
        number, _ = rows.issued(installation, draw=True)
        assert client.get(f"/certificates/{number}.pdf?lang={lang}").status_code == 404

    def test_without_a_language_it_is_the_readers(self, installation, client) -> None:
        number, _ = rows.issued(installation, draw=True)
        answer = client.get(f"/certificates/{number}.pdf", headers={"Accept-Language": "ar"})
        assert answer.status_code == 302
        assert answer.location == f"/certificates/{number}.pdf?lang=ar"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_the_holder_opens_it_whatever_is_shown_and_it_is_not_kept(self, installation, client) -> None:
        number, holder = rows.issued(installation, draw=True)
        _change(installation, visibility="code")
        rows.sign_in(client, installation.platform.database, holder)
        answer = client.get(f"/certificates/{number}.pdf?lang=en")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_an_unknown_number_is_404(self, client) -> None:
        assert client.get(f"/certificates/{rows.unknown_number()}.pdf?lang=en").status_code == 404


class TestVerify:
    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_form_has_one_field(self, client, page, locale: str) -> None:
        found = page(client, f"/{locale}/verify")
        field = found.one("input", id="number").attributes
        assert (field["name"], field["dir"]) == ("number", "ltr")

    @pytest.mark.parametrize("spell", [str.lower, lambda n: n.replace("-", ""), lambda n: f" {n.replace('-', ' ')} "])
    def test_a_number_from_paper_leads_to_its_check_page(self, client, spell) -> None:
        number = rows.unknown_number()
        data = {"number": spell(number), "csrf_token": _token(client, "/en/verify")}
        answer = client.post("/en/verify", data=data)
        assert answer.status_code == 303
        assert answer.location == f"/en/certificates/{number}"

    def test_a_number_in_the_address_does_the_same(self, client) -> None:
        number = rows.unknown_number()
        answer = client.get("/ar/verify", query_string={"number": number.lower()})
        assert (answer.status_code, answer.location) == (303, f"/ar/certificates/{number}")

    @pytest.mark.parametrize("number", ["", "abc", "<b>x</b>", "9" * 4000, "\x00", "\u202eabc"])
    def test_what_cannot_be_a_number_is_422_and_stays(self, client, number: str) -> None:
        token = _token(client, "/en/verify")
        posted = client.post("/en/verify", data={"number": number, "csrf_token": token})
        asked = client.get("/en/verify", query_string={"number": number})
        for answer in (posted, asked):
            assert answer.status_code == 422
            found = examine(answer.get_data(as_text=True), "/en/verify")
            assert found.value("number") in (number, number.replace("\u202e", ""))
            assert found.one("input", id="number").attributes["aria-invalid"] == "true"

    def test_a_stale_token_is_400_and_keeps_the_number(self, client) -> None:
        answer = client.post("/en/verify", data={"number": "abc", "csrf_token": "stale"})
        assert answer.status_code == 400
        assert examine(answer.get_data(as_text=True), "/en/verify").value("number") == "abc"

    def test_a_change_of_language_keeps_the_number(self, client) -> None:
        data = {"number": "abc", "switch_locale": "fr", "csrf_token": _token(client, "/en/verify")}
        answer = client.post("/fr/verify", data=data)
        assert answer.status_code == 200
        assert examine(answer.get_data(as_text=True), "/fr/verify").value("number") == "abc"

    def test_too_many_numbers_are_429(self, client) -> None:
        asked = {"number": rows.unknown_number()}
        statuses = [
            client.get("/en/verify", query_string=asked).status_code for _ in range(NUMBERS_PER_NETWORK.hits + 1)
        ]
        assert statuses == [303] * NUMBERS_PER_NETWORK.hits + [429]


class TestMine:
    @pytest.fixture
    def number(self, installation: Installation, client: FlaskClient) -> str:
        number, holder = rows.issued(installation, draw=True)
        rows.sign_in(client, installation.platform.database, holder)
        return number

    def test_strangers_are_sent_to_sign_in(self, client) -> None:
        answer = client.get("/en/certificates/")
        assert answer.status_code == 302
        assert re.search(r"/en/.*login", answer.location)

    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_list_has_the_document_in_every_language(self, client, page, number: str, locale: str) -> None:
        found = page(client, f"/{locale}/certificates/")
        links = {e.attributes["href"] for e in found.all("a") if ".pdf" in e.attributes.get("href", "")}
        assert links == {f"/certificates/{number}.pdf?lang={x}" for x in LOCALES}
        assert found.one(data_testid="certificate-link").attributes["href"].endswith(f"lang={locale}")
        assert client.get(f"/{locale}/certificates/").headers["Cache-Control"] == "no-store"

    def test_without_a_certificate_the_page_says_what_will_stand_there(self, installation, client, page) -> None:
        rows.issued(installation)  # somebody else's
        with installation.platform.database.transaction() as session:
            newcomer = rows.person(session)
        rows.sign_in(client, installation.platform.database, newcomer)
        found = page(client, "/en/certificates/")
        assert not found.all(data_testid="certificate-link")
        assert found.all("div", class_="notice none")

    def test_the_holder_switches_what_the_check_page_shows(self, app, client, page, number: str) -> None:
        stranger = app.test_client()
        for visibility, shown in (("code", False), ("public", True)):
            found = page(client, "/en/certificates/")
            data = {
                "number": number, "visibility": found.one("button", name="visibility").attributes["value"],
                "csrf_token": found.value("csrf_token"),
            }  # fmt: skip
            assert data["visibility"] == visibility
            answer = client.post("/en/certificates/", data=data)
            assert (answer.status_code, answer.location) == (303, "/en/certificates/")
            assert (rows.HOLDER in stranger.get(f"/en/certificates/{number}").get_data(as_text=True)) is shown
            status = stranger.get(f"/certificates/{number}.pdf?lang=en").status_code
            assert status == (200 if shown else 404)

    def test_somebody_elses_certificate_is_404_and_unchanged(self, app, installation, client, number: str) -> None:
        other, _ = rows.issued(installation)
        data = {"number": other, "visibility": "code", "csrf_token": _token(client, "/en/certificates/")}
        assert client.post("/en/certificates/", data=data).status_code == 404
        assert rows.HOLDER in app.test_client().get(f"/en/certificates/{other}").get_data(as_text=True)

    @pytest.mark.parametrize("typed", ["\x00", "", "x"])
    def test_what_is_no_number_is_404_on_each_database(self, both: Installation, typed: str) -> None:
        client = both.app.test_client()
        _, holder = rows.issued(both)
        rows.sign_in(client, both.platform.database, holder)
        data = {"number": typed, "visibility": "code", "csrf_token": _token(client, "/en/certificates/")}
        assert client.post("/en/certificates/", data=data).status_code == 404

    @pytest.mark.parametrize("visibility", ["", "secret", "PUBLIC", "\x00"])
    def test_another_choice_is_422(self, client, number: str, visibility: str) -> None:
        data = {"number": number, "visibility": visibility, "csrf_token": _token(client, "/en/certificates/")}
        assert client.post("/en/certificates/", data=data).status_code == 422

    def test_without_a_fresh_token_nothing_changes(self, app, client, number: str) -> None:
        for token in ({}, {"csrf_token": "stale"}):
            answer = client.post("/en/certificates/", data={"number": number, "visibility": "code", **token})
            assert answer.status_code == 400
        assert rows.HOLDER in app.test_client().get(f"/en/certificates/{number}").get_data(as_text=True)

    def test_strangers_cannot_choose(self, app, number: str) -> None:
        answer = app.test_client().post("/en/certificates/", data={"number": number, "visibility": "code"})
        assert answer.status_code in (302, 400)
        assert rows.HOLDER in app.test_client().get(f"/en/certificates/{number}").get_data(as_text=True)
