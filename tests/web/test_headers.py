"""Headers of every answer: security, caching by what the endpoint declares, tags, compression."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

from elearn.web.headers import CSP, SECURITY, SecurityHeaders
from tests.conftest import Installation
from tests.web.conftest import signed_in, token
from tests.world import plant


def test_every_answer_of_every_endpoint_carries_the_security_headers(installation: Installation) -> None:
    world = plant(installation)
    for role in ("visitor", "owner"):
        client = world.browser(role)
        for place in world.places():
            answer = client.get(place.path)
            for name, value in SECURITY:
                given = answer.headers.getlist(name)
                assert len(given) == 1, f"{place.path}: {name} {given}"
                assert given[0] == value or place.endpoint == "development.letter"
            assert "Strict-Transport-Security" not in answer.headers
            assert answer.headers["X-Request-ID"]
            assert "Server" not in answer.headers


def test_nothing_from_elsewhere_and_nothing_inline_is_allowed() -> None:
    directives = dict(part.strip().split(" ", 1) for part in CSP.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    for unsafe in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert unsafe not in CSP


def test_a_mail_in_the_outbox_has_a_stricter_policy_of_its_own(installation: Installation) -> None:
    world = plant(installation)
    policy = world.browser("visitor").get(world.place("development.letter").path).headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script" not in policy


def test_https_is_asked_for_where_there_is_https(installation: Installation) -> None:
    def application(_environ, start_response):
        start_response("200 OK", [])
        return []

    found: list = []
    for is_https in (False, True):
        list(SecurityHeaders(application, is_https=is_https)({}, lambda _status, headers: found.append(dict(headers))))
    assert "Strict-Transport-Security" not in found[0]
    assert "includeSubDomains" in found[1]["Strict-Transport-Security"]


def test_static_files_carry_them_and_their_hashed_names_are_kept_for_ever(installation: Installation) -> None:
    client = installation.app.test_client()
    address = installation.platform.static_url("elearn.css")
    with client.get(address, headers={"Accept-Encoding": "br"}) as answer, client.get(address) as plain:
        packed, whole = answer.get_data(), plain.get_data()
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed) == whole
    for outside in ("/static/../elearn.db", "/static/%2e%2e/secret.key", "/static//etc/passwd"):
        assert client.get(outside).status_code == 404


# --- caching


@pytest.mark.parametrize(
    ("cache", "visitors", "own"),
    [
        ("public", "public, max-age=60", "private, no-cache"), ("course", "private, no-cache", "private, no-cache"),
        ("personal", "no-store", "no-store"), ("fixed", "private, no-cache", "private, no-cache"),
    ],
)  # fmt: skip
def test_what_may_be_kept_follows_from_the_declaration(
    cache: str, visitors: str, own: str, probe: Installation
) -> None:
    path = f"/en/probe/cache/{cache}"
    assert probe.app.test_client().get(path).headers["Cache-Control"] == visitors
    assert signed_in(probe).get(path).headers["Cache-Control"] == own


def test_a_post_is_never_kept(visitor: FlaskClient) -> None:
    answer = visitor.post("/en/probe/cache/public", data={"csrf_token": token(visitor)})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_page_that_sets_a_cookie_is_never_kept(installation: Installation) -> None:
    client = installation.app.test_client()
    first = client.get("/en/verify")
    assert first.headers.getlist("Set-Cookie")
    assert first.headers["Cache-Control"] == "no-store"
    second = client.get("/en/verify")
    assert not second.headers.getlist("Set-Cookie")
    assert second.headers["Cache-Control"] == "private, no-cache", (
        "a page with the token of one visitor is theirs alone"
    )
    assert "Cookie" in second.headers["Vary"]


@pytest.mark.parametrize("cache", ["public", "course"])
def test_who_has_the_page_gets_304_with_its_tag_and_no_body(cache: str, probe: Installation) -> None:
    client = probe.app.test_client()
    path = f"/en/probe/cache/{cache}"
    first = client.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    second = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert second.status_code == 304
    assert second.get_data() == b""
    assert second.headers["ETag"] == tag
    assert second.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert "Content-Encoding" not in second.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_is_the_same_in_each_encoding_and_another_in_each_language(probe: Installation) -> None:
    client = probe.app.test_client()
    path = "/{}/probe/cache/course"
    tags = {client.get(path.format("en"), headers={"Accept-Encoding": e}).headers["ETag"] for e in ("", "gzip", "br")}
    assert len(tags) == 1
    assert client.get(path.format("ar")).headers["ETag"] not in tags


def test_the_tag_of_a_signed_in_person_is_their_own(probe: Installation) -> None:
    path = "/en/probe/cache/course"
    tags = {signed_in(probe, email).get(path).headers["ETag"] for email in ("a@example.org", "b@example.org")}
    assert len(tags) == 2


# --- compression


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br", "br"), ("deflate", None), ("", None), ("identity", None),
        ("br;q=0, gzip;q=0.5", "gzip"), ("br;q=0, gzip;q=0", None), ("*;q=0", None), ("gzip;q=1.0, br;q=0.1", "br"),
    ],
)  # fmt: skip
def test_the_best_encoding_that_the_browser_takes(accepted: str, encoding: str | None, probe: Installation) -> None:
    client = probe.app.test_client()
    path = "/ar/probe/cache/course"
    plain = client.get(path).get_data()
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert undo(answer.get_data()) == plain
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_short_texts_and_files_are_left_as_they_are(installation: Installation, probe: Installation) -> None:
    accepting = {"Accept-Encoding": "br, gzip"}
    assert "Content-Encoding" not in probe.app.test_client().get("/en/probe/short", headers=accepting).headers
    world = plant(installation)
    pdf = world.browser("visitor").get(f"/certificates/{world.values['number']}.pdf?lang=en", headers=accepting)
    assert pdf.status_code == 200
    assert "Content-Encoding" not in pdf.headers


def test_a_head_request_has_the_headers_and_no_body(installation: Installation) -> None:
    world = plant(installation)
    client = world.browser("learner")
    for path in ("/ar/about", world.place("learning.lesson").path, "/en/learn/"):
        answer = client.head(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.get_data() == b""
        assert answer.headers["Content-Language"]
