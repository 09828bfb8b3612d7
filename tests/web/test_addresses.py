"""Addresses: languages in the path, safe targets, numbers that fit."""

import pytest
from flask.testing import FlaskClient

from elearn.web.addresses import in_locale, is_safe_target
from tests.conftest import Installation
from tests.web.conftest import signed_in


@pytest.mark.parametrize("target", ["/", "/ar/learn/", "/en/courses/untoc/apply?cohort=3&x=%2F", "/a#b", "/ar/دروس"])
def test_a_path_of_this_site_is_a_safe_target(target: str) -> None:
    assert is_safe_target(target)


@pytest.mark.parametrize(
    "target",
    [
        "", "x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "http:/evil", "javascript:alert(1)", "/a\r\nSet-Cookie: x", "/\t/evil.example", " /a", "/a b", "/" + "a" * 2_000,
        "/\x00", "/a\x7f",
    ],
)  # fmt: skip
def test_everything_else_is_not(target: str) -> None:
    assert not is_safe_target(target)


@pytest.mark.parametrize(
    ("path", "other"),
    [("/ar/learn/", "/fr/learn/"), ("/en/", "/fr/"), ("/certificates/x.pdf", "/certificates/x.pdf"), ("/", "/"), ("/arx/", "/arx/")],
)  # fmt: skip
def test_the_same_page_in_another_language(path: str, other: str) -> None:
    assert in_locale(path, "fr") == other


@pytest.mark.parametrize(
    ("headers", "cookie", "locale"),
    [
        ({}, None, "en"), ({"Accept-Language": "ar"}, None, "ar"), ({"Accept-Language": "fr-CA,fr;q=0.9"}, None, "fr"),
        ({"Accept-Language": "de,es;q=0.8"}, None, "es"), ({"Accept-Language": "ar"}, "fr", "fr"),
        ({"Accept-Language": "ar"}, "de", "ar"), ({"Accept-Language": ";;;q=x"}, "<script>", "en"),
    ],
)  # fmt: skip
def test_the_front_page_leads_to_the_language_of_the_visitor(
    headers: dict[str, str], cookie: str | None, locale: str, client: FlaskClient
) -> None:
    if cookie is not None:
        client.set_cookie("locale", cookie)
    answer = client.get("/", headers=headers)
    assert (answer.status_code, answer.location) == (302, f"/{locale}/")
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_preference_of_a_signed_in_person_comes_first(installation: Installation) -> None:
    client = signed_in(installation, locale="es")
    client.set_cookie("locale", "fr")
    assert client.get("/", headers={"Accept-Language": "ar"}).location == "/es/"


@pytest.mark.parametrize("number", ["0", "01", "-1", "1.0", "1e3", "٣", "9" * 10, "9" * 400, "1%00", "+1"])
def test_what_is_no_number_of_a_row_is_no_address(number: str, client: FlaskClient) -> None:
    assert client.get(f"/en/learn/untoc/attempts/{number}").status_code == 404


def test_the_target_after_sign_in_keeps_the_query(client: FlaskClient) -> None:
    answer = client.get("/ar/courses/untoc/apply?cohort=3")
    assert answer.location == "/ar/account/login?next=/ar/courses/untoc/apply%3Fcohort%3D3"
