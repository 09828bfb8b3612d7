"""What strangers try: made-up hosts, endless addresses, texts that cost time, caches that remember too much."""

import pytest
from flask.testing import FlaskClient

from elearn.commands.demo import require_no_production
from elearn.errors import ConfigurationError
from elearn.web.forms import MAX_CLEANED, clean
from tests.conftest import Installation, make_settings


@pytest.mark.parametrize("path", ["/en/admin", "/en//account/login", "/en/courses/untoc"])
def test_a_mended_address_does_not_take_over_the_host(client: FlaskClient, path: str):
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code in (302, 308)
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")


def test_a_page_with_a_visitors_token_is_not_for_shared_caches(client: FlaskClient):
    client.get("/en/account/login")
    answer = client.get("/en/verify")
    assert "csrf_token" in answer.text
    assert not answer.headers["Cache-Control"].startswith("public")


def test_an_endless_target_is_left_out_and_not_remembered(installation: Installation):
    client = installation.app.test_client()
    remembered = installation.platform.addresses._built
    client.get("/en/learn/?a=1")
    before = remembered.cache_info().currsize
    for number in range(50):
        short = client.get(f"/en/learn/?n={number}")
        assert f"n%3D{number}" in short.location
    long = client.get("/en/learn/?" + "x" * 5_000)
    assert long.location == "/en/account/login"
    assert remembered.cache_info().currsize == before


def test_marks_without_end_are_refused_before_they_are_put_in_order():
    text = "a" + "\u0301\u0327" * MAX_CLEANED
    assert clean(text) is text


def test_a_field_of_marks_without_end_is_too_long(client: FlaskClient, page):
    token = page(client, "/en/account/register").value("csrf_token")
    form = {"csrf_token": token, "full_name": "a" + "\u0301\u0327" * 20_000, "email": "a@example.org", "locale": "en"}
    assert client.post("/en/account/register", data=form, content_type="multipart/form-data").status_code == 422


def test_the_demo_listens_on_this_machine_alone(tmp_path):
    require_no_production(make_settings(tmp_path))
    for wrong in ({"host": "0.0.0.0"}, {"base_url": "https://courses.example.org"}, {"environment": "production"}):
        with pytest.raises(ConfigurationError):
            require_no_production(make_settings(tmp_path, **wrong))


def test_what_people_typed_is_not_in_the_words_of_a_database_error(installation: Installation):
    for engine in (installation.platform.database.reader, installation.platform.database.writer):
        assert engine.hide_parameters
