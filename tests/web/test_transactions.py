"""One place commits: below 400 everything is kept, else nothing; a repeated form gets the first answer."""

import threading

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn.errors import ConfigurationError
from elearn.ledger.models import IdempotencyKey
from elearn.web.access import check_declarations
from tests.conftest import Installation
from tests.web.conftest import token

ACT = "/en/probe/act"
KEY = "a-key-of-this-form"


def act(client: FlaskClient, **values: str):
    return client.post(ACT, data={"csrf_token": token(client), "word": "w", **values})


def count(client: FlaskClient, word: str = "w") -> int:
    return int(client.get(f"/en/probe/counted/{word}").get_data(as_text=True))


def test_an_answer_below_400_keeps_what_was_written(visitor: FlaskClient) -> None:
    assert act(visitor).status_code == 303
    assert act(visitor, word="other", status="204").status_code == 204
    assert (count(visitor), count(visitor, "other")) == (1, 1)


@pytest.mark.parametrize("status", ["400", "404", "409", "422", "500", "503"])
def test_an_answer_from_400_keeps_nothing(status: str, visitor: FlaskClient) -> None:
    assert act(visitor, status=status).status_code == int(status)
    assert count(visitor) == 0


def test_a_get_cannot_write(visitor: FlaskClient) -> None:
    assert visitor.get("/en/probe/write").status_code == 500


def test_an_endpoint_without_a_declaration_stops_the_start(probe: Installation) -> None:
    check_declarations(probe.app)
    probe.app.view_functions["undeclared"] = lambda: ""
    try:
        with pytest.raises(ConfigurationError, match="undeclared"):
            check_declarations(probe.app)
    finally:
        del probe.app.view_functions["undeclared"]


def test_a_repeated_form_gets_the_first_answer_and_does_nothing(visitor: FlaskClient) -> None:
    answers = [act(visitor, idempotency_key=KEY) for _ in range(3)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/en/probe/counted/w")}
    assert count(visitor) == 1


def test_the_same_key_with_another_text_is_another_act(visitor: FlaskClient) -> None:
    """Somebody goes back, mends the form and sends it again."""
    assert act(visitor, idempotency_key=KEY).location == "/en/probe/counted/w"
    assert act(visitor, word="other", idempotency_key=KEY).location == "/en/probe/counted/other"
    assert (count(visitor), count(visitor, "other")) == (1, 1)


def test_a_key_whose_first_use_failed_may_be_used_again(visitor: FlaskClient) -> None:
    assert act(visitor, idempotency_key=KEY, status="422").status_code == 422
    assert act(visitor, idempotency_key=KEY).status_code == 303
    assert count(visitor) == 1


def test_a_stale_token_and_a_change_of_language_claim_no_key(visitor: FlaskClient, probe: Installation) -> None:
    visitor.post(ACT, data={"csrf_token": "old", "word": "w", "idempotency_key": KEY})
    act(visitor, idempotency_key=KEY, switch_locale="ar", status="200")
    with probe.platform.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


def test_keys_of_two_visitors_do_not_meet(visitor: FlaskClient, probe: Installation) -> None:
    other = probe.app.test_client()
    assert act(visitor, idempotency_key=KEY).status_code == 303
    assert act(other, word="x", idempotency_key=KEY).status_code == 303
    assert count(visitor, "x") == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "ключ-ключ-ключ", "with\nbreak-in-it"])
def test_what_is_no_key_of_ours_is_passed_over(key: str, visitor: FlaskClient, probe: Installation) -> None:
    assert act(visitor, idempotency_key=key).status_code == 303
    assert act(visitor, idempotency_key=key).status_code == 303
    assert count(visitor) == 2


def test_of_forms_that_arrive_together_one_acts(probe: Installation, visitor: FlaskClient) -> None:
    given, cookie = token(visitor), visitor.get_cookie("elearn-form")
    assert cookie is not None
    answers = []

    def send() -> None:
        client = probe.app.test_client()
        client.set_cookie("elearn-form", cookie.value)
        answers.append(client.post(ACT, data={"csrf_token": given, "word": "w", "idempotency_key": KEY}).location)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {"/en/probe/counted/w"}
    assert count(visitor) == 1
