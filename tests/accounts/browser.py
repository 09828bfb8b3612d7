"""Filling in forms like a browser without JavaScript."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import Examined, examine


def open_page(client: FlaskClient, path: str) -> Examined:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return examine(answer.get_data(as_text=True), path)


def send(client: FlaskClient, path: str, fields: dict[str, Any], *, page: str = "") -> TestResponse:
    """Open the page (or `page`), take its token and post the fields to `path`."""
    token = open_page(client, page or path).value("csrf_token")
    return client.post(path, data={"csrf_token": token, **fields})


def seen(answer: TestResponse) -> Examined:
    """The page of an answer, examined."""
    return examine(answer.get_data(as_text=True), answer.request.path)


def errors(page: Examined) -> list[str]:
    """The sentences that stand at fields."""
    return [e.text for e in page.all("span") if any(p.attributes.get("class") == "err" for p in e.parents)]
