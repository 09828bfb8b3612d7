"""What every form does: values are cleaned and kept, errors are sentences in the reader's language."""

import pytest
from flask.testing import FlaskClient

from elearn.web.forms import clean
from tests.conftest import Installation
from tests.pages import DIRECTIONS, Examined, examine
from tests.web.conftest import token

FORM = "/en/probe/form"


def send(client: FlaskClient, value: str, path: str = FORM, **more: str):
    return client.post(path, data={"csrf_token": token(client), "email": value, **more})


def seen(answer) -> Examined:
    return examine(answer.get_data(as_text=True), FORM)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  word  ", "word"), ("e\u0301tude", "étude"), ("\u202eword\u202c", "word"), ("two\r\nlines", "two\r\nlines"),
        ("سطر", "سطر"), ("\u2067word\u2069", "\u2067word\u2069"), ("a\u200cb\u200dc", "a\u200cb\u200dc"), (None, None), (7, 7),
    ],
)  # fmt: skip
def test_values_are_cleaned_without_being_changed(typed: object, kept: object) -> None:
    assert clean(typed) == kept


def test_a_valid_value_is_accepted(visitor: FlaskClient) -> None:
    assert send(visitor, "abc").status_code == 201


@pytest.mark.parametrize("value", ["", "   ", "ab", "x" * 21, "a\0bcd", "abc\x1b"])
def test_an_invalid_value_gives_422_with_a_sentence_at_the_field(value: str, visitor: FlaskClient) -> None:
    answer = send(visitor, value)
    assert answer.status_code == 422
    field = seen(answer).one("input", name="email")
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["aria-describedby"]


def test_what_was_typed_stays_whole(visitor: FlaskClient) -> None:
    assert seen(send(visitor, "x" * 3_000)).value("email") == "x" * 3_000
    assert seen(send(visitor, '<i>"' * 9)).value("email") == '<i>"' * 9


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_sentences_are_in_the_language_of_the_page(locale: str, visitor: FlaskClient, probe: Installation) -> None:
    message = probe.platform.catalogues.current().messages(locale).gettext("Please fill in this field.")
    answer = send(visitor, "", f"/{locale}/probe/form")
    assert message in answer.get_data(as_text=True)
    assert (message == "Please fill in this field.") == (locale == "en")


def test_an_error_names_length_and_limit(visitor: FlaskClient) -> None:
    assert "21 characters" in seen(send(visitor, "x" * 21)).text


def test_a_change_of_language_validates_nothing_and_keeps_everything(visitor: FlaskClient) -> None:
    answer = visitor.post("/ar/probe/form", data={"csrf_token": token(visitor), "email": "x", "switch_locale": "ar"})
    assert answer.status_code == 200
    page = examine(answer.get_data(as_text=True), "/ar/probe/form")
    assert page.value("email") == "x"
    assert not [e for e in page.elements if e.attributes.get("aria-invalid") == "true"]


def test_a_change_of_language_with_a_stale_token_keeps_everything_too(visitor: FlaskClient) -> None:
    answer = visitor.post("/ar/probe/form", data={"csrf_token": "old", "email": "x", "switch_locale": "ar"})
    assert answer.status_code == 200
    assert examine(answer.get_data(as_text=True), "/ar/probe/form").value("email") == "x"


def test_a_first_view_shows_no_error(visitor: FlaskClient) -> None:
    page = seen(visitor.get(FORM))
    assert page.value("email") == ""
    assert not [e for e in page.elements if e.attributes.get("aria-invalid") == "true"]
