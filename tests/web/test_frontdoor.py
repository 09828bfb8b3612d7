"""Kept pages: the same bytes until something changes, and never anything personal."""

import gzip
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from elearn import clock
from elearn.pages import queries
from elearn.web import frontdoor
from elearn.web.frontdoor import FrontDoor, Stamp
from tests.conftest import Installation
from tests.factories import make_open_call
from tests.web.conftest import signed_in

HOME = "/ar/"


class Counting:
    """A WSGI application that answers with a number that grows."""

    def __init__(self, **headers: str) -> None:
        self.calls = 0
        self.status = "200 OK"
        self.headers = {"Cache-Control": "public, max-age=60", "ETag": 'W/"x"', **headers}

    def __call__(self, _environ, start_response):
        self.calls += 1
        start_response(self.status, [*self.headers.items(), ("X-Request-ID", str(self.calls))])
        return [str(self.calls).encode()]


class Behind:
    """A front door with a stamp and a clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, application: Counting) -> None:
        self.value, self.seconds, self.now = object(), 60.0, 1_000.0
        self.asked = 0
        monkeypatch.setattr(frontdoor.time, "monotonic", lambda: self.now)
        self.door = FrontDoor(application, self._stamp, {"/": True, "/b": True}.get)

    def _stamp(self) -> Stamp:
        self.asked += 1
        return Stamp(self.value, self.seconds)

    def get(self, path: str = "/", method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
        answer: list = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", **environ}
        body = b"".join(self.door(environ, lambda *a: answer.extend(a)))
        return answer[0], dict(answer[1]), body


@pytest.fixture
def application() -> Counting:
    return Counting()


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch, application: Counting) -> Behind:
    return Behind(monkeypatch, application)


def test_a_page_is_asked_for_once_and_each_answer_has_its_own_request_id(behind: Behind) -> None:
    first, second = behind.get(), behind.get()
    assert first[2] == second[2] == b"1"
    assert second[0] == "200 OK"
    assert first[1]["X-Request-ID"] != second[1]["X-Request-ID"]
    assert {k: v for k, v in first[1].items() if k != "X-Request-ID"} == {
        k: v for k, v in second[1].items() if k != "X-Request-ID"
    }


@pytest.mark.parametrize(
    "difference",
    [
        {"path": "/c"}, {"method": "POST"}, {"method": "HEAD"}, {"QUERY_STRING": "a=b"}, {"HTTP_COOKIE": "elearn=x"},
        {"HTTP_COOKIE": "__Host-elearn=x"}, {"HTTP_COOKIE": "a=b; elearn-form=x"}, {"HTTP_COOKIE": "elearn-notice=x"},
        {"HTTP_COOKIE": "theme=dark"},
    ],
)  # fmt: skip
def test_what_is_somebodys_own_is_not_kept(difference: dict[str, str], behind: Behind, application: Counting) -> None:
    behind.get(**difference)
    behind.get(**difference)
    assert application.calls == 2
    assert behind.get()[2] == b"3", "and what was answered so is not given to others"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 NOT FOUND", {}), ("500 X", {}), ("302 FOUND", {}), ("200 OK", {"Set-Cookie": "a=b"}),
        ("200 OK", {"Cache-Control": "no-store"}), ("200 OK", {"Cache-Control": "private, no-cache"}),
    ],
)  # fmt: skip
def test_what_is_no_public_page_is_not_kept(
    status: str, headers: dict[str, str], behind: Behind, application: Counting
) -> None:
    application.status = status
    application.headers |= headers
    behind.get()
    assert behind.get()[2] == b"2"


def test_encodings_are_kept_apart(behind: Behind) -> None:
    assert behind.get(HTTP_ACCEPT_ENCODING="gzip")[2] == b"1"
    assert behind.get()[2] == b"2"
    assert behind.get(HTTP_ACCEPT_ENCODING="gzip")[2] == b"1"


def test_another_stamp_forgets_and_it_is_read_once_a_second(behind: Behind) -> None:
    behind.get()
    behind.value = object()
    assert behind.get()[2] == b"1"
    assert behind.asked == 1
    behind.now += 1
    assert behind.get()[2] == b"2"
    assert behind.asked == 2


def test_the_clock_forgets_at_the_edge_of_a_window(behind: Behind) -> None:
    behind.seconds = 5
    behind.get()
    behind.now += 4.9
    assert behind.get()[2] == b"1"
    behind.now += 0.2
    assert behind.get()[2] == b"2"


def test_a_page_that_was_begun_before_a_change_is_not_kept_as_one_of_afterwards(
    behind: Behind, application: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread reads the new stamp while the page is being made."""
    made = application.__call__

    def slow(environ, start_response):
        answer = made(environ, start_response)
        behind.value, behind.now = object(), behind.now + 2
        monkeypatch.setattr(behind.door, "_application", made)
        behind.get("/b")
        return answer

    monkeypatch.setattr(behind.door, "_application", slow)
    assert behind.get()[2] == b"1"
    assert behind.get()[2] == b"3"


def test_a_browser_that_has_the_page_gets_304_without_a_body(behind: Behind) -> None:
    behind.get()
    status, headers, body = behind.get(HTTP_IF_NONE_MATCH='W/"x"')
    assert status.startswith("304")
    assert body == b""
    assert headers["ETag"] == 'W/"x"'
    assert "Content-Length" not in headers


def test_it_never_grows_without_end(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontdoor, "MAX_PAGES", 3)
    for n in range(10):
        behind.get(HTTP_ACCEPT_ENCODING=str(n))
        assert len(behind.door._pages) <= 3


def test_where_the_stamp_cannot_be_read_the_kept_pages_stay(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    behind.get()

    def fail() -> Stamp:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr(behind.door, "_read_stamp", fail)
    behind.now += 2
    assert behind.get()[2] == b"1"


# --- with the whole application


def body(client: FlaskClient, **headers: str) -> bytes:
    answer = client.get(HOME, headers=headers)
    assert answer.status_code == 200
    return answer.get_data()


def poll(installation: Installation) -> None:
    """As if a second had passed."""
    installation.app.wsgi_app._application.application._next_poll = 0.0  # type: ignore[attr-defined]


def test_the_kept_page_is_the_page_in_each_encoding(client: FlaskClient) -> None:
    plain = body(client)
    first, second = (body(client, **{"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first == second
    assert gzip.decompress(second) == plain == body(client)


def test_a_new_cohort_is_seen_and_so_are_published_translations(
    installation: Installation, client: FlaskClient
) -> None:
    before = body(client)
    with installation.platform.database.transaction() as session:
        make_open_call(session, names={"ar": "فوج جديد تماما"})
    poll(installation)
    after = body(client)
    assert after != before
    assert body(client) == after


def test_who_signs_in_sees_an_own_page_and_leaves_the_kept_one_as_it_was(
    installation: Installation, client: FlaskClient
) -> None:
    kept = body(client)
    own = signed_in(installation, full_name="Personal Name")
    assert b"Personal Name" in body(own)
    assert body(client) == kept


def test_a_theme_of_ones_own_is_not_given_to_others(installation: Installation, client: FlaskClient) -> None:
    dark = installation.app.test_client()
    dark.set_cookie("theme", "dark")
    assert b'data-theme="dark"' in body(dark)
    assert b'data-theme="dark"' not in body(client)


def test_the_next_edge_is_the_first_one_ahead() -> None:
    now = clock.now()
    rows = [(now - timedelta(days=1), now + timedelta(days=3)), (now + timedelta(hours=1), now)]
    assert queries.next_edge(rows, now) == now + timedelta(hours=1)
    assert queries.next_edge([], now) is None
