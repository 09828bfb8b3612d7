"""Every error is a page in the reader's language, with its status, one heading and a way on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.conftest import Installation
from tests.pages import DIRECTIONS, examine
from tests.web.conftest import RAISED, WAIT, token

STATUSES = ("400", *RAISED)


def titles(locale: str, client: FlaskClient) -> dict[str, str]:
    """The heading of each error page."""
    found = {}
    for kind in STATUSES:
        path = f"/{locale}/probe/raise/{kind}"
        answer = client.post(path, data={"csrf_token": token(client)})
        assert answer.status_code == int(kind)
        found[kind] = examine(answer.get_data(as_text=True), path).one("h1").text.strip()
    return found


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_each_status_has_its_own_words_in_each_language(locale: str, visitor: FlaskClient) -> None:
    here = titles(locale, visitor)
    assert len(set(here.values())) == len(STATUSES)
    if locale != "en":
        assert not set(here.values()) & set(titles("en", visitor).values())


def test_the_sentence_of_the_rule_stands_on_the_page(visitor: FlaskClient, probe: Installation) -> None:
    messages = probe.platform.catalogues.current().messages("fr")
    assert messages.gettext(WAIT) != WAIT
    for kind in ("409", "422", "429", "503"):
        html = visitor.get(f"/fr/probe/raise/{kind}").get_data(as_text=True)
        assert messages.gettext(WAIT) in html


@pytest.mark.parametrize(("kind", "seconds"), [("429", "7"), ("503", "5")])
def test_what_passes_says_when_to_come_back(kind: str, seconds: str, visitor: FlaskClient) -> None:
    answer = visitor.get(f"/ar/probe/raise/{kind}")
    assert answer.headers["Retry-After"] == seconds


def test_a_fault_of_ours_tells_nothing_but_its_number(visitor: FlaskClient) -> None:
    answer = visitor.get("/es/probe/raise/500")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in html
    for detail in ("secret", "ZeroDivision", "Traceback", "tests/web"):
        assert detail not in html


def test_errors_are_stored_nowhere(visitor: FlaskClient) -> None:
    for kind in RAISED:
        answer = visitor.get(f"/en/probe/raise/{kind}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/ar/nothing", "/ar/learn/untoc/no/lesson", "/ar/courses/none/", "/ar/certificates/XXXX"]
)
def test_an_unknown_address_answers_in_the_language_of_its_beginning(path: str, client: FlaskClient) -> None:
    path_of_login = "/ar/account/login"
    answer = client.get(path)
    if answer.status_code == 302:
        assert (answer.location or "").startswith(path_of_login)
    else:
        assert answer.status_code == 404
        examine(answer.get_data(as_text=True), path)
        assert 'lang="ar"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/de/", "/xx/courses/", "/EN/", "/%00", "/nothing"])
def test_an_unknown_language_is_an_unknown_address_in_the_language_of_the_browser(
    path: str, client: FlaskClient
) -> None:
    answer = client.get(path, headers={"Accept-Language": "de, es;q=0.7, en;q=0.1"})
    assert answer.status_code == 404
    assert 'lang="es"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_a_method_that_is_not_there_is_405_and_says_which_are(locale: str, client: FlaskClient) -> None:
    path = f"/{locale}/about"
    answer = client.delete(path)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= {name.strip() for name in answer.headers["Allow"].split(",")}
    page = examine(answer.get_data(as_text=True), path)
    assert page.one("html").attributes["lang"] == locale
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_a_body_beyond_the_limit_is_413_and_kept_from_the_views(locale: str, client: FlaskClient) -> None:
    path = f"/{locale}/account/login"
    long, many = {"email": "x" * 300_000}, {f"field{n}": "y" for n in range(600)}
    for data, kind in ((long, None), (many, "multipart/form-data")):
        answer = client.post(path, data=data, content_type=kind)
        assert answer.status_code == 413
        page = examine(answer.get_data(as_text=True), path)
        assert page.one("html").attributes["lang"] == locale


def test_a_room_that_fails_gives_a_page_and_the_site_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("a secret detail")

    with monkeypatch.context() as patch:
        patch.setattr("elearn.pages.queries.open_calls", fail)
        answer = client.get("/ar/")
        assert answer.status_code == 500
        examine(answer.get_data(as_text=True), "/ar/")
    assert client.get("/ar/").status_code == 200


def test_without_a_database_there_is_still_a_page(
    installation: Installation,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr(installation.platform.database, "read_session", fail)
    caplog.set_level("ERROR", logger="elearn")
    for path in ("/fr/learn/", "/fr/courses/untoc/apply", "/fr/"):
        client.set_cookie("elearn", "some session")
        answer = client.get(path)
        assert answer.status_code == 500
        examine(answer.get_data(as_text=True), path)
    client.delete_cookie("elearn")
    answer = client.get("/fr/about")  # which the front door would keep
    assert answer.status_code in (200, 500)
    examine(answer.get_data(as_text=True), "/fr/about")
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert caplog.text == "", "Flask's own lines would hold addresses"


def test_the_number_stands_where_the_page_begins(visitor: FlaskClient, probe: Installation) -> None:
    page = examine(visitor.get("/ar/probe/raise/404").get_data(as_text=True), "/ar/probe/raise/404")
    kicker = page.one("p", class_="name")  # no direction of its own
    assert [e.text for e in page.elements if kicker in e.parents] == ["404"]
